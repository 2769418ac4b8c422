import { closeSync, openSync, renameSync, writeSync } from 'node:fs'
import { type GeneratedColumn, type GeneratedTable, missing, nullText } from './table.ts'

const bufferBytes = 4 << 20
/** No row of ours is longer. */
const rowBytes = 4096

/** Writes the table as CSV, labels first. The file appears whole or not at all. */
export function writeCsv(table: GeneratedTable, path: string): void {
  const file = openSync(`${path}.part`, 'w')
  try {
    for (const bytes of csvBytes(table)) writeSync(file, bytes)
  } finally {
    closeSync(file)
  }
  renameSync(`${path}.part`, path)
}

/** The bytes of the file in pieces; a piece is overwritten by the next. */
export function* csvBytes(table: GeneratedTable): Generator<Uint8Array> {
  const encoder = new TextEncoder()
  yield encoder.encode(`${table.columns.map(({ name }) => name).join(',')}\n`)
  const buffer = new Uint8Array(bufferBytes)
  const writers = table.columns.map((column) => cellWriter(column, encoder))
  let end = 0
  for (let row = 0; row < table.rows; row++) {
    if (end + rowBytes > bufferBytes) {
      yield buffer.subarray(0, end)
      end = 0
    }
    for (const write of writers) {
      end = write(buffer, end, row)
      buffer[end++] = 0x2c
    }
    buffer[end - 1] = 0x0a
  }
  yield buffer.subarray(0, end)
}

type CellWriter = (buffer: Uint8Array, at: number, row: number) => number

function cellWriter(column: GeneratedColumn, encoder: TextEncoder): CellWriter {
  const write = valueWriter(column, encoder)
  const { values } = column
  if (!values.includes(missing)) return write
  const bytes = encoder.encode(nullText)
  return (buffer, at, row) => {
    if (values[row] !== missing) return write(buffer, at, row)
    buffer.set(bytes, at)
    return at + bytes.length
  }
}

function valueWriter(column: GeneratedColumn, encoder: TextEncoder): CellWriter {
  const { values } = column
  if (column.kind === 'text') {
    const encoded = column.texts.map((text) => encoder.encode(text))
    return (buffer, at, row) => {
      const bytes = encoded[values[row] ?? 0]
      if (bytes === undefined) return at
      buffer.set(bytes, at)
      return at + bytes.length
    }
  }
  if (column.kind === 'integer')
    return (buffer, at, row) => writeDigits(buffer, at, values[row] ?? 0, 1)
  return (buffer, at, row) => {
    const value = values[row] ?? 0
    const end = writeDigits(buffer, at, Math.floor(value / 100), 1)
    buffer[end] = 0x2e
    return writeDigits(buffer, end + 1, value % 100, 2)
  }
}

/** At least `least` digits of a number ≥ 0. */
function writeDigits(buffer: Uint8Array, at: number, number: number, least: number): number {
  let digits = least
  for (let limit = 10 ** least; number >= limit; limit *= 10) digits++
  let rest = number
  for (let place = at + digits - 1; place >= at; place--) {
    const next = Math.floor(rest / 10)
    buffer[place] = 0x30 + rest - next * 10
    rest = next
  }
  return at + digits
}
