/**
 * Dates as serial days: day 0 is 1899-12-30, the fraction is the time of day. Proleptic Gregorian calendar without time zones.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/LoadData/date-time-interpretation.htm
 */

/** Serial of 1970-01-01. */
export const unixEpochSerial = 25569
export const millisecondsPerDay = 86_400_000

export interface CivilDate {
  readonly year: number
  /** 1 … 12 */
  readonly month: number
  /** 1 … 31 */
  readonly day: number
}

export interface DateParts extends CivilDate {
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly millisecond: number
}

export interface WeekRules {
  /** 0 = Monday … 6 = Sunday. */
  readonly firstWeekDay: number
  /** Week 1 always starts on 1 January. */
  readonly brokenWeeks: boolean
  /** The day of January that is always in week 1 of unbroken weeks. */
  readonly referenceDay: number
}

/** Whole serial day of a civil date. Months beyond 1 … 12 and days beyond the month carry over. */
export function serialOfCivil(year: number, month: number, day: number): number {
  const monthIndex = month - 1
  const carried = Math.floor(monthIndex / 12)
  return monthStartSerial(year + carried, monthIndex - carried * 12) + day - 1
}

// Eras of 400 years, years starting in March, so that the leap day is the last of its year.
// Source of the method: https://howardhinnant.github.io/date_algorithms.html
const daysPerEra = 146_097
const serialOfEraZero = unixEpochSerial - 719_468

function monthStartSerial(year: number, monthIndex: number): number {
  const marchYear = monthIndex < 2 ? year - 1 : year
  const era = Math.floor(marchYear / 400)
  const yearOfEra = marchYear - era * 400
  const marchMonth = (monthIndex + 10) % 12
  const dayOfYear = Math.floor((153 * marchMonth + 2) / 5)
  const leapDays = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100)
  return era * daysPerEra + yearOfEra * 365 + leapDays + dayOfYear + serialOfEraZero
}

/** The civil date of a whole serial day. */
export function civilOfSerial(serialDay: number): CivilDate {
  const shifted = Math.floor(serialDay) - serialOfEraZero
  const era = Math.floor(shifted / daysPerEra)
  const dayOfEra = shifted - era * daysPerEra
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  )
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
  }
}

export function serialFromParts(
  year: number,
  month: number,
  day: number,
  hour = 0,
  minute = 0,
  second = 0,
  millisecond = 0,
): number {
  return serialOfCivil(year, month, day) + timeFraction(hour, minute, second, millisecond)
}

/** A time of day as a fraction of a day. */
export function timeFraction(
  hour: number,
  minute: number,
  second: number,
  millisecond = 0,
): number {
  return ((hour * 60 + minute) * 60_000 + second * 1000 + millisecond) / millisecondsPerDay
}

/** The parts of a serial, rounded to whole milliseconds so that binary fractions show the time they stand for. */
export function partsOfSerial(serial: number): DateParts {
  let day = Math.floor(serial)
  let rest = Math.round((serial - day) * millisecondsPerDay)
  if (rest >= millisecondsPerDay) {
    day += 1
    rest = 0
  }
  const { year, month, day: dayOfMonth } = civilOfSerial(day)
  return {
    year,
    month,
    day: dayOfMonth,
    hour: Math.floor(rest / 3_600_000),
    minute: Math.floor(rest / 60_000) % 60,
    second: Math.floor(rest / 1000) % 60,
    millisecond: rest % 1000,
  }
}

/** The whole day of a serial, after rounding to milliseconds. */
export function dayOfSerial(serial: number): number {
  return Math.floor(Math.round(serial * millisecondsPerDay) / millisecondsPerDay)
}

export function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
}

const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const

/** `month` is 1 … 12. */
export function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : (monthLengths[month - 1] ?? 0)
}

/** 0 = Monday … 6 = Sunday, of a whole serial day. */
export function weekdayOfSerial(serialDay: number): number {
  return modulo(Math.floor(serialDay) + 5, 7)
}

/** First day of the week that holds `serialDay`. */
export function weekStartOf(serialDay: number, firstWeekDay: number): number {
  const day = Math.floor(serialDay)
  return day - modulo(weekdayOfSerial(day) - firstWeekDay, 7)
}

/**
 * Week number and the year it belongs to. With brokenWeeks false, firstWeekDay 0 and referenceDay 4 this is ISO 8601.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/DateAndTimeFunctions/week.htm
 */
export function weekOfSerial(serialDay: number, rules: WeekRules): { year: number; week: number } {
  const day = Math.floor(serialDay)
  const { year } = civilOfSerial(day)
  if (rules.brokenWeeks) {
    const first = weekStartOf(serialOfCivil(year, 1, 1), rules.firstWeekDay)
    return { year, week: Math.floor((day - first) / 7) + 1 }
  }
  for (const candidate of [year + 1, year]) {
    const first = firstWeekStart(candidate, rules)
    if (day >= first) return { year: candidate, week: Math.floor((day - first) / 7) + 1 }
  }
  return { year: year - 1, week: Math.floor((day - firstWeekStart(year - 1, rules)) / 7) + 1 }
}

function firstWeekStart(year: number, rules: WeekRules): number {
  return weekStartOf(serialOfCivil(year, 1, rules.referenceDay), rules.firstWeekDay)
}

function modulo(dividend: number, divisor: number): number {
  return ((dividend % divisor) + divisor) % divisor
}
