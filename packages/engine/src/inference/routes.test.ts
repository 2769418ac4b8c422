import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { loadModel, withVisibleRows } from '../../test/oracle/load.ts'
import { fullView } from '../model/full-view.ts'
import type { ModelView } from '../model/view.ts'
import type { Selections } from '../selection/selections.ts'
import { noSelections, type SelectMode, select } from '../selection/transitions.ts'
import { Bitset } from '../storage/bitset.ts'
import { infer } from './infer.ts'
import type { Inference } from './inference.ts'
import { InferenceCache } from './inference-cache.ts'
import { RowIndices } from './row-indices.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 40)

/** Large enough for lists, indices and complements to be chosen; skewed, with NULLs and keys that only one side has. */
const factRows = 40_000
const customers = 3_000
const mixed = (at: number, salt: number): number =>
  (Math.imul(Math.imul(at + 1, 0x9e3779b1) ^ salt, 0x85ebca6b) >>> 8) / 2 ** 24
const facts = Array.from({ length: factRows }, (_, row) => [
  row % 97 === 0 ? null : Math.floor(customers * mixed(row, 1) ** 2),
  Math.floor(mixed(row, 2) * 300),
  row % 50 === 0 ? null : `m${Math.floor(5 * mixed(row, 3) ** 3)}`,
  row >>> 2,
])
const model = loadModel([
  { name: 'F', fields: ['Customer', 'Day', 'Mode', 'Order'], rows: facts },
  {
    name: 'C',
    fields: ['Customer', 'Region', 'City'],
    rows: Array.from({ length: customers }, (_, at) => [at + 20, `r${at % 7}`, `c${at % 211}`]),
  },
  {
    name: 'D',
    fields: ['Day', 'Month'],
    rows: Array.from({ length: 290 }, (_, day) => [day + 5, Math.floor(day / 30)]),
  },
])
const full = fullView(model)
const hiding = withVisibleRows(full, new Map([[0, everyThird(factRows)]]))
const indices = new RowIndices(() => model)

function everyThird(size: number): Bitset {
  const rows = Bitset.full(size)
  for (let row = 0; row < size; row += 3) rows.delete(row)
  return rows
}

interface Step {
  readonly field: number
  readonly at: number
  readonly count: number
  readonly mode: SelectMode
}

const arbitrarySteps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    field: fc.nat(full.fields.length - 1),
    at: fc.nat(),
    count: fc.constantFrom(1, 1, 2, 5, 40, 2000),
    mode: fc.constantFrom<SelectMode>('toggle', 'add', 'replace'),
  }),
  { minLength: 1, maxLength: 7 },
)

function after(selections: Selections, view: ModelView, step: Step): Selections {
  const symbols = view.fields[step.field]?.symbols.count ?? 0
  const chosen = Array.from({ length: step.count }, (_, i) => (step.at + i * 3) % symbols)
  return select(selections, view, step.field, new Set(chosen), step.mode).selections
}

/** Everything an inference tells; `turn` says what is asked first. */
function told(inference: Inference, turn: number): readonly unknown[] {
  const fields = inference.view.fields.map((_, field) => field)
  const asked = [...fields.slice(turn % fields.length), ...fields.slice(0, turn % fields.length)]
  const answers = new Map<number, unknown>()
  for (const field of asked) {
    const counts = turn % 2 === 0 ? inference.frequencies(field) : undefined
    const states = inference.states(field)
    answers.set(field, [hash(states), hash(counts ?? inference.frequencies(field))])
  }
  return [
    fields.map((field) => [answers.get(field), inference.counts(field)]),
    inference.view.tables.map((_, table) => hash(inference.possibleRows(table)?.words ?? [])),
  ]
}

function hash(numbers: Iterable<number>): number {
  let mix = 17
  for (const number of numbers) mix = (Math.imul(mix, 31) + number) | 0
  return mix
}

describe(`whatever the route (seed ${seed}, ${numRuns} cases)`, { timeout: 120_000 }, () => {
  afterEach(() => indices.drop())

  it('an earlier selection to start from, row indices or neither give one answer', () => {
    let built = 0
    fc.assert(
      fc.property(arbitrarySteps, fc.nat(100), fc.boolean(), (steps, turn, hidden) => {
        const view = hidden ? hiding : full
        const withCache = new InferenceCache()
        const without = new InferenceCache({ enabled: false })
        let selections = noSelections
        indices.drop()
        const expected = steps.map((step) => {
          selections = after(selections, view, step)
          const plain = told(without.infer(view, selections), 1)
          expect(told(withCache.infer(view, selections), turn)).toEqual(plain)
          return { selections, plain }
        })
        built += indices.build().built
        const indexed = new InferenceCache()
        for (const { selections: some, plain } of expected) {
          expect(told(infer(view, some), turn + 1)).toEqual(plain)
          expect(told(indexed.infer(view, some), turn)).toEqual(plain)
        }
      }),
      { seed, numRuns },
    )
    expect(built).toBeGreaterThan(0)
  })

  it('a selection that moves in one field, as in brushing', () => {
    const moves = fc.array(fc.tuple(fc.nat(9_000), fc.constantFrom(0, 1, 50, 700)), {
      minLength: 4,
      maxLength: 8,
    })
    const moving = fc.constantFrom('Order', 'City', 'Mode', 'Month')
    fc.assert(
      fc.property(moving, moves, fc.boolean(), fc.boolean(), (name, steps, hidden, other) => {
        const view = hidden ? hiding : full
        const field = view.fieldIndex(name) ?? -1
        const region = view.fieldIndex('Region') ?? -1
        const count = view.fields[field]?.symbols.count ?? 1
        const cache = new InferenceCache()
        let selections = other
          ? select(noSelections, view, region, [1, 4], 'replace').selections
          : noSelections
        steps.forEach(([from, more], turn) => {
          const chosen = Array.from({ length: more + 1 }, (_, i) => (from + i) % count)
          selections = select(selections, view, field, new Set(chosen), 'replace').selections
          const plain = told(infer(view, selections), 1)
          expect(told(cache.infer(view, selections), turn)).toEqual(plain)
        })
      }),
      { seed, numRuns },
    )
  })

  it('stays right when memory is reused: what was given out and what is asked after forgetting', () => {
    fc.assert(
      fc.property(arbitrarySteps, fc.nat(100), (steps, turn) => {
        const cache = new InferenceCache({ entries: 2 })
        let selections = noSelections
        const taken = steps.map((step) => {
          selections = after(selections, full, step)
          const inference = cache.infer(full, selections)
          const plain = told(infer(full, selections), 1)
          if (turn % 3 !== 0) expect(told(inference, turn)).toEqual(plain)
          const rows = inference.possibleRows(0)
          if (turn % 5 === 0) cache.clear()
          return { inference, plain, rows, copy: rows?.clone() }
        })
        for (const { inference, plain, rows, copy } of taken) {
          expect(copy === undefined || rows?.equals(copy)).toBe(true)
          expect(told(inference, turn)).toEqual(plain)
        }
      }),
      { seed, numRuns },
    )
  })

  it('finds the fact rows a loop over the facts finds', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(6), fc.constantFrom(1, 30, 200), (at, region, days) => {
        const regionField = full.fieldIndex('Region') ?? -1
        const dayField = full.fieldIndex('Day') ?? -1
        const day = full.fields[dayField]?.symbols
        const chosenDays = Array.from({ length: days }, (_, i) => (at + i) % (day?.count ?? 1))
        const byRegion = select(noSelections, full, regionField, [region], 'replace').selections
        const both = select(byRegion, full, dayField, new Set(chosenDays), 'replace').selections
        const values = new Set(chosenDays.map((symbol) => day?.numberAt(symbol)))
        const expected = facts.flatMap(([customer, on], row) => {
          const place = typeof customer === 'number' ? customer - 20 : -1
          const isChosen = place >= 0 && place % 7 === region && values.has(Number(on))
          return isChosen ? [row] : []
        })
        expect([...(infer(full, both).possibleRows(0)?.toArray() ?? [])]).toEqual(expected)
      }),
      { seed, numRuns: Math.ceil(numRuns / 2) },
    )
  })
})
