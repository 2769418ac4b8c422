import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { infer } from '../src/inference/infer.ts'
import { type Inference, type ValueState, valueStates } from '../src/inference/inference.ts'
import { InferenceCache } from '../src/inference/inference-cache.ts'
import type { ModelView } from '../src/model/view.ts'
import type { Selections } from '../src/selection/selections.ts'
import { noSelections, select } from '../src/selection/transitions.ts'
import { Bitset } from '../src/storage/bitset.ts'
import { fullOuterJoin } from './oracle/full-outer-join.ts'
import { loadView, withVisibleRows } from './oracle/load.ts'
import { type PlainSelections, possibleRows, possibleValues } from './oracle/possible.ts'
import { arbitraryModel, type PlainModel } from './oracle/schema.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 2000)

interface PlainSelection {
  readonly field: number
  readonly values: readonly number[]
}

const arbitrarySelections: fc.Arbitrary<readonly PlainSelection[]> = fc.array(
  fc.record({
    field: fc.nat(1000),
    values: fc.uniqueArray(fc.nat(2), { minLength: 1, maxLength: 3 }),
  }),
  { maxLength: 4 },
)

// Far above what the default number of cases needs on an idle machine.
const timeout = 120_000

describe(`inference against a naive join (seed ${seed}, ${numRuns} cases)`, { timeout }, () => {
  it('finds the same possible values, values without own selection, and rows', () => {
    fc.assert(
      fc.property(arbitraryModel(), arbitrarySelections, (model, chosen) => {
        const view = loadView(model.tables)
        expect(view.tables.filter(({ loose }) => loose)).toEqual([])
        compare(view, model, planSelections(model, chosen))
      }),
      { seed, numRuns },
    )
  })

  it('does so when rows are hidden by the view', () => {
    const hidden = fc.array(fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), {
      minLength: 6,
      maxLength: 6,
    })
    fc.assert(
      fc.property(
        arbitraryModel({ syntheticKeys: false }),
        arbitrarySelections,
        hidden,
        (model, chosen, keeps) => {
          const shown = (table: number, row: number): boolean => keeps[table]?.[row] === true
          const visible = new Map(
            model.tables.map(({ rows }, table) => [
              table,
              Bitset.of(
                rows.length,
                [...rows.keys()].filter((row) => shown(table, row)),
              ),
            ]),
          )
          const reduced: PlainModel = {
            tables: model.tables.map((table, at) => ({
              ...table,
              rows: table.rows.filter((_, row) => shown(at, row)),
            })),
          }
          compareValues(
            withVisibleRows(loadView(model.tables), visible),
            reduced,
            planSelections(model, chosen),
          )
        },
      ),
      { seed, numRuns: Math.ceil(numRuns / 4) },
    )
  })

  it('answers alike whatever was asked before', () => {
    fc.assert(
      fc.property(arbitraryModel(), arbitrarySelections, fc.nat(1000), (model, chosen, turn) => {
        const view = loadView(model.tables)
        const selections = engineSelections(view, planSelections(model, chosen))
        const forward = infer(view, selections)
        const cached = new InferenceCache().infer(view, selections)
        const fields = [...view.fields.keys()]
        const turned = [
          ...fields.slice(turn % fields.length),
          ...fields.slice(0, turn % fields.length),
        ].reverse()
        const other = new Map(turned.map((field) => [field, [...cached.states(field)]]))
        for (const field of fields) expect(other.get(field)).toEqual([...forward.states(field)])
      }),
      { seed, numRuns: Math.ceil(numRuns / 4) },
    )
  })
})

function planSelections(model: PlainModel, chosen: readonly PlainSelection[]): PlainSelections {
  const names = [...new Set(model.tables.flatMap(({ fields }) => fields))]
  return new Map(
    chosen.map(({ field, values }) => [names[field % names.length] ?? '', new Set(values)]),
  )
}

/** Values that the field lacks select nothing, so that empty selections come up too. */
function engineSelections(view: ModelView, plain: PlainSelections): Selections {
  let selections = noSelections
  for (const [name, values] of plain) {
    const field = indexOf(view, name)
    const { symbols } = view.fields[field] ?? expect.fail(`no field ${name}`)
    const found = [...values].map((value) => symbols.find(value)).filter((symbol) => symbol !== -1)
    selections = select(selections, view, field, found, 'replace').selections
  }
  return selections
}

function compare(view: ModelView, model: PlainModel, plain: PlainSelections): void {
  const inference = compareValues(view, model, plain)
  const components = fullOuterJoin(model.tables)
  model.tables.forEach(({ name, rows, fields }, table) => {
    const expected = possibleRows(components, plain, table)
    const rowSet = inference.possibleRows(view.tableIndex(name) ?? -1)
    const found = rowSet === null ? [...rows.keys()] : [...rowSet.toArray()]
    expect(found, `rows of ${name}`).toEqual([...expected].sort((a, b) => a - b))
    for (const field of fields) {
      const index = indexOf(view, field)
      if (view.fields[index]?.places[0]?.table !== view.tableIndex(name)) continue
      const { symbols } = view.fields[index] ?? expect.fail()
      const counts = new Array<number>(symbols.count + 1).fill(0)
      for (const row of expected) {
        const value = model.tables[table]?.rows[row]?.[fields.indexOf(field)] ?? null
        const code = value === null ? 0 : symbols.find(value) + 1
        counts[code] = (counts[code] ?? 0) + 1
      }
      expect([...inference.frequencies(index)], `frequencies of ${field}`).toEqual(counts)
    }
  })
}

function compareValues(view: ModelView, model: PlainModel, plain: PlainSelections): Inference {
  const components = fullOuterJoin(model.tables)
  const inference = infer(view, engineSelections(view, plain))
  for (const name of new Set(model.tables.flatMap(({ fields }) => fields))) {
    const field = indexOf(view, name)
    const possible = possibleValues(components, plain, name, null)
    const without = possibleValues(components, plain, name, name)
    expect(valuesOf(view, field, inference.possible(field)), `possible ${name}`).toEqual(
      sorted(possible),
    )
    expect(
      valuesOf(view, field, inference.possibleWithoutOwn(field)),
      `without own ${name}`,
    ).toEqual(sorted(without))
    compareStates(view, inference, field, without, plain.get(name))
  }
  return inference
}

function compareStates(
  view: ModelView,
  inference: Inference,
  field: number,
  without: ReadonlySet<number>,
  chosen: ReadonlySet<number> | undefined,
): void {
  const { symbols } = view.fields[field] ?? expect.fail()
  const counts: Partial<Record<ValueState, number>> = {}
  for (let symbol = 0; symbol < symbols.count; symbol++) {
    const value = symbols.numberAt(symbol)
    const open = without.has(value)
    const state: ValueState =
      chosen === undefined
        ? open
          ? 'optional'
          : 'excluded'
        : chosen.has(value)
          ? open
            ? 'selected'
            : 'selected-excluded'
          : open
            ? 'alternative'
            : 'excluded'
    counts[state] = (counts[state] ?? 0) + 1
    expect(inference.state(field, symbol)).toBe(state)
    expect(valueStates[inference.states(field)[symbol] ?? -1]).toBe(state)
  }
  expect(inference.counts(field)).toEqual({
    selected: counts.selected ?? 0,
    optional: counts.optional ?? 0,
    alternative: counts.alternative ?? 0,
    excluded: counts.excluded ?? 0,
    selectedExcluded: counts['selected-excluded'] ?? 0,
    locked: 0,
    lockedExcluded: 0,
  })
}

function valuesOf(view: ModelView, field: number, set: Bitset): number[] {
  const { symbols } = view.fields[field] ?? expect.fail()
  return sorted(new Set([...set.toArray()].map((symbol) => symbols.numberAt(symbol))))
}

function sorted(values: ReadonlySet<number>): number[] {
  return [...values].sort((a, b) => a - b)
}

function indexOf(view: ModelView, name: string): number {
  return view.fieldIndex(name) ?? expect.fail(`no field ${name}`)
}
