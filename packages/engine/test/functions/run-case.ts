import { type App, createApp } from '../../src/app/app.ts'
import { parseExpression } from '../../src/expression/parser.ts'
import { fieldsOf } from '../../src/expression/visit.ts'
import type { CubeCell } from '../../src/hypercube/cube.ts'
import type { TableReader } from '../../src/script/reader.ts'
import type { ExpectedCell } from '../conformance/cases.ts'
import { type ActualCell, matchesRow, printRows } from '../conformance/cells.ts'
import { usedInExpression } from './calls.ts'
import type { ReadCase } from './cases.ts'
import { knownOf } from './known-functions.ts'

type CaseContext = 'chart' | 'script'

/** How the answers of the engine differ from what the case expects; empty when they do not. @throws LichenError */
export async function differencesOf(given: ReadCase): Promise<readonly string[]> {
  const differences: string[] = []
  const expected = isRows(given.expect) ? given.expect : [given.expect]
  for (const context of contextsOf(given)) {
    const actual = context === 'chart' ? await inChart(given) : [await inScript(given)]
    if (!matchesRow(actual, expected))
      differences.push(
        `in the ${context} expected ${JSON.stringify(given.expect)}, got ${printRows([actual])}`,
      )
  }
  return differences
}

/** An expression without fields and aggregations means the same in a chart and in a LOAD of one record. */
export function contextsOf({
  expression,
  select,
  user,
  dimensions,
  in: only,
}: ReadCase): readonly CaseContext[] {
  if (only !== undefined) return [only]
  const known = usedInExpression(expression, 'chart').map(knownOf)
  if (known.some((each) => each?.context === 'script')) return ['script']
  const { ast } = parseExpression({ name: 'case', text: expression })
  const scalar = known.every((each) => each?.context === 'both' && each.category !== 'aggregation')
  return scalar &&
    fieldsOf(ast).length === 0 &&
    select === undefined &&
    user === undefined &&
    dimensions === undefined
    ? ['chart', 'script']
    : ['chart']
}

function isRows(expect: ReadCase['expect']): expect is readonly ExpectedCell[] {
  return Array.isArray(expect)
}

async function inChart(given: ReadCase): Promise<readonly ActualCell[]> {
  const app = await open(given, given.script)
  const values = chartValues(app, given)
  app.close()
  return values
}

function chartValues(app: App, given: ReadCase): readonly ActualCell[] {
  const { dimensions, columns, measures = [], expression } = given
  if (dimensions === undefined) return [app.evaluate(expression)]
  if (columns !== undefined) {
    const pivot = app.pivot({ rows: dimensions, columns, measures: [expression] }).read()
    throwFirstError([...pivot.dimensions, ...pivot.measures])
    return pivot.page().flat().map(actualCell)
  }
  const table = app
    .cube({
      dimensions: dimensions.map((definition) => ({ definition })),
      measures: [...measures, expression],
    })
    .read()
  throwFirstError([...table.dimensions, ...table.measures])
  return table.page(0, table.rows).map((row) => actualCell(row.at(-1) ?? null))
}

function throwFirstError(columns: readonly { readonly error?: Error | undefined }[]): void {
  const failed = columns.find(({ error }) => error !== undefined)
  if (failed?.error !== undefined) throw failed.error
}

function actualCell(cell: CubeCell | null): ActualCell {
  return cell === null || cell.isNull
    ? { text: null, number: null }
    : { text: cell.text, number: Number.isNaN(cell.number) ? null : cell.number }
}

/** The value a field gets from the expression in a LOAD that reads nothing. */
async function inScript(given: ReadCase): Promise<ActualCell> {
  const load = `\nNoConcatenate LOAD ${given.expression} as [Value of the case] AUTOGENERATE 1;`
  const app = await open(given, given.script + load)
  const values = app.field('Value of the case').values()
  app.close()
  const [only, ...more] = values
  if (more.length > 0) throw new Error(`one record gave ${values.length} values`)
  return only ?? { text: null, number: null }
}

async function open({ files = [], user, select = [] }: ReadCase, script: string): Promise<App> {
  const app = await createApp({
    script,
    reader: filesOf(files),
    computerName: 'PC-1',
    identity: { client: 'Browser/1.0', ...(user === undefined ? {} : { user }) },
  })
  for (const { field, values } of select) app.field(field).select(values)
  return app
}

const header = {
  tableName: 'Orders',
  fieldNames: ['Id', 'Customer', 'Amount'],
  records: 12,
  created: Date.UTC(2024, 4, 16, 22, 15),
}
const facts = { bytes: 1000, modified: Date.UTC(2024, 4, 17, 6, 30) }

/** Files that all tell the same of themselves, with one record each. */
function filesOf(files: readonly string[]): TableReader {
  const known = <Told>(path: string, told: Told): Promise<Told | undefined> =>
    Promise.resolve(files.includes(path) ? told : undefined)
  return {
    resolve: () => Promise.resolve(files),
    folders: () => Promise.resolve(files),
    open: () =>
      Promise.resolve({
        fields: ['Record'],
        file: facts,
        async *batches(fields) {
          yield { rows: 1, columns: fields.map(() => ({ kind: 'values', values: [1] })) }
        },
      }),
    file: (path) => known(path, facts),
    qvd: (path) => known(path, header),
  }
}
