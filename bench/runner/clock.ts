import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

/** One timed run, in ms. */
export interface Timing {
  readonly wall: number
  /** Processor time of all threads. */
  readonly cpu: number
  /** Wall time less what the thread that waited longest for a processor waited; never less than the processor time allows. */
  readonly net: number
}

const cores = availableParallelism()

export async function timed<T>(work: () => Promise<T> | T): Promise<readonly [T, Timing]> {
  const waitsBefore = runQueueWaits()
  const cpuBefore = process.cpuUsage()
  const start = performance.now()
  const pending = work()
  const result = pending instanceof Promise ? await pending : pending
  const wall = performance.now() - start
  const used = process.cpuUsage(cpuBefore)
  const waitsAfter = runQueueWaits()
  let longest = 0
  for (const [thread, wait] of waitsAfter)
    longest = Math.max(longest, wait - (waitsBefore.get(thread) ?? 0))
  const cpu = (used.user + used.system) / 1000
  const floor = Math.min(wall, cpu / (cores * 1.1))
  return [result, { wall, cpu, net: Math.max(wall - longest, floor) }]
}

/** Milliseconds each thread of this process has waited for a processor so far; empty where the system does not tell. */
function runQueueWaits(): Map<string, number> {
  const waits = new Map<string, number>()
  let threads: readonly string[]
  try {
    threads = readdirSync('/proc/self/task')
  } catch {
    return waits
  }
  for (const thread of threads) {
    try {
      const [, wait] = readFileSync(`/proc/self/task/${thread}/schedstat`, 'latin1').split(' ')
      waits.set(thread, Number(wait) / 1e6)
    } catch {
      // The thread has ended since the folder was listed.
    }
  }
  return waits
}
