import { ascending } from '../grouping/order.ts'
import type { Cells } from './cells.ts'
import { dimensionInfo, glyphsIn, measureInfo, type TableMeasure } from './column-info.ts'
import type { CubeCell, CubeDimensionInfo, CubeMeasureInfo } from './cube.ts'
import type { Margin, PivotHeading, PivotLine } from './pivot-headings.ts'
import type { PivotLevel } from './pivot-level.ts'
import type { CodedColumn } from './shown-rows.ts'

/** A computed pivot table. */
export interface Pivot {
  /** Lines of cells. */
  readonly rows: number
  readonly columns: number
  readonly rowHeadings: readonly PivotHeading[]
  readonly columnHeadings: readonly PivotHeading[]
  readonly dimensions: readonly CubeDimensionInfo[]
  readonly measures: readonly CubeMeasureInfo[]
  readonly conditionUnfulfilled: boolean
  /** Memory of the values. */
  readonly bytes: number
  /** Clipped silently to what exists. Cells row by row; null where no record has the values of row and column. */
  page(left: number, top: number, width: number, height: number): (CubeCell | null)[][]
}

/** What a pivot table is made of. */
export interface PivotParts {
  readonly rows: Margin
  readonly across: Margin
  levelOf(row: PivotLine, column: PivotLine): PivotLevel
  readonly finest: PivotLevel
  readonly dimensions: readonly CodedColumn[]
  /** Rows of the finest grouping that are shown. */
  readonly shown: Uint32Array
  readonly cells: Cells
}

/** The finished table; cells are made page by page. */
export class PivotTable implements Pivot {
  readonly rows: number
  readonly columns: number
  readonly rowHeadings: readonly PivotHeading[]
  readonly columnHeadings: readonly PivotHeading[]
  readonly dimensions: readonly CubeDimensionInfo[]
  readonly measures: readonly CubeMeasureInfo[]
  readonly conditionUnfulfilled = false
  readonly #parts: PivotParts
  /** By the depths of row and column. */
  readonly #levels: ReadonlyMap<string, PivotLevel>

  constructor(parts: PivotParts) {
    const { rows, across, cells, shown, finest } = parts
    this.#parts = parts
    this.#levels = levelsOf(parts)
    const hasRows = rows.lines.length > 0 && across.lines.length > 0
    this.rows = hasRows ? rows.lines.length : 0
    this.columns = hasRows ? across.lines.length : 0
    this.rowHeadings = rows.roots
    this.columnHeadings = across.roots
    this.dimensions = parts.dimensions.map((column) =>
      dimensionInfo(column, shown, () =>
        glyphsIn(shown, (row) => cells.ofDimension(column, column.codes[row]!).text),
      ),
    )
    const positions = ascending(finest.positions)
    this.measures = finest.measures.map((measure) =>
      measureInfo(measure, positions, () =>
        glyphsIn(positions, (at) => cells.ofMeasure(measure, at).text),
      ),
    )
  }

  get bytes(): number {
    const measures = [...this.#levels.values()].flatMap((level) => level.measures)
    // A heading or line is counted as 200 bytes.
    const lines = this.rows + this.columns
    return measures.reduce((sum, measure) => sum + bytesOf(measure), lines * 200)
  }

  page(left: number, top: number, width: number, height: number): (CubeCell | null)[][] {
    const rows = this.#parts.rows.lines.slice(Math.max(0, top), Math.max(0, top + height))
    const columns = this.#parts.across.lines.slice(Math.max(0, left), Math.max(0, left + width))
    return rows.map((row) => columns.map((column) => this.#cell(row, column)))
  }

  #cell(row: PivotLine, column: PivotLine): CubeCell | null {
    const level = this.#levels.get(depths(row, column))
    const measure = level?.measures[row.measure ?? column.measure ?? 0]
    const position = level?.positionOf(row.codes, column.codes)
    return measure === undefined || position === undefined
      ? null
      : this.#parts.cells.ofMeasure(measure, position)
  }
}

function depths(row: PivotLine, column: PivotLine): string {
  return `${depth(row)},${depth(column)}`
}

const depth = ({ codes, isTotal }: PivotLine): string => `${codes.length}${isTotal ? '+' : ''}`

/** The levels of all cells: whatever fails does so before the table is there. */
function levelsOf({ rows, across, levelOf }: PivotParts): ReadonlyMap<string, PivotLevel> {
  const byDepth = (lines: readonly PivotLine[]): readonly PivotLine[] => [
    ...new Map(lines.map((line) => [depth(line), line])).values(),
  ]
  return new Map(
    byDepth(rows.lines).flatMap((row) =>
      byDepth(across.lines).map((column) => [depths(row, column), levelOf(row, column)] as const),
    ),
  )
}

function bytesOf({ values, attributes }: TableMeasure): number {
  return [values, ...attributes].reduce(
    (sum, { kinds, numbers, texts }) =>
      sum + kinds.byteLength + numbers.byteLength + texts.length * 32,
    0,
  )
}
