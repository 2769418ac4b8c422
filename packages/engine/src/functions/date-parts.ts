import {
  civilOfSerial,
  dayOfSerial,
  daysInMonth,
  partsOfSerial,
  serialOfCivil,
  timeFraction,
  type WeekRules,
  weekdayOfSerial,
  weekOfSerial,
  weekStartOf,
} from '../value/date-serial.ts'
import { Dual, type Value } from '../value/dual.ts'
import { addMonths, isDate, monthsPeriod } from './date-periods.ts'
import {
  category,
  type Definition,
  type FunctionContext,
  numberArg,
  optionalNumber,
  type ScalarFunction,
  shown,
} from './function.ts'
import { dateArg } from './readers.ts'

/** A function of one date; NULL for what is no date. */
function ofDate(
  signature: string,
  meaning: string,
  calculate: (serial: number, context: FunctionContext, args: readonly Value[]) => Value,
  max = 1,
): Definition {
  return {
    signature,
    meaning,
    max,
    evaluate: (args, context) => {
      const serial = dateArg(args, 0, context)
      return isDate(serial) ? calculate(serial, context, args) : null
    },
  }
}

/** Week rules from arguments 1 to 3, else from the settings. */
export function weekRulesOf(args: readonly Value[], context: FunctionContext, from = 1): WeekRules {
  const { settings } = context
  return {
    firstWeekDay: optionalNumber(args, from, context, settings.firstWeekDay),
    brokenWeeks: optionalNumber(args, from + 1, context, settings.brokenWeeks ? 1 : 0) !== 0,
    referenceDay: optionalNumber(args, from + 2, context, settings.referenceDay),
  }
}

function weekDay(serial: number, context: FunctionContext, args: readonly Value[]): Value {
  const weekday = weekdayOfSerial(dayOfSerial(serial))
  const first = Math.trunc(optionalNumber(args, 1, context, context.settings.firstWeekDay))
  if (Number.isNaN(first)) return null
  return new Dual(context.settings.dayNames[weekday] ?? '', (((weekday - first) % 7) + 7) % 7)
}

function month(serial: number, context: FunctionContext): Value {
  const number = partsOfSerial(serial).month
  return new Dual(context.settings.monthNames[number - 1] ?? '', number)
}

function makeDate(args: readonly Value[], context: FunctionContext): Value {
  const year = numberArg(args, 0, context)
  const monthOfYear = optionalNumber(args, 1, context, 1)
  const day = optionalNumber(args, 2, context, 1)
  if (![year, monthOfYear, day].every(Number.isInteger) || Math.abs(year) > 200_000) return null
  if (monthOfYear < 1 || monthOfYear > 12 || day < 1 || day > daysInMonth(year, monthOfYear))
    return null
  return shown(serialOfCivil(year, monthOfYear, day), 'date', context)
}

function makeTime(args: readonly Value[], context: FunctionContext): Value {
  const hour = numberArg(args, 0, context)
  const minute = optionalNumber(args, 1, context, 0)
  const second = optionalNumber(args, 2, context, 0)
  if (!(hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60))
    return null
  return shown(timeFraction(Math.floor(hour), Math.floor(minute), second), 'time', context)
}

function makeWeekDate(args: readonly Value[], context: FunctionContext): Value {
  const year = numberArg(args, 0, context)
  const week = optionalNumber(args, 1, context, 1)
  const day = optionalNumber(args, 2, context, 0)
  const rules = weekRulesOf(args, context, 3)
  if (![year, week, day].every(Number.isInteger) || Math.abs(year) > 200_000) return null
  const anchor = serialOfCivil(year, 1, rules.brokenWeeks ? 1 : rules.referenceDay)
  return shown(weekStartOf(anchor, rules.firstWeekDay) + 7 * (week - 1) + day, 'date', context)
}

/** Day of a year of 366 days, so that a date has the same number every year. */
function dayNumberOfYear(serial: number, startMonth: number): number {
  const { month: monthOfYear, day } = civilOfSerial(dayOfSerial(serial))
  let days = day
  const distance = (monthOfYear - startMonth + 12) % 12
  for (let step = 0; step < distance; step += 1)
    days += daysInMonth(2000, ((startMonth - 1 + step) % 12) + 1)
  return days
}

function dayNumberOfQuarter(serial: number, startMonth: number): number {
  const { start } = monthsPeriod(serial, 3, 0, startMonth)
  return dayNumberOfYear(serial, civilOfSerial(start).month)
}

function withStartMonth(
  signature: string,
  meaning: string,
  calculate: (serial: number, startMonth: number) => number,
): Definition {
  return ofDate(
    signature,
    meaning,
    (serial, context, args) => {
      const start = optionalNumber(args, 1, context, context.settings.firstMonthOfYear)
      return Number.isInteger(start) && start >= 1 && start <= 12 ? calculate(serial, start) : null
    },
    2,
  )
}

function age(args: readonly Value[], context: FunctionContext): Value {
  const serial = dateArg(args, 0, context)
  const birth = dateArg(args, 1, context)
  if (!isDate(serial) || !isDate(birth)) return null
  const years = civilOfSerial(dayOfSerial(serial)).year - civilOfSerial(dayOfSerial(birth)).year
  return addMonths(birth, years * 12) <= serial ? years : years - 1
}

function setDate(
  serial: number,
  year: number,
  monthOfYear: number | undefined,
  context: FunctionContext,
): Value {
  const whole = Math.floor(serial)
  const civil = civilOfSerial(whole)
  const target = monthOfYear ?? civil.month
  if (!Number.isInteger(year) || Math.abs(year) > 200_000) return null
  if (!Number.isInteger(target) || target < 1 || target > 12) return null
  const day = Math.min(civil.day, daysInMonth(year, target))
  return shown(serialOfCivil(year, target, day) + (serial - whole), 'date', context)
}

function shifted(
  signature: string,
  meaning: string,
  max: number,
  monthsPerStep: number,
): Definition {
  return {
    signature,
    meaning,
    min: 2,
    max,
    resultFormat: 'date',
    evaluate: (args, context) => {
      const serial = dateArg(args, 0, context)
      const steps = numberArg(args, 1, context)
      if (!isDate(serial) || !isDate(steps)) return null
      const fromEnd = optionalNumber(args, 2, context, 0) === 1
      return shown(addMonths(serial, Math.trunc(steps) * monthsPerStep, fromEnd), 'date', context)
    },
  }
}

export const datePartFunctions: readonly ScalarFunction[] = category(
  'date&time',
  'DateAndTimeFunctions/date-time-functions.htm',
  [
    ofDate('Year(date)', 'year', (serial) => partsOfSerial(serial).year),
    ofDate('Month(date)', 'dual month name 1-12', month),
    ofDate('Day(date)', 'day of month', (serial) => partsOfSerial(serial).day),
    ofDate('Hour(ts)', 'hour', (serial) => partsOfSerial(serial).hour),
    ofDate('Minute(ts)', 'minute', (serial) => partsOfSerial(serial).minute),
    ofDate('Second(ts)', 'second', (serial) => partsOfSerial(serial).second),
    ofDate(
      'Week(date [,first_week_day [,broken_weeks [,reference_day]]])',
      'week number',
      (serial, context, args) => weekOfSerial(dayOfSerial(serial), weekRulesOf(args, context)).week,
      4,
    ),
    ofDate(
      'WeekYear(date [,first_week_day [,broken_weeks [,reference_day]]])',
      'year the week belongs to',
      (serial, context, args) => weekOfSerial(dayOfSerial(serial), weekRulesOf(args, context)).year,
      4,
    ),
    ofDate(
      'WeekDay(date [,first_week_day])',
      'dual day name, 0 = first day of the week',
      weekDay,
      2,
    ),
    withStartMonth(
      'DayNumberOfYear(date [,start_month])',
      'day in a 366-day year',
      dayNumberOfYear,
    ),
    withStartMonth(
      'DayNumberOfQuarter(date [,start_month])',
      'day in the quarter of a 366-day year',
      dayNumberOfQuarter,
    ),
    {
      signature: 'MakeDate(YYYY [,MM [,DD]])',
      meaning: 'date from parts',
      max: 3,
      resultFormat: 'date',
      evaluate: makeDate,
    },
    {
      signature: 'MakeTime(hh [,mm [,ss]])',
      meaning: 'time from parts',
      max: 3,
      resultFormat: 'time',
      evaluate: makeTime,
    },
    {
      signature: 'MakeWeekDate(YYYY [,WW [,D [,first_week_day [,broken_weeks [,reference_day]]]]])',
      meaning: 'date from year, week and weekday',
      max: 6,
      resultFormat: 'date',
      evaluate: makeWeekDate,
    },
    shifted(
      'AddMonths(date, n [,mode])',
      'shift by months, clipped to month end; mode 1 keeps distance to the end',
      3,
      1,
    ),
    shifted('AddYears(date, n)', 'shift by years', 2, 12),
    { signature: 'Age(ts, birth)', meaning: 'completed years', min: 2, evaluate: age },
    {
      signature: 'SetDateYear(ts, year)',
      meaning: 'the same day and time in another year',
      min: 2,
      resultFormat: 'date',
      evaluate: (args, context) => {
        const serial = dateArg(args, 0, context)
        return isDate(serial)
          ? setDate(serial, numberArg(args, 1, context), undefined, context)
          : null
      },
    },
    {
      signature: 'SetDateYearMonth(ts, year, month)',
      meaning: 'the same day and time in another month',
      min: 3,
      resultFormat: 'date',
      evaluate: (args, context) => {
        const serial = dateArg(args, 0, context)
        if (!isDate(serial)) return null
        return setDate(serial, numberArg(args, 1, context), numberArg(args, 2, context), context)
      },
    },
  ],
)
