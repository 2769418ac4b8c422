import { overBudget } from '../load-errors.ts'

/** What a table may cost before it is taken for an attack; the first two are what browsers allow. */
const [mostColumnSpan, mostRowSpan, mostColumns, mostCells] = [1000, 65_534, 16_384, 8_000_000]

/** A row: texts by column, undefined where no cell reaches. */
export type GridRow = (string | undefined)[]

/**
 * The rows of a table. A cell over several rows or columns stands in each of them.
 * Source: https://html.spec.whatwg.org/multipage/tables.html#forming-a-table
 */
export class Grid {
  readonly rows: GridRow[] = []
  id: string
  caption = ''
  readonly #where: string
  #cells = 0
  /** By column: rows a cell from above reaches into, the one at hand included, and its text. */
  readonly #reach = new Map<number, { rows: number; readonly text: string }>()
  #column = 0

  constructor(id: string, where: string) {
    this.id = id
    this.#where = where
  }

  beginRow(): void {
    this.rows.push([])
    this.#column = 0
  }

  cell(text: string, columnSpan: number, rowSpan: number): void {
    while (this.#reach.has(this.#column)) this.#column += 1
    const columns = Math.max(1, Math.min(mostColumnSpan, columnSpan))
    const rows = Math.min(mostRowSpan, rowSpan === 0 ? mostRowSpan : Math.max(1, rowSpan))
    for (let i = 0; i < columns; i++) {
      this.#set(this.#column, text)
      if (rows > 1) this.#reach.set(this.#column, { rows, text })
      this.#column += 1
    }
  }

  endRow(): void {
    for (const [column, reach] of this.#reach) {
      this.#set(column, reach.text)
      reach.rows -= 1
      if (reach.rows === 0) this.#reach.delete(column)
    }
  }

  #set(column: number, text: string): void {
    const row = this.rows[this.rows.length - 1]!
    this.#cells += Math.max(1, column - row.length + 1)
    if (column >= mostColumns || this.#cells > mostCells)
      throw overBudget(
        this.#where,
        `a table has more than ${mostColumns} columns or ${mostCells} cells`,
      )
    while (row.length < column) row.push(undefined)
    row[column] = text
  }
}
