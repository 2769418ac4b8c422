import { columnSegments, type Segments, wholeColumn } from './segment.ts'

/** The cells along one direction, line after line. Places count along it; positions are those of the values. */
export interface Lines {
  /** Segments by place. */
  readonly segments: Segments
  /** Each line whole, by place. */
  readonly whole: Segments
  /** The place of each position, and the position at each place; undefined where they are the same. */
  readonly turned?: { readonly places: Uint32Array; readonly positions: Uint32Array }
  /** Dimensions whose values the cells are for. */
  readonly dimensions: number
  /** Whether the cells are totals along the direction: these have no neighbours and no rank. */
  readonly isTotal: boolean
}

/** How the cells lie that inter-record functions look at. */
export interface CellOrder {
  readonly count: number
  /** Rows below each other. */
  readonly down: Lines
  /** Columns beside each other; undefined outside of pivot tables, where every cell is a row of its own. */
  readonly across?: Lines
}

/** Rows sorted by `codes`, one array per dimension. */
export function orderOfRows(count: number, codes: readonly ArrayLike<number>[]): CellOrder {
  return {
    count,
    down: {
      segments: columnSegments(count, codes),
      whole: wholeColumn(count),
      dimensions: codes.length,
      isTotal: false,
    },
  }
}

/** The total of all rows. */
export function orderOfTotal(): CellOrder {
  return { count: 1, down: { ...orderOfRows(1, []).down, isTotal: true } }
}

/** One side of a matrix: its headings in order, and by dimension their codes. */
export interface Side {
  readonly length: number
  readonly codes: readonly ArrayLike<number>[]
  /** Whether its headings are totals. */
  readonly isTotal: boolean
}

/** The cells of a matrix, column after column: position = column × rows + row. */
export function orderOfMatrix(rows: Side, columns: Side): CellOrder {
  const count = rows.length * columns.length
  const places = new Uint32Array(count)
  const positions = new Uint32Array(count)
  for (let column = 0, position = 0; column < columns.length; column++)
    for (let row = 0; row < rows.length; row++, position++) {
      const place = row * columns.length + column
      places[position] = place
      positions[place] = position
    }
  return {
    count,
    down: linesOf(rows, columns.length),
    across: { ...linesOf(columns, rows.length), turned: { places, positions } },
  }
}

/** `times` lines of one side. */
function linesOf({ length, codes, isTotal }: Side, times: number): Lines {
  return {
    segments: repeated(columnSegments(length, codes), length, times),
    whole: repeated(wholeColumn(length), length, times),
    dimensions: codes.length,
    isTotal,
  }
}

function repeated({ start, end }: Segments, length: number, times: number): Segments {
  const starts = new Uint32Array(length * times)
  const ends = new Uint32Array(length * times)
  for (let time = 0, at = 0; time < times; time++)
    for (let i = 0; i < length; i++, at++) {
      starts[at] = time * length + start[i]!
      ends[at] = time * length + end[i]!
    }
  return { start: starts, end: ends }
}
