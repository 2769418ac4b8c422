import { describe, expect, it } from 'vitest'
import { formatNumber } from './format-number.ts'
import { defaultFormatSettings as settings } from './format-settings.ts'
import type { NumberFormat } from './number-format.ts'

// Expected texts follow the format codes page:
// https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/FormattingFunctions/format-codes-for-interpretation-and-formatting-functions.htm
const table: readonly [NumberFormat['kind'], string, number, string][] = [
  ['number', '#,##0.00', 1234567.891, '1,234,567.89'],
  ['number', '#,##0.00', -1234.5, '-1,234.50'],
  ['number', '#,##0', 999.5, '1,000'],
  ['number', '0.##', 5, '5'],
  ['number', '0.0#', 5.126, '5.13'],
  ['number', '#.00', 0.5, '.50'],
  ['number', '000', 7, '007'],
  ['number', '0%', 0.123, '12%'],
  ['number', '0.0%', -0.1234, '-12.3%'],
  ['number', '0.00', -0.001, '0.00'],
  ['number', '#,##0;(#,##0);nil', -1500, '(1,500)'],
  ['number', '#,##0;(#,##0);nil', 0, 'nil'],
  ['number', '0 pcs', 12, '12 pcs'],
  ['number', '(hex)', 199, 'c7'],
  ['number', '(HEX)', 199, 'C7'],
  ['number', '(oct)', 199, '307'],
  ['number', '(bin)', 9, '1001'],
  ['number', '(r36)', 35, 'z'],
  ['number', '(rom)', 1989, 'mcmlxxxix'],
  ['number', '(ROM)', 1989, 'MCMLXXXIX'],
  ['number', '0.0A', 1500, '1.5k'],
  ['number', '0.0A', 2_500_000, '2.5M'],
  ['number', '0A', 12, '12'],
  ['number', '0A', 0.005, '5m'],
  ['money', '', -1234.5, '-$1,234.50'],
  ['date', 'D/M/YY', 35648, '6/8/97'],
  ['date', 'DD.MM.YYYY', 35648.375, '06.08.1997'],
  ['date', 'WWWW D MMMM YYYY', 35648, 'Wednesday 6 August 1997'],
  ['date', 'WWW W WW', 35648, 'Wed 2 02'],
  ['date', '', 35648, '1997-08-06'],
  ['time', 'hh-mm', 0.99999, '23-59'],
  ['time', 'h:mm:ss TT', 0.5, '12:00:00 PM'],
  ['time', 'h:mm:ss tt', 0.0, '12:00:00 am'],
  ['timestamp', '', 41299.5, '2013-01-25 12:00:00'],
  ['timestamp', '', 41299.5 + 5 / 86_400_000, '2013-01-25 12:00:00.005'],
  ['timestamp', 'YYYY-MM-DD hh:mm:ss', 41299.999999988424, '2013-01-25 23:59:59'],
  ['timestamp', 'MMMM D, YYYY hh:mm', 2.5, 'January 1, 1900 12:00'],
  ['timestamp', 'YYYY-MM-DDThh:mm', 41299.5, '2013-01-25T12:00'],
  ['interval', 'hh:mm:ss', 1.375, '33:00:00'],
  ['interval', 'D hh:mm', 1.375, '1 09:00'],
  ['interval', 'mm:ss', 1 / 24, '60:00'],
  ['interval', '', -0.375, '-09:00:00'],
]

describe('formatNumber', () => {
  it.each(table)('%s %s of %d', (kind, pattern, number, text) => {
    expect(formatNumber(number, { kind, pattern }, settings)).toBe(text)
  })

  it.each([
    [2236040.965000001, '2236040.965'],
    [0.1 + 0.2, '0.3'],
    [-0, '0'],
    [1e14, '1e+14'],
    [99_999_999_999_999, '99999999999999'],
    [1.5e-7, '1.5e-07'],
    [0.0001, '0.0001'],
  ])('without a format %d is %s', (number, text) => {
    expect(formatNumber(number, null, settings)).toBe(text)
  })

  it('groups money by a blank that the pattern names before its digits', () => {
    const swedish = {
      ...settings,
      moneyFormat: 'kr ##0,00',
      moneyDecimalSep: ',',
      moneyThousandSep: ' ',
    }
    expect(formatNumber(35648, { kind: 'money', pattern: '' }, swedish)).toBe('kr 35 648,00')
  })

  it('shows the decimal separator of the settings', () => {
    expect(formatNumber(1.5, null, { ...settings, decimalSep: ',' })).toBe('1,5')
  })
})
