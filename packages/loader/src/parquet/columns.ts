import type { FormatSettings, NumberFormat, SourceColumn, Value } from '@lichen/engine'
import type { DecodedArray, SchemaTree } from 'hyparquet'
import type { FlatPage, Levels } from './flat-pages.ts'
import { NumberCodes } from './number-codes.ts'
import { dayMs, serialOf } from './serial-days.ts'

/** How a column's decoded values become a source column. */
export interface ColumnKind {
  readonly numeric: boolean
  readonly format: NumberFormat | null
  /** Divides the stored number: times are stored in parts of a day. */
  readonly divisor: number
  /** Decimal places of a DECIMAL, else undefined. */
  readonly places: number | undefined
  /** Set where the values are 64-bit counts of time since 1970: how many make a day. */
  readonly ticksPerDay?: number
}

export function columnKind(
  { element, children }: SchemaTree,
  settings: FormatSettings,
): ColumnKind {
  const logical = element.logical_type
  const converted = element.converted_type
  const numeric = (
    format: NumberFormat | null = null,
    divisor = 1,
    places?: number,
  ): ColumnKind => ({
    numeric: true,
    format,
    divisor,
    places,
  })
  if (children.length > 0 || element.repetition_type === 'REPEATED')
    return { numeric: false, format: null, divisor: 1, places: undefined }
  if (logical?.type === 'DATE' || converted === 'DATE')
    return numeric({ kind: 'date', pattern: settings.dateFormat })
  if (
    logical?.type === 'TIMESTAMP' ||
    converted?.startsWith('TIMESTAMP') ||
    element.type === 'INT96'
  )
    return withTicks(numeric({ kind: 'timestamp', pattern: settings.timestampFormat }), element)
  if (logical?.type === 'TIME' || converted?.startsWith('TIME_')) {
    const unit = logical?.type === 'TIME' ? logical.unit : converted?.slice(5)
    return numeric(
      { kind: 'time', pattern: settings.timeFormat },
      dayMs * (unit === 'NANOS' ? 1e6 : unit === 'MICROS' ? 1e3 : 1),
    )
  }
  if (logical?.type === 'DECIMAL' || converted === 'DECIMAL')
    return numeric(null, 1, element.scale ?? 0)
  const plain = element.type !== 'BYTE_ARRAY' && element.type !== 'FIXED_LEN_BYTE_ARRAY'
  return plain || logical?.type === 'FLOAT16'
    ? numeric()
    : { numeric: false, format: null, divisor: 1, places: undefined }
}

/** Milliseconds and microseconds fit a double as they are stored; nanoseconds do not. */
function withTicks(kind: ColumnKind, element: SchemaTree['element']): ColumnKind {
  const logical = element.logical_type
  const unit =
    element.converted_type?.replace('TIMESTAMP_', '') ??
    (logical?.type === 'TIMESTAMP' ? logical.unit : undefined)
  if (element.type !== 'INT64' || (unit !== 'MILLIS' && unit !== 'MICROS')) return kind
  return { ...kind, ticksPerDay: unit === 'MILLIS' ? dayMs : dayMs * 1000 }
}

/** Turns the values of one field into columns; there is one dictionary over all batches. */
export class ColumnEncoder {
  readonly #kind: ColumnKind
  readonly #dictionary: Value[] = []
  readonly #numbers = new NumberCodes()
  readonly #texts = new Map<string, number>()

  constructor(kind: ColumnKind) {
    this.#kind = kind
  }

  /** Whether the pages of the field need no conversion before. */
  get raw(): boolean {
    return this.#kind.ticksPerDay !== undefined
  }

  /** One column of the pages of a row group that are not nested. @throws Error when they do not make `rows` rows */
  ofPages(pages: Iterable<FlatPage>, rows: number): SourceColumn {
    const parts: SourceColumn[] = []
    let entries: Uint32Array = new Uint32Array(0)
    let done = 0
    for (const page of pages) {
      if (page.kind === 'dictionary') entries = this.#entries(page.values)
      else {
        done += page.rows
        parts.push(
          page.kind === 'codes'
            ? this.#codes(page.codes, page.levels, page.rows, entries)
            : spread(this.encode(page.values), page.levels, page.rows),
        )
      }
    }
    if (done !== rows) throw new Error(`a column has ${done} values for ${rows} rows`)
    return joinedColumn(parts, rows, this.#kind.format)
  }

  /** Entry of a dictionary page → code of the dictionary of the field. */
  #entries(values: DecodedArray): Uint32Array {
    const column = this.encode(values)
    const codes = new Uint32Array(values.length)
    if (column.kind === 'dictionary') codes.set(column.codes)
    else if (column.kind === 'numbers')
      for (let i = 0; i < codes.length; i++) codes[i] = this.#codeOfNumber(column.values[i]!)
    else if (column.kind === 'values')
      for (let i = 0; i < codes.length; i++) {
        const value = column.values[i] ?? null
        if (typeof value === 'number') codes[i] = this.#codeOfNumber(value)
        else if (typeof value === 'string') codes[i] = this.#codeOfText(value)
      }
    return codes
  }

  /** 0 (NULL) for NaN. */
  #codeOfNumber(number: number): number {
    if (Number.isNaN(number)) return 0
    const known = this.#numbers.find(number)
    if (known !== 0) return known
    const code = this.#dictionary.push(number)
    this.#numbers.add(number, code)
    return code
  }

  #codeOfText(text: string): number {
    const known = this.#texts.get(text)
    if (known !== undefined) return known
    const code = this.#dictionary.push(text)
    this.#texts.set(text, code)
    return code
  }

  #codes(own: Uint32Array, levels: Levels, rows: number, entries: Uint32Array): SourceColumn {
    const codes = new Uint32Array(rows)
    if (levels === undefined) for (let i = 0; i < rows; i++) codes[i] = entries[own[i]!]!
    else
      for (let i = 0, next = 0; i < rows; i++)
        if (levels[i] === 1) codes[i] = entries[own[next++]!]!
    return { kind: 'dictionary', codes, dictionary: this.#dictionary, format: this.#kind.format }
  }

  encode(values: DecodedArray): SourceColumn {
    return this.#kind.numeric ? this.#ofNumbers(values) : this.#ofTexts(values)
  }

  #ofNumbers(values: DecodedArray): SourceColumn {
    const { divisor, places, format, ticksPerDay } = this.#kind
    if (values instanceof BigInt64Array && places === undefined) {
      const integers = fromIntegers(values)
      if (ticksPerDay !== undefined)
        for (let i = 0; i < integers.length; i++) integers[i] = serialOf(integers[i]!, ticksPerDay)
      else if (divisor !== 1)
        for (let i = 0; i < integers.length; i++) integers[i] = integers[i]! / divisor
      else if (!allSafe(integers)) return this.#mixed(values)
      return { kind: 'numbers', values: integers, format }
    }
    const numbers = new Float64Array(values.length)
    for (let i = 0; i < values.length; i++) {
      const value: unknown = values[i]
      if (typeof value === 'bigint' && !Number.isSafeInteger(Number(value)) && divisor === 1)
        return this.#mixed(values)
      const number = toNumber(value)
      numbers[i] = !Number.isFinite(number)
        ? Number.NaN
        : places === undefined
          ? number / divisor
          : Number(number.toFixed(Math.min(places, 100)))
    }
    return { kind: 'numbers', values: numbers, format }
  }

  /** Integers a double cannot hold keep their digits as text. */
  #mixed(values: DecodedArray): SourceColumn {
    const cells: Value[] = []
    for (const value of values) {
      const number = toNumber(value)
      const long = typeof value === 'bigint' && !Number.isSafeInteger(number)
      cells.push(long ? String(value) : Number.isFinite(number) ? number : null)
    }
    return { kind: 'values', values: cells }
  }

  #ofTexts(values: DecodedArray): SourceColumn {
    const codes = new Uint32Array(values.length)
    for (let i = 0; i < values.length; i++) {
      const value: unknown = values[i]
      if (value === null || value === undefined) continue
      codes[i] = this.#codeOfText(typeof value === 'string' ? value : toText(value))
    }
    return { kind: 'dictionary', codes, dictionary: this.#dictionary, format: null }
  }
}

/** 64-bit integers as doubles, rounded where they have more than 53 bits, without a BigInt for each. */
function fromIntegers(values: BigInt64Array): Float64Array {
  const words = new Int32Array(values.buffer, values.byteOffset, values.length * 2)
  const numbers = new Float64Array(values.length)
  for (let i = 0; i < numbers.length; i++)
    numbers[i] = words[2 * i + 1]! * 4294967296 + (words[2 * i]! >>> 0)
  return numbers
}

function allSafe(numbers: Float64Array): boolean {
  for (let i = 0; i < numbers.length; i++) if (!Number.isSafeInteger(numbers[i])) return false
  return true
}

/** Puts NULL where the level is not 1. */
function spread(column: SourceColumn, levels: Levels, rows: number): SourceColumn {
  if (levels === undefined || column.kind === 'text') return column
  let next = 0
  if (column.kind === 'numbers') {
    const values = new Float64Array(rows).fill(Number.NaN)
    for (let i = 0; i < rows; i++) if (levels[i] === 1) values[i] = column.values[next++]!
    return { ...column, values }
  }
  if (column.kind === 'dictionary') {
    const codes = new Uint32Array(rows)
    for (let i = 0; i < rows; i++) if (levels[i] === 1) codes[i] = column.codes[next++]!
    return { ...column, codes }
  }
  const values = new Array<Value>(rows).fill(null)
  for (let i = 0; i < rows; i++) if (levels[i] === 1) values[i] = column.values[next++] ?? null
  return { ...column, values }
}

/** The columns of successive pages as one; pages without dictionary follow others where a dictionary grew too large. */
function joinedColumn(
  parts: readonly SourceColumn[],
  rows: number,
  format: NumberFormat | null,
): SourceColumn {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  if (only?.kind === 'dictionary' && parts.every((part) => part.kind === 'dictionary')) {
    const codes = new Uint32Array(rows)
    let done = 0
    for (const part of parts) {
      if (part.kind !== 'dictionary') continue
      codes.set(part.codes, done)
      done += part.codes.length
    }
    return { ...only, codes }
  }
  const numbers = new Float64Array(rows)
  let done = 0
  for (const part of parts) {
    if (!putNumbers(part, numbers, done)) return { kind: 'values', values: parts.flatMap(valuesIn) }
    done += lengthOf(part)
  }
  return { kind: 'numbers', values: numbers, format }
}

function lengthOf(column: SourceColumn): number {
  if (column.kind === 'text') return column.starts.length
  return column.kind === 'dictionary' ? column.codes.length : column.values.length
}

/** Writes the numbers of a column, NaN for NULL; false when it holds a text. */
function putNumbers(column: SourceColumn, out: Float64Array, at: number): boolean {
  if (column.kind === 'numbers') {
    out.set(column.values, at)
    return true
  }
  if (column.kind !== 'dictionary') return false
  const { codes, dictionary } = column
  const numbers = new Float64Array(dictionary.length + 1).fill(Number.NaN)
  for (const [index, value] of dictionary.entries()) {
    if (typeof value !== 'number') return false
    numbers[index + 1] = value
  }
  for (let i = 0; i < codes.length; i++) out[at + i] = numbers[codes[i]!]!
  return true
}

function valuesIn(column: SourceColumn): readonly Value[] {
  switch (column.kind) {
    case 'numbers':
      return Array.from(column.values, (number) => (Number.isNaN(number) ? null : number))
    case 'dictionary':
      return Array.from(column.codes, (code) => column.dictionary[code - 1] ?? null)
    case 'values':
      return column.values
    case 'text':
      return []
  }
}

function toNumber(value: unknown): number {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  return typeof value === 'boolean' ? (value ? -1 : 0) : Number.NaN
}

/** Bytes as hexadecimal digits, anything nested as JSON. */
function toText(value: unknown): string {
  if (value instanceof Uint8Array)
    return Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return (
    JSON.stringify(value, (_key, part: unknown) =>
      typeof part === 'bigint' ? String(part) : part,
    ) ?? ''
  )
}
