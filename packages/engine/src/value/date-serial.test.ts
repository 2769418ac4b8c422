import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  civilOfSerial,
  daysInMonth,
  partsOfSerial,
  serialFromParts,
  serialOfCivil,
  weekdayOfSerial,
  weekOfSerial,
} from './date-serial.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 1000)
const iso = { firstWeekDay: 0, brokenWeeks: false, referenceDay: 4 }

describe('serial days', () => {
  // https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/LoadData/date-time-interpretation.htm
  it('counts from 1899-12-30', () => {
    expect(serialOfCivil(1899, 12, 30)).toBe(0)
    expect(serialOfCivil(1997, 8, 6)).toBe(35648)
    expect(serialOfCivil(1900, 3, 1)).toBe(61)
    expect(serialOfCivil(2013, 14, 1)).toBe(serialOfCivil(2014, 2, 1))
    expect(partsOfSerial(0.9999999999)).toMatchObject({ day: 31, hour: 0, millisecond: 0 })
  })

  it('agrees with the calendar of the language and comes back', () => {
    fc.assert(
      fc.property(fc.integer({ min: -800_000, max: 3_000_000 }), (serial) => {
        const { year, month, day } = civilOfSerial(serial)
        const date = new Date((serial - 25569) * 86_400_000)
        expect([year, month, day]).toEqual([
          date.getUTCFullYear(),
          date.getUTCMonth() + 1,
          date.getUTCDate(),
        ])
        expect(weekdayOfSerial(serial)).toBe((date.getUTCDay() + 6) % 7)
        expect(serialFromParts(year, month, day)).toBe(serial)
        expect(day).toBeLessThanOrEqual(daysInMonth(year, month))
      }),
      { seed, numRuns },
    )
  })

  it.each([
    ['1997-01-02', iso, 1997, 1],
    ['1999-01-02', iso, 1998, 53],
    ['2012-10-12', { ...iso, brokenWeeks: true }, 2012, 42],
    ['2012-01-01', { ...iso, brokenWeeks: true }, 2012, 1],
    ['2018-12-31', iso, 2019, 1],
    ['2016-01-02', { ...iso, firstWeekDay: 6, referenceDay: 1 }, 2016, 1],
  ])('numbers the week of %s', (text, rules, year, week) => {
    const [y = 0, m = 0, d = 0] = text.split('-').map(Number)
    expect(weekOfSerial(serialOfCivil(y, m, d), rules)).toEqual({ year, week })
  })
})
