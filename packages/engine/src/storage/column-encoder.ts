import { decodeUtf8 } from '../base/utf8.ts'
import { Dual, type Value } from '../value/dual.ts'
import { defaultFormatSettings, type FormatSettings } from '../value/format-settings.ts'
import { cellByte, cellBytes, interpretText } from '../value/interpret.ts'
import type { NumberFormat } from '../value/number-format.ts'
import { CellDictionary } from './cell-dictionary.ts'
import { endsInZero, isoDateKey, isoDateKeys, plainNumber } from './cell-number.ts'
import { grownCodeMap, newCodeMap, translate } from './code-map.ts'
import { MarkCodes } from './mark-codes.ts'
import { NumeralCodes } from './numeral-codes.ts'
import { ShortCells } from './short-cells.ts'
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

type Column<Kind extends SourceColumn['kind']> = Extract<SourceColumn, { kind: Kind }>

/**
 * Turns the columns of successive batches into codes of one field. Remembers, by identity, the dictionary of the last batch and, of
 * texts to be interpreted, what can be told only by reading them: so each distinct value is interpreted and looked up once.
 */
export class ColumnEncoder {
  readonly symbols: SymbolTableBuilder
  #dictionary: readonly Value[] | undefined
  #dictionaryFormat: NumberFormat | null = null
  #dictionaryCodes = newCodeMap(0)
  /** What follows holds for one way to read cells. */
  #settings: FormatSettings = defaultFormatSettings
  #ready = false
  #cells = new CellDictionary()
  #kinds: Uint8Array = new Uint8Array(0)
  #decimals = false
  #marks = new MarkCodes()
  #numerals = new NumeralCodes()
  #shorts = new ShortCells()
  /** Codes of dates by `isoDateKey`; 0 = not known yet. */
  #dateCodes: Uint32Array | undefined
  #emptyCode = 0

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
        return column.interpret
          ? this.#encodeCells(column, rows, keep, settings, origin, out)
          : this.#encodeTexts(column, rows, keep, out)
      case 'values':
        return this.#encodeValues(column.values, rows, keep, origin, out)
    }
  }

  /** The codes of all rows where the column has them already, which is then the case for most batches of a text; see `encode` for others. */
  codesAtHand(
    column: SourceColumn,
    rows: number,
    settings: FormatSettings,
  ): Uint32Array | undefined {
    if (column.kind !== 'text' || !column.interpret || column.missing !== undefined)
      return undefined
    const { marks, counted } = column
    if (marks === undefined || counted === undefined) return undefined
    this.#readBy(settings)
    if (!this.#marks.areCodes(counted)) return undefined
    return new Uint32Array(marks.buffer, marks.byteOffset, rows)
  }

  #encodeDictionary(
    { codes, dictionary, format }: Column<'dictionary'>,
    rows: number,
    keep: Uint8Array | undefined,
    origin: Origin,
    out: Uint32Array,
  ): number {
    if (this.#dictionary !== dictionary || this.#dictionaryFormat !== format) {
      this.#dictionary = dictionary
      this.#dictionaryFormat = format
      this.#dictionaryCodes = newCodeMap(dictionary.length)
    } else this.#dictionaryCodes = grownCodeMap(this.#dictionaryCodes, dictionary.length)
    const known = this.#dictionaryCodes
    const lookUp = (entry: number, row: number): void => {
      const value = dictionary[entry - 1] ?? null
      known[entry] = this.#codeOfEntry(value, format, origin.table, origin.rows + row)
    }
    if (keep === undefined) {
      for (let row = 0; row < rows; ) {
        row = translate(codes, known, row, rows, out, row)
        if (row < rows) lookUp(codes[row]!, row)
      }
      return rows
    }
    let count = 0
    for (let row = 0; row < rows; row++) {
      if (keep[row] !== 1) continue
      const entry = codes[row]!
      if (known[entry]! < 0) lookUp(entry, count)
      out[count++] = known[entry]!
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
    { values, format }: Column<'numbers'>,
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
    let last: Value = null
    let lastCode = 0
    for (let row = 0; row < rows; row++) {
      if (keep !== undefined && keep[row] !== 1) continue
      const value = values[row] ?? null
      if (value !== last) {
        last = value
        lastCode = codeOfValue(this.symbols, value, origin.table, origin.rows + count)
      }
      out[count++] = lastCode
    }
    return count
  }

  #encodeTexts(
    { bytes, starts, ends, missing }: Column<'text'>,
    rows: number,
    keep: Uint8Array | undefined,
    out: Uint32Array,
  ): number {
    let count = 0
    for (let row = 0; row < rows; row++) {
      if (keep !== undefined && keep[row] !== 1) continue
      out[count++] =
        missing !== undefined && missing[row] === 1
          ? 0
          : this.symbols.addText(bytes, starts[row]!, ends[row]!) + 1
    }
    return count
  }

  /** Cells without their outer blanks (ASCII 32): numbers as the format variables read them, else text. */
  #encodeCells(
    { bytes, starts, ends, marks, counted, missing }: Column<'text'>,
    rows: number,
    keep: Uint8Array | undefined,
    settings: FormatSettings,
    { table, rows: before }: Origin,
    out: Uint32Array,
  ): number {
    this.#readBy(settings)
    if (marks !== undefined && counted !== undefined) this.#marks.prepare(counted, marks)
    let count = 0
    for (let row = 0; row < rows; row++) {
      if (keep === undefined && marks !== undefined && marks[row] !== 0) {
        row = count = this.#translate(marks, missing, row, rows, out)
        if (row === rows) break
      }
      if (keep !== undefined && keep[row] !== 1) continue
      out[count] =
        missing !== undefined && missing[row] === 1
          ? 0
          : this.#codeOfMarked(
              marks?.[row] ?? 0,
              bytes,
              starts[row]!,
              ends[row]!,
              table,
              before + count,
            )
      count += 1
    }
    return count
  }

  /** Codes of cells whose marks are known, from `from` on, and 0 for missing ones; returns where it stops. */
  #translate(
    marks: Int32Array,
    missing: Uint8Array | undefined,
    from: number,
    rows: number,
    out: Uint32Array,
  ): number {
    if (marks[from]! > 0) return this.#marks.translate(marks, missing, from, rows, out)
    return missing === undefined ? this.#numerals.translate(marks, from, rows, out) : from
  }

  #codeOfMarked(
    mark: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    table: string,
    row: number,
  ): number {
    const isShort = mark === 0 && ShortCells.holds(end - start)
    let code = 0
    if (mark > 0) code = this.#marks.find(mark)
    else if (mark < 0) code = this.#numerals.find(~mark)
    else if (isShort) code = this.#shorts.find(bytes, start, end)
    if (code !== 0) return code
    code = this.#codeOfCell(bytes, start, end, table, row)
    if (mark > 0) this.#marks.remember(mark, code)
    else if (mark < 0) this.#numerals.remember(~mark, code)
    else if (isShort) this.#shorts.remember(end - start, code)
    return code
  }

  #codeOfCell(
    bytes: Uint8Array,
    cellStart: number,
    cellEnd: number,
    table: string,
    row: number,
  ): number {
    const { symbols } = this
    let start = cellStart
    let end = cellEnd
    while (start < end && bytes[start] === 0x20) start += 1
    while (end > start && bytes[end - 1] === 0x20) end -= 1
    if (start === end) {
      if (this.#emptyCode === 0) this.#emptyCode = symbols.addString('') + 1
      return this.#emptyCode
    }
    if ((this.#kinds[bytes[start]!]! & cellByte.start) === 0)
      return symbols.addText(bytes, start, end) + 1
    const number = plainNumber(bytes, start, end, this.#decimals)
    if (Number.isNaN(number)) return this.#codeOfRareCell(bytes, start, end, table, row)
    if (!endsInZero(bytes, start, end)) return symbols.addNumber(number, null, null, table, row) + 1
    const code = symbols.addShown(number, bytes, start, end) + 1
    return code > 0 ? code : this.#codeOfRareCell(bytes, start, end, table, row)
  }

  #readBy(settings: FormatSettings): void {
    if (this.#ready && this.#settings === settings) return
    this.#ready = true
    this.#settings = settings
    this.#cells = new CellDictionary()
    this.#kinds = cellBytes(settings)
    this.#decimals = settings.decimalSep === '.' && this.symbols.settings.decimalSep === '.'
    this.#marks = new MarkCodes()
    this.#numerals = new NumeralCodes()
    this.#shorts = new ShortCells()
    this.#dateCodes = undefined
    this.#emptyCode = 0
  }

  /** A cell whose first byte may begin a number or a date, and that is no plain number or is shown in its own way. */
  #codeOfRareCell(
    bytes: Uint8Array,
    start: number,
    end: number,
    table: string,
    row: number,
  ): number {
    const key = isoDateKey(bytes, start, end)
    if (key >= 0) {
      this.#dateCodes ??= new Uint32Array(isoDateKeys)
      const known = this.#dateCodes[key]!
      if (known !== 0) return known
      const code = this.#interpret(bytes, start, end, table, row)
      this.#dateCodes[key] = code
      return code
    }
    if (!this.#mayBeNumber(bytes, start, end)) return this.symbols.addText(bytes, start, end) + 1
    const known = this.#cells.find(bytes, start, end)
    if (known >= 0) return known
    const code = this.#interpret(bytes, start, end, table, row)
    this.#cells.remember(bytes, start, end, code)
    return code
  }

  #mayBeNumber(bytes: Uint8Array, start: number, end: number): boolean {
    const kinds = this.#kinds
    let all = 0
    for (let i = start; i < end; i++) {
      const kind = kinds[bytes[i]!]!
      if ((kind & cellByte.used) === 0) return false
      all |= kind
    }
    return (all & cellByte.digit) !== 0
  }

  #interpret(bytes: Uint8Array, start: number, end: number, table: string, row: number): number {
    const text = decodeUtf8(bytes, start, end)
    const read = interpretText(text, this.#settings)
    if (read === null || !Number.isFinite(read.number))
      return this.symbols.addText(bytes, start, end) + 1
    return this.symbols.addNumber(read.number, read.format, text, table, row) + 1
  }
}
