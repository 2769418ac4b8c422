import { ExpressionError, LichenError } from '../base/errors.ts'
import type { Binder } from '../expression/bind.ts'
import { compile } from '../expression/block.ts'
import { type Bound, visitBound } from '../expression/bound.ts'
import { compileContext } from '../expression/compile-context.ts'
import { derivedField } from '../expression/derived-field.ts'
import { calculatedDimension, type Dimension, fieldDimension } from '../expression/dimension.ts'
import type { Environment } from '../expression/environment.ts'
import { evaluateExpression } from '../expression/evaluate.ts'
import { prepare } from '../expression/prepare.ts'
import { resultFormat } from '../expression/result-format.ts'
import { listKey, listValues, syntheticDimension } from '../expression/synthetic-dimension.ts'
import type { Value } from '../value/dual.ts'
import type { NumberFormat } from '../value/number-format.ts'
import type { CubeDimension } from './definition.ts'

/** A dimension of a cube made ready: what groups, or one value for all rows, or what is wrong with it. */
export interface BoundDimension {
  readonly definition: CubeDimension
  readonly field: number | undefined
  readonly format: NumberFormat | null
  /** Undefined when the dimension is constant or in error. */
  readonly dimension: Dimension | undefined
  readonly constant: Value
  /** Which definition of its group is shown. */
  readonly groupPosition?: number
  readonly error?: ExpressionError
}

export function bindDimension(
  definition: CubeDimension,
  binder: Binder,
  env: Environment,
): BoundDimension {
  const text = definition.definition.trim()
  const named = text.startsWith('=') ? undefined : env.view.fieldIndex(text)
  if (named !== undefined) return ofField(definition, named, env)
  try {
    return ofExpression(definition, text, binder, env)
  } catch (error) {
    if (!(error instanceof LichenError) || error.code === 'cancelled') throw error
    return {
      definition,
      field: undefined,
      format: null,
      dimension: undefined,
      constant: null,
      error: asExpressionError(error, text),
    }
  }
}

/** Errors without a place in the text point at all of it. */
export function asExpressionError(error: LichenError, text: string): ExpressionError {
  if (error instanceof ExpressionError) return error
  return new ExpressionError(
    error.code,
    error.message,
    { name: 'expression', text },
    { start: 0, end: text.length },
    { cause: error },
  )
}

function ofField(definition: CubeDimension, field: number, env: Environment): BoundDimension {
  const format = env.view.fields[field]?.symbols.format ?? null
  return { definition, field, format, dimension: fieldDimension(env.view, field), constant: null }
}

function ofExpression(
  definition: CubeDimension,
  text: string,
  binder: Binder,
  env: Environment,
): BoundDimension {
  const { ast, source } = prepare(text, env, (inner) => evaluateExpression(inner, env))
  const plain = ast.kind === 'field' ? env.view.fieldIndex(ast.name) : undefined
  if (plain !== undefined) return ofField(definition, plain, env)
  const list = ast.kind === 'call' ? listKey(ast) : undefined
  if (ast.kind === 'call' && list !== undefined) {
    binder.bindGroup(ast, source)
    const args = ast.args.map(({ span }) =>
      evaluateExpression(source.text.slice(span.start, span.end), env),
    )
    const dimension = syntheticDimension(list, listValues(ast, args, env.limits.maxGroups))
    return { definition, field: undefined, format: null, dimension, constant: null }
  }
  const tree = binder.bindRecord(ast, source)
  refuseAggregates(tree, source)
  const format = resultFormat(tree, binder, env.view)
  const derived = derivedField({ text, ast, tree, format }, env)
  if (derived !== undefined) return { ...ofField(definition, derived.index, env), format }
  const dimension = calculatedDimension(
    tree,
    compile(tree, compileContext(env)),
    (index) => binder.aggrs[index]?.dimensions.map(({ field }) => field) ?? [],
  )
  if (dimension.fields.length > 0)
    return { definition, field: undefined, format, dimension, constant: null }
  return {
    definition,
    field: undefined,
    format,
    dimension: undefined,
    constant: evaluateExpression(text, env),
  }
}

function refuseAggregates(
  tree: Bound,
  source: ConstructorParameters<typeof ExpressionError>[2],
): void {
  visitBound(tree, (node) => {
    if (node.kind === 'aggregate')
      throw new ExpressionError(
        'expression-invalid',
        'An aggregation in a dimension has to stand inside Aggr',
        source,
        node.span,
      )
  })
}
