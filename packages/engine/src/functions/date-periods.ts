import {
  civilOfSerial,
  dayOfSerial,
  daysInMonth,
  millisecondsPerDay,
  serialOfCivil,
  weekStartOf,
} from '../value/date-serial.ts'

/** A stretch of time: `start` ≤ t < `next`, in serial days. */
export interface Period {
  readonly start: number
  readonly next: number
}

export const millisecond: number = 1 / millisecondsPerDay

/** Days around zero that date arithmetic is exact for; beyond it the functions give NULL. */
const farthestDay = 100_000_000

export function isDate(serial: number): boolean {
  return Math.abs(serial) < farthestDay
}

/** Months since year 0, January = 0. */
export function monthIndexOf(serial: number): number {
  const { year, month } = civilOfSerial(dayOfSerial(serial))
  return year * 12 + month - 1
}

export function monthIndexStart(monthIndex: number): number {
  return serialOfCivil(0, monthIndex + 1, 1)
}

/** The block of `months` months that holds `serial`, blocks counted from `firstMonth`, moved by `shift` blocks. */
export function monthsPeriod(
  serial: number,
  months: number,
  shift: number,
  firstMonth = 1,
): Period {
  const origin = (((firstMonth - 1) % months) + months) % months
  const block = Math.floor((monthIndexOf(serial) - origin) / months) + Math.trunc(shift)
  const first = block * months + origin
  return { start: monthIndexStart(first), next: monthIndexStart(first + months) }
}

export function yearPeriod(serial: number, shift: number, firstMonth: number): Period {
  return monthsPeriod(serial, 12, shift, firstMonth)
}

/** `firstWeekDay` 0 = Monday; a fraction moves the start of the day. */
export function weekPeriod(serial: number, shift: number, firstWeekDay: number): Period {
  const weekday = Math.floor(firstWeekDay)
  const timeOfDay = firstWeekDay - weekday
  const start =
    weekStartOf(dayOfSerial(serial - timeOfDay), weekday) + 7 * Math.trunc(shift) + timeOfDay
  return { start, next: start + 7 }
}

/** `dayStart` is the fraction of a day after midnight at which a day begins. */
export function dayPeriod(serial: number, shift: number, dayStart: number): Period {
  const start = dayOfSerial(serial - dayStart) + Math.trunc(shift) + dayStart
  return { start, next: start + 1 }
}

const weeksPerLunarYear = 53

/** Weeks of seven days counted from 1 January plus `offset` days; the last of a year is what remains. */
export function lunarWeekPeriod(
  serial: number,
  shift: number,
  offset: number,
): Period & { readonly year: number; readonly week: number } {
  const yearStart = (of: number) => serialOfCivil(of, 1, 1) + offset
  let { year } = civilOfSerial(dayOfSerial(serial - offset))
  if (serial < yearStart(year)) year -= 1
  const index =
    year * weeksPerLunarYear + Math.floor((serial - yearStart(year)) / 7) + Math.trunc(shift)
  const movedYear = Math.floor(index / weeksPerLunarYear)
  const week = index - movedYear * weeksPerLunarYear
  const start = yearStart(movedYear) + week * 7
  return {
    start,
    next: Math.min(start + 7, yearStart(movedYear + 1)),
    year: movedYear,
    week: week + 1,
  }
}

/** Moves by months; a day that the month lacks becomes its last. With `fromEnd`, days from the 28th keep their distance to the end. */
export function addMonths(serial: number, months: number, fromEnd = false): number {
  const day = Math.floor(serial)
  const civil = civilOfSerial(day)
  const index = civil.year * 12 + civil.month - 1 + Math.trunc(months)
  const year = Math.floor(index / 12)
  const month = index - year * 12 + 1
  const length = daysInMonth(year, month)
  const wanted =
    fromEnd && civil.day >= 28
      ? length - (daysInMonth(civil.year, civil.month) - civil.day)
      : civil.day
  return serialOfCivil(year, month, Math.min(wanted, length)) + (serial - day)
}
