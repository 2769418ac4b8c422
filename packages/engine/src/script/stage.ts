import { decodeUtf8 } from '../base/utf8.ts'
import { CellDictionary } from '../storage/cell-dictionary.ts'
import type { Codes } from '../storage/column.ts'
import { MarkCodes } from '../storage/mark-codes.ts'
import type { SourceColumn } from '../storage/source.ts'
import type { SymbolTableBuilder } from '../storage/symbol-table-builder.ts'
import type { Value } from '../value/dual.ts'
import type { FormatSettings } from '../value/format-settings.ts'
import { interpretCell } from '../value/interpret.ts'
import type { NumberFormat } from '../value/number-format.ts'
import type { Origins } from './lineage.ts'

/** Codes of a table already loaded, with the symbols they belong to; the cheapest column to pass on. */
export interface SymbolsColumn {
  readonly kind: 'symbols'
  readonly codes: Codes
  readonly symbols: SymbolTableBuilder
}

export type DictionaryColumn = Extract<SourceColumn, { readonly kind: 'dictionary' }>
type TextSourceColumn = Extract<SourceColumn, { readonly kind: 'text' }>
export type StageColumn = SourceColumn | SymbolsColumn

/** Consecutive records between two stages of a LOAD; a column per field asked for. */
export interface StageBatch {
  readonly rows: number
  readonly columns: readonly StageColumn[]
  /** As those of `SourceBatch`. */
  readonly release?: (() => void) | undefined
  readonly during?: ((work: () => void) => void) | undefined
}

/** What a LOAD reads from: a file, inline data, a resident table, or the LOAD below it. */
export interface StageSource {
  readonly fields: readonly string[]
  /** How the numbers of a field are shown, by index, where the LOAD says so. */
  readonly formats?: readonly (NumberFormat | undefined)[]
  /** Where the values of each field came from, as far as it is told. */
  readonly origins?: readonly Origins[]
  /** Records in all, when known. */
  readonly rows: number | undefined
  /** `wanted` are indices into `fields`; batches have exactly these columns, in that order. */
  batches(wanted: readonly number[]): AsyncIterable<StageBatch>
}

/** Values of one column of a batch, by row. */
export type RowReader = (row: number) => Value

export function rowReader(column: StageColumn, dictionaries: Dictionaries): RowReader {
  switch (column.kind) {
    case 'values': {
      const { values } = column
      return (row) => values[row] ?? null
    }
    case 'numbers': {
      const { values, format } = column
      if (format !== null) return rowReader(dictionaries.encode(column), dictionaries)
      return (row) => {
        const number = values[row] ?? Number.NaN
        return Number.isFinite(number) ? number : null
      }
    }
    default: {
      const { codes, dictionary } = dictionaries.encode(column)
      return (row) => {
        const code = codes[row] ?? 0
        return code === 0 ? null : (dictionary[code - 1] ?? null)
      }
    }
  }
}

/**
 * Turns the columns of one field over successive batches into codes of one growing dictionary, so that what depends on one value
 * is computed once per value. One object per field.
 */
export class Dictionaries {
  readonly #settings: FormatSettings
  readonly #showNumber: (number: number, format: NumberFormat | null) => Value
  #cells = new CellDictionary()
  #marks = new MarkCodes()
  #values: Value[] = []
  #codeOf = new Map<Value, number>()
  #symbols: SymbolTableBuilder | undefined
  /** The entries of the dictionary of the source with their texts. */
  #shown: Value[] = []
  #shownFrom: readonly Value[] | undefined
  #shownFormat: NumberFormat | null = null
  #last: { readonly from: StageColumn; readonly to: DictionaryColumn } | undefined

  constructor(
    settings: FormatSettings,
    showNumber: (number: number, format: NumberFormat | null) => Value,
  ) {
    this.#settings = settings
    this.#showNumber = showNumber
  }

  encode(column: StageColumn): DictionaryColumn {
    if (column.kind === 'dictionary')
      return column.format === null ? column : this.#shownBy(column, column.format)
    if (this.#last?.from === column) return this.#last.to
    const encoded = this.#encode(column)
    this.#last = { from: column, to: encoded }
    return encoded
  }

  #encode(column: Exclude<StageColumn, DictionaryColumn>): DictionaryColumn {
    if (column.kind === 'symbols') return this.#symbolsColumn(column)
    if (column.kind === 'text') return this.#text(column)
    const rows = column.values.length
    const codes = new Uint32Array(rows)
    for (let row = 0; row < rows; row++) {
      const value = column.values[row] ?? null
      codes[row] =
        typeof value === 'number' && column.kind === 'numbers'
          ? this.#numberCode(value, column.format)
          : this.#valueCode(value)
    }
    return {
      kind: 'dictionary',
      codes,
      dictionary: this.#values,
      format: column.kind === 'numbers' ? column.format : null,
    }
  }

  /** Numbers of a dictionary with a format get their text. */
  #shownBy(column: DictionaryColumn, format: NumberFormat): DictionaryColumn {
    const { dictionary } = column
    if (this.#shownFrom !== dictionary || this.#shownFormat !== format) {
      this.#shownFrom = dictionary
      this.#shownFormat = format
      this.#shown = []
    }
    for (let entry = this.#shown.length; entry < dictionary.length; entry++) {
      const value = dictionary[entry] ?? null
      this.#shown.push(
        typeof value === 'number' && Number.isFinite(value)
          ? this.#showNumber(value, format)
          : value,
      )
    }
    return { ...column, dictionary: this.#shown }
  }

  #symbolsColumn({ codes, symbols }: SymbolsColumn): DictionaryColumn {
    if (this.#symbols !== symbols) {
      this.#symbols = symbols
      this.#values = []
    }
    for (let symbol = this.#values.length; symbol < symbols.count; symbol++)
      this.#values.push(symbols.valueAt(symbol))
    return { kind: 'dictionary', codes, dictionary: this.#values, format: symbols.format }
  }

  #text(column: TextSourceColumn): DictionaryColumn {
    const { starts, ends, missing, marks, counted } = column
    const rows = starts.length
    const codes = new Uint32Array(rows)
    if (marks !== undefined && counted !== undefined) this.#marks.prepare(counted, marks)
    for (let row = 0; row < rows; row++) {
      if (missing !== undefined && missing[row] === 1) continue
      const mark = marks === undefined ? 0 : marks[row]!
      let code = mark > 0 ? this.#marks.find(mark) : 0
      if (code === 0) {
        code = this.#cellCode(column, starts[row]!, ends[row]!)
        if (mark > 0) this.#marks.remember(mark, code)
      }
      codes[row] = code
    }
    return { kind: 'dictionary', codes, dictionary: this.#values, format: null }
  }

  #cellCode({ bytes, interpret }: TextSourceColumn, start: number, end: number): number {
    const known = this.#cells.find(bytes, start, end)
    if (known >= 0) return known
    const text = decodeUtf8(bytes, start, end)
    const code = this.#values.push(interpret ? interpretCell(text, this.#settings) : text)
    this.#cells.remember(bytes, start, end, code)
    return code
  }

  #numberCode(number: number, format: NumberFormat | null): number {
    if (!Number.isFinite(number)) return 0
    const known = this.#codeOf.get(number)
    if (known !== undefined) return known
    this.#values.push(format === null ? number : this.#showNumber(number, format))
    this.#codeOf.set(number, this.#values.length)
    return this.#values.length
  }

  #valueCode(value: Value): number {
    if (value === null) return 0
    if (typeof value !== 'object') {
      const known = this.#codeOf.get(value)
      if (known !== undefined) return known
      this.#codeOf.set(value, this.#values.length + 1)
    }
    this.#values.push(value)
    return this.#values.length
  }
}

/** The rows named, in that order. */
export function gather(column: StageColumn, rows: Uint32Array): StageColumn {
  const count = rows.length
  switch (column.kind) {
    case 'values':
      return { kind: 'values', values: Array.from(rows, (row) => column.values[row] ?? null) }
    case 'numbers': {
      const values = new Float64Array(count)
      for (let i = 0; i < count; i++) values[i] = column.values[rows[i]!]!
      return { kind: 'numbers', values, format: column.format }
    }
    case 'text':
      return gatherText(column, rows)
    default: {
      const codes = new Uint32Array(count)
      for (let i = 0; i < count; i++) codes[i] = column.codes[rows[i]!]!
      return { ...column, codes }
    }
  }
}

/** The places of the cells only; the bytes stay where they are. */
function gatherText(
  { bytes, starts, ends, marks, counted, missing, interpret }: TextSourceColumn,
  rows: Uint32Array,
): StageColumn {
  return {
    kind: 'text',
    bytes,
    starts: rows.map((row) => starts[row]!),
    ends: rows.map((row) => ends[row]!),
    interpret,
    ...(marks === undefined ? {} : { marks: Int32Array.from(rows, (row) => marks[row]!) }),
    ...(counted === undefined ? {} : { counted }),
    ...(missing === undefined
      ? {}
      : { missing: Uint8Array.from(rows, (row) => missing[row] ?? 0) }),
  }
}

/** The rows whose byte in `keep` is 1. */
export function keptRows(keep: Uint8Array, rows: number): Uint32Array {
  const kept = new Uint32Array(rows)
  let count = 0
  for (let row = 0; row < rows; row++) if (keep[row] === 1) kept[count++] = row
  return kept.subarray(0, count)
}

export function compact(batch: StageBatch, keep: Uint8Array): StageBatch {
  if (keep.indexOf(0) < 0) return batch
  const rows = keptRows(keep, batch.rows)
  return {
    ...batch,
    rows: rows.length,
    columns: batch.columns.map((column) => gather(column, rows)),
  }
}
