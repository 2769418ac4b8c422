import type { FormatSettings, NumberFormat, SourceColumn, Value } from '@lichen/engine'
import type { DecodedArray, ParquetParsers, SchemaTree } from 'hyparquet'

/** Serial day of 1970-01-01. */
const unixEpoch = 25569
const dayMs = 86_400_000

/** Dates and timestamps straight to serial days, without Date objects. */
export const serialDays: Partial<ParquetParsers> = {
  dateFromDays: (days) => days + unixEpoch,
  timestampFromMilliseconds: (millis) => Number(millis) / dayMs + unixEpoch,
  timestampFromMicroseconds: (micros) => Number(micros) / (dayMs * 1000) + unixEpoch,
  timestampFromNanoseconds: (nanos) => Number(nanos / 1000n) / (dayMs * 1000) + unixEpoch,
}

/** How a column's decoded values become a source column. */
export interface ColumnKind {
  readonly numeric: boolean
  readonly format: NumberFormat | null
  /** Multiplies the stored number; times are stored in units of a day. */
  readonly scale: number
  /** Decimal places of a DECIMAL, else undefined. */
  readonly places: number | undefined
}

export function columnKind(
  { element, children }: SchemaTree,
  settings: FormatSettings,
): ColumnKind {
  const logical = element.logical_type
  const converted = element.converted_type
  const numeric = (format: NumberFormat | null = null, scale = 1, places?: number): ColumnKind => ({
    numeric: true,
    format,
    scale,
    places,
  })
  if (children.length > 0 || element.repetition_type === 'REPEATED')
    return { numeric: false, format: null, scale: 1, places: undefined }
  if (logical?.type === 'DATE' || converted === 'DATE')
    return numeric({ kind: 'date', pattern: settings.dateFormat })
  if (
    logical?.type === 'TIMESTAMP' ||
    converted?.startsWith('TIMESTAMP') ||
    element.type === 'INT96'
  )
    return numeric({ kind: 'timestamp', pattern: settings.timestampFormat })
  if (logical?.type === 'TIME' || converted?.startsWith('TIME_')) {
    const unit = logical?.type === 'TIME' ? logical.unit : converted?.slice(5)
    return numeric(
      { kind: 'time', pattern: settings.timeFormat },
      1 / (dayMs * (unit === 'NANOS' ? 1e6 : unit === 'MICROS' ? 1e3 : 1)),
    )
  }
  if (logical?.type === 'DECIMAL' || converted === 'DECIMAL')
    return numeric(null, 1, element.scale ?? 0)
  const plain = element.type !== 'BYTE_ARRAY' && element.type !== 'FIXED_LEN_BYTE_ARRAY'
  return plain || logical?.type === 'FLOAT16'
    ? numeric()
    : { numeric: false, format: null, scale: 1, places: undefined }
}

/** Turns the values of one field into columns; texts keep one dictionary over all batches. */
export class ColumnEncoder {
  readonly #kind: ColumnKind
  readonly #dictionary: Value[] = []
  readonly #codeOf = new Map<string, number>()

  constructor(kind: ColumnKind) {
    this.#kind = kind
  }

  encode(values: DecodedArray): SourceColumn {
    return this.#kind.numeric ? this.#numbers(values) : this.#texts(values)
  }

  #numbers(values: DecodedArray): SourceColumn {
    const { scale, places, format } = this.#kind
    const numbers = new Float64Array(values.length)
    for (let i = 0; i < values.length; i++) {
      const value: unknown = values[i]
      if (typeof value === 'bigint' && !Number.isSafeInteger(Number(value)) && scale === 1)
        return this.#mixed(values)
      const number = toNumber(value)
      numbers[i] = !Number.isFinite(number)
        ? Number.NaN
        : places === undefined
          ? number * scale
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

  #texts(values: DecodedArray): SourceColumn {
    const codes = new Uint32Array(values.length)
    for (let i = 0; i < values.length; i++) {
      const value: unknown = values[i]
      if (value === null || value === undefined) continue
      const text = typeof value === 'string' ? value : toText(value)
      let code = this.#codeOf.get(text)
      if (code === undefined) {
        code = this.#dictionary.push(text)
        this.#codeOf.set(text, code)
      }
      codes[i] = code
    }
    return { kind: 'dictionary', codes, dictionary: this.#dictionary, format: null }
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
