import type { JsonObject } from '../app/document.ts'
import type {
  CubeDefinition,
  CubeMeasure,
  DimensionGroup,
  DimensionLimit,
  LimitComparison,
  LimitOrder,
  SortCriteria,
  SortDirection,
} from '../hypercube/definition.ts'
import type { PivotDimension } from '../hypercube/pivot-definition.ts'
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
  const totals = flagAt(def, 'qShowTotalsAbove') ? 'before' : 'after'
  const dimensions = objectsAt(def, 'qDimensions').map((dimension) =>
    cubeDimension(dimension, library, totals),
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

/**
 * An NxDimension. `totals` says where its total stands in a pivot table, if it has one. Master items are looked up.
 * @throws QixError `invalid-definition`, `not-in-library`
 */
export function cubeDimension(
  dimension: JsonObject,
  library: Library,
  totals: 'before' | 'after' = 'after',
): PivotDimension {
  const own = objectAt(dimension, 'qDef')
  const item = objectAt(itemOf(dimension, library), 'qDim')
  const definitions = listAt(item ?? own, 'qFieldDefs').filter(
    (definition) => typeof definition === 'string',
  )
  const group = dimensionGroup(item ?? own, definitions, numberAt(own, 'qActiveField') ?? 0)
  const definition = definitions[0]
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
  const limit = dimensionLimit(dimension)
  const totalLabel = expressionAt(dimension, 'qTotalLabel')
  const hasTotal =
    textAt(objectAt(dimension, 'qOtherTotalSpec'), 'qTotalMode') === 'TOTAL_EXPR' ||
    flagAt(dimension, 'qShowTotal')
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
    ...(group === undefined ? {} : { group }),
    ...(limit === undefined ? {} : { limit }),
    ...(hasTotal ? { total: totals } : {}),
    ...(totalLabel === undefined ? {} : { totalLabel }),
  }
}

const groupKinds: Readonly<Record<string, DimensionGroup['kind']>> = {
  H: 'drill-down',
  GRP_NX_HIEARCHY: 'drill-down',
  C: 'cyclic',
  GRP_NX_COLLECTION: 'cyclic',
}

/** Source: https://help.qlik.com/en-US/sense-developer/Subsystems/EngineJSONAPI/Content/models-nxinlinedimensiondef.htm */
function dimensionGroup(
  source: JsonObject | undefined,
  definitions: readonly string[],
  active: number,
): DimensionGroup | undefined {
  if (definitions.length < 2) return undefined
  const labels = listAt(source, 'qFieldLabels').map((label) =>
    typeof label === 'string' ? label : '',
  )
  // Without a kind the active field is shown, as in a cyclic group.
  const kind = groupKinds[textAt(source, 'qGrouping') ?? ''] ?? 'cyclic'
  return { kind, definitions, labels, active }
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

const comparisons: Readonly<Record<string, LimitComparison>> = {
  OTHER_GE_LIMIT: '>=',
  OTHER_GT_LIMIT: '>',
  OTHER_LE_LIMIT: '<=',
  OTHER_LT_LIMIT: '<',
}

const orders: Readonly<Record<string, LimitOrder>> = {
  OTHER_SORT_DESCENDING: 'largest',
  OTHER_SORT_ASCENDING: 'smallest',
  OTHER_SORT_DEFAULT: 'first',
}

/**
 * The limit of an NxDimension; undefined where it has none. An Others that is shown is one of the values counted, and what is in per cent may
 * be written with a percent sign. `qApplyEvenWhenPossiblyWrongResult` changes nothing: Others is computed from its own records.
 * Sources: https://help.qlik.com/en-US/sense-developer/Subsystems/EngineJSONAPI/Content/models-othertotalspecprop.htm,
 * https://qlik.dev/embed/capability-api/customize/dimensions-and-measures/dimension-limits
 * @throws QixError `invalid-definition` for a name that is none of the enumerations'
 */
function dimensionLimit(dimension: JsonObject): DimensionLimit | undefined {
  const spec = objectAt(dimension, 'qOtherTotalSpec')
  const mode = textAt(spec, 'qOtherMode') || 'OTHER_OFF'
  if (mode === 'OTHER_OFF') return undefined
  const options = limitOptions(dimension, spec)
  const compare = named(comparisons, spec, 'qOtherLimitMode', 'OTHER_GT_LIMIT')
  const from = named(orders, spec, 'qOtherSortMode', 'OTHER_SORT_DESCENDING')
  const keepNonNumbers = spec?.qForceBadValueKeeping !== false
  const limit = expressionAt(spec, 'qOtherLimit') ?? '0'
  switch (mode) {
    case 'OTHER_COUNTED': {
      const count = numberOrExpression(expressionAt(spec, 'qOtherCounted') ?? '10')
      return { ...options, mode: 'counted', count, from, countOthers: options.others }
    }
    case 'OTHER_ABS_LIMITED':
      return {
        ...options,
        mode: 'exact',
        compare,
        value: numberOrExpression(limit),
        keepNonNumbers,
      }
    case 'OTHER_ABS_ACC_TARGET': {
      const value = numberOrExpression(limit)
      return { ...options, mode: 'accumulated', compare, value, from, keepNonNumbers }
    }
    case 'OTHER_REL_LIMITED':
      return { ...options, mode: 'relative', compare, percent: percentOf(limit), keepNonNumbers }
    case 'OTHER_REL_ACC_TARGET': {
      const percent = percentOf(limit)
      return { ...options, mode: 'accumulated-relative', compare, percent, from, keepNonNumbers }
    }
    default:
      throw unknownName('qOtherMode', mode)
  }
}

function limitOptions(
  dimension: JsonObject,
  spec: JsonObject | undefined,
): Pick<DimensionLimit, 'others' | 'othersLabel' | 'by' | 'within' | 'collapseInner'> {
  const othersLabel = expressionAt(dimension, 'qOtherLabel')
  const by = expressionAt(spec, 'qReferencedExpression')
  return {
    others: !flagAt(spec, 'qSuppressOther'),
    ...(othersLabel === undefined ? {} : { othersLabel }),
    ...(by === undefined ? {} : { by }),
    ...(flagAt(spec, 'qGlobalOtherGrouping') ? { within: 'all' as const } : {}),
    ...(flagAt(spec, 'qOtherCollapseInnerDimensions') ? { collapseInner: true } : {}),
  }
}

function named<T>(
  names: Readonly<Record<string, T>>,
  spec: JsonObject | undefined,
  key: string,
  initial: string,
): T {
  const name = textAt(spec, key) || initial
  const found = Object.hasOwn(names, name) ? names[name] : undefined
  if (found === undefined) throw unknownName(key, name)
  return found
}

function unknownName(key: string, name: string): QixError {
  return new QixError('invalid-definition', `${key} has no ${name}; see OtherTotalSpecProp`, key)
}

const plainNumber = /^\s*=?\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*$/i

function numberOrExpression(text: string): number | string {
  const digits = plainNumber.exec(text)?.[1]
  return digits === undefined ? text : Number(digits)
}

/** `10%` is what property panels write for 10. */
function percentOf(text: string): number | string {
  return numberOrExpression(/^[^%]*%\s*$/.test(text) ? text.replace('%', '') : text)
}

/** Members of a definition that are the author's own, to reappear in the layout. */
export function customMembers(def: JsonObject | undefined, known: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(def ?? {}).filter(([key]) => !known.has(key)))
}
