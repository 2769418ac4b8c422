import { Dual, type Value } from './dual.ts'
import { formatNumber } from './format-number.ts'
import { datePatternOf, type PatternToken } from './format-pattern.ts'
import type { FormatSettings } from './format-settings.ts'
import type { NumberFormat } from './number-format.ts'
import { compileDateReader } from './read-date.ts'
import { compileNumberReader, isDigitAt, maxReadLength, readNumber } from './read-number.ts'

export { compileDateReader } from './read-date.ts'
export { compileNumberReader } from './read-number.ts'

export interface Interpretation {
  readonly number: number
  /** The format whose pattern the text followed; null for plain numbers. */
  readonly format: NumberFormat | null
}

/**
 * Reads a text as a number by the default formats, tried in order: plain number, DateFormat, TimestampFormat, TimeFormat,
 * ISO date, ISO timestamp, `hh:mm[:ss[.fff]]`, MoneyFormat, and a number with `.`/`,` or `,`/`.` where the settings leave no doubt.
 * Null when it is text.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/LoadData/number-interpretation.htm
 */
export function interpretText(text: string, settings: FormatSettings): Interpretation | null {
  const start = skipBlanks(text)
  const end = endWithoutBlanks(text, start)
  if (end === start || end - start > maxReadLength) return null
  const reader = readerOf(settings)
  if (!reader.mayStart(text.charCodeAt(start)) || !mayBeNumber(text, start, end, reader))
    return null
  const number = readNumber(text, start, end, settings.decimalSep, settings.thousandSep)
  if (!Number.isNaN(number)) return { number, format: null }
  const trimmed = end - start === text.length ? text : text.slice(start, end)
  for (const { read, format } of reader.attempts) {
    const found = read(trimmed)
    if (found !== null) return { number: found, format }
  }
  return null
}

/**
 * One cell of a text source as a value: blanks around it are dropped, the text is kept. A number without a text of its
 * own results where the default text of the number is the text of the cell.
 */
export function interpretCell(text: string, settings: FormatSettings): Value {
  const start = skipBlanks(text)
  const end = endWithoutBlanks(text, start)
  const trimmed = end - start === text.length ? text : text.slice(start, end)
  const plain = plainNumber(trimmed, settings.decimalSep)
  if (!Number.isNaN(plain)) return plain
  const found = interpretText(trimmed, settings)
  if (found === null) return trimmed
  return found.format === null && formatNumber(found.number, null, settings) === trimmed
    ? found.number
    : new Dual(trimmed, found.number)
}

/** The number a value has or can be read as, or NaN. Text is read by the default formats. */
export function readValue(value: Value, settings: FormatSettings): number {
  if (typeof value === 'number') return value
  if (value === null) return Number.NaN
  if (typeof value !== 'string') return value.number
  return interpretText(value, settings)?.number ?? Number.NaN
}

/**
 * Integers and decimals that are written exactly as the default format would write them; NaN for everything else, which says nothing yet.
 */
function plainNumber(text: string, decimalSep: string): number {
  const { length } = text
  if (length === 0 || length > 15) return Number.NaN
  const first = text.charCodeAt(0) === 45 ? 1 : 0
  if (first === length) return Number.NaN
  const dot = decimalSep === '.' ? text.indexOf('.', first) : -1
  const wholeEnd = dot === -1 ? length : dot
  if (wholeEnd - first > 14 || !allDigits(text, first, wholeEnd)) return Number.NaN
  const startsWithZero = text.charCodeAt(first) === 48
  if (dot === -1) return startsWithZero ? (length === 1 ? 0 : Number.NaN) : Number(text)
  const clean =
    text.charCodeAt(length - 1) !== 48 && allDigits(text, dot + 1, length) && length - first <= 14
  // Zero before the separator is left to the general way: small numbers show an exponent.
  return clean && !startsWithZero ? Number(text) : Number.NaN
}

function allDigits(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (!isDigitAt(text, at)) return false
  return end > start
}

function skipBlanks(text: string): number {
  let at = 0
  while (at < text.length && text.charCodeAt(at) === 32) at += 1
  return at
}

function endWithoutBlanks(text: string, start: number): number {
  let end = text.length
  while (end > start && text.charCodeAt(end - 1) === 32) end -= 1
  return end
}

/** At least one digit and nothing that no format uses. */
function mayBeNumber(text: string, start: number, end: number, reader: Reader): boolean {
  let digits = false
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at)
    if (code >= 48 && code <= 57) digits = true
    else if (!reader.used(code)) return false
  }
  return digits
}

/** What a byte of UTF-8 may be in a number or date as `interpretText` reads them; bits of `cellBytes`. */
export const cellByte = { digit: 1, used: 2, start: 4 } as const

/**
 * By byte: whether it is a digit, may stand in a number or date, may begin one. A text whose first byte lacks `start`, with a byte that
 * lacks `used`, or without a digit, is no number; so much is known without making a string of it.
 */
export function cellBytes(settings: FormatSettings): Uint8Array {
  return readerOf(settings).bytes
}

interface Attempt {
  readonly format: NumberFormat | null
  read(text: string): number | null
}

interface Reader {
  /** Whether any number or date can begin with this UTF-16 unit. */
  mayStart(code: number): boolean
  /** Whether any format uses this UTF-16 unit, digits apart. */
  used(code: number): boolean
  readonly attempts: readonly Attempt[]
  readonly bytes: Uint8Array
}

const readers = new WeakMap<FormatSettings, Reader>()

function readerOf(settings: FormatSettings): Reader {
  const known = readers.get(settings)
  if (known !== undefined) return known
  const reader = compileReader(settings)
  readers.set(settings, reader)
  return reader
}

function compileReader(settings: FormatSettings): Reader {
  const dates = [
    dateAttempt('date', settings.dateFormat, settings),
    dateAttempt('timestamp', settings.timestampFormat, settings),
    dateAttempt('time', settings.timeFormat, settings),
    dateAttempt('date', 'YYYY-MM-DD', settings),
    dateAttempt('timestamp', 'YYYY-MM-DD hh:mm', settings),
    dateAttempt('timestamp', 'YYYY-MM-DD hh:mm:ss[.fff]', settings),
    dateAttempt('timestamp', 'YYYY-MM-DDThh:mm:ss[.fff]', settings),
    dateAttempt('timestamp', 'YYYY-MM-DDThh:mm:ss[.fff]Z', settings),
    dateAttempt('timestamp', 'YYYY-MM-DDThh:mm', settings),
    dateAttempt('time', 'hh:mm', settings),
    dateAttempt('time', 'hh:mm:ss[.fff]', settings),
  ]
  const attempts = [
    ...dates.filter(({ format }) => format.pattern !== ''),
    moneyAttempt(settings),
    ...separatorAttempts(settings),
  ]
  const starts = startCodes(settings)
  const used = codesOf(usedTexts(settings))
  return {
    attempts,
    bytes: byteKinds(starts, used),
    mayStart: (code) => (code >= 48 && code <= 57) || starts.has(code),
    used: (code) => used.has(code),
  }
}

/** All bytes of characters beyond ASCII are alike: none is used, or each may be. */
function byteKinds(starts: ReadonlySet<number>, used: ReadonlySet<number>): Uint8Array {
  const kinds = new Uint8Array(256)
  const note = (codes: ReadonlySet<number>, kind: number): void => {
    for (const code of codes)
      if (code < 0x80) kinds[code]! |= kind
      else for (let byte = 0x80; byte < 256; byte++) kinds[byte]! |= kind
  }
  note(starts, cellByte.start)
  note(used, cellByte.used)
  for (let digit = 48; digit <= 57; digit++)
    kinds[digit] = cellByte.digit | cellByte.used | cellByte.start
  return kinds
}

function dateAttempt(
  kind: 'date' | 'time' | 'timestamp',
  pattern: string,
  settings: FormatSettings,
): { format: NumberFormat; read(text: string): number | null } {
  return { format: { kind, pattern }, read: compileDateReader(pattern, settings) }
}

function moneyAttempt(settings: FormatSettings): Attempt {
  const { moneyFormat, moneyDecimalSep, moneyThousandSep } = settings
  return {
    format: { kind: 'money', pattern: moneyFormat },
    read: compileNumberReader(moneyFormat, moneyDecimalSep, moneyThousandSep),
  }
}

function separatorAttempts(settings: FormatSettings): readonly Attempt[] {
  const used = [settings.decimalSep, settings.thousandSep]
  const attempt = (decimalSep: string, thousandSep: string): Attempt => ({
    format: null,
    read: (text) => {
      const number = readNumber(text, 0, text.length, decimalSep, thousandSep)
      return Number.isNaN(number) ? null : number
    },
  })
  return [
    ...(used.includes(',') ? [] : [attempt('.', ',')]),
    ...(used.includes('.') ? [] : [attempt(',', '.')]),
  ]
}

function startCodes(settings: FormatSettings): ReadonlySet<number> {
  const codes = new Set<number>()
  const add = (text: string) => {
    const first = text.trimStart()
    if (first === '') return
    for (const form of [first, first.toLowerCase(), first.toUpperCase()])
      codes.add(form.charCodeAt(0))
  }
  for (const text of ['-', '+', '.', ',', settings.decimalSep]) add(text)
  for (const section of settings.moneyFormat.split(';')) add(section)
  for (const pattern of [settings.dateFormat, settings.timestampFormat, settings.timeFormat])
    for (const text of startTexts(datePatternOf(pattern).tokens, settings)) add(text)
  return codes
}

/** Everything the formats may write besides digits. */
function usedTexts(settings: FormatSettings): readonly string[] {
  const { thousandSep, decimalSep, moneyThousandSep, moneyDecimalSep, moneyFormat } = settings
  const names = [
    settings.monthNames,
    settings.longMonthNames,
    settings.dayNames,
    settings.longDayNames,
  ]
  const patterns = [settings.dateFormat, settings.timestampFormat, settings.timeFormat]
  const usesNames = patterns.some((pattern) => /M{3}|W{3}/i.test(pattern))
  return [
    'eE+-.,: TZ',
    thousandSep,
    decimalSep,
    moneyThousandSep,
    moneyDecimalSep,
    moneyFormat,
    ...patterns,
    ...(patterns.some((pattern) => /tt/i.test(pattern)) ? ['amp'] : []),
    ...(usesNames ? names.flat() : []),
  ]
}

function codesOf(texts: readonly string[]): ReadonlySet<number> {
  const codes = new Set<number>()
  for (const text of texts)
    for (const form of [text, text.toLowerCase(), text.toUpperCase()])
      for (let at = 0; at < form.length; at += 1) codes.add(form.charCodeAt(at))
  return codes
}

function startTexts(tokens: readonly PatternToken[], settings: FormatSettings): readonly string[] {
  const [first] = tokens
  if (first === undefined) return []
  if (first.type === 'literal') return [first.text]
  if (first.type === 'optional')
    return [...startTexts(first.tokens, settings), ...startTexts(tokens.slice(1), settings)]
  if (first.unit === 'halfDay') return ['am', 'pm']
  if (first.count < 3) return []
  if (first.unit === 'month') return [...settings.monthNames, ...settings.longMonthNames]
  if (first.unit === 'weekday') return [...settings.dayNames, ...settings.longDayNames]
  return []
}
