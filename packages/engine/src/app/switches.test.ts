import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startThreads, type Threads } from '../threads/index.ts'
import { createApp } from './app.ts'
import type { SessionOptions } from './session.ts'

/* Whatever makes answers quicker changes none of them: apps with one of these off each, beside one with all on and one with none. */

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 10)
const rows = 40_000

/** Looks random, and is the same every time. */
const mixed = (row: number): number => Math.imul(row + 1, 2_654_435_761) >>> 0
const tables = {
  Sales: {
    item: Int32Array.from({ length: rows }, (_, row) => mixed(row) % 500),
    shop: Int32Array.from({ length: rows }, (_, row) => (mixed(row) >>> 9) % 40),
    day: Int32Array.from({ length: rows }, (_, row) => 46_000 + ((mixed(row) >>> 5) % 365)),
    amount: Float64Array.from({ length: rows }, (_, row) => ((mixed(row) >>> 3) % 9000) / 100),
    weight: Float64Array.from({ length: rows }, (_, row) => Math.sqrt(mixed(row) % 1000)),
  },
  Shops: {
    shop: Array.from({ length: 40 }, (_, shop) => shop),
    town: Array.from({ length: 40 }, (_, shop) => (shop === 7 ? null : `Town ${shop % 9}`)),
  },
  Tags: {
    item: Array.from({ length: 900 }, (_, pair) => pair % 500),
    tag: Array.from({ length: 900 }, (_, pair) => `tag ${mixed(pair) % 12}`),
  },
}

const idle: (() => void)[] = []
const whenIdle = (work: () => void): void => {
  idle.push(work)
}
const allOn = {
  memory: { kernelsFrom: 0 },
  cache: {},
  cubes: {},
  indices: { whenIdle },
  rehearsal: { whenIdle, fewestRows: 1 },
} as const
const off = {
  memory: { kernelsFrom: Number.POSITIVE_INFINITY },
  cache: { enabled: false },
  cubes: { enabled: false },
  indices: { whenIdle: null },
  rehearsal: { whenIdle: null },
} as const

const open = (options: SessionOptions) => createApp({ tables, ...options })
const variants = new Map([
  ['nothing', open(off)],
  ['everything', open(allOn)],
  ['no kernels', open({ ...allOn, ...{ memory: off.memory } })],
  ['no kept inferences', open({ ...allOn, cache: off.cache })],
  ['no kept cubes', open({ ...allOn, cubes: off.cubes })],
  ['no indices', open({ ...allOn, indices: off.indices })],
  ['no rehearsal', open({ ...allOn, rehearsal: off.rehearsal })],
])
type Field = 'item' | 'shop' | 'day' | 'amount' | 'weight' | 'town' | 'tag'
const fields: readonly Field[] = ['item', 'shop', 'day', 'amount', 'weight', 'town', 'tag']

let threads: Threads
beforeAll(() => {
  threads = startThreads({ count: 1 })
})
afterAll(() => threads.stop())

const step = fc.oneof(
  fc.record({
    field: fc.constantFrom<Field>('item', 'shop', 'day', 'town', 'tag'),
    share: fc.constantFrom(0.002, 0.05, 0.3, 0.8),
    from: fc.nat(1000),
  }),
  fc.constantFrom('clear' as const, 'back' as const, 'idle' as const),
)

const cubes = [
  { dimensions: ['town', 'day'], measures: ['Sum(amount)', 'Count(DISTINCT item)'] },
  { dimensions: [], measures: ['Sum(weight)', 'Min(amount)', 'Max(day)', 'Avg(amount)'] },
  { dimensions: ['tag'], measures: ['Sum(amount)', 'Count(shop)', 'Sum(weight)'] },
] as const

test('answers are the same with each of them off', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 5 }), (steps) => {
      for (const app of variants.values()) app.clear()
      for (const next of steps) {
        if (next === 'idle') for (const work of idle.splice(0)) work()
        const answers = [...variants].map(([name, app]) => {
          if (next === 'clear') app.clear()
          else if (next === 'back') app.back()
          else if (next !== 'idle') {
            const { symbols, index } = app.session.field(next.field)
            const count = Math.max(1, Math.floor(symbols.count * next.share))
            const chosen = Array.from(
              { length: count },
              (_, at) => (next.from + at) % symbols.count,
            )
            app.session.select(index, chosen, 'replace')
          }
          const inference = app.session.inference()
          const states = fields.map((field) => {
            const { index } = app.session.field(field)
            return { states: inference.states(index), frequencies: inference.frequencies(index) }
          })
          const pages = cubes.map(({ dimensions, measures }) =>
            app.cube({ dimensions: [...dimensions], measures: [...measures] }).page(0, 400),
          )
          return { name, answer: { states, pages } }
        })
        for (const { name, answer } of answers) expect(answer, name).toEqual(answers[0]?.answer)
      }
    }),
    { seed, numRuns },
  )
})
