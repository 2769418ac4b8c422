import { overBudget } from '../load-errors.ts'
import { decodeReferences } from './entities.ts'
import { Grid } from './grid.ts'
import type { TagSink } from './tags.ts'

const [mostDepth, mostTables] = [64, 10_000]

/** Elements that stand on lines of their own, so that what is around them is not one word. */
const blocks: ReadonlySet<string> = new Set([
  'br',
  'p',
  'div',
  'li',
  'ul',
  'ol',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'hr',
  'dt',
  'dd',
  'pre',
  'section',
  'article',
])

interface OpenTable {
  readonly grid: Grid
  inRow: boolean
  /** Texts of the cell or caption at hand. */
  parts: string[] | undefined
  isCaption: boolean
  columnSpan: number
  rowSpan: number
}

/** The tables of a page in the order they begin. The text of a table inside a cell is no text of the cell. */
export class TableCollector implements TagSink {
  readonly tables: Grid[] = []
  readonly #where: string
  readonly #open: OpenTable[] = []

  constructor(where: string) {
    this.#where = where
  }

  open(name: string, attributes: ReadonlyMap<string, string>): void {
    if (name === 'table') {
      this.#beginTable(attributes.get('id') ?? '')
      return
    }
    const table = this.#open[this.#open.length - 1]
    if (table === undefined) return
    if (name === 'tr') {
      endRow(table)
      beginRow(table)
    } else if (name === 'td' || name === 'th') {
      endCell(table)
      if (!table.inRow) beginRow(table)
      table.parts = []
      table.columnSpan = spanOf(attributes.get('colspan'))
      table.rowSpan = spanOf(attributes.get('rowspan'))
    } else if (name === 'caption') {
      endRow(table)
      table.parts = []
      table.isCaption = true
    } else if (name === 'thead' || name === 'tbody' || name === 'tfoot') endRow(table)
    else if (blocks.has(name)) table.parts?.push(' ')
  }

  close(name: string): void {
    const table = this.#open[this.#open.length - 1]
    if (table === undefined) return
    if (name === 'table') this.#endTable(table)
    else if (name === 'td' || name === 'th' || name === 'caption') endCell(table)
    else if (name === 'tr' || name === 'thead' || name === 'tbody' || name === 'tfoot')
      endRow(table)
    else if (blocks.has(name)) table.parts?.push(' ')
  }

  text(text: string): void {
    this.#open[this.#open.length - 1]?.parts?.push(text)
  }

  /** Ends what is not closed. */
  end(): void {
    for (let table = this.#open.at(-1); table !== undefined; table = this.#open.at(-1))
      this.#endTable(table)
  }

  #beginTable(id: string): void {
    if (this.#open.length >= mostDepth || this.tables.length >= mostTables)
      throw overBudget(
        this.#where,
        `it has more than ${mostTables} tables, or tables nested deeper than ${mostDepth}`,
      )
    const grid = new Grid(id, this.#where)
    this.tables.push(grid)
    this.#open.push({
      grid,
      inRow: false,
      parts: undefined,
      isCaption: false,
      columnSpan: 1,
      rowSpan: 1,
    })
  }

  #endTable(table: OpenTable): void {
    endRow(table)
    this.#open.pop()
  }
}

function beginRow(table: OpenTable): void {
  table.grid.beginRow()
  table.inRow = true
}

function endRow(table: OpenTable): void {
  endCell(table)
  if (table.inRow) table.grid.endRow()
  table.inRow = false
}

function endCell(table: OpenTable): void {
  if (table.parts === undefined) return
  const text = decodeReferences(table.parts.join('').replace(/[ \t\n\f\r]+/g, ' ')).trim()
  table.parts = undefined
  if (table.isCaption) table.grid.caption = text
  else table.grid.cell(text, table.columnSpan, table.rowSpan)
  table.isCaption = false
}

function spanOf(attribute: string | undefined): number {
  const span = Number.parseInt(attribute ?? '1', 10)
  return Number.isNaN(span) ? 1 : span
}
