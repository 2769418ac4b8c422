import { LoadError, type StoredField, type StoredSymbols } from '@lichen/engine'
import type { SchemaElement } from 'hyparquet'
import { isNumeral, kindOf, showsTime } from '../written-format.ts'
import { dayMs, unixEpoch } from './serial-days.ts'

/** How the values of a field are stored in Parquet. */
export interface FieldType {
  readonly element: SchemaElement
  /** What the writer is given for a symbol. */
  valueAt(symbol: number): number | bigint | string
}

const microsPerDay = dayMs * 1000
const largestInt32 = 2 ** 31

/**
 * The narrowest type that all symbols listed fit: DATE for whole days shown as dates or timestamps, TIMESTAMP (microseconds, local) for others,
 * TIME for times of a day, INT32 or INT64 for integers, DOUBLE for other numbers, STRING as soon as one value is text or a number whose own
 * text is not just its digits (`Jan`, `007`). Dates and times with texts of their own keep the number.
 * @throws LoadError `source-unsupported` for a text with half a surrogate pair, which UTF-8 cannot hold
 */
export function fieldType(field: StoredField, listed: Uint32Array): FieldType {
  const { name, symbols } = field
  if (!allNumbers(field, listed)) return textType(name, symbols)
  const numberAt = (symbol: number): number => symbols.numberAt(symbol)
  const all = (holds: (number: number) => boolean): boolean =>
    listed.every((symbol) => holds(numberAt(symbol)))
  const of = (more: Omit<SchemaElement, 'name'>, valueAt: FieldType['valueAt']): FieldType => ({
    element: { name, repetition_type: 'OPTIONAL', ...more },
    valueAt,
  })
  const kind = field.format?.kind
  if (kind === 'date' || kind === 'timestamp') {
    if (all((number) => isInt32(number - unixEpoch)))
      return of(
        { type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } },
        (symbol) => numberAt(symbol) - unixEpoch,
      )
    if (all((number) => Number.isSafeInteger(microsSince1970(number))))
      return of(
        {
          type: 'INT64',
          logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'MICROS' },
        },
        (symbol) => BigInt(microsSince1970(numberAt(symbol))),
      )
  }
  if (kind === 'time' && all((number) => number >= 0 && microsOf(number) < microsPerDay))
    return of(
      { type: 'INT64', logical_type: { type: 'TIME', isAdjustedToUTC: false, unit: 'MICROS' } },
      (symbol) => BigInt(microsOf(numberAt(symbol))),
    )
  if (!showsTime(field)) {
    if (all(isInt32)) return of({ type: 'INT32' }, (symbol) => numberAt(symbol) + 0)
    if (all(Number.isSafeInteger))
      return of({ type: 'INT64' }, (symbol) => BigInt(numberAt(symbol)))
  }
  return of({ type: 'DOUBLE' }, numberAt)
}

function textType(name: string, symbols: StoredSymbols): FieldType {
  return {
    element: {
      name,
      repetition_type: 'OPTIONAL',
      type: 'BYTE_ARRAY',
      converted_type: 'UTF8',
      logical_type: { type: 'STRING' },
    },
    valueAt(symbol) {
      const text = symbols.textAt(symbol)
      if (/\p{Surrogate}/u.test(text))
        throw new LoadError(
          'source-unsupported',
          `Field ${name} cannot be stored as Parquet: a text has half a surrogate pair; replace it first, e.g. with KeepChar or Replace`,
        )
      return text
    },
  }
}

/** Fields without values are text. */
function allNumbers(field: StoredField, listed: Uint32Array): boolean {
  const { symbols } = field
  const byNumber = showsTime(field)
  return (
    listed.length > 0 &&
    listed.every((symbol) => {
      const kind = kindOf(symbols, symbol)
      return (
        kind === 1 ||
        (kind === 3 && (byNumber || isNumeral(symbols.textAt(symbol), symbols.numberAt(symbol))))
      )
    })
  )
}

function isInt32(number: number): boolean {
  return Number.isInteger(number) && number >= -largestInt32 && number < largestInt32
}

function microsOf(days: number): number {
  return Math.round(days * microsPerDay)
}

/** Day and time apart, since the sum would lose the last digits of the time. */
function microsSince1970(serial: number): number {
  const day = Math.floor(serial)
  return (day - unixEpoch) * microsPerDay + microsOf(serial - day)
}
