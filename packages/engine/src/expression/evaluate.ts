import type { Selections } from '../selection/selections.ts'
import { signatureOf } from '../selection/signature.ts'
import { Bitset } from '../storage/bitset.ts'
import { numberOf, type Value } from '../value/dual.ts'
import { Binder } from './bind.ts'
import { derivedEnvironment } from './derived-environment.ts'
import { fieldDimension } from './dimension.ts'
import type { Environment } from './environment.ts'
import type { Grouping, GroupingRequest } from './grouping.ts'
import { GroupingRun } from './grouping-run.ts'
import { Measures } from './measure.ts'
import { prepare } from './prepare.ts'
import type { SetContext } from './set.ts'

/**
 * Groups the possible records by the dimensions and evaluates every aggregation of the program. Rows are the combinations that exist
 * in the set of the dimensions or in the set of an aggregation that keeps all of them.
 * @throws LichenError `budget-exceeded`, `cancelled`, `expression-invalid`
 */
export function group(request: GroupingRequest): Grouping {
  return new GroupingRun(request, setContext(request.env), group).run()
}

/** Sets of an environment, with expression searches evaluated per symbol. */
export function setContext(env: Environment): SetContext {
  return {
    env,
    searchExpression: (text, field, base) =>
      symbolsWhereTrue(text, field, lifted(env, base, field)),
  }
}

/** The environment in which an object's state has these selections but for one field. */
function lifted(env: Environment, base: Selections, field: number): Environment {
  const fields = new Map(base.fields)
  fields.delete(field)
  const selections = { fields, signature: signatureOf(fields) }
  return derivedEnvironment(env, {
    selectionsOf: (state) => (state === env.state ? selections : env.selectionsOf(state)),
  })
}

/**
 * The symbols of a field for which an expression gives a number other than 0; what is aggregated follows the state's selections.
 * @throws ExpressionError
 */
export function symbolsWhereTrue(text: string, field: number, env: Environment): Bitset {
  const { ast, source } = prepare(text, env, (inner) => evaluateExpression(inner, env))
  const binder = new Binder(env)
  const tree = binder.bindGroup(ast, source)
  const dimension = fieldDimension(env.view, field)
  const grouping = group({ program: binder, dimensions: [dimension], set: undefined, env })
  const values = new Measures(binder, grouping, env).column(tree)
  const symbols = new Bitset(dimension.size - 1)
  const codes = grouping.codes[0]
  for (let row = 0; row < grouping.rows; row++) {
    const code = codes?.[row] ?? 0
    const number = numberOf(values.get(row))
    if (code > 0 && number !== 0 && !Number.isNaN(number)) symbols.add(code - 1)
  }
  return symbols
}

/**
 * The value of an expression over the whole state, without dimensions.
 * @throws ExpressionError, LichenError `budget-exceeded`, `cancelled`
 */
export function evaluateExpression(text: string, env: Environment): Value {
  const { ast, source } = prepare(text, env, (inner) => evaluateExpression(inner, env))
  const binder = new Binder(env)
  const tree = binder.bindGroup(ast, source)
  const grouping = group({ program: binder, dimensions: [], set: undefined, env })
  return new Measures(binder, grouping, env).column(tree).get(0)
}
