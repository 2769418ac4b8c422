import type { JsonObject } from '../app/document.ts'
import type {
  CubeDefinition,
  CubeDimension,
  CubeMeasure,
  DimensionLimit,
  SortCriteria,
  SortDirection,
} from '../hypercube/definition.ts'
import { QixError } from './error-codes.ts'
import { expressionAt, flagAt, listAt, numberAt, objectAt, objectsAt, textAt } from './json.ts'
import { formatOfAttributes } from './number-format.ts'

/** Finds the properties of a master dimension or measure. */
export type Library = (id: string) => JsonObject | undefined

/**
 * A HyperCubeDef as the engine's own definition; master items are looked up.
 * Source: https://help.qlik.com/en-US/sense-developer/Subsystems/EngineJSONAPI/Content/models-hypercubedef.htm
 */
export function cubeDefinition(
  def: JsonObject,
  state: string | undefined,
  library: Library,
): CubeDefinition {
  const dimensions = objectsAt(def, 'qDimensions').map((dimension) =>
    cubeDimension(dimension, library),
  )
  const measures = objectsAt(def, 'qMeasures').map((measure) => cubeMeasure(measure, library))
  const columns = dimensions.length + measures.length
  const order = listAt(def, 'qInterColumnSortOrder').filter(
    (column): column is number => typeof column === 'number' && column >= 0 && column < columns,
  )
  for (let column = 0; column < columns; column++) if (!order.includes(column)) order.push(column)
  const condition =
    expressionAt(objectAt(def, 'qCalcCondition'), 'qCond') ?? expressionAt(def, 'qCalcCond')
  const cubeState = textAt(def, 'qStateName') || state
  return {
    dimensions,
    measures,
    columnSortOrder: [...new Set(order)],
    suppressZero: flagAt(def, 'qSuppressZero'),
    suppressMissing: flagAt(def, 'qSuppressMissing'),
    ...(cubeState === undefined ? {} : { state: cubeState }),
    ...(condition === undefined ? {} : { condition }),
  }
}

export function cubeDimension(dimension: JsonObject, library: Library): CubeDimension {
  const own = objectAt(dimension, 'qDef')
  const item = objectAt(itemOf(dimension, library), 'qDim')
  const definitions = listAt(item ?? own, 'qFieldDefs').filter(
    (definition) => typeof definition === 'string',
  )
  const active = numberAt(own, 'qActiveField') ?? 0
  const definition = definitions[active] ?? definitions[0]
  if (definition === undefined)
    throw new QixError(
      'invalid-definition',
      'A dimension needs a field in qFieldDefs',
      'qFieldDefs',
    )
  const labels = listAt(item, 'qFieldLabels').concat(
    item === undefined ? listAt(own, 'qFieldLabels') : [],
  )
  const label =
    labels.find((given): given is string => typeof given === 'string' && given !== '') ??
    textAt(own, 'qLabel')
  const limit = dimensionLimit(
    objectAt(dimension, 'qOtherTotalSpec'),
    textAt(dimension, 'qOtherLabel') ?? expressionAt(dimension, 'qOtherLabel'),
  )
  const attributes = objectsAt(dimension, 'qAttributeExpressions').map(
    (attribute) => expressionAt(attribute, 'qExpression') ?? '',
  )
  return {
    definition,
    sort: sortCriteria(objectsAt(own, 'qSortCriterias')[0]),
    suppressNull: flagAt(dimension, 'qNullSuppression'),
    showAll: flagAt(dimension, 'qShowAll'),
    reverse: flagAt(own, 'qReverseSort'),
    attributes,
    ...(label === undefined || label === '' ? {} : { label }),
    ...(limit === undefined ? {} : { limit }),
  }
}

export function cubeMeasure(measure: JsonObject, library: Library): CubeMeasure {
  const own = objectAt(measure, 'qDef')
  const item = objectAt(itemOf(measure, library), 'qMeasure')
  const label = textAt(item, 'qLabel') || textAt(own, 'qLabel')
  const format =
    formatOfAttributes(objectAt(own, 'qNumFormat')) ??
    formatOfAttributes(objectAt(item, 'qNumFormat'))
  const attributes = objectsAt(measure, 'qAttributeExpressions').map(
    (attribute) => expressionAt(attribute, 'qExpression') ?? '',
  )
  return {
    definition: textAt(item ?? own, 'qDef') ?? '',
    sort: sortCriteria(objectAt(measure, 'qSortBy')),
    reverse: flagAt(own, 'qReverseSort'),
    attributes,
    ...(label ? { label } : {}),
    ...(format === undefined ? {} : { format }),
  }
}

function itemOf(column: JsonObject, library: Library): JsonObject | undefined {
  const id = textAt(column, 'qLibraryId')
  if (id === undefined || id === '') return undefined
  const item = library(id)
  if (item === undefined) throw new QixError('not-in-library', 'The master item does not exist', id)
  return item
}

/** Source: https://help.qlik.com/en-US/sense-developer/Subsystems/EngineJSONAPI/Content/models-sortcriteria.htm */
export function sortCriteria(criteria: JsonObject | undefined): SortCriteria {
  const direction = (key: string): SortDirection => {
    const value = numberAt(criteria, key) ?? 0
    return value > 0 ? 1 : value < 0 ? -1 : 0
  }
  const byExpression = direction('qSortByExpression')
  const expression = byExpression === 0 ? undefined : expressionAt(criteria, 'qExpression')
  return {
    state: direction('qSortByState'),
    frequency: direction('qSortByFrequency'),
    numeric: direction('qSortByNumeric'),
    text: direction('qSortByAscii'),
    loadOrder: direction('qSortByLoadOrder'),
    ...(expression === undefined
      ? {}
      : { expression: { text: expression, direction: byExpression } }),
  }
}

/** Source: https://help.qlik.com/en-US/sense-developer/Subsystems/EngineJSONAPI/Content/models-othertotalspecprop.htm */
function dimensionLimit(
  spec: JsonObject | undefined,
  label: string | undefined,
): DimensionLimit | undefined {
  const mode = textAt(spec, 'qOtherMode') ?? 'OTHER_OFF'
  if (mode === 'OTHER_OFF') return undefined
  if (mode !== 'OTHER_COUNTED')
    throw new QixError(
      'invalid-definition',
      `The dimension limit ${mode} is not available; use OTHER_COUNTED`,
      'qOtherMode',
    )
  const counted = expressionAt(spec, 'qOtherCounted') ?? '10'
  return {
    mode: 'counted',
    count: /^\d+$/.test(counted) ? Number(counted) : counted,
    from: textAt(spec, 'qOtherSortMode') === 'OTHER_SORT_ASCENDING' ? 'smallest' : 'largest',
    others: !flagAt(spec, 'qSuppressOther'),
    ...(label === undefined || label === '' ? {} : { othersLabel: label }),
  }
}

/** Members of a definition that are the author's own, to reappear in the layout. */
export function customMembers(def: JsonObject | undefined, known: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(def ?? {}).filter(([key]) => !known.has(key)))
}
