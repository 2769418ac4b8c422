import type { Environment } from '../expression/environment.ts'
import type { Grouping } from '../expression/grouping.ts'
import type { CellsInside } from '../expression/inter-record.ts'
import { Measures } from '../expression/measure.ts'
import type { Side } from '../grouping/cell-order.ts'
import { GroupTable } from '../grouping/group-table.ts'
import { ascending, sortGroups } from '../grouping/order.ts'
import { type BoundCube, built, computeMeasure } from './bound-cube.ts'
import { Cells } from './cells.ts'
import { labelOf } from './column-info.ts'
import { columnKeys, groupedColumns, limitedColumns } from './cube-columns.ts'
import { measuresHeading, type PivotDefinition } from './pivot-definition.ts'
import { type MarginSource, marginOf, type PivotLine } from './pivot-headings.ts'
import { type Matrix, type PivotLevel, pivotLevel } from './pivot-level.ts'
import { type Pivot, PivotTable } from './pivot-table.ts'
import { type CodedColumn, keptRows, unsuppressed } from './shown-rows.ts'
import { totalGrouping } from './straight.ts'

/**
 * A pivot table: dimensions in rows and columns, each cell the measure over the records with the values of its row and its column. Totals and
 * what is not expanded are evaluated over their own records, not added up.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Visualizations/PivotTable/pivot-table.htm
 * @throws LichenError `budget-exceeded`, `cancelled`, `not-found` (state)
 */
export function computePivot(definition: PivotDefinition, environment: Environment): Pivot {
  return built(definition, environment, buildPivot, () => emptyPivot)
}

const emptyPivot: Pivot = {
  rows: 0,
  columns: 0,
  rowHeadings: [],
  columnHeadings: [],
  dimensions: [],
  measures: [],
  conditionUnfulfilled: true,
  bytes: 0,
  page: () => [],
}

function buildPivot(bound: BoundCube<PivotDefinition>): Pivot {
  const { definition, env } = bound
  const headings = placedHeadings(definition)
  const inRows = headings.rows.filter((heading) => heading !== measuresHeading)
  const inColumns = headings.columns.filter((heading) => heading !== measuresHeading)
  const order = [...inRows, ...inColumns]
  const limited = limitedColumns(bound)
  const { grouping, columns } = groupedColumns(
    bound,
    order.flatMap((index) => limited[index] ?? []),
  )
  const shown = shownValues(bound, grouping, columns)
  const rows = sideOf(columns.slice(0, inRows.length), shown, env)
  const across = sideOf(columns.slice(inRows.length), shown, env)
  const levels = new PivotLevels(bound, grouping, rows, across)
  const byIndex = limited.flatMap((_, index) => columns[order.indexOf(index)] ?? [])
  const cells = new Cells(env)
  const margin = (own: Pick<MarginSource, 'headings' | 'tuples' | 'expansion'>) =>
    marginOf({ ...own, columns: byIndex, measures: bound.measures.map(nameOf), cells })
  return new PivotTable({
    rows: margin({
      headings: headings.rows,
      tuples: rows.tuples,
      expansion: definition.expandedRows,
    }),
    across: margin({
      headings: headings.columns,
      tuples: across.tuples,
      expansion: definition.expandedColumns,
    }),
    levelOf: (row, column) => levels.level(depthOf(row), depthOf(column)),
    finest: levels.level(shownIn(rows), shownIn(across)),
    dimensions: byIndex,
    shown,
    cells,
  })
}

function nameOf({ definition }: BoundCube['measures'][number]): string {
  return definition.label ?? labelOf(definition.definition)
}

/** Every dimension in one place, the innermost of the rows where the definition names none, and the measures where they are told apart. */
function placedHeadings({ dimensions, measures, rowHeadings, columnHeadings }: PivotDefinition): {
  readonly rows: readonly number[]
  readonly columns: readonly number[]
} {
  const all = [measuresHeading, ...dimensions.keys()]
  const isFirst = (heading: number, at: number, list: readonly number[]): boolean =>
    all.includes(heading) && list.indexOf(heading) === at
  const rows = rowHeadings.filter(isFirst)
  const columns = columnHeadings.filter(isFirst).filter((heading) => !rows.includes(heading))
  const placed = [...rows, ...columns]
  const others = [...dimensions.keys()].filter((index) => !placed.includes(index))
  const isNamed = measures.length < 2 || placed.includes(measuresHeading)
  return {
    rows: [...rows, ...others],
    columns: isNamed ? columns : [...columns, measuresHeading],
  }
}

/** Rows of the finest grouping that neither suppression nor a limit takes away. */
function shownValues(
  bound: BoundCube,
  grouping: Grouping,
  columns: readonly CodedColumn[],
): Uint32Array {
  const { definition, binder, env } = bound
  const kept = keptRows(grouping, columns)
  const suppresses = definition.suppressZero === true || definition.suppressMissing === true
  // Calls that look at other cells are not known before the margins are: they suppress nothing.
  if (!suppresses || binder.interRecords.length > 0) return kept
  const data = new Measures(binder, grouping, env)
  const measures = bound.measures.map((measure) => computeMeasure(measure, data, bound))
  return unsuppressed(definition, measures, kept)
}

/** The dimensions of one margin in the order of its headings, and the combinations of their values. */
interface PivotSide {
  readonly columns: readonly CodedColumn[]
  /** Rows of the finest grouping, sorted and different in these dimensions. */
  readonly tuples: Uint32Array
}

function sideOf(columns: readonly CodedColumn[], shown: Uint32Array, env: Environment): PivotSide {
  const tuples = differentRows(columns, shown, env)
  const own = columns.map((column) => ({
    ...column,
    codes: Uint32Array.from(tuples, (row) => column.codes[row]!),
  }))
  const keys = own.flatMap((column) => columnKeys(column, env))
  const order = sortGroups(Uint32Array.from(tuples.keys()), keys)
  return { columns, tuples: order.map((at) => tuples[at]!) }
}

/** The first of each combination of values. */
function differentRows(
  columns: readonly CodedColumn[],
  shown: Uint32Array,
  env: Environment,
): Uint32Array {
  const sizes = columns.map(({ dimension }) => dimension?.size ?? 1)
  const table = new GroupTable(sizes, env.limits.maxGroups)
  const codes = columns.map((column) => Uint32Array.from(shown, (row) => column.codes[row]!))
  const ids = table.add(codes, shown.length, new Uint32Array(shown.length))
  let found = 0
  // Ids are in order of arrival.
  return shown.filter((_, at) => {
    if (ids[at] !== found) return false
    found += 1
    return true
  })
}

/** How far a margin is shown: so many of its dimensions, and whether as the total over the others. */
interface Depth {
  readonly dimensions: number
  readonly isTotal: boolean
}

const depthOf = ({ codes, isTotal }: PivotLine): Depth => ({ dimensions: codes.length, isTotal })

const shownIn = ({ columns }: PivotSide): Depth => ({ dimensions: columns.length, isTotal: false })

/** The levels of a pivot table, each computed when a line of it is shown. */
class PivotLevels {
  readonly #bound: BoundCube
  readonly #finest: Grouping
  readonly #rows: PivotSide
  readonly #across: PivotSide
  readonly #known = new Map<string, PivotLevel>()

  constructor(bound: BoundCube, finest: Grouping, rows: PivotSide, across: PivotSide) {
    this.#bound = bound
    this.#finest = finest
    this.#rows = rows
    this.#across = across
  }

  level(inRows: Depth, inColumns: Depth): PivotLevel {
    const key = JSON.stringify([inRows, inColumns])
    const level = this.#known.get(key) ?? this.#make(inRows, inColumns)
    this.#known.set(key, level)
    return level
  }

  #make(inRows: Depth, inColumns: Depth): PivotLevel {
    const { grouping, columns } = this.#grouped([
      ...this.#rows.columns.slice(0, inRows.dimensions),
      ...this.#across.columns.slice(0, inColumns.dimensions),
    ])
    return pivotLevel(this.#bound, grouping, columns, () => this.#matrix(inRows, inColumns))
  }

  #grouped(columns: readonly CodedColumn[]): {
    readonly grouping: Grouping
    readonly columns: readonly CodedColumn[]
  } {
    const finest = this.#finest
    const all = this.#rows.columns.length + this.#across.columns.length
    if (columns.length === all) return { grouping: finest, columns }
    const { binder, env } = this.#bound
    return columns.every(({ dimension }) => dimension === undefined)
      ? { grouping: totalGrouping(binder, finest, env), columns: columns.map(alone) }
      : groupedColumns(this.#bound, columns, finest.virtuals)
  }

  #matrix(inRows: Depth, inColumns: Depth): Matrix {
    const rows = combinations(this.#rows, inRows)
    const across = combinations(this.#across, inColumns)
    const down = inRows.isTotal ? this.#insideRows(rows, inColumns) : undefined
    const over = inColumns.isTotal ? this.#insideColumns(across, inRows, rows) : undefined
    return {
      rows,
      across,
      insides: {
        ...(down === undefined ? {} : { down }),
        ...(over === undefined ? {} : { across: over }),
      },
    }
  }

  /** What totals of rows are over; positions count column after column. */
  #insideRows(rows: Combinations, inColumns: Depth): CellsInside | undefined {
    const { inside } = this.level(shownIn(this.#rows), inColumns)
    if (inside === undefined) return undefined
    const height = this.#rows.tuples.length
    return {
      ...inside,
      spanOf(position, isWhole) {
        const segment = segmentOf(rows, position % rows.length, isWhole)
        if (segment === undefined) return undefined
        const before = Math.floor(position / rows.length) * height
        return { first: before + segment.first, count: segment.count, step: 1 }
      },
    }
  }

  #insideColumns(across: Combinations, inRows: Depth, { length }: Side): CellsInside | undefined {
    const { inside } = this.level(inRows, shownIn(this.#across))
    return inside === undefined
      ? undefined
      : {
          ...inside,
          spanOf(position, isWhole) {
            const segment = segmentOf(across, Math.floor(position / length), isWhole)
            if (segment === undefined) return undefined
            const first = segment.first * length + (position % length)
            return { first, count: segment.count, step: length }
          },
        }
  }
}

/** A constant column where there is one row. */
function alone(column: CodedColumn): CodedColumn {
  return { ...column, codes: new Uint32Array(1) }
}

/** The combinations of the first dimensions of a margin. */
interface Combinations extends Side {
  /** By combination the first of the tuples of all dimensions that begin with it; one more at the end. */
  readonly starts: Uint32Array
  /** Dimensions of the margin that are not shown. */
  readonly hidden: number
}

function combinations(
  { columns, tuples }: PivotSide,
  { dimensions, isTotal }: Depth,
): Combinations {
  const shown = columns.slice(0, dimensions)
  const first = ascending(tuples.length).filter(
    (at) => at === 0 || shown.some(({ codes }) => codes[tuples[at]!] !== codes[tuples[at - 1]!]),
  )
  return {
    length: first.length,
    codes: shown.map(({ codes }) => Uint32Array.from(first, (at) => codes[tuples[at]!]!)),
    isTotal,
    starts: withEnd(first, tuples.length),
    hidden: columns.length - dimensions,
  }
}

/** The tuples that a total is over, when they are one segment, or (`isWhole`) all there are. */
function segmentOf(
  { starts, hidden, length, codes }: Combinations,
  at: number,
  isWhole: boolean,
): { readonly first: number; readonly count: number } | undefined {
  if (isWhole ? codes.length > 0 : hidden > 1) return undefined
  return isWhole
    ? { first: 0, count: starts[length]! }
    : { first: starts[at]!, count: starts[at + 1]! - starts[at]! }
}

function withEnd(starts: Uint32Array, end: number): Uint32Array {
  const all = new Uint32Array(starts.length + 1)
  all.set(starts)
  all[starts.length] = end
  return all
}
