/** Column segments of sorted rows: `start[i]` and `end[i]` (exclusive) are the positions of the segment of row i. */
export interface Segments {
  readonly start: Uint32Array
  readonly end: Uint32Array
}

/**
 * Consecutive rows that agree in all dimensions but the last.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/ChartFunctions/InterRecordFunctions/inter-record-functions-chart.htm
 */
export function columnSegments(rows: number, codes: readonly ArrayLike<number>[]): Segments {
  const start = new Uint32Array(rows)
  const end = new Uint32Array(rows)
  const outer = codes.slice(0, -1)
  let from = 0
  for (let row = 1; row <= rows; row++) {
    if (row < rows && outer.every((dimension) => dimension[row] === dimension[row - 1])) continue
    start.fill(from, from, row)
    end.fill(row, from, row)
    from = row
  }
  return { start, end }
}

/** One segment over all rows. */
export function wholeColumn(rows: number): Segments {
  return { start: new Uint32Array(rows), end: new Uint32Array(rows).fill(rows) }
}
