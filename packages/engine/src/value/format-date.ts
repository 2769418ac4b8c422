import {
  type DateParts,
  millisecondsPerDay,
  partsOfSerial,
  serialOfCivil,
  weekdayOfSerial,
} from './date-serial.ts'
import { datePatternOf, type PatternToken, type PatternUnit } from './format-pattern.ts'
import type { FormatSettings } from './format-settings.ts'

/** A serial by a date, time or timestamp pattern. Units smaller than the pattern shows are cut, not rounded. */
export function formatDate(serial: number, pattern: string, settings: FormatSettings): string {
  const { tokens, units } = datePatternOf(pattern)
  return printDate(tokens, partsOfSerial(serial), units.has('halfDay'), settings)
}

type UnitToken = Extract<PatternToken, { type: 'unit' }>

function printDate(
  tokens: readonly PatternToken[],
  parts: DateParts,
  twelveHours: boolean,
  settings: FormatSettings,
): string {
  let text = ''
  for (const token of tokens) {
    if (token.type === 'literal') text += token.text
    else if (token.type === 'unit') text += printUnit(token, parts, twelveHours, settings)
    else if (token.tokens.some((inner) => inner.type === 'unit' && !isZero(inner.unit, parts)))
      text += printDate(token.tokens, parts, twelveHours, settings)
  }
  return text
}

function printUnit(
  token: UnitToken,
  parts: DateParts,
  twelveHours: boolean,
  settings: FormatSettings,
): string {
  const { count } = token
  switch (token.unit) {
    case 'year':
      return count <= 2 ? pad(((parts.year % 100) + 100) % 100, 2) : pad(parts.year, 4)
    case 'month':
      return named(
        parts.month - 1,
        count,
        parts.month,
        settings.monthNames,
        settings.longMonthNames,
      )
    case 'day':
      return pad(parts.day, count)
    case 'weekday': {
      const weekday = weekdayOfSerial(serialOfCivil(parts.year, parts.month, parts.day))
      return named(weekday, count, weekday, settings.dayNames, settings.longDayNames)
    }
    case 'hour':
      return pad(twelveHours ? ((parts.hour + 11) % 12) + 1 : parts.hour, count)
    case 'minute':
      return pad(parts.minute, count)
    case 'second':
      return pad(parts.second, count)
    case 'fraction':
      return fractionDigits(parts.millisecond, count)
    case 'halfDay':
      return halfDay(parts.hour, token.upper)
  }
}

function isZero(unit: PatternUnit, parts: DateParts): boolean {
  switch (unit) {
    case 'hour':
      return parts.hour === 0
    case 'minute':
      return parts.minute === 0
    case 'second':
      return parts.second === 0 && parts.millisecond === 0
    case 'fraction':
      return parts.millisecond === 0
    default:
      return false
  }
}

function named(
  index: number,
  count: number,
  number: number,
  short: readonly string[],
  long: readonly string[],
): string {
  if (count < 3) return pad(number, count)
  return (count === 3 ? short : long)[index] ?? pad(number, 1)
}

function halfDay(hour: number, upper: boolean): string {
  const text = hour < 12 ? 'am' : 'pm'
  return upper ? text.toUpperCase() : text
}

function fractionDigits(millisecond: number, count: number): string {
  return pad(millisecond, 3).padEnd(count, '0').slice(0, count)
}

function pad(number: number, width: number): string {
  if (number >= 10 && width <= 2) return String(number)
  if (number >= 0 && number < 10 && width === 2) return `0${number}`
  const digits = String(Math.abs(number)).padStart(width, '0')
  return number < 0 ? `-${digits}` : digits
}

const unitMilliseconds: readonly (readonly [PatternUnit, number])[] = [
  ['day', millisecondsPerDay],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
]

/**
 * A duration in days by an interval pattern: the largest unit of the pattern is not wrapped, the others are.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/FormattingFunctions/interval.htm
 */
export function formatInterval(days: number, pattern: string): string {
  const { tokens, units } = datePatternOf(pattern)
  const total = Math.round(Math.abs(days) * millisecondsPerDay)
  const amounts = new Map<PatternUnit, number>()
  let rest = total
  for (const [unit, size] of unitMilliseconds) {
    if (!units.has(unit)) continue
    amounts.set(unit, Math.floor(rest / size))
    rest %= size
  }
  amounts.set('fraction', rest)
  const text = printInterval(tokens, amounts)
  const body = units.has('halfDay') ? text.trimEnd() : text
  return days < 0 && total > 0 ? `-${body}` : body
}

function printInterval(
  tokens: readonly PatternToken[],
  amounts: ReadonlyMap<PatternUnit, number>,
): string {
  const isZeroAmount = (token: PatternToken) =>
    token.type !== 'unit' || (amounts.get(token.unit) ?? 0) === 0
  let text = ''
  for (const token of tokens) {
    if (token.type === 'literal') text += token.text
    else if (token.type === 'optional')
      text += token.tokens.every(isZeroAmount) ? '' : printInterval(token.tokens, amounts)
    else if (token.unit !== 'halfDay') text += intervalUnit(token, amounts)
  }
  return text
}

function intervalUnit(token: UnitToken, amounts: ReadonlyMap<PatternUnit, number>): string {
  const amount = amounts.get(token.unit) ?? 0
  return token.unit === 'fraction'
    ? fractionDigits(amount % 1000, token.count)
    : pad(amount, token.count)
}
