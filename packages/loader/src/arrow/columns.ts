import type { FormatSettings, NumberFormat, SourceColumn, Value } from '@lichen/engine'
import type { ArrowArray } from './array.ts'
import { type Budget, spend } from './budget.ts'
import { type JsonRender, jsonRender } from './json-render.ts'
import { isNull, longsOf, numbersOf } from './numbers.ts'
import type { ArrowType } from './schema.ts'

/** Values of a dictionary by its number. */
export type Dictionaries = ReadonlyMap<number, readonly Value[]>

/** What columns are made with. */
export interface ColumnContext {
  readonly settings: FormatSettings
  readonly dictionaries: Dictionaries
  readonly budget: Budget
}

/** How numbers of a type are shown. */
function formatOf({ kind }: ArrowType, settings: FormatSettings): NumberFormat | null {
  switch (kind) {
    case 'date':
      return { kind, pattern: settings.dateFormat }
    case 'timestamp':
      return { kind, pattern: settings.timestampFormat }
    case 'time':
      return { kind, pattern: settings.timeFormat }
    case 'duration':
    case 'interval':
      return { kind: 'interval', pattern: settings.timeFormat }
    default:
      return null
  }
}

/**
 * An array as a column; the column may share the array's bytes.
 * @throws LoadError `budget-exceeded`; Error for a place in a dictionary, or behind a view, that is not there
 */
export function columnOf(array: ArrowArray, context: ColumnContext): SourceColumn {
  const { field, stored, length } = array
  if (field.dictionary !== undefined) return dictionaryColumn(array, field.dictionary.id, context)
  if (stored.kind === 'bytes' && stored.text) return textColumn(array, context.budget)
  const numbers = numbersOf(array)
  if (numbers !== undefined && !(mayBeUnsafe(stored) && hasUnsafe(numbers)))
    return { kind: 'numbers', values: numbers, format: formatOf(stored, context.settings) }
  const cell = numbers === undefined ? textOf(array, context) : integerOf(array, numbers)
  const values: Value[] = []
  for (let row = 0; row < length; row++) values.push(isNull(array, row) ? null : cell(row))
  return { kind: 'values', values }
}

function mayBeUnsafe(type: ArrowType): boolean {
  return type.kind === 'int' && type.bits === 64
}

/** Numbers past 2^53. */
function hasUnsafe(numbers: Float64Array): boolean {
  for (const number of numbers)
    if (!Number.isSafeInteger(number) && !Number.isNaN(number)) return true
  return false
}

/** Integers a double cannot hold keep their digits as text. */
function integerOf(array: ArrowArray, numbers: Float64Array): (row: number) => Value {
  const longs = longsOf(array)
  return (row) => (Number.isSafeInteger(numbers[row]) ? numbers[row]! : String(longs[row]))
}

/** Binary values as hexadecimal digits, long intervals by ISO 8601, anything nested as JSON. */
function textOf(array: ArrowArray, context: ColumnContext): (row: number) => string {
  const { stored, data } = array
  switch (stored.kind) {
    case 'bytes': {
      const place = bytesIn(array)
      return (row) => {
        const { bytes, start, end } = place(row)
        spend(context.budget, 2 * (end - start))
        return hexadecimal(bytes, start, end)
      }
    }
    case 'fixedBytes':
      return (row) => hexadecimal(data, (row * stored.bits) / 8, ((row + 1) * stored.bits) / 8)
    case 'interval':
      return isoInterval(data, stored.bits)
    default:
      return jsonRender(array, context.budget, (leaf) => leafRender(leaf, context))
  }
}

/** JSON of the values that are not nested. */
function leafRender(leaf: ArrowArray, context: ColumnContext): JsonRender {
  if (leaf.stored.kind === 'null') return () => 'null'
  const cell = cellsOf(columnOf(leaf, context))
  const asBool = leaf.stored.kind === 'bool'
  return (row) => {
    const value = cell(row)
    return JSON.stringify(asBool && value !== null ? value !== 0 : value)
  }
}

/** Values of a column by row. */
export function cellsOf(column: SourceColumn): (row: number) => Value {
  switch (column.kind) {
    case 'numbers':
      return (row) => (Number.isNaN(column.values[row]) ? null : column.values[row]!)
    case 'dictionary':
      return (row) => column.dictionary[column.codes[row]! - 1] ?? null
    case 'values':
      return (row) => column.values[row] ?? null
    case 'text': {
      const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })
      return (row) =>
        column.missing?.[row] === 1
          ? null
          : utf8.decode(column.bytes.subarray(column.starts[row], column.ends[row]))
    }
  }
}

function dictionaryColumn(array: ArrowArray, id: number, context: ColumnContext): SourceColumn {
  const dictionary = context.dictionaries.get(id)
  // A column without values needs no dictionary.
  const entries = dictionary?.length ?? 0
  const places = numbersOf(array)
  const codes = new Uint32Array(array.length)
  for (let row = 0; row < codes.length; row++) {
    const place = places?.[row] ?? Number.NaN
    if (Number.isNaN(place)) continue
    if (place < 0 || place >= entries)
      throw new Error(`the field ${array.field.name} names entry ${place} of ${entries}`)
    codes[row] = place + 1
  }
  const format = formatOf(array.field.type, context.settings)
  return { kind: 'dictionary', codes, dictionary: dictionary ?? [], format }
}

function textColumn(array: ArrowArray, budget: Budget): SourceColumn {
  const { offsets, data, length, valid, viewed } = array
  const missing = valid === undefined ? {} : { missing: missingIn(valid, length) }
  if (array.stored.kind === 'bytes' && array.stored.bits !== 128)
    return {
      kind: 'text',
      bytes: data,
      starts: offsets.subarray(0, length),
      ends: offsets.subarray(1, length + 1),
      interpret: false,
      ...missing,
    }
  const place = bytesIn(array)
  const ends = new Uint32Array(length)
  let total = 0
  for (let row = 0; row < length; row++) {
    if (!isNull(array, row)) {
      const { start, end } = place(row)
      total += end - start
    }
    ends[row] = total
  }
  if (total > viewed.reduce((sum, { length: size }) => sum + size, data.length))
    spend(budget, total)
  const bytes = new Uint8Array(total)
  for (let row = 0, to = 0; row < length; to = ends[row++]!) {
    if (isNull(array, row)) continue
    const found = place(row)
    bytes.set(found.bytes.subarray(found.start, found.end), to)
  }
  const starts = new Uint32Array(length)
  starts.set(ends.subarray(0, Math.max(0, length - 1)), length === 0 ? 0 : 1)
  return { kind: 'text', bytes, starts, ends, interpret: false, ...missing }
}

function missingIn(valid: Uint8Array, length: number): Uint8Array {
  const missing = new Uint8Array(length)
  for (let i = 0; i < length; i++) missing[i] = ((valid[i >> 3]! >> (i & 7)) & 1) ^ 1
  return missing
}

interface Place {
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
}

const longestInView = 12

/** Where the bytes of a value are. A view holds its length, and its bytes or four of them with the buffer and the byte there. */
function bytesIn({ offsets, data, viewed, stored, field }: ArrowArray): (row: number) => Place {
  if (stored.kind === 'bytes' && stored.bits !== 128)
    return (row) => ({ bytes: data, start: offsets[row]!, end: offsets[row + 1]! })
  const views = new DataView(data.buffer, data.byteOffset, data.length)
  return (row) => {
    const at = row * 16
    const length = views.getInt32(at, true)
    if (length >= 0 && length <= longestInView)
      return { bytes: data, start: at + 4, end: at + 4 + length }
    const bytes = viewed[views.getInt32(at + 8, true)]
    const start = views.getInt32(at + 12, true)
    if (bytes === undefined || length < 0 || start < 0 || start + length > bytes.length)
      throw new Error(`a view of the field ${field.name} leads outside its buffers`)
    return { bytes, start, end: start + length }
  }
}

const digits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

function hexadecimal(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  for (let i = start; i < end; i++) text += digits[bytes[i]!]!
  return text
}

/** Months, or months, days and nanoseconds, as `P14M` and `P14M3DT4.5S`. */
function isoInterval(data: Uint8Array, bits: number): (row: number) => string {
  const view = new DataView(data.buffer, data.byteOffset, data.length)
  return (row) => {
    const at = (row * bits) / 8
    const months = view.getInt32(at, true)
    if (bits === 32) return `P${months}M`
    const nanos = view.getBigInt64(at + 8, true)
    return `P${months}M${view.getInt32(at + 4, true)}DT${secondsOf(nanos)}S`
  }
}

function secondsOf(nanos: bigint): string {
  const sign = nanos < 0n ? '-' : ''
  const text = String(nanos < 0n ? -nanos : nanos).padStart(10, '0')
  const part = text.slice(-9).replace(/0+$/, '')
  return `${sign}${text.slice(0, -9)}${part === '' ? '' : `.${part}`}`
}
