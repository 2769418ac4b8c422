import { LichenError } from '../base/errors.ts'
import type { Grouping } from '../expression/grouping.ts'
import { type CellsInside, type Insides, interRecordsOf } from '../expression/inter-record.ts'
import { Measures } from '../expression/measure.ts'
import { orderOfMatrix, type Side } from '../grouping/cell-order.ts'
import { GroupTable, noGroup } from '../grouping/group-table.ts'
import { type BoundCube, computeMeasure, treesOf } from './bound-cube.ts'
import type { TableMeasure } from './column-info.ts'
import type { CodedColumn } from './shown-rows.ts'

/** The measures of all cells with so many dimensions shown in rows and in columns. */
export interface PivotLevel {
  readonly measures: readonly TableMeasure[]
  /** Positions of the measures' values that cells are made of. */
  readonly positions: number
  /** The position of a cell by the codes of its row and column; undefined where no record has these values. */
  positionOf(rowCodes: readonly number[], columnCodes: readonly number[]): number | undefined
  /** For inter-record functions of totals over cells of this level. */
  readonly inside: Omit<CellsInside, 'spanOf'> | undefined
}

/** All combinations of the values of two margins, in order: the cells that inter-record functions look at. */
export interface Matrix {
  readonly rows: Side
  readonly across: Side
  /** Where one of the sides is of totals. */
  readonly insides: Insides
}

/**
 * One level. `columns` are the dimensions shown, those of the rows first; `matrix` is asked for when there are inter-record functions.
 * @throws LichenError `budget-exceeded`
 */
export function pivotLevel(
  bound: BoundCube,
  grouping: Grouping,
  columns: readonly CodedColumn[],
  matrix: () => Matrix,
): PivotLevel {
  const find = finderOf(grouping.rows, columns, bound)
  return bound.binder.interRecords.length === 0
    ? plainLevel(bound, grouping, find)
    : orderedLevel(bound, grouping, find, matrix())
}

type Find = (codes: readonly number[]) => number | undefined

/** Finds the row of a grouping by the codes of its dimensions. */
function finderOf(rows: number, columns: readonly CodedColumn[], { env }: BoundCube): Find {
  const sizes = columns.map(({ dimension }) => dimension?.size ?? 1)
  const table = new GroupTable(sizes, env.limits.maxGroups)
  const codes = columns.map((column) => column.codes)
  // Rows are different combinations: ids in order of arrival are their numbers.
  if (rows > 0) table.add(codes, rows, new Uint32Array(rows))
  const wanted = columns.map(() => new Uint32Array(1))
  const id = new Uint32Array(1)
  return (tuple) => {
    for (const [d, array] of wanted.entries()) array[0] = tuple[d] ?? 0
    table.find(wanted, 1, id)
    return id[0] === noGroup || id[0]! >= rows ? undefined : id[0]
  }
}

function plainLevel(bound: BoundCube, grouping: Grouping, find: Find): PivotLevel {
  const data = new Measures(bound.binder, grouping, bound.env)
  return {
    measures: bound.measures.map((measure) => computeMeasure(measure, data, bound)),
    positions: grouping.rows,
    positionOf: (rowCodes, columnCodes) => find([...rowCodes, ...columnCodes]),
    inside: undefined,
  }
}

/** Inter-record functions see all cells of the level, those without records as NULL. */
function orderedLevel(
  bound: BoundCube,
  grouping: Grouping,
  find: Find,
  { rows, across, insides }: Matrix,
): PivotLevel {
  const { binder, env } = bound
  const count = rows.length * across.length
  if (count > env.limits.maxGroups)
    throw new LichenError(
      'budget-exceeded',
      `A pivot table of ${rows.length} rows and ${across.length} columns has more cells than the limit of ${env.limits.maxGroups}. Show fewer dimensions or select less`,
      { details: { cells: count, limit: env.limits.maxGroups } },
    )
  const rowTuples = tuplesOf(rows)
  const columnTuples = tuplesOf(across)
  const order = new Uint32Array(count)
  for (const [c, columnCodes] of columnTuples.entries())
    for (const [r, rowCodes] of rowTuples.entries())
      order[c * rows.length + r] = find([...rowCodes, ...columnCodes]) ?? grouping.rows
  const data = new Measures(binder, grouping, env, order)
  const inCells = interRecordsOf(data, orderOfMatrix(rows, across), treesOf(bound), insides)
  const rowNumbers = numbersOf(rowTuples)
  const columnNumbers = numbersOf(columnTuples)
  return {
    measures: bound.measures.map((measure) => computeMeasure(measure, data, bound, inCells)),
    positions: count,
    positionOf(rowCodes, columnCodes) {
      const row = rowNumbers.get(rowCodes.join(','))
      const column = columnNumbers.get(columnCodes.join(','))
      if (row === undefined || column === undefined) return undefined
      const position = column * rows.length + row
      return order[position]! < grouping.rows ? position : undefined
    },
    inside: { cells: data, interRecords: inCells },
  }
}

function tuplesOf({ length, codes }: Side): readonly (readonly number[])[] {
  return Array.from({ length }, (_, at) => codes.map((column) => column[at]!))
}

function numbersOf(tuples: readonly (readonly number[])[]): ReadonlyMap<string, number> {
  return new Map(tuples.map((tuple, at) => [tuple.join(','), at]))
}
