import { daysInMonth, millisecondsPerDay, serialOfCivil } from './date-serial.ts'
import { datePatternOf, type PatternToken, type PatternUnit } from './format-pattern.ts'
import type { FormatSettings } from './format-settings.ts'
import { isDigitAt, maxReadLength } from './read-number.ts'

/** Two-digit years below this are 20xx, the others 19xx. */
const centuryPivot = 50

interface Reading {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
  millisecond: number
  afternoon: boolean | undefined
}

interface Cursor {
  readonly text: string
  at: number
}

type Step = (cursor: Cursor, reading: Reading) => boolean

/**
 * A reader for a date, time, timestamp or interval pattern; null when the text does not fit it from end to end.
 * Numbers may be shorter than the pattern unless another number follows directly. `[…]` parts may be absent. An interval
 * reader accepts a sign and any size of number.
 */
export function compileDateReader(
  pattern: string,
  settings: FormatSettings,
  kind: 'date' | 'interval' = 'date',
): (text: string) => number | null {
  const { tokens, units } = datePatternOf(pattern)
  if (kind === 'interval') return intervalReader(tokens)
  const steps = compileSteps(tokens, settings)
  const hasDate = units.has('year') || units.has('month') || units.has('day')
  return (text) => {
    if (text.length > maxReadLength) return null
    const reading = emptyReading()
    const cursor = { text, at: 0 }
    for (const step of steps) if (!step(cursor, reading)) return null
    return cursor.at === text.length ? serialOfReading(reading, hasDate) : null
  }
}

function emptyReading(): Reading {
  return {
    year: Number.NaN,
    month: 1,
    day: 1,
    hour: 0,
    minute: 0,
    second: 0,
    millisecond: 0,
    afternoon: undefined,
  }
}

function serialOfReading(reading: Reading, hasDate: boolean): number | null {
  const { month, day, minute, second } = reading
  const hour = hourOf(reading)
  if (hour > 23 || minute > 59 || second > 59) return null
  const fraction =
    ((hour * 60 + minute) * 60_000 + second * 1000 + reading.millisecond) / millisecondsPerDay
  if (!hasDate) return fraction
  // A pattern without a year reads the day in the first year of the calendar of Excel-like serials.
  const year = Number.isNaN(reading.year) ? 1900 : reading.year
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null
  return serialOfCivil(year, month, day) + fraction
}

function hourOf(reading: Reading): number {
  if (reading.afternoon === undefined) return reading.hour
  if (reading.hour < 1 || reading.hour > 12) return reading.hour
  return (reading.hour % 12) + (reading.afternoon ? 12 : 0)
}

function compileSteps(tokens: readonly PatternToken[], settings: FormatSettings): readonly Step[] {
  return tokens.map((token, index) => {
    if (token.type === 'literal') return literalStep(token.text)
    if (token.type === 'optional') return optionalStep(compileSteps(token.tokens, settings))
    const next = tokens[index + 1]
    return unitStep(token, isNumeric(next), settings)
  })
}

function isNumeric(token: PatternToken | undefined): boolean {
  if (token?.type !== 'unit') return false
  if (token.unit === 'month' || token.unit === 'weekday') return token.count < 3
  return token.unit !== 'halfDay'
}

function literalStep(text: string): Step {
  return (cursor) => {
    if (!cursor.text.startsWith(text, cursor.at)) return false
    cursor.at += text.length
    return true
  }
}

function optionalStep(steps: readonly Step[]): Step {
  return (cursor, reading) => {
    const start = cursor.at
    const before = { ...reading }
    for (const step of steps) {
      if (step(cursor, reading)) continue
      cursor.at = start
      Object.assign(reading, before)
      break
    }
    return true
  }
}

type UnitToken = Extract<PatternToken, { type: 'unit' }>

function unitStep(token: UnitToken, fixedWidth: boolean, settings: FormatSettings): Step {
  const { unit, count } = token
  if (unit === 'halfDay') return halfDayStep
  if (unit === 'year') return yearStep(count, fixedWidth)
  if (unit === 'fraction') return fractionStep(fixedWidth ? count : 9)
  if (count >= 3 && unit === 'month')
    return nameStep([settings.longMonthNames, settings.monthNames], (reading, index) => {
      reading.month = index + 1
    })
  if (unit === 'weekday')
    return count >= 3
      ? nameStep([settings.longDayNames, settings.dayNames], () => {})
      : (cursor) => readDigits(cursor, 1, count) >= 0
  return (cursor, reading) => {
    const number = readDigits(cursor, fixedWidth ? count : 1, Math.max(count, 2))
    if (number < 0) return false
    reading[unit] = number
    return true
  }
}

function yearStep(count: number, fixedWidth: boolean): Step {
  const long = count > 2
  return (cursor, reading) => {
    const start = cursor.at
    const negative = long && cursor.text.charAt(start) === '-'
    if (negative) cursor.at += 1
    const year = readDigits(cursor, long && fixedWidth ? 4 : 2, long ? (fixedWidth ? 4 : 6) : 2)
    if (year < 0) return false
    const twoDigits = cursor.at - start === 2
    if (twoDigits) reading.year = year + (year < centuryPivot ? 2000 : 1900)
    else reading.year = negative ? -year : year
    return true
  }
}

function fractionStep(most: number): Step {
  return (cursor, reading) => {
    const start = cursor.at
    if (readDigits(cursor, 1, most) < 0) return false
    reading.millisecond = Number(`0.${cursor.text.slice(start, cursor.at)}`) * 1000
    return true
  }
}

const halfDayStep: Step = (cursor, reading) => {
  const text = cursor.text.slice(cursor.at, cursor.at + 2).toLowerCase()
  if (text !== 'am' && text !== 'pm') return false
  reading.afternoon = text === 'pm'
  cursor.at += 2
  return true
}

function nameStep(
  lists: readonly (readonly string[])[],
  keep: (reading: Reading, index: number) => void,
): Step {
  const names = lists.map((list) => list.map((name) => name.toLowerCase()))
  return (cursor, reading) => {
    for (const list of names) {
      for (const [index, name] of list.entries()) {
        const end = cursor.at + name.length
        if (name === '' || cursor.text.slice(cursor.at, end).toLowerCase() !== name) continue
        cursor.at = end
        keep(reading, index)
        return true
      }
    }
    return false
  }
}

/** Between `least` and `most` digits, else -1. */
function readDigits(cursor: Cursor, least: number, most: number): number {
  let number = 0
  let at = cursor.at
  while (at - cursor.at < most && isDigitAt(cursor.text, at)) {
    number = number * 10 + (cursor.text.charCodeAt(at) - 48)
    at += 1
  }
  if (at - cursor.at < least) return -1
  cursor.at = at
  return number
}

const unitSize: Partial<Record<PatternUnit, number>> = {
  day: 1,
  hour: 1 / 24,
  minute: 1 / 1440,
  second: 1 / 86_400,
}

function intervalReader(tokens: readonly PatternToken[]): (text: string) => number | null {
  return (text) => {
    if (text.length > maxReadLength) return null
    const negative = text.startsWith('-')
    const cursor = { text, at: negative ? 1 : 0 }
    const total = readInterval(tokens, cursor)
    if (total === undefined || cursor.at !== text.length) return null
    return negative && total !== 0 ? -total : total
  }
}

function readInterval(tokens: readonly PatternToken[], cursor: Cursor): number | undefined {
  let total = 0
  for (const [index, token] of tokens.entries()) {
    if (token.type === 'literal') {
      if (!cursor.text.startsWith(token.text, cursor.at)) return undefined
      cursor.at += token.text.length
    } else if (token.type === 'optional') {
      const start = cursor.at
      const part = readInterval(token.tokens, cursor)
      if (part === undefined) cursor.at = start
      else total += part
    } else {
      const size = unitSize[token.unit]
      const start = cursor.at
      const fixed = isNumeric(tokens[index + 1])
      const number = readDigits(cursor, 1, fixed ? token.count : 15)
      if (number < 0) return undefined
      if (token.unit === 'fraction')
        total += Number(`0.${cursor.text.slice(start, cursor.at)}`) / 86_400
      else if (size === undefined) return undefined
      else total += number * size
    }
  }
  return total
}
