import type { Grouping } from '../expression/grouping.ts'
import { ascending } from '../grouping/order.ts'
import type { Vector } from '../value/vector.ts'
import type { TableMeasure } from './column-info.ts'
import type { BoundDimension } from './cube-dimension.ts'
import type { CubeDefinition } from './definition.ts'
import { othersCode } from './limit.ts'

export interface CubeColumn extends BoundDimension {
  readonly source: BoundDimension['dimension']
  readonly limited: boolean
}

export type CodedColumn = CubeColumn & { readonly codes: Uint32Array }

/** With one dimension that shows all values, those without data get a row of empty results. */
export function withAllValues(
  definition: CubeDefinition,
  columns: readonly CubeColumn[],
  grouping: Grouping,
): Grouping {
  const [column] = columns
  const codes = grouping.codes[0]
  if (
    definition.dimensions.length !== 1 ||
    column?.definition.showAll !== true ||
    column.limited ||
    codes === undefined
  )
    return grouping
  const size = column.dimension?.size ?? 0
  if (!Number.isFinite(size)) return grouping
  const present = new Set(codes)
  const missing = Uint32Array.from({ length: size }, (_, code) => code).filter(
    (code) => code > 0 && !present.has(code),
  )
  const rows = grouping.rows + missing.length
  const extended = new Uint32Array(rows)
  extended.set(codes)
  extended.set(missing, grouping.rows)
  return {
    ...grouping,
    rows,
    codes: [extended],
    aggregates: grouping.aggregates.map(({ values, ids }) => {
      const all = new Uint32Array(rows).fill(values.kinds.length - 1)
      all.set(ids)
      return { values, ids: all }
    }),
  }
}

/** Rows that neither NULL suppression nor a limit without others takes away. */
export function keptRows(grouping: Grouping, columns: readonly CodedColumn[]): Uint32Array {
  const all = ascending(grouping.rows)
  const filters = columns.flatMap(({ definition, codes, limited, dimension }) => {
    if (dimension === undefined) return []
    const dropsNull = definition.suppressNull === true
    const dropsOthers = limited && definition.limit?.others === false
    return dropsNull || dropsOthers
      ? [
          (row: number) =>
            !((dropsNull && codes[row] === 0) || (dropsOthers && codes[row] === othersCode)),
        ]
      : []
  })
  return filters.length === 0 ? all : all.filter((row) => filters.every((keeps) => keeps(row)))
}

/** Of some positions those that stay: rows whose measures are all 0 or NULL (or all NULL) go when asked for. */
export function unsuppressed(
  definition: CubeDefinition,
  measures: readonly TableMeasure[],
  positions: Uint32Array,
): Uint32Array {
  if (
    measures.length === 0 ||
    (definition.suppressZero !== true && definition.suppressMissing !== true)
  )
    return positions
  const zeros = definition.suppressZero === true
  const isEmpty = ({ kinds, numbers }: Vector, at: number): boolean =>
    kinds[at] === 0 || (zeros && (kinds[at]! & 1) === 1 && numbers[at] === 0)
  return positions.filter((at) => !measures.every(({ values }) => isEmpty(values, at)))
}
