import fc from 'fast-check'
import { expect, test } from 'vitest'
import { difference, expectedFigures, figuresOf, tableOfRows } from './figures.ts'
import { generateOrders } from './orders.ts'

const orders = generateOrders(200, 3)
const expected = expectedFigures(orders)

test('figures are those of a plain count', () => {
  const cell = fc.oneof(fc.constantFrom(null, undefined, ''), fc.integer({ min: -9, max: 9 }))
  fc.assert(
    fc.property(fc.array(cell), (cells) => {
      const filled = cells.filter((each) => typeof each === 'number')
      expect(figuresOf(tableOfRows(cells.map((id) => ({ id })))).columns.id).toEqual({
        distinct: filled.filter((each, at) => filled.indexOf(each) === at).length,
        missing: cells.length - filled.length,
        sum: filled.reduce((sum, each) => sum + each, 0),
      })
    }),
  )
})

test('texts of numbers are as good as numbers, and days need not be numbers', () => {
  const texts = orders.map((order) => ({
    ...order,
    price: String(order.price),
    customer: order.customer ?? '',
  }))
  expect(difference(expected, figuresOf(tableOfRows(texts)))).toBeUndefined()
})

test('what differs is named', () => {
  const changed = (change: object): string | undefined =>
    difference(
      expected,
      figuresOf(
        tableOfRows(orders.map((order, at) => (at === 5 ? { ...order, ...change } : order))),
      ),
    )
  expect(difference(expected, figuresOf(tableOfRows(orders.slice(1))))).toBe('199 rows, not 200')
  expect(changed({ price: 1e7 })).toMatch(/^price: /)
  expect(changed({ note: orders[6]?.note })).toBe('note: 199 different values, not 200')
  expect(changed({ region: null })).toMatch(/^region: 1 cells missing, not 0|^region: .* different/)
  const { day = { distinct: 0, missing: 0 } } = expected.columns
  expect(
    difference(expected, {
      ...expected,
      columns: { ...expected.columns, day: { ...day, sum: 1 } },
    }),
  ).toMatch(/^day: the sum is 1, not /)
  const { id: _, ...rest } = expected.columns
  expect(difference(expected, { ...expected, columns: rest })).toBe('id: not there')
})
