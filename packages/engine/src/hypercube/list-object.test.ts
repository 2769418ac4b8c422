import { expect, test } from 'vitest'
import { environmentOf, type TestStates } from '../../test/oracle/environment.ts'
import { loadView } from '../../test/oracle/load.ts'
import { computeList, type ListDefinition } from './list-object.ts'

const sales = loadView([
  {
    name: 'Sales',
    fields: ['Region', 'Month', 'Amount'],
    rows: [
      ['North', 1, 10],
      ['North', 2, 20],
      ['South', 1, 5],
      ['East', 3, 40],
    ],
  },
])

function listed(definition: ListDefinition, states: TestStates = {}): string[] {
  const list = computeList(definition, environmentOf(sales, states))
  return list
    .page(0, list.rows)
    .map(({ text, state, frequency, expressions }) =>
      [text, state, frequency, ...expressions.map((value) => value.text)]
        .join(' ')
        .replace(/ +/g, ' ')
        .trim(),
    )
}

test('a list is sorted by state, then value', () => {
  expect(listed({ field: 'Region' }, { selections: { Region: ['South'] } })).toEqual([
    'South selected',
    'East alternative',
    'North alternative',
  ])
  expect(listed({ field: 'Region' }, { selections: { Month: [1] } })).toEqual([
    'North optional',
    'South optional',
    'East excluded',
  ])
})

test('frequency, search and expressions', () => {
  expect(listed({ field: 'Region', frequency: 'value', sort: { frequency: -1, text: 1 } })).toEqual(
    ['North optional 2', 'East optional 1', 'South optional 1'],
  )
  expect(listed({ field: 'Region', search: '*th' })).toEqual(['North optional', 'South optional'])
  expect(listed({ field: 'Region', search: '=Sum(Amount)>25' })).toEqual([
    'East optional',
    'North optional',
  ])
  expect(listed({ field: 'Region', expressions: ['Sum(Amount)'] })).toEqual([
    'East optional 40',
    'North optional 30',
    'South optional 5',
  ])
  expect(() => listed({ field: 'Nothing' })).toThrow('There is no field Nothing to list')
})
