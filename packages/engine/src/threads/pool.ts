import { availableParallelism } from 'node:os'
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import { LichenError } from '../base/errors.ts'
import type { KernelMemory } from '../wasm/memory.ts'
import { type SharedWork, type ThreadPool, threadPool, useThreadPool } from '../wasm/threads.ts'
import { control, threadProgram, threadState } from './thread-program.ts'

export interface ThreadsOptions {
  /** Threads beside the calling one; by default one less than the machine has processors. */
  readonly count?: number
}

/** Threads that work for the thread that started them. */
export interface Threads {
  readonly count: number
  /** Ends them; what is asked for afterwards is worked out by the calling thread alone. */
  stop(): Promise<void>
}

/**
 * Lets all apps of this thread use further threads of Node for scans of many rows: they read the columns where they lie, in shared memory,
 * and answers are the same with and without. They sleep when there is nothing to do and do not keep the process alive.
 * @throws LichenError `already-exists` when threads of this thread are running
 */
export function startThreads(options: ThreadsOptions = {}): Threads {
  if (threadPool() !== undefined)
    throw new LichenError(
      'already-exists',
      'The threads of this thread run already: stop them first',
    )
  const count = options.count ?? availableParallelism() - 1
  if (!Number.isInteger(count) || count < 0)
    throw new LichenError('invalid-argument', `count is a number of threads, not ${count}`)
  const pool = new Pool(count)
  if (count > 0) useThreadPool(pool)
  return {
    count,
    async stop() {
      if (threadPool() === pool) useThreadPool(undefined)
      await pool.stop()
    },
  }
}

class Pool implements ThreadPool {
  readonly size: number
  #crew: Crew
  readonly #ending = new Set<Promise<unknown>>()
  /**
   * A thread that sleeps collects no garbage and would hold memory that nobody here refers to any more: then others take the threads' place.
   */
  readonly #gone = new FinalizationRegistry<Crew>((crew) => {
    if (crew === this.#crew) this.#replace()
  })

  constructor(size: number) {
    this.size = size
    this.#crew = new Crew(size)
  }

  run(memory: KernelMemory, work: SharedWork, meanwhile: () => void): void {
    if (this.#crew.meet(memory)) this.#gone.register(memory, this.#crew)
    this.#crew.run(memory, work, meanwhile)
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#ending, this.#crew.stop()])
  }

  #replace(): void {
    const ending = this.#crew.stop().finally(() => this.#ending.delete(ending))
    this.#ending.add(ending)
    this.#crew = new Crew(this.size)
  }
}

/** Some threads and the block through which they are talked to. */
class Crew {
  readonly #size: number
  readonly #block: Int32Array
  readonly #workers: Worker[] = []
  readonly #ports: MessagePort[] = []
  readonly #ids = new WeakMap<KernelMemory, number>()
  #lastId = 0

  constructor(size: number) {
    this.#size = size
    this.#block = new Int32Array(new SharedArrayBuffer((control.perThread + size * 2) * 4))
    for (let index = 0; index < size; index++) {
      const { port1, port2 } = new MessageChannel()
      const worker = new Worker(threadProgram, {
        execArgv: [],
        workerData: { block: this.#block, index, threads: size, port: port2 },
        transferList: [port2],
      })
      worker.unref()
      port1.unref()
      // A thread that cannot start takes no work, and the caller does it.
      worker.on('error', () => {})
      this.#workers.push(worker)
      this.#ports.push(port1)
    }
  }

  /** Makes memory known to the threads; false when it is already. */
  meet(memory: KernelMemory): boolean {
    if (this.#ids.has(memory)) return false
    this.#lastId += 1
    this.#ids.set(memory, this.#lastId)
    for (const port of this.#ports)
      port.postMessage({ id: this.#lastId, module: memory.module, memory: memory.memory })
    return true
  }

  run(
    memory: KernelMemory,
    { programs, table, chunks, next }: SharedWork,
    meanwhile: () => void,
  ): void {
    const block = this.#block
    block[control.memory] = this.#ids.get(memory) ?? 0
    block[control.table] = table
    block[control.chunks] = chunks
    block[control.next] = next
    for (const [index, program] of programs.entries()) {
      block[control.perThread + this.#size + index] = program
      Atomics.store(block, control.perThread + index, threadState.asked)
    }
    Atomics.add(block, control.asked, 1)
    Atomics.notify(block, control.asked)
    try {
      meanwhile()
    } finally {
      for (const index of programs.keys()) this.#await(index)
    }
  }

  async stop(): Promise<void> {
    for (const port of this.#ports) port.close()
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
  }

  /** Takes back what a thread has not begun, and waits for what it has. */
  #await(index: number): void {
    const block = this.#block
    const { asked, idle, running, failed } = threadState
    const at = control.perThread + index
    if (Atomics.compareExchange(block, at, asked, idle) === asked) return
    while (Atomics.load(block, at) === running) Atomics.wait(block, at, running)
    if (Atomics.load(block, at) === failed)
      throw new LichenError(
        'internal',
        'A thread failed at a scan; stop the threads and start them anew',
      )
  }
}
