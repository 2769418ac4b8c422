import { group } from '../expression/evaluate.ts'
import type { Grouping } from '../expression/grouping.ts'
import type { SortKey } from '../grouping/order.ts'
import type { Vector } from '../value/vector.ts'
import type { BoundCube } from './bound-cube.ts'
import type { BoundDimension } from './cube-dimension.ts'
import { othersCode } from './limit.ts'
import { limitedColumn } from './limited-column.ts'
import { type CodedColumn, type CubeColumn, withAllValues } from './shown-rows.ts'
import { automaticCriteria, type DimensionColumn, dimensionKeys, measureKeys } from './sort-keys.ts'

/** The dimensions with their limits applied, each within those before it. @throws LichenError `invalid-argument` for a limit that means nothing */
export function limitedColumns(bound: BoundCube): readonly CubeColumn[] {
  const all: NonNullable<BoundDimension['dimension']>[] = []
  const collapsing: NonNullable<BoundDimension['dimension']>[] = []
  return bound.dimensions.map((own) => {
    const column = limitedColumn(own, { all: [...all], collapsing: [...collapsing] }, bound)
    const { dimension, limited, definition } = column
    if (dimension !== undefined) all.push(dimension)
    if (dimension !== undefined && limited && definition.limit?.collapseInner === true)
      collapsing.push(dimension)
    return column
  })
}

/** The combinations of the columns' values that exist, and for each column its codes there. */
export function groupedColumns(
  { definition, binder, env }: BoundCube,
  columns: readonly CubeColumn[],
  virtuals?: Grouping['virtuals'],
): { readonly grouping: Grouping; readonly columns: readonly CodedColumn[] } {
  const dimensions = columns.flatMap(({ dimension }) =>
    dimension === undefined ? [] : [dimension],
  )
  const some = group({
    program: binder,
    dimensions,
    set: undefined,
    env,
    totals: true,
    ...(virtuals === undefined ? {} : { virtuals }),
  })
  const grouping = withAllValues(definition, columns, some)
  let at = 0
  const coded = columns.map((column) => ({
    ...column,
    codes:
      (column.dimension === undefined ? undefined : grouping.codes[at++]) ??
      new Uint32Array(grouping.rows),
  }))
  return { grouping, columns: coded }
}

/** Dimensions in their order of sorting: those named by the definition first. */
export function inSortOrder<C>(order: readonly number[] | undefined, columns: readonly C[]): C[] {
  const named = (order ?? []).filter((index) => index >= 0 && index < columns.length)
  const rest = columns.map((_, index) => index).filter((index) => !named.includes(index))
  return [...named, ...rest].flatMap((index) => columns[index] ?? [])
}

/** Keys over the rows of a grouping by the columns in their order of sorting; `values` by measure, where rows can be sorted by it. */
export function sortKeys(
  { definition, measures, env }: BoundCube,
  columns: readonly CodedColumn[],
  values: readonly (Vector | undefined)[],
  rows: number,
): SortKey[] {
  const count = columns.length + measures.length
  const order = definition.columnSortOrder ?? Array.from({ length: count }, (_, column) => column)
  const rest = columns.map((_, d) => d).filter((d) => !order.includes(d))
  return [...order, ...rest].flatMap((index) => {
    const column = columns[index]
    if (column !== undefined) return columnKeys(column, env)
    const measure = measures[index - columns.length]
    const vector = values[index - columns.length]
    if (measure === undefined || vector === undefined) return []
    // A measure put into the sort order without criteria is sorted from the largest down.
    const criteria =
      measure.definition.sort ??
      (definition.columnSortOrder === undefined ? {} : { numeric: -1 as const })
    const { reverse = false } = measure.definition
    return [...othersLast(columns), ...measureKeys(vector, rows, criteria, reverse, env)]
  })
}

/** Rows of others come after those of values, whatever their measure. */
function othersLast(columns: readonly CodedColumn[]): SortKey[] {
  return columns
    .filter(({ limited }) => limited)
    .map(({ codes }) => ({
      values: Uint8Array.from(codes, (code) => Number(code === othersCode)),
      direction: 1,
    }))
}

/** Keys by the values of one dimension; none where it is constant or in error. */
export function columnKeys(column: CodedColumn, env: BoundCube['env']): SortKey[] {
  const coded = codedColumn(column)
  const { sort = automaticCriteria, reverse = false } = column.definition
  return coded === undefined ? [] : dimensionKeys(coded, sort, reverse, env)
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
