import type { PivotResult } from '../../src/app/pivot.ts'
import type { CubeCell } from '../../src/hypercube/cube.ts'
import type { PivotHeading } from '../../src/hypercube/pivot-headings.ts'
import type { ActualCell, AnsweredTable } from './cells.ts'

/** A line of cells: the values it is for, from outside in, and its measure where the margin names it. */
interface Line {
  readonly values: readonly ActualCell[]
  readonly measure: number
}

/** A pivot table with all its totals as a table: a row for each combination of values, then what its totals say. */
export function pivotAnswer(
  table: PivotResult,
  actualCell: (cell: CubeCell) => ActualCell,
): AnsweredTable {
  const inRows = linesOf(table.rowHeadings, actualCell)
  const inColumns = linesOf(table.columnHeadings, actualCell)
  const cells = table.page()
  const count = table.dimensions.length
  const found = new Map<string, { values: readonly ActualCell[]; measures: ActualCell[] }>()
  for (const [r, row] of inRows.entries())
    for (const [c, column] of inColumns.entries()) {
      const cell = cells[r]?.[c]
      if (cell === null || cell === undefined) continue
      const values = [...row.values, ...column.values]
      const inner = depthsOf(row, column)
      const key = JSON.stringify([inner, values])
      const entry = found.get(key) ?? { values, measures: [] }
      entry.measures[Math.max(row.measure, column.measure)] = actualCell(cell)
      found.set(key, entry)
    }
  const rows = [...found.values()]
  const ofLength = (length: number): ActualCell[][] =>
    rows
      .filter(({ values }) => values.length === length)
      .map(({ values, measures }) => [...values, ...measures])
  const firstOnly = [...found]
    .filter(([key, { values }]) => values.length === 1 && key.startsWith('["1,0"'))
    .map(([, { values, measures }]) => [...values, ...measures])
  return { rows: ofLength(count), totals: ofLength(0)[0] ?? [], subtotals: firstOnly }
}

function depthsOf(row: Line, column: Line): string {
  return `${row.values.length},${column.values.length}`
}

function linesOf(
  headings: readonly PivotHeading[],
  actualCell: (cell: CubeCell) => ActualCell,
): readonly Line[] {
  const lines: Line[] = []
  const walk = (heading: PivotHeading, before: Line): void => {
    const { kind, cell, children } = heading
    const line =
      kind === 'measure'
        ? { ...before, measure: cell.element }
        : kind === 'total'
          ? before
          : { ...before, values: [...before.values, actualCell(cell)] }
    if (children.length === 0) lines.push(line)
    for (const child of children) walk(child, line)
  }
  const start = { values: [], measure: 0 }
  for (const heading of headings) walk(heading, start)
  return headings.length === 0 ? [start] : lines
}
