import { expect, test } from 'vitest'
import { parseFragment } from './language.ts'
import { usesNumbersOnly } from './number-only.ts'

const numbersOnly = (text: string) =>
  usesNumbersOnly(parseFragment({ text, span: { start: 0, end: text.length } }))

test('texts of fields are not needed under arithmetic, rounding, parts of dates and comparison with a number', () => {
  for (const text of [
    'Date(Floor(d))',
    'Hour(d)',
    'd < MakeDate(2001, 7, 1)',
    'd - 1 >= 36000',
    "If(d < 0, 'a', Year(d))",
    'Year(d) * 100 + Month(d)',
    '-d',
    '1',
  ])
    expect([text, numbersOnly(text)]).toEqual([text, true])
})

test('they are needed wherever they may be seen', () => {
  for (const text of [
    'd',
    "d & ''",
    'Text(d)',
    'Len(d)',
    "d = '2001-01-01'",
    'd < e',
    'If(d > 1, d)',
    "Date#(d, 'YYYY')",
    'Date(1, d)',
    'd like 1',
    'not d',
  ])
    expect([text, numbersOnly(text)]).toEqual([text, false])
})
