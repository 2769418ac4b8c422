import { type Order, type OrderField, orderFields, serialDay } from './orders.ts'

/** What is compared of a column; a cell that is missing or an empty text counts as missing. */
export interface ColumnFigures {
  readonly distinct: number
  readonly missing: number
  /** Where whoever read the column has numbers in it. */
  readonly sum?: number
}

export interface Figures {
  readonly rows: number
  readonly columns: Readonly<Partial<Record<OrderField, ColumnFigures>>>
}

/** A table as somebody reads it: all its cells are there. */
export interface ReadTable {
  readonly rows: number
  column(field: OrderField): Iterable<unknown>
}

/** The fields whose sums are compared. */
export const numberFields: readonly OrderField[] = ['id', 'price', 'quantity', 'discount']

export function tableOfRows(
  rows: readonly { readonly [Field in OrderField]?: unknown }[],
): ReadTable {
  return {
    rows: rows.length,
    *column(field) {
      for (const row of rows) yield row[field]
    },
  }
}

export function figuresOf(table: ReadTable): Figures {
  const columns = orderFields.map((field) => [field, columnFigures(table, field)] as const)
  return { rows: table.rows, columns: Object.fromEntries(columns) }
}

function columnFigures(table: ReadTable, field: OrderField): ColumnFigures {
  const seen = new Set<string>()
  let [missing, sum] = [0, 0]
  const isNumber = numberFields.includes(field)
  for (const cell of table.column(field)) {
    if (cell === null || cell === undefined || cell === '') {
      missing++
      continue
    }
    seen.add(String(cell))
    if (isNumber) sum += Number(cell)
  }
  return { distinct: seen.size, missing, ...(isNumber ? { sum } : {}) }
}

/** What must be found in a file of these orders; days are numbers too, for who reads them so. */
export function expectedFigures(orders: readonly Order[]): Figures {
  const { rows, columns } = figuresOf(tableOfRows(orders))
  const sum = orders.reduce((total, { day }) => total + serialDay(day), 0)
  const { distinct, missing } = columns.day ?? { distinct: 0, missing: 0 }
  return { rows, columns: { ...columns, day: { distinct, missing, sum } } }
}

/** In words, the first figure that differs; sums may by 1e-9, relative, and need not be there. */
export function difference(expected: Figures, found: Figures): string | undefined {
  if (expected.rows !== found.rows) return `${found.rows} rows, not ${expected.rows}`
  for (const field of orderFields) {
    const [want, have] = [expected.columns[field], found.columns[field]]
    if (want === undefined || have === undefined) return `${field}: not there`
    if (want.distinct !== have.distinct)
      return `${field}: ${have.distinct} different values, not ${want.distinct}`
    if (want.missing !== have.missing)
      return `${field}: ${have.missing} cells missing, not ${want.missing}`
    if (want.sum === undefined || have.sum === undefined) continue
    if (!(Math.abs(want.sum - have.sum) <= 1e-9 * Math.abs(want.sum)))
      return `${field}: the sum is ${have.sum}, not ${want.sum}`
  }
  return undefined
}
