import fc from 'fast-check'
import { type App, type CellInput, createApp } from '../../src/index.ts'
import {
  arbitraryTables,
  type ChartSchema,
  type ChartTable,
  type CodedTables,
  coded,
  pools,
  repeated,
  scriptOf,
} from './chart-data.ts'
import { arbitraryMeasure, fitted } from './chart-expressions.ts'
import { ChartOracle, everything, keyOf, type Tuple } from './chart-oracle.ts'
import type { ChartSelections } from './chart-sets.ts'
import { type Tree, textOfTree } from './chart-tree.ts'
import { type ChartValue, textIn, Undecided, UndecidedRows } from './chart-value.ts'

/* A model, selections and a chart of many measures, answered by the engine and by the oracle. */

export interface Case {
  readonly tables: readonly ChartTable[]
  /** The rows of the first table are there that often. */
  readonly times: number
  /** Given as records where no value is a dual, else by a script. */
  readonly asRecords: boolean
  readonly selections: readonly { readonly field: string; readonly values: readonly ChartValue[] }[]
  readonly dimensions: readonly string[]
  readonly measures: readonly Tree[]
  /** Stands around the symbols of expressions. */
  readonly blank: string
}

export interface CaseShape {
  readonly maxMeasures: number
  /** More than once: tables of few rows, given as records. */
  readonly times?: number
}

export function casesOf(
  schema: ChartSchema,
  { maxMeasures, times = 1 }: CaseShape,
): fc.Arbitrary<Case> {
  const fields = schema.flatMap((table) => table.fields)
  const selections = fc.oneof(
    ...fields.map(({ name, kind }) =>
      fc
        .uniqueArray(fc.constantFrom(...pools[kind]), { minLength: 1, maxLength: 3 })
        .map((values) => ({ field: name, values })),
    ),
  )
  const names = [...new Set(fields.map(({ name }) => name))]
  return fc
    .record({
      tables: arbitraryTables(schema, times > 1),
      times: fc.constant(times),
      asRecords: times > 1 ? fc.constant(true) : fc.boolean(),
      selections: fc.array(selections, { maxLength: 2 }),
      dimensions: fc.uniqueArray(fc.constantFrom(...names), { maxLength: 2 }),
      measures: fc.array(arbitraryMeasure(schema), {
        minLength: 1,
        maxLength: maxMeasures,
        size: 'max',
      }),
      blank: fc.constantFrom(' ', '', '\n', ' /*,*/ '),
    })
    .map((given) => ({
      ...given,
      measures: given.measures.map((measure) => fitted(measure, given.dimensions)),
    }))
}

async function opened(tables: readonly ChartTable[], given: Case): Promise<App> {
  const cells = tables.flatMap(({ rows }) => rows.flat())
  const asRecords =
    given.asRecords && cells.every((value) => typeof value !== 'object' || value === null)
  const memory = { kernelsFrom: 0 }
  const app = asRecords
    ? createApp({ tables: recordsOf(tables), memory })
    : await createApp({ script: scriptOf(tables), memory })
  for (const { field, values } of given.selections)
    app.field(field).select(values.map((value) => textIn(value) ?? ''))
  return app
}

function recordsOf(tables: readonly ChartTable[]): Record<string, Record<string, CellInput>[]> {
  return Object.fromEntries(
    tables.map(({ name, fields, rows }) => [
      name,
      rows.map((row) =>
        Object.fromEntries(
          row.map((value, at) => [
            fields[at]?.name ?? '',
            typeof value === 'object' ? null : value,
          ]),
        ),
      ),
    ]),
  )
}

/** The selections the engine has made of what was asked for: which of them go together is another test's. */
function selectionsIn(app: App, data: CodedTables): ChartSelections {
  const selections = new Map<string, ReadonlySet<number>>()
  for (const field of data.values.keys()) {
    const chosen = app
      .field(field)
      .values()
      .filter(({ state }) => state.startsWith('selected'))
      .map(({ number, text }) => data.codeOf(field, number, text))
    if (chosen.length > 0) selections.set(field, new Set(chosen))
  }
  return selections
}

interface Cell {
  readonly text: string | null
  readonly number: number | null
}

const emptyCell: Cell = { text: null, number: null }

function cellOf(cell: {
  readonly text: string
  readonly number: number
  readonly isNull: boolean
}): Cell {
  if (cell.isNull) return emptyCell
  return { text: cell.text, number: Number.isNaN(cell.number) ? null : cell.number }
}

/** What the engine answers, by row of the chart; the total row apart. */
interface Answer {
  readonly rows: ReadonlyMap<string, readonly Cell[]>
  readonly totals: readonly Cell[]
}

function answerOf(app: App, data: CodedTables, { dimensions, measures, blank }: Case): Answer {
  const texts = measures.map((measure) => textOfTree(measure, blank))
  if (dimensions.length === 0)
    return { rows: new Map(), totals: texts.map((text) => app.evaluate(text)) }
  const cube = app.cube({ dimensions, measures: texts }).read()
  for (const { error } of [...cube.dimensions, ...cube.measures])
    if (error !== undefined) throw error
  const rows = new Map<string, readonly Cell[]>()
  for (const row of cube.page(0, cube.rows)) {
    const codes = dimensions.map((field, at) => {
      const cell = row[at]
      const { text, number } = cell === undefined ? emptyCell : cellOf(cell)
      return text === null ? null : data.codeOf(field, number, text)
    })
    if (rows.has(keyOf(codes))) throw new Error(`The row ${keyOf(codes)} is there twice`)
    rows.set(keyOf(codes), row.slice(dimensions.length).map(cellOf))
  }
  return { rows, totals: cube.totals.map(cellOf) }
}

function isClose(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b))
}

function agrees(expected: ChartValue, { text, number }: Cell): boolean {
  if (expected === null) return text === null
  if (typeof expected === 'number') return number !== null && isClose(expected, number)
  if (typeof expected === 'string') return number === null && text === expected
  return number !== null && isClose(expected.number, number) && text === expected.text
}

export interface Difference {
  /** Null: the rows themselves differ. */
  readonly measure: Tree | null
  readonly row: string
  readonly expected: string
  readonly got: string
}

/** What was compared so far. */
export interface Tally {
  expressions: number
  cells: number
  undecided: number
}

/** Every cell and total in which engine and oracle differ, and rows that only one of them has. */
export async function differencesOf(given: Case, tally: Tally): Promise<readonly Difference[]> {
  const { dimensions, measures } = given
  const tables = repeated(given.tables, given.times)
  const data = coded(tables)
  const app = await opened(tables, given)
  const oracle = new ChartOracle(data, selectionsIn(app, data))
  const { rows, totals } = answerOf(app, data, given)
  app.close()
  const differences: Difference[] = []
  let areRowsDecided = true
  const compare = (measure: Tree, tuple: Tuple, cell: Cell | undefined): void => {
    try {
      const expected = oracle.value(measure, tuple)
      if (cell === undefined) return
      tally.cells += 1
      if (agrees(expected, cell)) return
      const row = shownRow(tuple, data)
      differences.push({ measure, row, expected: shown(expected), got: JSON.stringify(cell) })
    } catch (error) {
      if (!(error instanceof Undecided)) throw error
      tally.undecided += 1
      areRowsDecided &&= !(error instanceof UndecidedRows)
    }
  }
  tally.expressions += measures.length
  measures.forEach((measure, at) => {
    compare(measure, new Map(), totals[at] ?? emptyCell)
  })
  if (dimensions.length === 0) return differences
  const all = oracle.tuples(dimensions, everything, true)
  for (const tuple of all)
    measures.forEach((measure, at) => {
      compare(measure, tuple, rows.get(keyOf(tuple.values()))?.[at])
    })
  if (areRowsDecided) differences.push(...rowDifferences(oracle, dimensions, rows, data))
  return differences
}

/** The rows of the selections, and those an aggregation has records in, are shown; what no record has is not. */
function rowDifferences(
  oracle: ChartOracle,
  dimensions: readonly string[],
  rows: Answer['rows'],
  data: CodedTables,
): readonly Difference[] {
  const wanted = [...oracle.tuples(dimensions, null, false), ...oracle.seen.values()]
  const missing = wanted.filter((tuple) => tuple.size > 0 && !rows.has(keyOf(tuple.values())))
  const all = new Set(
    oracle.tuples(dimensions, everything, true).map((tuple) => keyOf(tuple.values())),
  )
  const unknown = [...rows.keys()].filter((key) => !all.has(key))
  return [
    ...missing.map((tuple) => ({
      measure: null,
      row: shownRow(tuple, data),
      expected: 'a row',
      got: 'none',
    })),
    ...unknown.map((row) => ({ measure: null, row, expected: 'no row', got: 'a row' })),
  ]
}

function shownRow(tuple: Tuple, { values }: CodedTables): string {
  return [...tuple]
    .map(([field, code]) => {
      const value = code === null ? null : (values.get(field)?.[code] ?? null)
      return `${field}=${shown(value)}`
    })
    .join(', ')
}

const shown = (value: ChartValue): string =>
  typeof value === 'object' && value !== null
    ? `'${value.text}' ${value.number}`
    : JSON.stringify(value)

/** A case as somebody would type it. */
export function described(given: Case, differences: readonly Difference[]): string {
  const { tables, times, asRecords, selections, dimensions, blank, measures } = given
  const chosen = selections.map(
    ({ field, values }) => `${field} in (${values.map(shown).join(', ')})`,
  )
  return [
    asRecords ? 'script (given as records where no value is a dual):' : 'script:',
    scriptOf(tables) + (times > 1 ? `rows of the first table: ${times} times` : ''),
    `selections: ${chosen.join('; ') || 'none'}`,
    `dimensions: ${dimensions.join(', ') || 'none'}`,
    ...differences.slice(0, 5).flatMap(({ measure, row, expected, got }) => {
      const concerned = measure === null ? measures : [measure]
      return [
        `expression: ${concerned.map((tree) => textOfTree(tree, blank)).join(' | ')}`,
        `  row: ${row || 'total'}; expected ${expected}, got ${got}`,
      ]
    }),
  ].join('\n')
}
