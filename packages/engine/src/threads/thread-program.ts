/** Words of the block through which a pool and its threads talk. */
export const control = {
  /** Counts what was asked for; threads sleep on it. */
  asked: 0,
  memory: 1,
  table: 2,
  chunks: 3,
  next: 4,
  /** One of `threadState` for each thread, then the address of a program for each. */
  perThread: 8,
} as const

export const threadState = { idle: 0, asked: 1, running: 2, failed: 3 } as const

/** How long a thread looks for more work before it sleeps, in turns of a loop: the programs of one click follow each other closely. */
const patience = 4000

/**
 * What a thread of the pool does, as a module of plain JavaScript: a constant, so that it runs from these sources and from whatever a bundler
 * makes of them alike. Numbers come from above, so that the text has none of its own.
 */
const source = `
import { receiveMessageOnPort, workerData } from 'node:worker_threads'
const { block, index, threads, port } = workerData
const runs = new Map()
const state = ${control.perThread} + index
const program = ${control.perThread} + threads + index
let seen = 0
for (;;) {
  for (let turn = 0; turn < ${patience} && Atomics.load(block, ${control.asked}) === seen; turn++);
  Atomics.wait(block, ${control.asked}, seen)
  seen = Atomics.load(block, ${control.asked})
  if (Atomics.compareExchange(block, state, ${threadState.asked}, ${threadState.running}) !== ${threadState.asked}) continue
  let end = ${threadState.failed}
  try {
    for (let got = receiveMessageOnPort(port); got !== undefined; got = receiveMessageOnPort(port)) {
      const { id, module, memory } = got.message
      runs.set(id, new WebAssembly.Instance(module, { env: { memory } }).exports.run)
    }
    const run = runs.get(block[${control.memory}])
    run(block[program], block[${control.table}], block[${control.chunks}], block[${control.next}])
    end = ${threadState.idle}
  } finally {
    Atomics.store(block, state, end)
    Atomics.notify(block, state)
  }
}
`

/** Where Node finds it. */
export const threadProgram: URL = new URL(`data:text/javascript,${encodeURIComponent(source)}`)
