import { LichenError } from '../base/errors.ts'
import type { Dimension } from '../expression/dimension.ts'
import type { Environment } from '../expression/environment.ts'
import { evaluateExpression } from '../expression/evaluate.ts'
import { textOf } from '../value/text-of.ts'
import type { BoundCube } from './bound-cube.ts'
import { asExpressionError, type BoundDimension } from './cube-dimension.ts'
import type { DimensionLimit } from './definition.ts'
import {
  collapsedDimension,
  limitDimension,
  linkedTo,
  othersCode,
  type ReadyLimit,
} from './limit.ts'
import { checkLimit, thresholdOf } from './limit-threshold.ts'
import type { CubeColumn } from './shown-rows.ts'

/** The dimensions before a column, from outside in, with their limits applied. */
interface OuterDimensions {
  readonly all: readonly Dimension[]
  /** Those whose others have no values further in. */
  readonly collapsing: readonly Dimension[]
}

/**
 * A column with its limit applied. A limit whose expressions cannot be evaluated puts its dimension in error.
 * @throws LichenError `invalid-argument` for a limit that nothing can be computed from
 */
export function limitedColumn(
  column: BoundDimension,
  outer: OuterDimensions,
  bound: BoundCube,
): CubeColumn {
  const { dimension } = column
  const plain = { ...column, source: dimension, limited: false }
  if (dimension === undefined || dimension.listed !== undefined) return plain
  const { limit } = column.definition
  const cut =
    limit === undefined ? plain : withLimit({ ...column, dimension }, limit, outer.all, bound)
  const collapsing = linkedTo(dimension, outer.collapsing, bound.env)
  return collapsing.length === 0 ? cut : collapsed(cut, collapsing)
}

function withLimit(
  column: BoundDimension & { readonly dimension: Dimension },
  limit: DimensionLimit,
  before: readonly Dimension[],
  bound: BoundCube,
): CubeColumn {
  const { definition, dimension } = column
  const { env, binder } = bound
  const name = definition.label ?? definition.definition
  checkLimit(limit, name)
  const { measure, isOwn } = measuredBy(limit, bound)
  let ready: ReadyLimit
  try {
    const threshold = thresholdOf(limit, name, env)
    const labelled = withLabel(limit, env)
    ready = { limit: labelled, threshold, measure, aggrs: binder.aggrs, sort: definition }
  } catch (error) {
    return inError(column, name, error)
  }
  try {
    return {
      ...column,
      definition: { ...definition, limit: ready.limit },
      source: dimension,
      dimension: limitDimension(before, dimension, ready, env),
      limited: true,
    }
  } catch (error) {
    // Of a measure of the cube that fails, the cube is built again without it: it is not the dimension's error.
    if (!isOwn) throw error
    return inError(column, name, error)
  }
}

function inError(column: BoundDimension, name: string, error: unknown): CubeColumn {
  if (!(error instanceof LichenError) || !isOfDefinition(error)) throw error
  return {
    ...column,
    source: undefined,
    dimension: undefined,
    limited: false,
    error: asExpressionError(error, name),
  }
}

function isOfDefinition({ code }: LichenError): boolean {
  return code !== 'cancelled' && code !== 'budget-exceeded' && code !== 'internal'
}

/** What a limit judges values by, and whether that is an expression of its own; NULL where the measure is in error. */
function measuredBy(
  { by }: DimensionLimit,
  { measures }: BoundCube,
): { readonly measure: string; readonly isOwn: boolean } {
  const found =
    by === undefined
      ? measures[0]
      : measures.find(({ definition: { label, definition } }) => label === by || definition === by)
  if (found === undefined) return { measure: by ?? '0', isOwn: by !== undefined }
  return {
    measure: found.error === undefined ? found.definition.definition : 'Null()',
    isOwn: false,
  }
}

function withLabel(limit: DimensionLimit, env: Environment): DimensionLimit {
  const { othersLabel } = limit
  if (othersLabel?.startsWith('=') !== true) return limit
  const text = textOf(evaluateExpression(othersLabel, env), env.view.settings)
  return { ...limit, othersLabel: text ?? '-' }
}

/** The cells of a column in the others around it: others too, or NULL where its own others would be taken away. */
function collapsed(column: CubeColumn, outer: readonly Dimension[]): CubeColumn {
  const { dimension, limited, definition } = column
  if (dimension === undefined) return column
  const hidesOthers = limited && definition.limit?.others === false
  return {
    ...column,
    dimension: collapsedDimension(outer, dimension, limited, hidesOthers ? 0 : othersCode),
    limited: true,
  }
}
