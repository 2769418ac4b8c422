import { describe, expect, it } from 'vitest'
import { Dual } from '../value/dual.ts'
import { call } from './call-for-tests.ts'

// https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/FormattingFunctions/formatting-functions.htm
describe('formatting functions', () => {
  it.each([
    ["Date(35648, 'D/M/YY')", '6/8/97', 35648],
    ['Date(35648)', '1997-08-06', 35648],
    ["Date(35648.375, 'DD.MM.YYYY')", '06.08.1997', 35648.375],
    ["Date('1997-08-06', 'MM/DD/YYYY')", '08/06/1997', 35648],
    ["Time(0.99999, 'hh-mm')", '23-59', 0.99999],
    ["Timestamp(35648.375, 'YYYY-MM-DD hh.mm')", '1997-08-06 09.00', 35648.375],
    ['Interval(1.375)', '33:00:00', 1.375],
    ["Num(1234567.891, '#,##0.00')", '1,234,567.89', 1234567.891],
    ["Num(1234567.891, '#.##0,00', ',', '.')", '1.234.567,89', 1234567.891],
    ["Num(0.5, '0%')", '50%', 0.5],
    ["Num(199, '(hex)')", 'c7', 199],
    ['Money(35648)', '$35,648.00', 35648],
    ["Dual('Q1', 1)", 'Q1', 1],
  ])('%s', (text, shown, number) => {
    expect(call(text)).toEqual(new Dual(shown, number))
  })

  it.each([
    ['Num(Date(35648))', 35648],
    ["Num('abc')", null],
    ["Dual('Q1', 'x')", 'Q1'],
    ['Date(Null())', null],
  ])('%s', (text, expected) => {
    expect(call(text)).toBe(expected)
  })
})

// https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/InterpretationFunctions/interpretation-functions.htm
describe('interpretation functions', () => {
  it.each([
    ["Num#('35,648.375', '#.#', '.', ',')", '35,648.375', 35648.375],
    ["Num#('12%', '0%')", '12%', 0.12],
    ["Num#('FF', '(hex)')", 'FF', 255],
    ["Money#('$1,500.00')", '$1,500.00', 1500],
    ["Date#('20130125', 'YYYYMMDD')", '20130125', 41299],
    ["Date#(20130125, 'YYYYMMDD')", '20130125', 41299],
    ["Date#('2013-01-25')", '2013-01-25', 41299],
    ["Timestamp#('1997-08-06 09:00', 'YYYY-MM-DD hh:mm')", '1997-08-06 09:00', 35648.375],
    ["Timestamp#('1997-08-06T09:00:00Z')", '1997-08-06T09:00:00Z', 35648.375],
    ["Timestamp#('1997-08-06T09:00:00+0200')", '1997-08-06T09:00:00+0200', 35648 + 7 / 24],
    ["Timestamp#('1997-08-06T09:00:00+02:00')", '1997-08-06T09:00:00+02:00', 35648 + 7 / 24],
    ["Timestamp#('1997-08-06T09:00-09')", '1997-08-06T09:00-09', 35648.75],
    ["Timestamp#('1997-08-06T23:30:00-01:30')", '1997-08-06T23:30:00-01:30', 35649 + 1 / 24],
    ["Timestamp#('1997-08-06T09:00:00+00')", '1997-08-06T09:00:00+00', 35648.375],
    ["Timestamp#('1997-08-06 09:00')", '1997-08-06 09:00', 35648.375],
    ["Timestamp#('1997-08-06')", '1997-08-06', 35648],
    ["Time#('09:00:00')", '09:00:00', 0.375],
    ["Interval#('33:00:00')", '33:00:00', 1.375],
    ["Interval#('1 09:00', 'D hh:mm')", '1 09:00', 1.375],
  ])('%s', (text, shown, number) => {
    expect(call(text)).toEqual(new Dual(shown, number))
  })

  it.each([
    ["Date#('abc', 'YYYYMMDD')", 'abc'],
    ["Date#('2013-01-25', 'DD/MM/YYYY')", '2013-01-25'],
    ["Timestamp#('1997-08-06T09:00:00+0260')", '1997-08-06T09:00:00+0260'],
    ["Timestamp#('1997-08-06T09:00:00+2400')", '1997-08-06T09:00:00+2400'],
    ["Timestamp#('1997-08-06+0200')", '1997-08-06+0200'],
    ["Timestamp#('12-OCT-12')", '12-OCT-12'],
    ["Timestamp#('1997-08-06T09:00:00+0200', 'YYYY-MM-DDThh:mm:ss')", '1997-08-06T09:00:00+0200'],
    ["Date#('1997-08-06T09:00:00+0200')", '1997-08-06T09:00:00+0200'],
    ["Num#('abc')", 'abc'],
    ['Num#(Null())', null],
    ['Timestamp#(Null())', null],
    ['Text(Date(35648))', '1997-08-06'],
    ['Text(1.5)', '1.5'],
  ])('%s stays text', (text, expected) => {
    expect(call(text)).toBe(expected)
  })
})
