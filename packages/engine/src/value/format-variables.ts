import { defaultFormatSettings, type FormatSettings } from './format-settings.ts'

/**
 * The format settings that script variables describe. Unknown or malformed variables keep the default.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/NumberInterpretationVariables/number-interpretation-variables.htm
 */
export function settingsFromVariables(get: (name: string) => string | undefined): FormatSettings {
  const base = defaultFormatSettings
  const text = (name: string, initial: string) => get(name) ?? initial
  const nonEmpty = (name: string, initial: string) => get(name) || initial
  const whole = (name: string, initial: number, least: number, most: number) => {
    const read = get(name)?.trim()
    const number = read === undefined || read === '' ? Number.NaN : Number(read)
    return Number.isInteger(number) && number >= least && number <= most ? number : initial
  }
  const names = (name: string, initial: readonly string[]) => {
    const list = get(name)?.split(';')
    return list?.length === initial.length ? list : initial
  }
  return {
    thousandSep: text('ThousandSep', base.thousandSep),
    decimalSep: nonEmpty('DecimalSep', base.decimalSep),
    moneyThousandSep: text('MoneyThousandSep', base.moneyThousandSep),
    moneyDecimalSep: nonEmpty('MoneyDecimalSep', base.moneyDecimalSep),
    moneyFormat: nonEmpty('MoneyFormat', base.moneyFormat),
    timeFormat: nonEmpty('TimeFormat', base.timeFormat),
    dateFormat: nonEmpty('DateFormat', base.dateFormat),
    timestampFormat: nonEmpty('TimestampFormat', base.timestampFormat),
    monthNames: names('MonthNames', base.monthNames),
    longMonthNames: names('LongMonthNames', base.longMonthNames),
    dayNames: names('DayNames', base.dayNames),
    longDayNames: names('LongDayNames', base.longDayNames),
    firstWeekDay: whole('FirstWeekDay', base.firstWeekDay, 0, 6),
    brokenWeeks: whole('BrokenWeeks', base.brokenWeeks ? 1 : 0, 0, 1) === 1,
    referenceDay: whole('ReferenceDay', base.referenceDay, 1, 7),
    firstMonthOfYear: whole('FirstMonthOfYear', base.firstMonthOfYear, 1, 12),
    collationLocale: text('CollationLocale', base.collationLocale),
    numericalAbbreviation: nonEmpty('NumericalAbbreviation', base.numericalAbbreviation),
  }
}
