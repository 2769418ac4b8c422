import { LichenError } from '../base/errors.ts'
import { Binder } from '../expression/bind.ts'
import type { Bound } from '../expression/bound.ts'
import type { Environment } from '../expression/environment.ts'
import { evaluateExpression, group } from '../expression/evaluate.ts'
import type { Grouping } from '../expression/grouping.ts'
import { type InterRecords, interRecordsOf, noInterRecords } from '../expression/inter-record.ts'
import { Measures } from '../expression/measure.ts'
import { prepare } from '../expression/prepare.ts'
import { resultFormat } from '../expression/result-format.ts'
import { ascending, type SortKey, sortGroups } from '../grouping/order.ts'
import { SortedGroups } from '../grouping/sorted-groups.ts'
import { numberOf } from '../value/dual.ts'
import { Vector } from '../value/vector.ts'
import type { Cube } from './cube.ts'
import { asExpressionError, type BoundDimension, bindDimension } from './cube-dimension.ts'
import { StraightTable, type TableColumns, type TableMeasure } from './cube-page.ts'
import type { CubeDefinition, CubeMeasure } from './definition.ts'
import { inState } from './in-state.ts'
import { limitDimension, othersCode } from './limit.ts'
import {
  type CodedColumn,
  type CubeColumn,
  keptRows,
  unsuppressed,
  withAllValues,
} from './shown-rows.ts'
import { automaticCriteria, type DimensionColumn, dimensionKeys, measureKeys } from './sort-keys.ts'
import { interRecordsOfTotals } from './total-row.ts'

interface BoundMeasure {
  readonly definition: CubeMeasure
  readonly tree: Bound | undefined
  readonly attributes: readonly (Bound | undefined)[]
  readonly error?: ReturnType<typeof asExpressionError>
}

/**
 * A straight table: groups, measures, sorting, suppression, limits and totals. A dimension or measure in error shows `-` in its cells and
 * says why in its info; the rest appears.
 * @throws LichenError `budget-exceeded`, `cancelled`, `not-found` (state)
 */
export function computeCube(definition: CubeDefinition, environment: Environment): Cube {
  const env = definition.state === undefined ? environment : inState(environment, definition.state)
  if (definition.condition !== undefined && !isFulfilled(definition.condition, env))
    return emptyCube(definition, env)
  const binder = new Binder(env)
  const dimensions = definition.dimensions.map((dimension) => bindDimension(dimension, binder, env))
  const measures = definition.measures.map((measure) => bindMeasure(measure, binder, env))
  try {
    return buildCube(definition, dimensions, measures, binder, env)
  } catch (error) {
    if (!(error instanceof LichenError) || error.code === 'cancelled' || error.code === 'internal')
      throw error
    return withoutFailing(definition, env, error)
  }
}

/** Leaves out the measures that fail on their own; when none does, the dimensions are to blame. */
function withoutFailing(definition: CubeDefinition, env: Environment, error: LichenError): Cube {
  const errors = definition.measures.map((measure) =>
    failureOf({ ...definition, measures: [measure] }, env),
  )
  if (errors.every((failure) => failure === undefined)) throw error
  const binder = new Binder(env)
  const dimensions = definition.dimensions.map((dimension) => bindDimension(dimension, binder, env))
  const measures = definition.measures.map((measure, index): BoundMeasure => {
    const failure = errors[index]
    if (failure === undefined) return bindMeasure(measure, binder, env)
    return {
      definition: measure,
      tree: undefined,
      attributes: [],
      error: asExpressionError(failure, measure.definition),
    }
  })
  return buildCube(definition, dimensions, measures, binder, env)
}

function failureOf(definition: CubeDefinition, env: Environment): LichenError | undefined {
  const binder = new Binder(env)
  const dimensions = definition.dimensions.map((dimension) => bindDimension(dimension, binder, env))
  const measures = definition.measures.map((measure) => bindMeasure(measure, binder, env))
  try {
    buildCube(definition, dimensions, measures, binder, env)
    return undefined
  } catch (error) {
    if (error instanceof LichenError) return error
    throw error
  }
}

function buildCube(
  definition: CubeDefinition,
  dimensions: readonly BoundDimension[],
  measures: readonly BoundMeasure[],
  binder: Binder,
  env: Environment,
): Cube {
  const columns = limitedColumns(definition, dimensions, env)
  const grouped = columns.flatMap(({ dimension }) => (dimension === undefined ? [] : [dimension]))
  const some = group({ program: binder, dimensions: grouped, set: undefined, env, totals: true })
  const grouping = withAllValues(definition, columns, some)
  let at = 0
  const withCodes = columns.map((column) => ({
    ...column,
    codes:
      (column.dimension === undefined ? undefined : grouping.codes[at++]) ??
      new Uint32Array(grouping.rows),
  }))
  const rows = keptRows(grouping, withCodes)
  return binder.interRecords.length > 0
    ? sortedCube(definition, measures, { grouping, columns: withCodes, rows, binder, env })
    : groupedCube(definition, measures, { grouping, columns: withCodes, rows, binder, env })
}

interface GroupedRows {
  readonly grouping: Grouping
  readonly columns: readonly CodedColumn[]
  /** The rows of the grouping that belong to the table. */
  readonly rows: Uint32Array
  readonly binder: Binder
  readonly env: Environment
}

/** The order of the rows changes no value: it is found as far as somebody looks. */
function groupedCube(
  definition: CubeDefinition,
  measures: readonly BoundMeasure[],
  { grouping, columns, rows, binder, env }: GroupedRows,
): Cube {
  const data = new Measures(binder, grouping, env)
  const computed = measures.map((measure) =>
    computeMeasure(measure, data, noInterRecords, binder, env),
  )
  const values = computed.map(({ values: vector }, m) =>
    measures[m]?.tree === undefined ? undefined : vector,
  )
  const keys = sortKeys(definition, columns, measures, values, grouping.rows, env)
  const positions = new SortedGroups(unsuppressed(definition, computed, rows), keys)
  const totals = totalsOf(measures, binder, grouping, data, noInterRecords, columns, env)
  return new StraightTable(
    definition,
    { dimensions: columns, measures: computed, totals, positions },
    env,
  )
}

/** Inter-record functions see the sorted rows. */
function sortedCube(
  definition: CubeDefinition,
  measures: readonly BoundMeasure[],
  { grouping, columns, rows, binder, env }: GroupedRows,
): Cube {
  sortGroups(rows, sortKeys(definition, columns, measures, [], grouping.rows, env))
  const data = new Measures(binder, grouping, env, rows)
  const dimensions = columns.map((column) => ({
    ...column,
    codes: Uint32Array.from(rows, (row) => column.codes[row]!),
  }))
  const inRows = interRecordsOf(
    data,
    dimensions.flatMap(({ dimension, codes }) => (dimension === undefined ? [] : [codes])),
    measures.map(
      ({ tree }) => tree ?? { kind: 'literal' as const, value: null, span: { start: 0, end: 0 } },
    ),
  )
  const computed = measures.map((measure) => computeMeasure(measure, data, inRows, binder, env))
  const positions = new SortedGroups(unsuppressed(definition, computed, ascending(rows.length)), [])
  const totals = totalsOf(measures, binder, grouping, data, inRows, columns, env)
  return new StraightTable(definition, { dimensions, measures: computed, totals, positions }, env)
}

function bindMeasure(definition: CubeMeasure, binder: Binder, env: Environment): BoundMeasure {
  try {
    const tree = bindText(definition.definition, binder, env)
    return {
      definition,
      tree,
      attributes: (definition.attributes ?? []).map((text) => tryBind(text, binder, env)),
    }
  } catch (error) {
    if (!(error instanceof LichenError) || error.code === 'cancelled') throw error
    return {
      definition,
      tree: undefined,
      attributes: [],
      error: asExpressionError(error, definition.definition),
    }
  }
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

function limitedColumns(
  definition: CubeDefinition,
  dimensions: readonly BoundDimension[],
  env: Environment,
): readonly CubeColumn[] {
  const before: NonNullable<BoundDimension['dimension']>[] = []
  return dimensions.map((bound) => {
    const { dimension } = bound
    const { limit } = bound.definition
    const limited =
      dimension === undefined || limit === undefined
        ? dimension
        : limitDimension([...before], dimension, limit, definition.measures[0]?.definition, env)
    if (limited !== undefined) before.push(limited)
    return { ...bound, source: dimension, dimension: limited, limited: limited !== dimension }
  })
}

function sortKeys(
  definition: CubeDefinition,
  columns: readonly CodedColumn[],
  measures: readonly BoundMeasure[],
  values: readonly (Vector | undefined)[],
  rows: number,
  env: Environment,
): SortKey[] {
  const count = columns.length + measures.length
  const order = definition.columnSortOrder ?? Array.from({ length: count }, (_, column) => column)
  const rest = columns.map((_, d) => d).filter((d) => !order.includes(d))
  return [...order, ...rest].flatMap((index) => {
    const column = columns[index]
    if (column !== undefined) {
      const coded = codedColumn(column)
      return coded === undefined
        ? []
        : dimensionKeys(
            coded,
            column.definition.sort ?? automaticCriteria,
            column.definition.reverse === true,
            env,
          )
    }
    const measure = measures[index - columns.length]
    const vector = values[index - columns.length]
    if (measure === undefined || vector === undefined) return []
    // A measure put into the sort order without criteria is sorted from the largest down.
    const criteria =
      measure.definition.sort ??
      (definition.columnSortOrder === undefined ? {} : { numeric: -1 as const })
    return measureKeys(vector, rows, criteria, measure.definition.reverse === true, env)
  })
}

function codedColumn(column: CodedColumn): DimensionColumn | undefined {
  const { dimension, source, codes, limited } = column
  if (dimension === undefined || source === undefined) return undefined
  return {
    dimension,
    source,
    codes,
    sourceCode: (code) =>
      !limited || code === 0 ? code : code === othersCode ? undefined : code - 1,
  }
}

function computeMeasure(
  { definition, tree, attributes, error }: BoundMeasure,
  data: Measures,
  inRows: InterRecords,
  binder: Binder,
  env: Environment,
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

function totalsOf(
  measures: readonly BoundMeasure[],
  binder: Binder,
  grouping: Grouping,
  data: Measures,
  inRows: InterRecords,
  columns: readonly CodedColumn[],
  env: Environment,
): readonly Vector[] {
  const dimensions = columns.filter(({ dimension }) => dimension !== undefined).length
  const whole = dimensions === 0 ? grouping : totalGrouping(binder, grouping, env)
  const totals = new Measures(binder, whole, env)
  const inTotals = interRecordsOfTotals(data, inRows, dimensions)
  return measures.map(({ tree }) =>
    tree === undefined ? new Vector(1) : totals.column(tree, inTotals),
  )
}

/** One row over all records: from the pass of the groups where it has every total, else by a pass of its own. */
function totalGrouping(
  program: Binder,
  { totals, virtuals }: Grouping,
  env: Environment,
): Grouping {
  const known = totals.flatMap((values) =>
    values === undefined ? [] : [{ values, ids: new Uint32Array(1) }],
  )
  return known.length === totals.length
    ? { rows: 1, codes: [], aggregates: known, virtuals, listed: new Map(), totals }
    : group({ program, dimensions: [], set: undefined, env, virtuals })
}

function isFulfilled(condition: string, env: Environment): boolean {
  const number = numberOf(evaluateExpression(condition, env))
  return !Number.isNaN(number) && number !== 0
}

function emptyCube(definition: CubeDefinition, env: Environment): Cube {
  const table: TableColumns = {
    dimensions: [],
    measures: [],
    totals: [],
    positions: new SortedGroups(new Uint32Array(0), []),
  }
  return new StraightTable({ ...definition, dimensions: [], measures: [] }, table, env, true)
}
