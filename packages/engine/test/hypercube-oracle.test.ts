import fc from 'fast-check'
import { expect, test } from 'vitest'
import { computeCube } from '../src/hypercube/straight.ts'
import { environmentOf } from './oracle/environment.ts'
import { fullOuterJoin, type JoinedComponent, type JoinedRecord } from './oracle/full-outer-join.ts'
import { loadView } from './oracle/load.ts'
import { arbitraryModel, type PlainModel } from './oracle/schema.ts'

/*
 * Cubes against a naive answer: the full outer join of each component as lists of records. A group is a combination of dimension values
 * of compatible records; an aggregation sees each row of its field's table once per group.
 */

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 2000)

type AggregationName = 'Sum' | 'Count' | 'Min' | 'Max' | 'Avg' | 'Count(DISTINCT'

interface Case {
  readonly model: PlainModel
  readonly dimensions: readonly string[]
  readonly measures: readonly { readonly name: AggregationName; readonly field: string }[]
  readonly selections: ReadonlyMap<string, ReadonlySet<number>>
}

const arbitraryCase: fc.Arbitrary<Case> = fc
  .record({
    model: arbitraryModel({ maxTables: 4, maxRows: 5, domain: 3, syntheticKeys: false }),
    dimensionPicks: fc.array(fc.nat(1000), { maxLength: 3 }),
    measurePicks: fc.array(
      fc.tuple(
        fc.constantFrom<AggregationName>('Sum', 'Count', 'Min', 'Max', 'Avg', 'Count(DISTINCT'),
        fc.nat(1000),
      ),
      { minLength: 1, maxLength: 3 },
    ),
    selectionPicks: fc.array(fc.tuple(fc.nat(1000), fc.subarray([0, 1, 2], { minLength: 1 })), {
      maxLength: 2,
    }),
  })
  .map(({ model, dimensionPicks, measurePicks, selectionPicks }) => {
    const fields = [...new Set(model.tables.flatMap((table) => table.fields))]
    const pick = (index: number): string => fields[index % fields.length] ?? ''
    return {
      model,
      dimensions: [...new Set(dimensionPicks.map(pick))],
      measures: measurePicks.map(([name, field]) => ({ name, field: pick(field) })),
      selections: new Map(selectionPicks.map(([field, values]) => [pick(field), new Set(values)])),
    }
  })

function engineRows({ model, dimensions, measures, selections }: Case): string[] {
  const view = loadView(model.tables)
  const existing = Object.fromEntries(
    [...selections].map(([field, values]) => [field, [...values]]),
  )
  const cube = computeCube(
    {
      dimensions: dimensions.map((definition) => ({ definition })),
      measures: measures.map(({ name, field }) => ({
        definition: `${name}${name.includes('(') ? ' ' : '('}${field})`,
      })),
    },
    environmentOf(view, { selections: existing }),
  )
  for (const { error } of [...cube.measures, ...cube.dimensions])
    if (error !== undefined) throw error
  return cube
    .page(0, 0, cube.columns, cube.rows)
    .map((row) =>
      row
        .map(({ number, isNull }) => (isNull ? '-' : String(Math.round(number * 1e9) / 1e9)))
        .join(' '),
    )
    .sort()
}

function oracleRows({ model, dimensions, measures, selections }: Case): string[] {
  const components = fullOuterJoin(model.tables).map((component) => ({
    ...component,
    records: component.records.filter((record) => passes(component, record, selections)),
  }))
  const used = components.filter((component) =>
    dimensions.some((field) => component.fields.has(field)),
  )
  let tuples = new Map<string, Map<string, number | null>>([['', new Map()]])
  for (const component of used) {
    const own = dimensions.filter((field) => component.fields.has(field))
    const groups = groupsOf(component, own, measures, model)
    const next = new Map<string, Map<string, number | null>>()
    for (const [key, tuple] of tuples)
      for (const [otherKey, other] of groups)
        next.set(`${key}|${otherKey}`, new Map([...tuple, ...other]))
    tuples = next
  }
  return [...tuples.values()]
    .map((tuple) =>
      [
        ...dimensions.map((field) => tuple.get(field) ?? null),
        ...measures.map(({ name, field }) =>
          aggregate(name, valuesOf(components, model, field, tuple, name)),
        ),
      ]
        .map((value) => (value === null ? '-' : String(Math.round(value * 1e9) / 1e9)))
        .join(' '),
    )
    .sort()
}

function passes(
  component: JoinedComponent,
  record: JoinedRecord,
  selections: Case['selections'],
): boolean {
  for (const [field, values] of selections) {
    if (!component.fields.has(field)) continue
    const value = record.values.get(field) ?? null
    if (value === null || !values.has(value)) return false
  }
  return true
}

/** Combinations of dimension values; the one of NULLs only where a measure has a row in it. */
function groupsOf(
  component: JoinedComponent,
  own: readonly string[],
  measures: Case['measures'],
  model: PlainModel,
): Map<string, Map<string, number | null>> {
  const groups = new Map<string, Map<string, number | null>>()
  for (const record of component.records) {
    const tuple = new Map(own.map((field) => [field, record.values.get(field) ?? null]))
    const isNull = [...tuple.values()].every((value) => value === null)
    const counted = measures.some(({ name, field }) =>
      placesOf(model, field, name).some(
        (table) => component.tables.includes(table) && (record.rows[table] ?? -1) >= 0,
      ),
    )
    if (!isNull || counted) groups.set(JSON.stringify([...tuple.values()]), tuple)
  }
  return groups
}

/** The tables an aggregation reads: the first one of the field, or all where repetition does not matter. */
function placesOf(model: PlainModel, field: string, name: AggregationName): number[] {
  const places = model.tables.flatMap((table, index) =>
    table.fields.includes(field) ? [index] : [],
  )
  return name === 'Min' || name === 'Max' || name === 'Count(DISTINCT' ? places : places.slice(0, 1)
}

function valuesOf(
  components: readonly JoinedComponent[],
  model: PlainModel,
  field: string,
  tuple: ReadonlyMap<string, number | null>,
  name: AggregationName,
): number[] {
  const seen = new Set<string>()
  const values: number[] = []
  for (const component of components) {
    if (!component.fields.has(field)) continue
    for (const record of component.records) {
      const fits = [...tuple].every(
        ([dimension, value]) =>
          !component.fields.has(dimension) || (record.values.get(dimension) ?? null) === value,
      )
      if (!fits) continue
      for (const table of placesOf(model, field, name)) {
        const row = record.rows[table] ?? -1
        if (row < 0 || seen.has(`${table}:${row}`)) continue
        seen.add(`${table}:${row}`)
        const plain = model.tables[table]
        const value = plain?.rows[row]?.[plain.fields.indexOf(field)] ?? null
        if (value !== null) values.push(value)
      }
    }
  }
  return values
}

function aggregate(name: AggregationName, values: readonly number[]): number | null {
  const sum = values.reduce((total, value) => total + value, 0)
  switch (name) {
    case 'Sum':
      return sum
    case 'Count':
      return values.length
    case 'Count(DISTINCT':
      return new Set(values).size
    case 'Avg':
      return values.length === 0 ? null : sum / values.length
    case 'Min':
      return values.length === 0 ? null : Math.min(...values)
    case 'Max':
      return values.length === 0 ? null : Math.max(...values)
  }
}

test('cubes equal the naive answer', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(arbitraryCase, (example) => {
      expect(engineRows(example)).toEqual(oracleRows(example))
    }),
    { seed, numRuns },
  )
})

test('an aggregation of Aggr equals the aggregation of the rows of its cube', {
  timeout: 120_000,
}, () => {
  fc.assert(
    fc.property(arbitraryCase, ({ model, dimensions, measures, selections }) => {
      const [first] = measures
      if (dimensions.length === 0 || first === undefined) return
      const env = environmentOf(loadView(model.tables), {
        selections: Object.fromEntries(
          [...selections].map(([field, values]) => [field, [...values]]),
        ),
      })
      const inner = `Sum(${first.field})`
      const aggr = `Aggr(${inner}, ${dimensions.join(', ')})`
      const cube = computeCube(
        {
          dimensions: dimensions.map((definition) => ({ definition })),
          measures: [
            { definition: inner },
            { definition: `Sum(TOTAL ${aggr})` },
            { definition: `Only(${aggr})` },
          ],
        },
        env,
      )
      const rows = cube
        .page(0, 0, cube.columns, cube.rows)
        .map((row) => row.slice(dimensions.length))
      const sum = rows.reduce((total, [own]) => total + (own?.number ?? 0), 0)
      for (const [own, total, only] of rows) {
        expect(total?.number).toBe(sum)
        expect(only?.number).toBe(own?.number)
      }
      expect(cube.totals[1]?.number).toBe(sum)
    }),
    { seed, numRuns: Math.ceil(numRuns / 4) },
  )
})

test('a set of 1 sees what no selection hides; totals do not depend on dimensions', {
  timeout: 120_000,
}, () => {
  fc.assert(
    fc.property(arbitraryCase, ({ model, dimensions, measures, selections }) => {
      const view = loadView(model.tables)
      const env = environmentOf(view, {
        selections: Object.fromEntries(
          [...selections].map(([field, values]) => [field, [...values]]),
        ),
      })
      const text = (set: string) =>
        measures.map(({ name, field }) => ({
          definition: name.includes('(')
            ? `Count(${set} DISTINCT ${field})`
            : `${name}(${set} ${field})`,
        }))
      const cells = (cube: ReturnType<typeof computeCube>) =>
        cube
          .page(0, 0, cube.columns, cube.rows)
          .map((row) => row.map(({ text: shown }) => shown).join(' '))
          .sort()
      const named = dimensions.map((definition) => ({ definition }))
      const free = environmentOf(view)
      const inSet = computeCube({ dimensions: named, measures: text('{1}') }, env)
      const unselected = computeCube({ dimensions: named, measures: text('') }, free)
      // Dimensions that no measure is linked to keep to the selections, so that rows may be missing, but none may differ.
      const known = new Set(cells(unselected))
      expect(cells(inSet).filter((row) => !known.has(row))).toEqual([])
      const alone = computeCube({ dimensions: [], measures: text('') }, env)
      const within = computeCube({ dimensions: named, measures: text('') }, env)
      expect(within.totals.map(({ text: shown }) => shown)).toEqual(
        alone.totals.map(({ text: shown }) => shown),
      )
    }),
    { seed, numRuns: Math.ceil(numRuns / 4) },
  )
})
