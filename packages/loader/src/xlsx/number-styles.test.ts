import { defaultFormatSettings } from '@lichen/engine'
import { describe, expect, test } from 'vitest'
import { readNumber } from './cell-number.ts'
import { columnLetters, columnOf, parseRange } from './cell-reference.ts'
import { readIsoDate } from './iso-date.ts'
import { builtInMeaning, formatOf, meaningOf } from './number-styles.ts'

describe('number formats', () => {
  test.each([
    ['General', 'number'],
    ['0.00', 'number'],
    ['#,##0', 'number'],
    ['0%', 'number'],
    ['0.00E+00', 'number'],
    ['# ?/?', 'number'],
    ['@', 'number'],
    ['', 'number'],
    ['0 "days"', 'number'],
    ['0\\d', 'number'],
    ['[Red]0', 'number'],
    ['#,##0_);[Red](#,##0)', 'number'],
    ['[>100]0;0', 'number'],
    ['"yyyy"0', 'number'],
    ['yyyy-mm-dd', 'date'],
    ['d/m/yy', 'date'],
    ['mmm', 'date'],
    ['mmm-yy', 'date'],
    ['dddd', 'date'],
    ['[$-407]d. mmmm yyyy;@', 'date'],
    ['d"th of" mmm', 'date'],
    ['yyyy\\-mm', 'date'],
    ['ge.m.d', 'date'],
    ['h:mm', 'time'],
    ['mm:ss', 'time'],
    ['mm:ss.0', 'time'],
    ['h:mm AM/PM', 'time'],
    ['hh:mm:ss.000', 'time'],
    ['[$-F400]h:mm:ss', 'time'],
    ['yyyy-mm-dd hh:mm', 'timestamp'],
    ['m/d/yy h:mm;@', 'timestamp'],
    ['dd.mm.yyyy\\ hh:mm:ss.000', 'timestamp'],
    ['[h]:mm:ss', 'interval'],
    ['[mm]:ss', 'interval'],
    ['[ss]', 'interval'],
    ['[HH]:MM', 'interval'],
    ['$#,##0.00', 'money'],
    ['#,##0.00\\ "€"', 'money'],
    ['[$€-407]\\ #,##0', 'money'],
    ['#,##0.00 [$EUR]', 'money'],
    ['_-* #,##0.00\\ [$€-1]_-', 'money'],
    ['"£"#,##0;[Red]\\-"£"#,##0', 'money'],
  ] as const)('%s is %s', (code, meaning) => expect(meaningOf(code)).toBe(meaning))

  test('known by number', () => {
    const meanings = [0, 2, 5, 9, 14, 17, 18, 21, 22, 30, 33, 37, 44, 45, 46, 47, 49, 57, 163].map(
      builtInMeaning,
    )
    expect(meanings).toEqual([
      'number',
      'number',
      'money',
      'number',
      'date',
      'date',
      'time',
      'time',
      'timestamp',
      'date',
      'time',
      'number',
      'money',
      'time',
      'interval',
      'time',
      'number',
      'date',
      'number',
    ])
  })
  test('money keeps its currency, its side and its decimals', () => {
    const pattern = (code: string | undefined) =>
      formatOf('money', code, defaultFormatSettings)?.pattern
    expect(pattern('$#,##0.00')).toBe('$#,##0.00')
    expect(pattern('#,##0.00\\ "€"')).toBe('#,##0.00 €')
    expect(pattern('[$CHF-807]\\ #,##0')).toBe('CHF#,##0')
    expect(pattern('_-* #,##0.000\\ [$€-1]_-;x')).toBe('#,##0.000 €')
    expect(pattern(undefined)).toBe(defaultFormatSettings.moneyFormat)
  })
})

test('numbers of cells are the nearest doubles, or none', () => {
  const read = (text: string): number => {
    const bytes = new TextEncoder().encode(`x${text}x`)
    return readNumber(bytes, 1, bytes.length - 1)
  }
  for (const text of [
    '0',
    '-0.5',
    '1',
    '44927.25',
    '9007199254740991',
    '9007199254740993',
    '0.10000000000000001',
    '1E-7',
    '-1.5e+300',
    '.5',
    '5.',
    '00012',
    '123456789.123456789',
    '0.0000000000000000000000012345',
    '99999999999999999999',
    ' 7 ',
  ])
    expect(read(text), text).toBe(Number(text))
  for (const text of [
    '',
    '-',
    '.',
    '1e',
    '1.2.3',
    'x',
    '0x1',
    '1 2',
    '1e999',
    'NaN',
    'Infinity',
    '--1',
    '1'.repeat(500),
  ])
    expect(read(text), text).toBeNaN()
})

test('references', () => {
  const column = (text: string): number => columnOf(new TextEncoder().encode(text), 0, text.length)
  expect(
    ['A1', 'z9', 'AA10', 'XFD1048576', 'XFE1', 'AAAA1', 'A', '1', '', 'A1B', '$A$1'].map(column),
  ).toEqual([0, 25, 26, 16383, -1, -1, -1, -1, -1, -1, -1])
  for (const index of [0, 25, 26, 701, 702, 16383])
    expect(column(`${columnLetters(index)}1`)).toBe(index)
  expect(parseRange('$B$2:AA10')).toEqual({
    firstRow: 1,
    lastRow: 9,
    firstColumn: 1,
    lastColumn: 26,
  })
  expect(parseRange('C3')).toEqual({ firstRow: 2, lastRow: 2, firstColumn: 2, lastColumn: 2 })
  expect(parseRange('$A:C')).toEqual({
    firstRow: 0,
    lastRow: 1048575,
    firstColumn: 0,
    lastColumn: 2,
  })
  expect(parseRange('$2:$3')).toEqual({
    firstRow: 1,
    lastRow: 2,
    firstColumn: 0,
    lastColumn: 16383,
  })
  for (const text of [
    '',
    'A',
    '1',
    'A1:B',
    'A:1',
    'B1:A1',
    'A2:A1',
    'A1:B2:C3',
    'A0',
    'XFE1',
    'A1048577',
    '#REF!',
    'A1,B2',
    'Sheet1',
  ])
    expect(parseRange(text), text).toBeUndefined()
})

test('ISO dates', () => {
  expect(readIsoDate('2023-01-01')).toEqual({ number: 44927, kind: 'date' })
  expect(readIsoDate('2023-01-01T12:00:00Z')).toEqual({ number: 44927.5, kind: 'timestamp' })
  expect(readIsoDate('2023-01-01T06:00')).toEqual({ number: 44927.25, kind: 'timestamp' })
  expect(readIsoDate('18:00:00.000')).toEqual({ number: 0.75, kind: 'time' })
  for (const text of [
    '',
    'T',
    '2023',
    '2023-02-30',
    '2023-13-01',
    '2023-01-01T',
    '2023-01-0112:00',
    '24:00:00',
    '12:60',
    'x',
  ])
    expect(readIsoDate(text), text).toBeUndefined()
})
