import { describe, expect, test } from 'vitest'
import { environmentOf, type TestStates } from '../../test/oracle/environment.ts'
import { loadView } from '../../test/oracle/load.ts'
import type { Value } from '../value/dual.ts'
import { evaluateExpression } from './evaluate.ts'

const sales = loadView([
  {
    name: 'Sales',
    fields: ['Region', 'Cust', 'Month', 'Amount'],
    rows: [
      ['N', 'a', 1, 10],
      ['N', 'b', 1, 20],
      ['S', 'c', 1, 5],
      ['N', 'a', 2, 40],
    ],
  },
  {
    name: 'Customers',
    fields: ['Cust', 'City', 'Credit'],
    rows: [
      ['a', 'Oslo', 100],
      ['b', 'Rome', 50],
      ['d', 'Rome', 7],
    ],
  },
  { name: 'Island', fields: ['Factor'], rows: [[2], [3]] },
])

const value = (text: string, states: TestStates = {}): Value =>
  evaluateExpression(text, environmentOf(sales, states))

describe('evaluateExpression', () => {
  test.each<[string, Value]>([
    ['Sum(Amount)', 75],
    ['Sum(Amount)/Count(DISTINCT Cust)', 18.75],
    ['Count(Cust)', 4],
    ['Count(DISTINCT City)', 2],
    ['Sum(Credit)', 157],
    ["Sum(If(Region='N', Amount))", 70],
    ['Sum(Amount*Month)', 115],
    ['Sum(Amount*Credit)', 6000],
    ['Sum(Amount*Factor)', 375],
    ['Factor', null],
    ['Only(Factor)', null],
    ['Max(Amount, 2)', 20],
    ["Concat(DISTINCT City, '|')", 'Oslo|Rome'],
    ['1+2&3', '33'],
    ['Sum(1)', 1],
    ['Count(Null())', 0],
    ['Min(Null())', null],
    ['Max(Aggr(Sum(Amount), Cust))', 50],
    ['Count(Aggr(Sum(Amount), Region, Month))', 3],
    ['Sum(Amount / Sum(TOTAL Amount))', 1],
    ['Sum({<Region={S}>} Amount)', 5],
    ['Sum({<Region={"n*"}>} Amount)', 70],
    ['Sum({<Cust=P({<Month={2}>} Cust)>} Amount)', 50],
    ['Sum({1-<Region={S}>} Amount)', 70],
    ['{<Region={N}>} Sum(Amount)-Sum({<Month={1}>} Amount)', 40],
    ['Sum({<Cust={"=Sum(Amount)>15"}>} Amount)', 70],
    ['Sum({<Month={$(=Max(Month))}>} Amount)', 40],
    ["Concat(Aggr(Cust&':'&Sum(Amount), Cust), '|')", 'a:50|b:20|c:5|d:0'],
  ])('%s', (text, expected) => {
    expect(value(text)).toEqual(expected)
  })

  test('follows selections through links', () => {
    expect(value('Sum(Amount)', { selections: { City: ['Rome'] } })).toBe(20)
    expect(value('Sum({1} Amount)', { selections: { City: ['Rome'] } })).toBe(75)
    expect(value('Count(DISTINCT Cust)', { selections: { Region: ['S'] } })).toBe(1)
  })

  test('states and bookmarks as sets, and operators between sets', () => {
    const states = {
      selections: { Region: ['N'] },
      states: { Other: { Month: [1] } },
      bookmarks: { Saved: { Cust: ['a'] } },
    } as const
    expect(value('Sum({Other} Amount)', states)).toBe(35)
    expect(value('Sum({Saved} Amount)', states)).toBe(50)
    expect(value('Sum({$*Saved} Amount)', states)).toBe(50)
    expect(value('Sum({1<Month=Other::Month>} Amount)', states)).toBe(35)
    expect(value('Sum({Other<Month=$::Month>} Amount)', states)).toBe(
      value('Sum({1<Month=$::Month>} Amount)', states),
    )
    expect(value('Sum({$-Saved} Amount)', states)).toBe(20)
    expect(value('Sum({1-$} Amount)', states)).toBe(5)
    expect(value('Sum({Other<Region={N}>} Amount)', states)).toBe(30)
    expect(value('Sum({<Region+={S}>} Amount)', states)).toBe(75)
    expect(value('Sum({<Region=>} Amount)', states)).toBe(75)
    expect(value('Sum({<Cust=E({1<Month={2}>} Cust)>} Amount)', states)).toBe(20)
    expect(() => value('Sum({Nowhere} Amount)')).toThrow('no alternate state or bookmark Nowhere')
  })

  test('NODISTINCT repeats a value on every source record', () => {
    expect(value('Count(Aggr(NODISTINCT Max(Amount), Region))')).toBe(4)
    expect(value('Sum(Aggr(NODISTINCT Max(Amount), Region))')).toBe(125)
  })

  test('errors say what to do', () => {
    expect(() => value('Sum(Amout)')).toThrow('Did you mean Amount?')
    expect(() => value('Sum(Count(Amount))')).toThrow('Wrap it in Aggr')
    expect(() => value('Summ(Amount)')).toThrow('Did you mean Sum?')
  })
})
