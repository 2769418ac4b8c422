import type { Binder } from '../expression/bind.ts'
import type { Environment } from '../expression/environment.ts'
import { group } from '../expression/evaluate.ts'
import type { Grouping } from '../expression/grouping.ts'
import {
  type CellsInside,
  type InterRecords,
  interRecordsOf,
  noInterRecords,
} from '../expression/inter-record.ts'
import { Measures } from '../expression/measure.ts'
import { orderOfRows, orderOfTotal } from '../grouping/cell-order.ts'
import { ascending, sortGroups } from '../grouping/order.ts'
import { SortedGroups } from '../grouping/sorted-groups.ts'
import { Vector } from '../value/vector.ts'
import { type BoundCube, built, computeMeasure, treesOf } from './bound-cube.ts'
import type { Cube } from './cube.ts'
import { groupedColumns, inSortOrder, limitedColumns, sortKeys } from './cube-columns.ts'
import { StraightTable } from './cube-page.ts'
import type { CubeDefinition } from './definition.ts'
import { type CodedColumn, keptRows, unsuppressed } from './shown-rows.ts'

/**
 * A straight table: groups, measures, sorting, suppression, limits and totals. A dimension or measure in error shows `-` in its cells and
 * says why in its info; the rest appears.
 * @throws LichenError `budget-exceeded`, `cancelled`, `not-found` (state)
 */
export function computeCube(definition: CubeDefinition, environment: Environment): Cube {
  return built(definition, environment, buildCube, (env) => emptyCube(definition, env))
}

function buildCube(bound: BoundCube): Cube {
  const { grouping, columns } = groupedColumns(bound, limitedColumns(bound))
  const groups = { grouping, columns, rows: keptRows(grouping, columns) }
  return bound.binder.interRecords.length > 0
    ? sortedCube(bound, groups)
    : groupedCube(bound, groups)
}

interface GroupedRows {
  readonly grouping: Grouping
  readonly columns: readonly CodedColumn[]
  /** The rows of the grouping that belong to the table. */
  readonly rows: Uint32Array
}

/** The order of the rows changes no value: it is found as far as somebody looks. */
function groupedCube(bound: BoundCube, { grouping, columns, rows }: GroupedRows): Cube {
  const { definition, binder, env } = bound
  const data = new Measures(binder, grouping, env)
  const measures = bound.measures.map((measure) => computeMeasure(measure, data, bound))
  const values = measures.map(({ values: vector }, m) =>
    bound.measures[m]?.tree === undefined ? undefined : vector,
  )
  const keys = sortKeys(bound, columns, values, grouping.rows)
  const positions = new SortedGroups(unsuppressed(definition, measures, rows), keys)
  const totals = totalsOf(bound, grouping, data, noInterRecords, columns)
  return new StraightTable(definition, { dimensions: columns, measures, totals, positions }, env)
}

/** Inter-record functions see the sorted rows. */
function sortedCube(bound: BoundCube, { grouping, columns, rows }: GroupedRows): Cube {
  const { definition, binder, env } = bound
  sortGroups(rows, sortKeys(bound, columns, [], grouping.rows))
  const data = new Measures(binder, grouping, env, rows)
  const dimensions = columns.map((column) => ({
    ...column,
    codes: Uint32Array.from(rows, (row) => column.codes[row]!),
  }))
  const sorted = inSortOrder(definition.columnSortOrder, dimensions)
  const codes = sorted.flatMap((column) => (column.dimension === undefined ? [] : [column.codes]))
  const inRows = interRecordsOf(data, orderOfRows(rows.length, codes), treesOf(bound))
  const measures = bound.measures.map((measure) => computeMeasure(measure, data, bound, inRows))
  const positions = new SortedGroups(unsuppressed(definition, measures, ascending(rows.length)), [])
  const totals = totalsOf(bound, grouping, data, inRows, columns)
  return new StraightTable(definition, { dimensions, measures, totals, positions }, env)
}

/** The measures over all rows: inter-record calls look at the rows where these are one segment. */
function totalsOf(
  bound: BoundCube,
  grouping: Grouping,
  data: Measures,
  interRecords: InterRecords,
  columns: readonly CodedColumn[],
): readonly Vector[] {
  const { binder, env, measures } = bound
  const dimensions = columns.filter(({ dimension }) => dimension !== undefined).length
  const whole = dimensions === 0 ? grouping : totalGrouping(binder, grouping, env)
  const totals = new Measures(binder, whole, env)
  const inside: CellsInside = {
    cells: data,
    interRecords,
    spanOf: (_, isWhole) =>
      isWhole || dimensions === 1 ? { first: 0, count: data.rows, step: 1 } : undefined,
  }
  const inTotals = interRecordsOf(totals, orderOfTotal(), treesOf(bound), { down: inside })
  return measures.map(({ tree }) =>
    tree === undefined ? new Vector(1) : totals.column(tree, inTotals),
  )
}

/** One row over all records: from the pass of the groups where it has every total, else by a pass of its own. */
export function totalGrouping(
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

function emptyCube(definition: CubeDefinition, env: Environment): Cube {
  return new StraightTable(
    { ...definition, dimensions: [], measures: [] },
    {
      dimensions: [],
      measures: [],
      totals: [],
      positions: new SortedGroups(new Uint32Array(0), []),
    },
    env,
    true,
  )
}
