import v8 from 'node:v8'
import vm from 'node:vm'
import { afterEach, describe, expect, it } from 'vitest'
import { environmentOf } from '../../test/oracle/environment.ts'
import { loadView } from '../../test/oracle/load.ts'
import { computeCube } from '../hypercube/straight.ts'
import { infer } from '../inference/infer.ts'
import type { Value } from '../value/dual.ts'
import { Arena, enableKernels } from '../wasm/arena.ts'
import { createKernelMemory } from '../wasm/memory.ts'
import { chunkRecords, chunksOfAll, Program, recordCount } from '../wasm/program.ts'
import { threadPool } from '../wasm/threads.ts'
import { startThreads, type Threads } from './pool.ts'

const rows = 150_000
const view = loadView(
  [
    {
      name: 'Facts',
      fields: ['shop', 'day', 'amount', 'receipt'],
      rows: Array.from({ length: rows }, (_, row): Value[] => {
        const mixed = Math.imul(row + 1, 2_654_435_761) >>> 0
        return [mixed % 50, (mixed >>> 8) % 400, (mixed >>> 3) % 5000, (mixed >>> 6) % 9000]
      }),
    },
    {
      name: 'Shops',
      fields: ['shop', 'town'],
      rows: Array.from({ length: 50 }, (_, shop): Value[] => [shop, `Town ${shop % 7}`]),
    },
  ],
  [],
  { kernelsFrom: 0 },
)

const measures = [
  'Sum(amount)',
  'Avg(amount)',
  'Min(amount)',
  'Max(amount)',
  'Count(receipt)',
  'Count(DISTINCT receipt)',
]
const definitions = [[], ['town'], ['day'], ['town', 'day']].map((dimensions) => ({
  dimensions: dimensions.map((definition) => ({ definition })),
  measures: measures.map((definition) => ({ definition })),
}))
const selected: readonly Readonly<Record<string, readonly Value[]>>[] = [
  {},
  { town: ['Town 1', 'Town 2', 'Town 5'] },
  { day: Array.from({ length: 390 }, (_, day) => day) },
  { town: ['Town 3'], amount: Array.from({ length: 3000 }, (_, amount) => amount) },
]

/** Everything asked of some selections: cubes, states and frequencies. */
function answers(): readonly unknown[] {
  return selected.map((selections) => {
    const env = environmentOf(view, { selections })
    const own = env.selectionsOf('$')
    if (own === undefined) throw new Error('there are selections')
    const inference = infer(view, own)
    return {
      cubes: definitions.map((definition) => {
        const cube = computeCube(definition, env)
        return cube.page(0, 0, cube.columns, cube.rows)
      }),
      states: view.fields.map((_, field) => [...inference.states(field)]),
      frequencies: view.fields.map((_, field) => [...inference.frequencies(field)]),
    }
  })
}

describe('threads', () => {
  let threads: Threads | undefined
  afterEach(async () => {
    enableKernels(true)
    await threads?.stop()
    threads = undefined
  })

  it('give the answers that are given without them', () => {
    enableKernels(false)
    const expected = answers()
    enableKernels(true)
    expect(answers()).toEqual(expected)
    threads = startThreads({ count: 2 })
    for (let turn = 0; turn < 5; turn++) expect(answers()).toEqual(expected)
  })

  it('take chunks of a program', () => {
    const memory = createKernelMemory(0, 1 << 26)
    if (memory === undefined) throw new Error('this runtime has WebAssembly')
    const arena = new Arena(memory)
    threads = startThreads({ count: 1 })
    // A thread needs a moment to start: whatever it has not begun is done by the caller.
    const taken = (): boolean =>
      arena.borrow(() => {
        const program = new Program(arena, chunksOfAll(arena, 4_000_000))
        const counts = program.doubles(1)
        const codes = { base: arena.take(4 * chunkRecords) }
        const table = { base: arena.table(Uint8Array.of(1)) }
        new Uint32Array(arena.buffer, codes.base, chunkRecords).fill(0)
        program.call('tallyAll', codes, recordCount, table, counts.at)
        program.run()
        const [own = 0, other = 0] = counts.each.map(([count]) => count)
        expect(own + other).toBe(4_000_000)
        return other > 0
      })
    let turns = 0
    while (!taken() && turns < 10_000) turns += 1
    expect(turns).toBeLessThan(10_000)
  })

  it('let go of memory that nobody refers to any more', async () => {
    v8.setFlagsFromString('--expose-gc')
    const collect: () => void = vm.runInNewContext('gc')
    threads = startThreads({ count: 1 })
    const megabytes = 64
    /** A model's memory, used by both threads and forgotten. */
    const use = (): void => {
      const memory = createKernelMemory(megabytes << 20, 1 << 25)
      if (memory === undefined) throw new Error('this runtime has WebAssembly')
      new Uint8Array(memory.buffer, 0, megabytes << 20).fill(1)
      const arena = new Arena(memory)
      arena.borrow(() => {
        const program = new Program(arena, chunksOfAll(arena, 1_000_000))
        const counts = program.doubles(1)
        const codes = { base: arena.take(4 * chunkRecords) }
        program.call('tallyAll', codes, recordCount, { base: arena.take(8) }, counts.at)
        program.run()
      })
    }
    const before = process.memoryUsage().rss
    const kept = (): number => (process.memoryUsage().rss - before) / 2 ** 20 / megabytes
    for (let turn = 0; turn < 12; turn++) {
      use()
      // Collected, told, and the other threads ended: each in a task of its own.
      for (let wait = 0; wait < 200 && kept() > 3; wait++) {
        collect()
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    expect(kept()).toBeLessThan(6)
  })

  it('are one pool for each thread, and end', async () => {
    threads = startThreads({ count: 1 })
    expect(threads.count).toBe(1)
    expect(threadPool()?.size).toBe(1)
    expect(() => startThreads()).toThrow(expect.objectContaining({ code: 'already-exists' }))
    await threads.stop()
    expect(threadPool()).toBeUndefined()
    threads = startThreads({ count: 0 })
    expect(threadPool()).toBeUndefined()
    expect(() => startThreads({ count: -1 })).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    )
  })
})
