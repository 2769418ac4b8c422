import { closeSync, openSync, writeSync } from 'node:fs'
import { type Order, type OrderField, orderFields } from './orders.ts'

/** Writes the whole file. */
export type WriteOrders = (orders: readonly Order[], path: string) => void

/** Bytes of each column of fixed width, blanks behind the text; no cell is longer. */
const widths: Readonly<Record<OrderField, number>> = {
  id: 9,
  day: 10,
  region: 16,
  customer: 32,
  note: 72,
  price: 9,
  quantity: 4,
  discount: 6,
}

/** Where the columns of fixed width lie in a record, in bytes: from the first, 1, to the last, inclusive. */
export const fixedColumns: readonly {
  readonly field: OrderField
  readonly from: number
  readonly to: number
}[] = orderFields.map((field, at) => {
  const before = orderFields.slice(0, at).reduce((bytes, name) => bytes + widths[name], 0)
  return { field, from: before + 1, to: before + widths[field] }
})

const chunkRows = 10_000

function writeLines(
  path: string,
  orders: readonly Order[],
  line: (order: Order, at: number) => string,
  head = '',
  tail = '',
): void {
  const file = openSync(path, 'w')
  try {
    writeSync(file, head)
    for (let row = 0; row < orders.length; row += chunkRows) {
      const chunk = orders.slice(row, row + chunkRows)
      writeSync(file, chunk.map((order, at) => line(order, row + at)).join(''))
    }
    writeSync(file, tail)
  } finally {
    closeSync(file)
  }
}

/** Quotes only where they are needed; a cell that is missing is empty. */
export const writeCsv: WriteOrders = (orders, path) => {
  const quoted = (cell: string | number | null): string => {
    const text = String(cell ?? '')
    return /[",\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text
  }
  const line = (order: Order): string =>
    `${orderFields.map((field) => quoted(order[field])).join(',')}\n`
  writeLines(path, orders, line, `${orderFields.join(',')}\n`)
}

export const writeFixed: WriteOrders = (orders, path) => {
  const cell = (order: Order, field: OrderField): string => {
    const text = String(order[field] ?? '')
    return text + ' '.repeat(widths[field] - Buffer.byteLength(text))
  }
  writeLines(
    path,
    orders,
    (order) => `${orderFields.map((field) => cell(order, field)).join('')}\n`,
  )
}

export const writeJson: WriteOrders = (orders, path) =>
  writeLines(
    path,
    orders,
    (order, at) => `${at === 0 ? '' : ',\n'}${JSON.stringify(order)}`,
    '[',
    ']',
  )

export const writeJsonLines: WriteOrders = (orders, path) =>
  writeLines(path, orders, (order) => `${JSON.stringify(order)}\n`)

const marked: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
const markup = (cell: string | number): string =>
  String(cell).replace(/[&<>]/g, (sign) => marked[sign] ?? '')

/** The id is an attribute, the rest are elements; what is missing is left out. */
export const writeXml: WriteOrders = (orders, path) => {
  const element = (order: Order, field: OrderField): string => {
    const cell = order[field]
    return cell === null ? '' : `<${field}>${markup(cell)}</${field}>`
  }
  const rest = orderFields.filter((field) => field !== 'id')
  const line = (order: Order): string =>
    `<order id="${order.id}">${rest.map((field) => element(order, field)).join('')}</order>\n`
  writeLines(path, orders, line, '<?xml version="1.0" encoding="UTF-8"?>\n<orders>\n', '</orders>')
}

/** One table with its labels; a cell that is missing is empty. */
export const writeHtml: WriteOrders = (orders, path) => {
  const labels = orderFields.map((field) => `<th>${field}</th>`).join('')
  const line = (order: Order): string =>
    `<tr>${orderFields.map((field) => `<td>${markup(order[field] ?? '')}</td>`).join('')}</tr>\n`
  const head = `<!doctype html><html><head><meta charset="utf-8"><title>Orders</title></head><body><table>\n<tr>${labels}</tr>\n`
  writeLines(path, orders, line, head, '</table></body></html>')
}

/** A placemark's name is the note, the other fields are extended data; what is missing is left out. */
export const writeKml: WriteOrders = (orders, path) => {
  const rest = orderFields.filter((field) => field !== 'note')
  const data = (order: Order, field: OrderField): string => {
    const cell = order[field]
    return cell === null ? '' : `<Data name="${field}"><value>${markup(cell)}</value></Data>`
  }
  const line = (order: Order): string =>
    `<Placemark><name>${markup(order.note)}</name><ExtendedData>${rest.map((field) => data(order, field)).join('')}</ExtendedData><Point><coordinates>${order.price},47</coordinates></Point></Placemark>\n`
  const head =
    '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>\n'
  writeLines(path, orders, line, head, '</Document></kml>')
}
