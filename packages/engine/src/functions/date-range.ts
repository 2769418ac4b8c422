import { civilOfSerial, dayOfSerial, weekOfSerial } from '../value/date-serial.ts'
import { Dual, type Value } from '../value/dual.ts'
import { weekRulesOf } from './date-parts.ts'
import {
  addMonths,
  dayPeriod,
  isDate,
  lunarWeekPeriod,
  millisecond,
  monthsPeriod,
  type Period,
  weekPeriod,
  yearPeriod,
} from './date-periods.ts'
import {
  category,
  type Definition,
  type FunctionContext,
  numberArg,
  optionalNumber,
  type ScalarFunction,
  shown,
  truth,
} from './function.ts'
import { dateArg } from './readers.ts'

/**
 * One kind of calendar period: from it come the Start, End, Name, In… and In…ToDate functions. Arguments of those that take a
 * number of months first are shifted by one.
 */
interface PeriodKind {
  readonly name: string
  /** Start of the argument list, e.g. `n, ` for MonthsStart. */
  readonly lead: string
  /** Last optional argument of all five functions, empty when there is none. */
  readonly option: string
  readonly noun: string
  readonly shows: 'date' | 'timestamp'
  optionDefault(context: FunctionContext): number
  /** The period that holds `serial`; undefined for arguments out of range. */
  period(serial: number, shift: number, option: number, lead: number): Period | undefined
  /** The base date of In…ToDate moved with its period. */
  moveBase(base: number, shift: number, lead: number): number
  title?(
    period: Period,
    serial: number,
    context: FunctionContext,
    args: readonly Value[],
    shift: number,
  ): Value
}

function monthsOf(lead: number): boolean {
  return Number.isInteger(lead) && [1, 2, 3, 4, 6].includes(lead)
}

function validMonth(month: number): boolean {
  return Number.isInteger(month) && month >= 1 && month <= 12
}

function monthName(serial: number, context: FunctionContext): string {
  return context.settings.monthNames[civilOfSerial(Math.floor(serial)).month - 1] ?? ''
}

/** `Oct-Dec 2013`: the first and last month, with the year of the last. */
function monthSpan({ start, next }: Period, context: FunctionContext): Value {
  const { year } = civilOfSerial(next - 1)
  return new Dual(`${monthName(start, context)}-${monthName(next - 1, context)} ${year}`, start)
}

function pad2(number: number): string {
  return String(number).padStart(2, '0')
}

const kinds: readonly PeriodKind[] = [
  {
    name: 'Year',
    lead: '',
    option: 'first_month',
    noun: 'year',
    shows: 'date',
    optionDefault: ({ settings }) => settings.firstMonthOfYear,
    period: (serial, shift, first) =>
      validMonth(first) ? yearPeriod(serial, shift, first) : undefined,
    moveBase: (base, shift) => addMonths(base, 12 * Math.trunc(shift)),
    title: ({ start, next }) => {
      const first = civilOfSerial(start).year
      const last = civilOfSerial(next - 1).year
      return new Dual(first === last ? String(first) : `${first}-${last}`, start)
    },
  },
  {
    name: 'Quarter',
    lead: '',
    option: 'first_month',
    noun: 'quarter',
    shows: 'date',
    optionDefault: ({ settings }) => settings.firstMonthOfYear,
    period: (serial, shift, first) =>
      validMonth(first) ? monthsPeriod(serial, 3, shift, first) : undefined,
    moveBase: (base, shift) => addMonths(base, 3 * Math.trunc(shift)),
    title: (period, _serial, context) => monthSpan(period, context),
  },
  {
    name: 'Month',
    lead: '',
    option: '',
    noun: 'month',
    shows: 'date',
    optionDefault: () => 0,
    period: (serial, shift) => monthsPeriod(serial, 1, shift),
    moveBase: (base, shift) => addMonths(base, shift),
    title: ({ start }, _serial, context) =>
      new Dual(`${monthName(start, context)} ${civilOfSerial(start).year}`, start),
  },
  {
    name: 'Months',
    lead: 'n_months, ',
    option: 'first_month',
    noun: 'block of 1, 2, 3, 4 or 6 months',
    shows: 'date',
    optionDefault: ({ settings }) => settings.firstMonthOfYear,
    period: (serial, shift, first, months) =>
      validMonth(first) && monthsOf(months)
        ? monthsPeriod(serial, months, shift, first)
        : undefined,
    moveBase: (base, shift, months) => addMonths(base, months * Math.trunc(shift)),
    title: (period, _serial, context) => monthSpan(period, context),
  },
  {
    name: 'Week',
    lead: '',
    option: 'first_week_day',
    noun: 'week',
    shows: 'date',
    optionDefault: ({ settings }) => settings.firstWeekDay,
    period: weekPeriod,
    moveBase: (base, shift) => base + 7 * Math.trunc(shift),
    title: ({ start }, serial, context, args, shift) => {
      const { year, week } = weekOfSerial(
        dayOfSerial(serial) + 7 * shift,
        weekRulesOf(args, context, 2),
      )
      return new Dual(`${year}/${pad2(week)}`, start)
    },
  },
  {
    name: 'LunarWeek',
    lead: '',
    option: 'first_week_day',
    noun: 'week counted from 1 January',
    shows: 'date',
    optionDefault: () => 0,
    period: lunarWeekPeriod,
    moveBase: (base, shift) => base + 7 * Math.trunc(shift),
    title: ({ start }, serial, context, args, shift) => {
      const { year, week } = lunarWeekPeriod(serial, shift, optionalNumber(args, 2, context, 0))
      return new Dual(`${year}/${pad2(week)}`, start)
    },
  },
  {
    name: 'Day',
    lead: '',
    option: 'day_start',
    noun: 'day',
    shows: 'timestamp',
    optionDefault: () => 0,
    period: dayPeriod,
    moveBase: (base, shift) => base + Math.trunc(shift),
    title: ({ start }, _serial, context) => shown(start, 'date', context),
  },
]

interface Located {
  readonly period: Period
  readonly serial: number
  readonly shift: number
}

/** The period of the date at argument `at`, moved by the argument after it. */
function locate(
  kind: PeriodKind,
  args: readonly Value[],
  context: FunctionContext,
  at: number,
): Located | undefined {
  const lead = kind.lead === '' ? 0 : numberArg(args, 0, context)
  const serial = dateArg(args, at, context)
  const shift = Math.trunc(optionalNumber(args, at + 1, context, 0))
  const option = optionalNumber(args, at + 2, context, kind.optionDefault(context))
  if (!isDate(serial) || !isDate(shift) || !isDate(option)) return undefined
  const period = kind.period(serial, shift, option, lead)
  return period === undefined ? undefined : { period, serial, shift }
}

function edge(kind: PeriodKind, suffix: 'Start' | 'End'): Definition {
  const at = kind.lead === '' ? 0 : 1
  return {
    signature: `${kind.name}${suffix}(${kind.lead}date [,period${option(kind)}])`,
    meaning: `${suffix === 'Start' ? 'first' : 'last'} instant of the ${kind.noun}`,
    min: at + 1,
    max: at + (kind.option === '' ? 2 : kind.name === 'Week' ? 5 : 3),
    resultFormat: kind.shows,
    evaluate: (args, context) => {
      const found = locate(kind, args, context, at)
      if (found === undefined) return null
      const { start, next } = found.period
      return shown(suffix === 'Start' ? start : next - millisecond, kind.shows, context)
    },
  }
}

function option(kind: PeriodKind): string {
  return kind.option === '' ? '' : ` [,${kind.option}]`
}

function title(kind: PeriodKind): readonly Definition[] {
  const at = kind.lead === '' ? 0 : 1
  const { title: write } = kind
  if (write === undefined) return []
  return [
    {
      signature: `${kind.name}Name(${kind.lead}date [,period${option(kind)}])`,
      meaning: `dual name of the ${kind.noun}, with its start as number`,
      min: at + 1,
      max: at + (kind.option === '' ? 2 : kind.name === 'Week' ? 5 : 3),
      evaluate: (args, context) => {
        const found = locate(kind, args, context, at)
        if (found === undefined) return null
        return write(found.period, found.serial, context, args, found.shift)
      },
    },
  ]
}

function within(kind: PeriodKind, toDate: boolean): Definition {
  const at = kind.lead === '' ? 0 : 1
  const suffix = toDate ? (kind.name === 'Day' ? 'ToTime' : 'ToDate') : ''
  return {
    signature: `In${kind.name}${suffix}(${kind.lead}ts, base, period${option(kind)})`,
    meaning: `-1 when in the ${kind.noun} of base${toDate ? ' up to base' : ''}`,
    min: at + 2,
    max: at + (kind.option === '' ? 3 : 4),
    evaluate: (args, context) => {
      const serial = dateArg(args, at, context)
      const found = locate(kind, args, context, at + 1)
      if (!isDate(serial) || found === undefined) return null
      const { start, next } = found.period
      if (!toDate) return truth(serial >= start && serial < next)
      const lead = kind.lead === '' ? 0 : numberArg(args, 0, context)
      const base = kind.moveBase(found.serial, found.shift, lead)
      const end = kind.name === 'Day' ? base + millisecond / 2 : dayOfSerial(base) + 1
      return truth(serial >= start && serial < Math.min(end, next))
    },
  }
}

function yearToDate(args: readonly Value[], context: FunctionContext): Value {
  const serial = dateArg(args, 0, context)
  const offset = Math.trunc(optionalNumber(args, 1, context, 0))
  const first = optionalNumber(args, 2, context, 1)
  const today = optionalNumber(
    args,
    3,
    context,
    context.ports.reloadTime?.() ?? context.clock.now(),
  )
  if (!isDate(serial) || !isDate(today) || !isDate(offset) || !validMonth(first)) return null
  const { start } = yearPeriod(today, offset, first)
  return truth(serial >= start && serial < dayOfSerial(addMonths(today, 12 * offset)) + 1)
}

export const dateRangeFunctions: readonly ScalarFunction[] = category(
  'date&time',
  'DateAndTimeFunctions/date-time-functions.htm',
  [
    ...kinds.flatMap((kind) => [
      edge(kind, 'Start'),
      edge(kind, 'End'),
      ...title(kind),
      within(kind, false),
      within(kind, true),
    ]),
    {
      signature: 'YearToDate(ts [,yearoffset [,firstmonth [,today]]])',
      meaning: '-1 when in the year so far',
      max: 4,
      evaluate: yearToDate,
    },
    {
      signature: 'Year2Date(ts [,yearoffset [,firstmonth [,today]]])',
      meaning: 'older name of YearToDate',
      max: 4,
      evaluate: yearToDate,
    },
  ],
)
