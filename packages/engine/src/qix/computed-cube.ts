import type { JsonObject } from '../app/document.ts'
import type { CubeReading } from '../app/session-cubes.ts'
import type { Cube } from '../hypercube/cube.ts'
import type { CubeDefinition } from '../hypercube/definition.ts'
import { defaultState } from '../selection/state-set.ts'
import { cubeDefinition, cubeDimension, cubeMeasure, type Library } from './cube-definition.ts'
import { QixError, qixErrors, wireError } from './error-codes.ts'
import { conditionHolds, isExpected } from './evaluate.ts'
import { objectAt, objectsAt, textAt } from './json.ts'
import type { OpenApp } from './open-app.ts'

/** A column of the definition: where it stands in the cube, or why it does not. */
export interface Column {
  readonly def: JsonObject
  /** Index among the cube's dimensions or measures; -1 when it is left out. */
  readonly at: number
  readonly error: number | undefined
}

export interface ComputedCube {
  readonly dimensions: readonly Column[]
  readonly measures: readonly Column[]
  readonly definition: CubeDefinition
  /** undefined when it could not be computed; `error` says why. */
  readonly cube: Cube | undefined
  readonly error: number | undefined
  readonly state: string
}

export function libraryOf(app: OpenApp): Library {
  return (id) => app.objects.find(id)?.properties
}

/** The alternate state a definition lives in; `''` and `$` are the default state. */
export function stateOf(def: JsonObject, inherited: string): string {
  return textAt(def, 'qStateName') || inherited || defaultState
}

/** Computes the cube of a HyperCubeDef, or takes it from the cache. `owner` is the object it belongs to. */
export function computedCube(
  app: OpenApp,
  def: JsonObject,
  owner: string,
  inheritedState: string,
): ComputedCube {
  const library = libraryOf(app)
  const state = stateOf(def, inheritedState)
  const dimensions = columns(app, objectsAt(def, 'qDimensions'), state, (column) =>
    cubeDimension(column, library),
  )
  const measures = columns(app, objectsAt(def, 'qMeasures'), state, (column) =>
    cubeMeasure(column, library),
  )
  const shown = { ...def, ...shownColumns(def, dimensions, measures), qStateName: state }
  const definition = cubeDefinition(shown, state, library)
  if (definition.dimensions.length + definition.measures.length === 0)
    return { dimensions, measures, definition, cube: undefined, error: undefined, state }
  try {
    return {
      dimensions,
      measures,
      definition,
      cube: app.session.cube({ ...definition, state }, seenBy(app, owner)),
      error: undefined,
      state,
    }
  } catch (error) {
    if (!isExpected(error)) throw error
    return {
      dimensions,
      measures,
      definition,
      cube: undefined,
      error: wireError(error).code,
      state,
    }
  }
}

function columns(
  app: OpenApp,
  defs: readonly JsonObject[],
  state: string,
  read: (def: JsonObject) => unknown,
): Column[] {
  let at = 0
  return defs.map((def): Column => {
    if (!conditionHolds(app, objectAt(def, 'qCalcCondition'), def, state))
      return { def, at: -1, error: qixErrors['condition-failed'] }
    try {
      read(def)
    } catch (error) {
      if (error instanceof QixError) return { def, at: -1, error: error.code }
      throw error
    }
    return { def, at: at++, error: undefined }
  })
}

/** The definition without the columns left out; the sort order counts the columns that stay. */
function shownColumns(
  def: JsonObject,
  dimensions: readonly Column[],
  measures: readonly Column[],
): JsonObject {
  const all = [...dimensions, ...measures]
  const given = Array.isArray(def.qInterColumnSortOrder) ? def.qInterColumnSortOrder : []
  const kept = all.filter(({ at }) => at !== -1)
  return {
    qDimensions: dimensions.filter(({ at }) => at !== -1).map(({ def: shown }) => shown),
    qMeasures: measures.filter(({ at }) => at !== -1).map(({ def: shown }) => shown),
    qInterColumnSortOrder: given.flatMap((column) => {
      const found = typeof column === 'number' ? all[column] : undefined
      const at = found === undefined ? -1 : kept.indexOf(found)
      return at === -1 ? [] : [at]
    }),
  }
}

/** A modal object sees the selections of the moment its mode began. */
function seenBy({ frozen }: OpenApp, owner: string): CubeReading {
  return frozen?.owner === owner ? { selections: frozen.selections } : {}
}
