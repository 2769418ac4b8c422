import { dayOfSerial, weekdayOfSerial } from '../value/date-serial.ts'
import type { Value } from '../value/dual.ts'
import { isDate } from './date-periods.ts'
import {
  anyNumber,
  category,
  type FunctionContext,
  numberArg,
  type ScalarFunction,
  shown,
} from './function.ts'

const friday = 4

/** Most working days that are stepped over; more gives NULL. */
const maxWorkDays = 1_000_000

function isWorkDay(day: number, holidays: ReadonlySet<number>): boolean {
  return weekdayOfSerial(day) <= friday && !holidays.has(day)
}

function holidaysOf(
  args: readonly Value[],
  from: number,
  context: FunctionContext,
): ReadonlySet<number> {
  const days = new Set<number>()
  for (let index = from; index < args.length; index += 1) {
    const serial = numberArg(args, index, context)
    if (isDate(serial)) days.add(dayOfSerial(serial))
  }
  return days
}

/** Monday to Friday from `start` to `end`, both included. */
function weekdaysBetween(start: number, end: number): number {
  const weeks = Math.floor((end - start + 1) / 7)
  let count = weeks * 5
  for (let day = start + weeks * 7; day <= end; day += 1)
    if (weekdayOfSerial(day) <= friday) count += 1
  return count
}

function netWorkDays(args: readonly Value[], context: FunctionContext): Value {
  const first = numberArg(args, 0, context)
  const last = numberArg(args, 1, context)
  if (!isDate(first) || !isDate(last)) return null
  const start = dayOfSerial(first)
  const end = dayOfSerial(last)
  if (end < start) return 0
  let days = weekdaysBetween(start, end)
  for (const holiday of holidaysOf(args, 2, context))
    if (holiday >= start && holiday <= end && weekdayOfSerial(holiday) <= friday) days -= 1
  return days
}

/** The day on which the n-th working day falls, counted from `day` itself in steps of `direction`. */
function nthWorkDay(args: readonly Value[], context: FunctionContext, direction: 1 | -1): Value {
  const from = numberArg(args, 0, context)
  const wanted = Math.trunc(numberArg(args, 1, context))
  if (!isDate(from) || !(wanted >= 1 && wanted <= maxWorkDays)) return null
  const holidays = holidaysOf(args, 2, context)
  let day = dayOfSerial(from)
  for (let left = wanted; ; day += direction) {
    if (isWorkDay(day, holidays)) left -= 1
    if (left === 0) return shown(day, 'date', context)
  }
}

export const workDayFunctions: readonly ScalarFunction[] = category(
  'date&time',
  'DateAndTimeFunctions/date-time-functions.htm',
  [
    {
      signature: 'NetWorkDays(start, end {,holiday})',
      meaning: 'Mon-Fri days inclusive minus holidays',
      min: 2,
      max: anyNumber,
      evaluate: netWorkDays,
    },
    {
      signature: 'LastWorkDate(start, n {,holiday})',
      meaning: 'earliest end for n working days',
      min: 2,
      max: anyNumber,
      resultFormat: 'date',
      evaluate: (args, context) => nthWorkDay(args, context, 1),
    },
    {
      signature: 'FirstWorkDate(end, n {,holiday})',
      meaning: 'latest start for n working days',
      min: 2,
      max: anyNumber,
      resultFormat: 'date',
      evaluate: (args, context) => nthWorkDay(args, context, -1),
    },
  ],
)
