import { type App, type CubeSort, createApp, type SignalOption } from '../../src/app/app.ts'
import { cubeDefinition } from '../../src/app/cube.ts'
import type { CubeDimension } from '../../src/hypercube/definition.ts'
import type { CaseCube, CaseSort, ConformanceCase, SelectionStep } from './cases.ts'
import type { ActualCell, AnsweredTable } from './cells.ts'
import { pivotAnswer } from './pivot-answer.ts'

/** What the engine answered to one case. */
export interface Answer {
  readonly fields: readonly string[]
  /** The value of the expression, in each context the case names. */
  readonly values: ReadonlyMap<'chart' | 'script', ActualCell>
  readonly table: AnsweredTable | undefined
}

const millisecondsPerCase = 10_000

/** Runs one case in a fresh app, through the face a host uses. @throws LichenError whatever the engine refuses */
export async function answer(given: ConformanceCase): Promise<Answer> {
  const limit = deadline()
  const app = await createApp({ script: given.script, ...limit })
  prepare(app, given)
  const values = new Map<'chart' | 'script', ActualCell>()
  if (given.expression !== undefined) {
    values.set('chart', app.evaluate(given.expression, limit))
    if (given.contexts?.includes('script') === true)
      values.set('script', await loaded(given.script, given.expression, limit))
  }
  const read = given.mode === 'pivot' ? readPivot : readTable
  const table = given.cube === undefined ? undefined : read(app, given.cube, given, limit)
  const { fields } = app
  app.close()
  return { fields, values, table }
}

function deadline(): Required<SignalOption> {
  const end = Date.now() + millisecondsPerCase
  return {
    signal: {
      get aborted() {
        return Date.now() > end
      },
    },
  }
}

function prepare(app: App, given: ConformanceCase): void {
  for (const [title, steps] of Object.entries(given.bookmarks ?? {})) {
    select(app, steps)
    app.createBookmark(title)
    app.clear()
  }
  for (const [state, steps] of Object.entries(given.states ?? {})) {
    app.addState(state)
    select(app, steps, state)
  }
  select(app, given.select ?? [])
}

function select(app: App, steps: readonly SelectionStep[], state?: string): void {
  for (const step of steps) {
    if ('back' in step) for (let count = 0; count < step.back; count++) app.back()
    else if ('search' in step) app.field(step.field, state).selectSearch(step.search)
    else app.field(step.field, state).select(step.values)
  }
}

/** The value a field gets from the expression in a LOAD that reads nothing. */
async function loaded(
  script: string,
  expression: string,
  limit: Required<SignalOption>,
): Promise<ActualCell> {
  const load = `\nNoConcatenate LOAD ${expression} as R AUTOGENERATE 1;\n`
  const app = await createApp({ script: script + load, ...limit })
  const [only, ...more] = app.field('R').values()
  app.close()
  if (more.length > 0) throw new Error(`one record gave ${more.length + 1} values`)
  return only === undefined ? { text: null, number: null } : only
}

function readTable(
  app: App,
  cube: CaseCube,
  given: ConformanceCase,
  limit: Required<SignalOption>,
): AnsweredTable {
  const table = app
    .cube({
      dimensions: cube.dimensions.map((definition) => ({ definition })),
      measures: cube.measures,
      suppressZero: given.suppressZero === true,
      ...(cube.sort === undefined ? {} : { sort: cube.sort.map(cubeSort) }),
    })
    .read(limit)
  for (const column of [...table.dimensions, ...table.measures])
    if (column.error !== undefined) throw column.error
  return {
    rows: table.page(0, table.rows).map((row) => row.map(actualCell)),
    totals: table.totals.map(actualCell),
    subtotals: [],
  }
}

function readPivot(
  app: App,
  { dimensions, measures, sort = [] }: CaseCube,
  { left = dimensions.length, suppressZero = false }: ConformanceCase,
  limit: Required<SignalOption>,
): AnsweredTable {
  const sorted = cubeDefinition({ dimensions: dimensions.map(fromText), sort: sort.map(cubeSort) })
  const table = app
    .pivot({
      rows: sorted.dimensions.slice(0, left),
      columns: sorted.dimensions.slice(left),
      measures,
      totals: 'after',
      suppressZero,
    })
    .read(limit)
  for (const column of [...table.dimensions, ...table.measures])
    if (column.error !== undefined) throw column.error
  return pivotAnswer(table, actualCell)
}

const fromText = (definition: string): CubeDimension => ({ definition })

function cubeSort(sort: CaseSort): CubeSort {
  const order = sort.order === 'desc' ? 'descending' : 'ascending'
  if (sort.measure !== undefined) return { measure: sort.measure, order }
  const dimension = sort.dim ?? 0
  if (sort.by === 'expression')
    return { dimension, by: 'expression', expression: sort.expr ?? '', order }
  return { dimension, order, ...(sort.by === undefined ? {} : { by: sort.by }) }
}

function actualCell(cell: {
  readonly text: string
  readonly number: number
  readonly isNull: boolean
  readonly element: number
}): ActualCell {
  return {
    text: cell.isNull ? null : cell.text,
    number: cell.isNull || Number.isNaN(cell.number) ? null : cell.number,
    others: cell.element === -3,
  }
}
