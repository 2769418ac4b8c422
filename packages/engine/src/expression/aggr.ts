import { orderOfRows } from '../grouping/cell-order.ts'
import { GroupTable } from '../grouping/group-table.ts'
import { ascending, type SortKey, sortGroups } from '../grouping/order.ts'
import type { SymbolTable } from '../storage/symbol-table.ts'
import type { Vector } from '../value/vector.ts'
import type { SortOrdering, SortType } from './ast.ts'
import { type AggrDimension, type BoundAggr, fieldsOf } from './bound.ts'
import { fieldDimension } from './dimension.ts'
import type { Environment } from './environment.ts'
import type { Grouping, GroupingRequest } from './grouping.ts'
import { interRecordsOf, noInterRecords } from './inter-record.ts'
import { Measures } from './measure.ts'
import type { VirtualTable } from './record-block.ts'
import { tablesOfFields } from './tables-of.ts'

/**
 * The rows of an Aggr: one per combination of its dimensions, in load order unless its dimensions say otherwise.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/ChartFunctions/aggr.htm
 */
export function virtualTable(
  aggr: BoundAggr,
  env: Environment,
  group: (request: GroupingRequest) => Grouping,
): VirtualTable {
  const { view } = env
  const dimensions = aggr.dimensions.map(({ field }) => fieldDimension(view, field))
  const grouping = group({ program: aggr.program, dimensions, set: aggr.set, env })
  const order = orderOf(aggr, grouping, env)
  const measures = new Measures(aggr.program, grouping, env, order)
  const codes =
    order === undefined
      ? grouping.codes
      : grouping.codes.map((column) => Uint32Array.from(order, (row) => column[row]!))
  const { rows } = grouping
  const interRecords =
    aggr.program.interRecords.length === 0
      ? noInterRecords
      : interRecordsOf(measures, orderOfRows(rows, codes), [aggr.body])
  const values: Vector = measures.column(aggr.body, interRecords)
  const table = new GroupTable(
    dimensions.map(({ size }) => size),
    env.limits.maxGroups,
  )
  // Positions become the ids of the table, since every combination is there once.
  table.add(codes, rows, new Uint32Array(rows))
  const fields = aggr.dimensions.map(({ field }) => field)
  return {
    fields,
    repeatedBy: aggr.distinct ? null : sourceTables(aggr, fields, env),
    table,
    values,
  }
}

/** The tables whose records repeat the values under NODISTINCT: those of the dimensions and of the fields aggregated. */
function sourceTables(
  { program }: BoundAggr,
  fields: readonly number[],
  { view }: Environment,
): readonly number[] {
  const read = new Set(fields)
  for (const { args } of program.aggregations) for (const field of fieldsOf(args)) read.add(field)
  return [...tablesOfFields(view, read)]
}

/** The rows in their order; undefined where that is how they are. */
function orderOf(
  { dimensions }: BoundAggr,
  { rows, codes }: Grouping,
  env: Environment,
): Uint32Array | undefined {
  if (dimensions.every(({ criteria }) => criteria.length === 0) && ascend(codes, rows))
    return undefined
  const keys = dimensions.flatMap((dimension, d) =>
    sortKeys(dimension, codes[d], env.view.fields[dimension.field]?.symbols, env),
  )
  return sortGroups(ascending(rows), keys)
}

/** Whether rows of codes, NULL among them nowhere, rise in the order of their columns. */
function ascend(codes: readonly Uint32Array[], rows: number): boolean {
  if (codes.some((column) => column.includes(0))) return false
  for (let row = 1; row < rows; row++) {
    let d = 0
    while (d < codes.length && codes[d]![row - 1] === codes[d]![row]) d++
    const column = codes[d]
    if (column !== undefined && column[row - 1]! > column[row]!) return false
  }
  return true
}

function sortKeys(
  { field, criteria }: AggrDimension,
  codes: Uint32Array | undefined,
  symbols: SymbolTable | undefined,
  { view }: Environment,
): SortKey[] {
  if (codes === undefined || symbols === undefined) return []
  const rank = (type: SortType, code: number): number => {
    if (code === 0) return Number.NaN
    if (type === 'load_order') return code
    if (type === 'frequency') return -(view.totals(field)[code] ?? 0)
    return symbols.rank(type)[code - 1] ?? Number.NaN
  }
  const keys = criteria.map(({ type, ordering }) => ({
    values: Float64Array.from(codes, (code) => rank(type, code)),
    direction: directionOf(ordering),
  }))
  return [
    ...keys,
    { values: Float64Array.from(codes, (code) => rank('load_order', code)), direction: 1 },
  ]
}

function directionOf(ordering: SortOrdering): 1 | -1 {
  return ordering === 'ascending' ? 1 : -1
}
