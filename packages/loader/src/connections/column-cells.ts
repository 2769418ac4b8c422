import type { FormatSettings, NumberFormat, SourceColumn } from '@lichen/engine'
import { dateSerial, timeSerial, timestampSerial } from './serial-text.ts'

/** A value on its way into a column; NaN is NULL. */
export type Cell = number | string

/** A column of a result: how its cells are read, NULLs left out, and how its numbers are shown. */
export interface CellColumn {
  readonly name: string
  readonly shows: 'number' | 'date' | 'time' | 'timestamp' | 'text'
  read(cell: unknown): Cell
}

/** How cells of one kind are read. */
export type CellReading = Omit<CellColumn, 'name'>

/** Numbers whose texts have all their digits: beyond 2^53 they stay text. */
export const exactNumbers: CellReading = {
  shows: 'number',
  read(cell) {
    const number = Number(cell)
    return Math.abs(number) <= Number.MAX_SAFE_INTEGER || Number.isNaN(number)
      ? number
      : Number.isFinite(number)
        ? String(cell)
        : Number.NaN
  },
}

/** Numbers that are doubles in the database too; NaN and the infinities are NULL. */
export const floatNumbers: CellReading = {
  shows: 'number',
  read(cell) {
    const number = Number(cell)
    return Number.isFinite(number) ? number : Number.NaN
  },
}

/**
 * True is -1 and false 0, as those of the script.
 * Source: https://community.qlik.com/t5/Qlik-Design-Blog/On-Boolean-Fields-and-Functions/ba-p/1462815
 */
export const truths: CellReading = {
  shows: 'number',
  read: (cell) => (cell === true || cell === 't' || cell === 'true' ? -1 : 0),
}

/** What cannot be read as a date, a time or a timestamp stays the text the database shows. */
export const dates: CellReading = { shows: 'date', read: serialOr(dateSerial) }
export const times: CellReading = { shows: 'time', read: serialOr(timeSerial) }
export const timestamps: CellReading = { shows: 'timestamp', read: serialOr(timestampSerial) }

/** Text as it is, bytes as hexadecimal digits, anything nested as JSON. */
export const texts: CellReading = { shows: 'text', read: textOf }

function serialOr(serialOf: (text: string) => number): (cell: unknown) => Cell {
  return (cell) => {
    const text = textOf(cell)
    const serial = serialOf(text)
    return Number.isNaN(serial) ? text : serial
  }
}

export function textOf(cell: unknown): string {
  if (typeof cell === 'string') return cell
  if (cell instanceof Uint8Array) return hexOf(cell)
  if (typeof cell !== 'object') return String(cell)
  return JSON.stringify(cell, (_key, part: unknown) =>
    typeof part === 'bigint' ? String(part) : part,
  )
}

export function hexOf(bytes: Uint8Array): string {
  let digits = ''
  for (const byte of bytes) digits += byte.toString(16).padStart(2, '0')
  return digits
}

/** A dictionary that grew larger would cost more than it saves. */
const maxEntries = 65_536

/** Turns the cells of one column into source columns, batch by batch; texts have one dictionary over all batches. */
export class ColumnCells {
  readonly #column: CellColumn
  readonly #format: NumberFormat | null
  readonly #dictionary: Cell[] = []
  readonly #codeOf = new Map<Cell, number>()

  constructor(column: CellColumn, settings: FormatSettings) {
    this.#column = column
    this.#format = formatOf(column, settings)
  }

  /** `null` and `undefined` are NULL. The cells are not kept. */
  encode(cells: readonly unknown[]): SourceColumn {
    if (this.#column.shows !== 'text') return this.#numbers(cells)
    return this.#dictionary.length < maxEntries ? this.#texts(cells) : this.#mixed(cells)
  }

  #numbers(cells: readonly unknown[]): SourceColumn {
    const values = new Float64Array(cells.length)
    for (let row = 0; row < cells.length; row++) {
      const cell = cells[row]
      const value = cell === null || cell === undefined ? Number.NaN : this.#column.read(cell)
      if (typeof value !== 'number') return this.#mixed(cells)
      values[row] = value
    }
    return { kind: 'numbers', values, format: this.#format }
  }

  #texts(cells: readonly unknown[]): SourceColumn {
    const codes = new Uint32Array(cells.length)
    for (let row = 0; row < cells.length; row++) {
      const cell = cells[row]
      if (cell === null || cell === undefined) continue
      const value = this.#column.read(cell)
      let code = this.#codeOf.get(value)
      if (code === undefined && !Number.isNaN(value)) {
        code = this.#dictionary.push(value)
        this.#codeOf.set(value, code)
      }
      codes[row] = code ?? 0
    }
    return { kind: 'dictionary', codes, dictionary: this.#dictionary, format: this.#format }
  }

  /** Numbers beside texts, or texts that hardly repeat: an entry for each row. */
  #mixed(cells: readonly unknown[]): SourceColumn {
    const codes = new Uint32Array(cells.length)
    const dictionary: Cell[] = []
    for (let row = 0; row < cells.length; row++) {
      const cell = cells[row]
      if (cell === null || cell === undefined) continue
      const value = this.#column.read(cell)
      if (!Number.isNaN(value)) codes[row] = dictionary.push(value)
    }
    return { kind: 'dictionary', codes, dictionary, format: this.#format }
  }
}

function formatOf({ shows }: CellColumn, settings: FormatSettings): NumberFormat | null {
  switch (shows) {
    case 'date':
      return { kind: 'date', pattern: settings.dateFormat }
    case 'time':
      return { kind: 'time', pattern: settings.timeFormat }
    case 'timestamp':
      return { kind: 'timestamp', pattern: settings.timestampFormat }
    default:
      return null
  }
}
