import { type App, createApp } from '../../src/app/app.ts'
import { LoadError } from '../../src/base/errors.ts'
import { parseExpression } from '../../src/expression/parser.ts'
import { fieldsOf } from '../../src/expression/visit.ts'
import type { TableReader } from '../../src/script/reader.ts'
import { type ActualCell, matchesCell, printCell } from '../conformance/cells.ts'
import { usedInExpression } from './calls.ts'
import { type FunctionCase, scriptOf } from './cases.ts'
import { knownOf } from './known-functions.ts'

type CaseContext = 'chart' | 'script'

/** How the answers of the engine differ from what the case expects; empty when they do not. @throws LichenError */
export async function differencesOf(given: FunctionCase): Promise<readonly string[]> {
  const differences: string[] = []
  for (const context of contextsOf(given)) {
    const actual = context === 'chart' ? await inChart(given) : await inScript(given)
    if (!matchesCell(actual, given.expect))
      differences.push(
        `in the ${context} expected ${JSON.stringify(given.expect)}, got ${printCell(actual)}`,
      )
  }
  return differences
}

/** An expression without fields and aggregations means the same in a chart and in a LOAD of one record. */
export function contextsOf({ expression, select, user, in: only }: FunctionCase): readonly CaseContext[] {
  if (only !== undefined) return [only]
  const known = usedInExpression(expression, 'chart').map(knownOf)
  if (known.some((each) => each?.context === 'script')) return ['script']
  const { ast } = parseExpression({ name: 'case', text: expression })
  const scalar = known.every((each) => each?.context === 'both' && each.category !== 'aggregation')
  return scalar && fieldsOf(ast).length === 0 && select === undefined && user === undefined
    ? ['chart', 'script']
    : ['chart']
}

async function inChart(given: FunctionCase): Promise<ActualCell> {
  const app = await open(given, scriptOf(given))
  const value = app.evaluate(given.expression)
  app.close()
  return value
}

/** The value a field gets from the expression in a LOAD that reads nothing. */
async function inScript(given: FunctionCase): Promise<ActualCell> {
  const load = `\nNoConcatenate LOAD ${given.expression} as [Value of the case] AUTOGENERATE 1;`
  const app = await open(given, scriptOf(given) + load)
  const values = app.field('Value of the case').values()
  app.close()
  const [only, ...more] = values
  if (more.length > 0) throw new Error(`one record gave ${values.length} values`)
  return only ?? { text: null, number: null }
}

async function open({ files = [], user, select = [] }: FunctionCase, script: string): Promise<App> {
  const app = await createApp({
    script,
    reader: namesAlone(files),
    ...(user === undefined ? {} : { identity: { user } }),
  })
  for (const { field, values } of select) app.field(field).select(values)
  return app
}

/** Finds files and reads none. */
function namesAlone(files: readonly string[]): TableReader {
  return {
    resolve: () => Promise.resolve(files),
    open(path) {
      throw new LoadError('source-not-found', `${path} is not read here`, { source: path })
    },
  }
}
