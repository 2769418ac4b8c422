import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { numberOf } from '../value/dual.ts'
import { type CallOptions, call, textOfCall } from './call-for-tests.ts'
import { addMonths } from './date-periods.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 200)
const british: CallOptions = {
  settings: { dateFormat: 'DD/MM/YYYY', timestampFormat: 'DD/MM/YYYY hh:mm:ss' },
  now: 41_299.75,
}

// https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/DateAndTimeFunctions/date-time-functions.htm
describe('date functions', () => {
  it.each([
    ["AddMonths('29/01/2003', 3)", '29/04/2003'],
    ["AddMonths('31/01/2003', 1)", '28/02/2003'],
    ["AddMonths('29/01/2003', 1, 1)", '26/02/2003'],
    ["AddMonths('28/02/2003', 1, 1)", '31/03/2003'],
    ["AddYears('29/02/2012', 1)", '28/02/2013'],
    ["Age('25/01/2014', '29/10/2012')", '1'],
    ["Age('29/10/2014', '29/10/2012')", '2'],
    ["DayEnd('25/01/2013 16:45:00')", '25/01/2013 23:59:59'],
    ["DayStart('25/01/2013 16:45:00', -1)", '24/01/2013 00:00:00'],
    ["DayStart('25/01/2013 16:45:00', 0, 0.5)", '25/01/2013 12:00:00'],
    ["DayName('25/01/2013 16:45:00')", '25/01/2013'],
    ["DayNumberOfQuarter('12/09/2014')", '74'],
    ["DayNumberOfYear('12/09/2014')", '256'],
    ["DayNumberOfYear('01/03/2013')", '61'],
    ["Month('12/10/2012')", 'Oct'],
    ["WeekDay('12/10/1971')", 'Tue'],
    ["Week('12/10/2012', 0, 1)", '42'],
    ["WeekYear('30/12/1996')", '1997'],
    ['MakeDate(2012)', '01/01/2012'],
    ['MakeDate(2012, 2, 30)', null],
    ['MakeTime(22, 17, 34)', '22:17:34'],
    ['MakeTime(24)', null],
    ['MakeWeekDate(2014, 6, 4)', '07/02/2014'],
    ["MonthStart('19/10/2001', -1)", '01/09/2001'],
    ["MonthEnd('19/02/2012')", '29/02/2012'],
    ["MonthName('19/10/2013', -1)", 'Sep 2013'],
    ["MonthsStart(4, '19/10/2013', -1)", '01/05/2013'],
    ["MonthsEnd(4, '19/07/2013')", '31/08/2013'],
    ["MonthsName(4, '19/10/2013', 0, 2)", 'Oct-Jan 2014'],
    ["MonthsName(5, '19/10/2013')", null],
    ["QuarterStart('29/10/2005', 0, 3)", '01/09/2005'],
    ["QuarterEnd('29/10/2005', -1)", '30/09/2005'],
    ["QuarterName('29/10/2013')", 'Oct-Dec 2013'],
    ["WeekStart('12/01/2013')", '07/01/2013'],
    ["WeekEnd('12/01/2013', -1)", '06/01/2013'],
    ["WeekStart('12/01/2013', 0, 1)", '08/01/2013'],
    ["WeekName('28/03/2012', 1)", '2012/14'],
    ["LunarWeekStart('12/01/2013', -1)", '01/01/2013'],
    ["LunarWeekEnd('31/12/2013')", '31/12/2013'],
    ["LunarWeekName('12/01/2013')", '2013/02'],
    ["YearStart('19/10/2001', 0, 4)", '01/04/2001'],
    ["YearEnd('19/10/2001', 0, 4)", '31/03/2002'],
    ["YearName('19/10/2001', 0, 4)", '2001-2002'],
    ["SetDateYear('29/02/2012', 2013)", '28/02/2013'],
    ["SetDateYearMonth('29/10/2005', 2013, 3)", '29/03/2013'],
    ["NetWorkDays('19/12/2013', '07/01/2014')", '14'],
    ["NetWorkDays('19/12/2013', '07/01/2014', '25/12/2013', '26/12/2013')", '12'],
    ["LastWorkDate('19/12/2014', 9)", '31/12/2014'],
    ["LastWorkDate('19/12/2014', 9, '25/12/2014', '26/12/2014')", '02/01/2015'],
    ["FirstWorkDate('29/12/2014', 9)", '17/12/2014'],
    ['Today()', '25/01/2013'],
    ['Now()', '25/01/2013 18:00:00'],
    ["Year('text')", null],
    ['Year(1e12)', null],
  ])('%s', (text, expected) => {
    expect(textOfCall(text, british)).toBe(expected)
  })

  it.each([
    ["InYear('25/01/2013', '01/01/2013', 0)", -1],
    ["InYear('25/01/2012', '01/01/2013', 0)", 0],
    ["InYear('25/01/2013', '25/01/2013', 0, 3)", -1],
    ["InYearToDate('25/01/2013', '24/01/2013', 0)", 0],
    ["InYearToDate('25/01/2012', '25/01/2013', -1)", -1],
    ["InQuarter('25/03/2013', '01/03/2013', 0, 3)", -1],
    ["InQuarterToDate('25/03/2013', '25/03/2013', 0)", -1],
    ["InMonth('25/01/2013', '23/02/2013', -1)", -1],
    ["InMonths(4, '25/11/2012', '01/02/2013', -1)", -1],
    ["InMonthsToDate(4, '25/01/2013', '25/04/2013', 0)", -1],
    ["InMonthToDate('19/05/2013', '31/01/2013', 4)", -1],
    ["InWeek('12/01/2006', '14/01/2006', 0)", -1],
    ["InWeekToDate('12/01/2006', '11/01/2006', 0)", 0],
    ["InLunarWeek('12/01/2013', '14/01/2013', 0)", -1],
    ["InDay('12/01/2006 11:23:00', '12/01/2006 00:00:00', 0, 0.5)", -1],
    ["InDayToTime('12/01/2006 12:23:00', '12/01/2006 11:59:00', 0)", 0],
    ["YearToDate('18/11/2011', 0, 1, '18/11/2011')", -1],
    ["YearToDate('18/11/2010', -1, 1, '18/11/2011')", -1],
    ["InYear('text', '01/01/2013', 0)", null],
  ])('%s', (text, expected) => {
    expect(call(text, british)).toBe(expected)
  })

  it.each([
    ['Year', 41_299.99, 2013],
    ['Hour', 0.5555, 13],
    ['Minute', 0.5555, 19],
    ['Second', 9.385138888, 36],
  ])('%s(%d)', (name, serial, expected) => {
    expect(call(`${name}(${serial})`)).toBe(expected)
  })

  it.each([
    ["InDay('12/01/2006 12:23:00', '12/01/2006 00:00', 0)", -1],
    ["InDay('12/01/2006 12:23', '13/01/2006 00:00', 0)", 0],
    ["InDay('12/01/2006 12:23', 'noon', 0)", null],
    ['InDay(Null(), 38729, 0)', null],
    ["InDayToTime('12/01/2006 12:22', '12/01/2006 12:23', 0)", -1],
    ["Hour('12/01/2006 12:23')", 12],
    ["Minute('12/01/2006 12:23:59')", 23],
    ["Day('12/01/2006')", 12],
    ["Hour('12/01/2006 25:00')", null],
    ["Hour('12.01.2006 12:23')", null],
    ["Age('25/01/2014 10:00', '25/01/2013 10:30')", 0],
  ])('%s reads timestamps with and without seconds', (text, expected) => {
    expect(call(text, british)).toBe(expected)
  })

  it.each([
    ['M/D/YYYY h:mm:ss[.fff] TT', '1/12/2006 3:04 PM', 15],
    ['YYYYMMDD hhmmss', '20060112 1504', 15],
    ['DD.MM.YYYY hh.mm.ss,fff', '12.01.2006 15.04', 15],
    ['DD/MM/YYYY hh:mm', '12/01/2006 15:04', 15],
  ])('without seconds %s reads %s', (timestampFormat, text, hour) => {
    expect(call(`Hour('${text}')`, { settings: { timestampFormat } })).toBe(hour)
  })

  it('keeps the number of a period at its first or last millisecond', () => {
    expect(numberOf(call("YearEnd('19/10/2001', 0, 4)", british))).toBeCloseTo(37346.99999998842, 9)
    expect(numberOf(call("DayName('25/01/2013 16:45:00')", british))).toBe(41299)
  })

  it('places every date in the period that Start and End describe', () => {
    const kinds = ['Year', 'Quarter', 'Month', 'Week', 'LunarWeek', 'Day']
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.integer({ min: -30_000, max: 80_000 }),
        fc.integer({ min: -40, max: 40 }),
        (kind, serial, shift) => {
          const start = numberOf(call(`${kind}Start(${serial}, ${shift})`))
          const end = numberOf(call(`${kind}End(${serial}, ${shift})`))
          const next = numberOf(call(`${kind}Start(${serial}, ${shift + 1})`))
          expect(start).toBeLessThan(end)
          expect(Math.round((next - end) * 86_400_000)).toBe(1)
          expect(call(`In${kind}(${start}, ${serial}, ${shift})`)).toBe(-1)
          expect(call(`In${kind}(${next}, ${serial}, ${shift})`)).toBe(0)
        },
      ),
      { seed, numRuns },
    )
  })

  it('adds months back and forth', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -30_000, max: 80_000 }),
        fc.integer({ min: -500, max: 500 }),
        (serial, months) => {
          const there = addMonths(serial, months)
          expect(Math.abs(addMonths(there, -months) - serial)).toBeLessThanOrEqual(3)
        },
      ),
      { seed, numRuns },
    )
  })
})
