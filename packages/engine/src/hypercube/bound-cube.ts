import { LichenError } from '../base/errors.ts'
import { Binder } from '../expression/bind.ts'
import type { Bound } from '../expression/bound.ts'
import type { Environment } from '../expression/environment.ts'
import { evaluateExpression } from '../expression/evaluate.ts'
import { type InterRecords, noInterRecords } from '../expression/inter-record.ts'
import type { Measures } from '../expression/measure.ts'
import { prepare } from '../expression/prepare.ts'
import { resultFormat } from '../expression/result-format.ts'
import { numberOf } from '../value/dual.ts'
import { Vector } from '../value/vector.ts'
import type { TableMeasure } from './column-info.ts'
import { asExpressionError, type BoundDimension } from './cube-dimension.ts'
import type { CubeDefinition, CubeMeasure } from './definition.ts'
import { bindShown } from './dimension-group.ts'
import { inState } from './in-state.ts'
import { ofObject } from './of-object.ts'

export interface BoundMeasure {
  readonly definition: CubeMeasure
  readonly tree: Bound | undefined
  readonly attributes: readonly (Bound | undefined)[]
  readonly error?: ReturnType<typeof asExpressionError>
}

/** A definition with its dimensions and measures made ready. */
export interface BoundCube<D extends CubeDefinition = CubeDefinition> {
  readonly definition: D
  readonly dimensions: readonly BoundDimension[]
  readonly measures: readonly BoundMeasure[]
  readonly binder: Binder
  readonly env: Environment
}

/**
 * Binds a definition in its state and builds from it what `build` makes; `empty` where its condition does not hold. Measures that fail when
 * they are computed are left out and say why; when none does, the dimensions are to blame.
 * @throws LichenError `budget-exceeded`, `cancelled`, `not-found` (state)
 */
export function built<D extends CubeDefinition, T>(
  definition: D,
  environment: Environment,
  build: (bound: BoundCube<D>) => T,
  empty: (env: Environment) => T,
): T {
  const { state } = definition
  const env = ofObject(state === undefined ? environment : inState(environment, state), definition)
  if (definition.condition !== undefined && !isFulfilled(definition.condition, env))
    return empty(env)
  try {
    return build(bindCube(definition, env))
  } catch (error) {
    if (!(error instanceof LichenError) || error.code === 'cancelled' || error.code === 'internal')
      throw error
    const failures = definition.measures.map((measure) =>
      failureOf(() => build(bindCube({ ...definition, measures: [measure] }, env))),
    )
    if (failures.every((failure) => failure === undefined)) throw error
    return build(bindCube(definition, env, failures))
  }
}

function bindCube<D extends CubeDefinition>(
  definition: D,
  env: Environment,
  failures: readonly (LichenError | undefined)[] = [],
): BoundCube<D> {
  const binder = new Binder(env)
  const dimensions = definition.dimensions.map((dimension) => bindShown(dimension, binder, env))
  const measures = definition.measures.map((measure, index) => {
    const failure = failures[index]
    return failure === undefined ? bindMeasure(measure, binder, env) : inError(measure, failure)
  })
  return { definition, dimensions, measures, binder, env }
}

function failureOf(work: () => unknown): LichenError | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    if (error instanceof LichenError) return error
    throw error
  }
}

function bindMeasure(definition: CubeMeasure, binder: Binder, env: Environment): BoundMeasure {
  try {
    const tree = bindText(definition.definition, binder, env)
    const attributes = definition.attributes ?? []
    return { definition, tree, attributes: attributes.map((text) => tryBind(text, binder, env)) }
  } catch (error) {
    if (!(error instanceof LichenError) || error.code === 'cancelled') throw error
    return inError(definition, error)
  }
}

function inError(definition: CubeMeasure, failure: LichenError): BoundMeasure {
  const error = asExpressionError(failure, definition.definition)
  return { definition, tree: undefined, attributes: [], error }
}

function bindText(text: string, binder: Binder, env: Environment): Bound {
  const { ast, source } = prepare(text, env, (inner) => evaluateExpression(inner, env))
  return binder.bindGroup(ast, source)
}

function tryBind(text: string, binder: Binder, env: Environment): Bound | undefined {
  try {
    return bindText(text, binder, env)
  } catch (error) {
    if (error instanceof LichenError && error.code !== 'cancelled') return undefined
    throw error
  }
}

/** A measure and its attributes in all rows of `data`; NULL where it is in error. */
export function computeMeasure(
  { definition, tree, attributes, error }: BoundMeasure,
  data: Measures,
  { binder, env }: BoundCube,
  inRows: InterRecords = noInterRecords,
): TableMeasure {
  const values = tree === undefined ? new Vector(data.rows) : data.column(tree, inRows)
  const format =
    definition.format ?? (tree === undefined ? null : resultFormat(tree, binder, env.view))
  return {
    definition,
    values,
    format,
    attributes: attributes.map((attribute) =>
      attribute === undefined ? new Vector(data.rows) : data.column(attribute, inRows),
    ),
    ...(error === undefined ? {} : { error }),
  }
}

const nullLiteral: Bound = { kind: 'literal', value: null, span: { start: 0, end: 0 } }

/** What Column() refers to. */
export function treesOf({ measures }: BoundCube): readonly Bound[] {
  return measures.map(({ tree }) => tree ?? nullLiteral)
}

function isFulfilled(condition: string, env: Environment): boolean {
  const number = numberOf(evaluateExpression(condition, env))
  return !Number.isNaN(number) && number !== 0
}
