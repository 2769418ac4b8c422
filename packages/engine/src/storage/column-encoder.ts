import { decodeUtf8 } from '../base/utf8.ts'
import { Dual, type Value } from '../value/dual.ts'
import type { FormatSettings } from '../value/format-settings.ts'
import { interpretText } from '../value/interpret.ts'
import type { NumberFormat } from '../value/number-format.ts'
import { CellDictionary } from './cell-dictionary.ts'
import type { SourceColumn } from './source.ts'
import type { SymbolTableBuilder } from './symbol-table-builder.ts'

/** Who brings a value, for variant texts. */
export interface Origin {
  readonly table: string
  /** Rows the table already has; kept rows of the batch follow. */
  readonly rows: number
}

/** The code of one value; numbers that are not finite are NULL. */
export function codeOfValue(
  symbols: SymbolTableBuilder,
  value: Value,
  table: string,
  row: number,
): number {
  if (value === null) return 0
  if (typeof value === 'string') return symbols.addString(value) + 1
  const number = typeof value === 'number' ? value : value.number
  if (!Number.isFinite(number)) return value instanceof Dual ? symbols.addString(value.text) + 1 : 0
  return symbols.addNumber(number, null, value instanceof Dual ? value.text : null, table, row) + 1
}

/**
 * Turns the columns of successive batches into codes of one field. Remembers, by identity, the dictionary of the last batch and,
 * by bytes, every cell text seen, so that each distinct value is interpreted and looked up once.
 */
export class ColumnEncoder {
  readonly symbols: SymbolTableBuilder
  #dictionary: readonly Value[] | undefined
  #dictionaryFormat: NumberFormat | null = null
  #dictionaryCodes = new Uint32Array(64)
  #cells: CellDictionary | undefined
  #cellSettings: FormatSettings | undefined
  #cellsInterpreted = false

  constructor(symbols: SymbolTableBuilder) {
    this.symbols = symbols
  }

  /** Writes the codes of the kept rows into `out` and returns how many there are. */
  encode(
    column: SourceColumn,
    rows: number,
    keep: Uint8Array | undefined,
    settings: FormatSettings,
    origin: Origin,
    out: Uint32Array,
  ): number {
    switch (column.kind) {
      case 'dictionary':
        return this.#encodeDictionary(column, rows, keep, origin, out)
      case 'numbers':
        return this.#encodeNumbers(column, rows, keep, origin, out)
      case 'text':
        return this.#encodeText(column, rows, keep, settings, origin, out)
      case 'values':
        return this.#encodeValues(column.values, rows, keep, origin, out)
    }
  }

  #encodeDictionary(
    { codes, dictionary, format }: Extract<SourceColumn, { kind: 'dictionary' }>,
    rows: number,
    keep: Uint8Array | undefined,
    origin: Origin,
    out: Uint32Array,
  ): number {
    if (this.#dictionary !== dictionary || this.#dictionaryFormat !== format) {
      this.#dictionary = dictionary
      this.#dictionaryFormat = format
      this.#dictionaryCodes = new Uint32Array(dictionary.length + 1)
    } else if (this.#dictionaryCodes.length <= dictionary.length) {
      const grown = new Uint32Array(
        Math.max(dictionary.length + 1, this.#dictionaryCodes.length * 2),
      )
      grown.set(this.#dictionaryCodes)
      this.#dictionaryCodes = grown
    }
    const known = this.#dictionaryCodes
    let count = 0
    for (let row = 0; row < rows; row++) {
      if (keep !== undefined && keep[row] !== 1) continue
      const entry = codes[row]!
      let code = 0
      if (entry !== 0) {
        code = known[entry]!
        if (code === 0) {
          code = this.#codeOfEntry(
            dictionary[entry - 1] ?? null,
            format,
            origin.table,
            origin.rows + count,
          )
          known[entry] = code
        }
      }
      out[count++] = code
    }
    return count
  }

  #codeOfEntry(value: Value, format: NumberFormat | null, table: string, row: number): number {
    if (typeof value === 'number' && Number.isFinite(value)) {
      return this.symbols.addNumber(value, format, null, table, row) + 1
    }
    if (value instanceof Dual && Number.isFinite(value.number)) {
      return this.symbols.addNumber(value.number, format, value.text, table, row) + 1
    }
    return codeOfValue(this.symbols, value, table, row)
  }

  #encodeNumbers(
    { values, format }: Extract<SourceColumn, { kind: 'numbers' }>,
    rows: number,
    keep: Uint8Array | undefined,
    origin: Origin,
    out: Uint32Array,
  ): number {
    const { symbols } = this
    let count = 0
    let lastNumber = Number.NaN
    let lastCode = 0
    for (let row = 0; row < rows; row++) {
      if (keep !== undefined && keep[row] !== 1) continue
      const number = values[row]!
      if (number !== lastNumber) {
        lastNumber = number
        lastCode = Number.isFinite(number)
          ? symbols.addNumber(number, format, null, origin.table, origin.rows + count) + 1
          : 0
      }
      out[count++] = lastCode
    }
    return count
  }

  #encodeValues(
    values: readonly Value[],
    rows: number,
    keep: Uint8Array | undefined,
    origin: Origin,
    out: Uint32Array,
  ): number {
    let count = 0
    for (let row = 0; row < rows; row++) {
      if (keep !== undefined && keep[row] !== 1) continue
      out[count] = codeOfValue(this.symbols, values[row] ?? null, origin.table, origin.rows + count)
      count += 1
    }
    return count
  }

  #encodeText(
    { bytes, offsets, interpret, missing }: Extract<SourceColumn, { kind: 'text' }>,
    rows: number,
    keep: Uint8Array | undefined,
    settings: FormatSettings,
    origin: Origin,
    out: Uint32Array,
  ): number {
    const cells = this.#cellsFor(settings, interpret)
    let count = 0
    const codeOfCell = interpret
      ? (start: number, end: number) =>
          this.#interpretCell(bytes, start, end, settings, origin.table, origin.rows + count)
      : (start: number, end: number) => this.symbols.addText(bytes, start, end) + 1
    for (let row = 0; row < rows; row++) {
      if (keep !== undefined && keep[row] !== 1) continue
      const start = offsets[row]!
      const end = offsets[row + 1]!
      // Plain integers are as quickly looked up by number as by their bytes, and need no second copy of them.
      const integer = interpret ? plainInteger(bytes, start, end) : -1
      if (missing !== undefined && missing[row] === 1) out[count] = 0
      else if (integer < 0) out[count] = cells.codeOf(bytes, start, end, codeOfCell)
      else
        out[count] =
          this.symbols.addNumber(integer, null, null, origin.table, origin.rows + count) + 1
      count += 1
    }
    return count
  }

  #cellsFor(settings: FormatSettings, interpreted: boolean): CellDictionary {
    const same = this.#cellSettings === settings && this.#cellsInterpreted === interpreted
    if (this.#cells === undefined || !same) this.#cells = new CellDictionary()
    this.#cellSettings = settings
    this.#cellsInterpreted = interpreted
    return this.#cells
  }

  /** A cell without its outer blanks (ASCII 32): a number as the format variables read it, else text. */
  #interpretCell(
    bytes: Uint8Array,
    start: number,
    end: number,
    settings: FormatSettings,
    table: string,
    row: number,
  ): number {
    let from = start
    let to = end
    while (from < to && bytes[from] === 0x20) from += 1
    while (to > from && bytes[to - 1] === 0x20) to -= 1
    const integer = plainInteger(bytes, from, to)
    if (integer >= 0) return this.symbols.addNumber(integer, null, null, table, row) + 1
    if (from === to || !mayBeNumber(bytes, from, to))
      return this.symbols.addText(bytes, from, to) + 1
    const text = decodeUtf8(bytes, from, to)
    const read = interpretText(text, settings)
    if (read === null || !Number.isFinite(read.number))
      return this.symbols.addText(bytes, from, to) + 1
    return this.symbols.addNumber(read.number, read.format, text, table, row) + 1
  }
}

/** The number of a cell of 1–14 digits without leading zero, whose text is the number's own; -1 for any other cell. */
function plainInteger(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start
  if (length === 0 || length > 14 || (bytes[start] === 0x30 && length > 1)) return -1
  let number = 0
  for (let i = start; i < end; i++) {
    const digit = bytes[i]! - 0x30
    if (digit < 0 || digit > 9) return -1
    number = number * 10 + digit
  }
  return number
}

/** Every format of number, date, time or money shows a digit. */
function mayBeNumber(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i]! >= 0x30 && bytes[i]! <= 0x39) return true
  return false
}
