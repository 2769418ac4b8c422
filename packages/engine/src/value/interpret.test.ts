import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Dual } from './dual.ts'
import { formatNumber } from './format-number.ts'
import { defaultFormatSettings, type FormatSettings } from './format-settings.ts'
import {
  compileDateReader,
  compileNumberReader,
  interpretCell,
  interpretText,
} from './interpret.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 300)
const settings = defaultFormatSettings
const american: FormatSettings = {
  ...settings,
  timeFormat: 'h:mm:ss TT',
  dateFormat: 'M/D/YYYY',
  timestampFormat: 'M/D/YYYY h:mm:ss[.fff] TT',
}
const swedish: FormatSettings = {
  ...settings,
  decimalSep: ',',
  thousandSep: ' ',
  moneyDecimalSep: ',',
  moneyThousandSep: ' ',
}

// Order and rules: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/LoadData/number-interpretation.htm
const table: readonly [FormatSettings, string, number | null, string | null][] = [
  [settings, '12', 12, null],
  [settings, ' 12 ', 12, null],
  [settings, '-1.5', -1.5, null],
  [settings, '1,234.5', 1234.5, null],
  [settings, '1,23', null, null],
  [settings, '1e3', 1000, null],
  [settings, '007', 7, null],
  [settings, '', null, null],
  [settings, '-', null, null],
  [settings, '.', null, null],
  [settings, '33Red', null, null],
  [settings, 'Infinity', null, null],
  [settings, '2014-03-01', 41699, 'date'],
  [settings, '2014-02-30', null, null],
  [settings, '2014-03-01 12:00', 41699.5, 'timestamp'],
  [settings, '2014-03-01T12:00:00Z', 41699.5, 'timestamp'],
  [settings, '12:00:00', 0.5, 'time'],
  [settings, '06:00', 0.25, 'time'],
  [settings, '24:00', null, null],
  [settings, '$1,234.50', 1234.5, 'money'],
  [settings, '-$5.00', -5, 'money'],
  [american, '8/7/97', 35649, 'date'],
  [american, '8/6/1997', 35648, 'date'],
  [american, '8/6/1997 9:00:00 PM', 35648.875, 'timestamp'],
  [american, '2014-03-01', 41699, 'date'],
  [american, '12:00:00', 0.5, 'time'],
  [swedish, '1,5', 1.5, null],
  [swedish, '1 234,5', 1234.5, null],
  [swedish, '1.5', null, null],
]

describe('interpretText', () => {
  it.each(table.map((row, index) => [index, row] as const))(
    'reads case %i',
    (_, [context, text, number, kind]) => {
      const found = interpretText(text, context)
      expect(found?.number ?? null).toBe(number)
      expect(found?.format?.kind ?? null).toBe(kind)
    },
  )

  it('reads what formatting writes', () => {
    const kinds = ['date', 'time', 'timestamp'] as const
    const second = fc.integer({ min: -60_000 * 86_400, max: 100_000 * 86_400 })
    fc.assert(
      fc.property(
        second,
        fc.constantFrom(...kinds),
        fc.constantFrom(settings, american),
        (seconds, kind, context) => {
          const whole = kind === 'date' ? Math.floor(seconds / 86_400) * 86_400 : seconds
          const inDay = ((whole % 86_400) + 86_400) % 86_400
          const serial = (kind === 'time' ? inDay : whole) / 86_400
          const text = formatNumber(serial, { kind, pattern: '' }, context)
          expect(interpretText(text, context)?.number).toBeCloseTo(serial, 8)
        },
      ),
      { seed, numRuns },
    )
  })

  it('reads the default text of any number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        const text = formatNumber(number, null, settings)
        const read = interpretText(text, settings)?.number ?? Number.NaN
        expect(Math.abs(read - number)).toBeLessThanOrEqual(Math.abs(number) * 1e-13)
      }),
      { seed, numRuns },
    )
  })

  it('answers for any text at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const cell = interpretCell(text, settings)
        expect(cell).not.toBeNull()
      }),
      { seed, numRuns },
    )
  })
})

describe('interpretCell', () => {
  it.each([
    ['12', 12],
    ['-3', -3],
    ['0', 0],
    ['1.5', 1.5],
    ['abc', 'abc'],
    [' abc ', 'abc'],
    ['', ''],
  ])('%o is %o', (text, value) => {
    expect(interpretCell(text, settings)).toBe(value)
  })

  it.each([
    ['1.50', 1.5],
    ['007', 7],
    ['-0', 0],
    ['2014-03-01', 41699],
    ['123456789012345678', 123456789012345680],
  ])('%o keeps its text', (text, number) => {
    expect(interpretCell(text, settings)).toEqual(new Dual(text, number))
  })
})

describe('compileDateReader', () => {
  it.each([
    ['YYYYMMDD', '20130125', 41299],
    ['YYYYMMDDhhmmss', '20130125120000', 41299.5],
    ['DD MMM YYYY', '25 jan 2013', 41299],
    ['MMMM D, YYYY', 'January 25, 2013', 41299],
    ['MM/DD/YY', '01/25/13', 41299],
    ['MM/DD/YY', '01/25/2013', null],
    ['YYYY-MM-DD hh:mm[:ss]', '2013-01-25 12:00', 41299.5],
    ['YYYY-MM-DD hh:mm[:ss]', '2013-01-25 12:00:00', 41299.5],
    ['hh:mm:ss.fff', '12:00:00.5', 0.5 + 0.5 / 86_400],
    ['h:mm tt', '12:30 am', 30 / 1440],
    ['D/M/YYYY', '25/1/2013x', null],
  ])('%s reads %s', (pattern, text, serial) => {
    expect(compileDateReader(pattern, settings)(text)).toBe(serial)
  })

  it('reads intervals whose leading unit is not wrapped', () => {
    const read = compileDateReader('hh:mm:ss', settings, 'interval')
    expect(read('33:00:00')).toBe(1.375)
    expect(read('-12:00:00')).toBe(-0.5)
    expect(compileDateReader('D hh:mm', settings, 'interval')('1 09:00')).toBe(1.375)
  })
})

describe('compileNumberReader', () => {
  it.each([
    ['', '1,234.5', 1234.5],
    ['#.#', '35,648.375', 35648.375],
    ['0%', '12%', 0.12],
    ['kr #,##0', 'kr 1,200', 1200],
    ['#,##0;(#,##0)', '(1,500)', -1500],
    ['(hex)', 'ff', 255],
    ['(bin)', '1002', null],
    ['(rom)', 'mcmlxxxix', 1989],
    ['', 'abc', null],
  ])('%s reads %s', (pattern, text, number) => {
    expect(compileNumberReader(pattern, '.', ',')(text)).toBe(number)
  })
})
