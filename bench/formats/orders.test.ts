import { expect, test } from 'vitest'
import { generateOrders, type orderFields, serialDay } from './orders.ts'

const orders = generateOrders(3000, 7)

test('the same seed gives the same orders, another gives others', () => {
  expect(generateOrders(3000, 7)).toEqual(orders)
  expect(generateOrders(3000, 8)).not.toEqual(orders)
})

test('ids and notes are of their own, regions few, customers a tenth at most', () => {
  const different = (field: (typeof orderFields)[number]): number =>
    new Set(orders.map((order) => order[field])).size
  expect(different('id')).toBe(3000)
  expect(different('note')).toBe(3000)
  expect(different('region')).toBe(12)
  expect(different('customer')).toBeLessThanOrEqual(301)
  expect(Math.max(...orders.map(({ id }) => id))).toBe(3000)
})

test('numbers are of two digits behind the point and within their limits', () => {
  for (const { price, quantity, discount, day } of orders) {
    expect(price).toBe(Number(price.toFixed(2)))
    expect(quantity ?? 1).toBeGreaterThanOrEqual(1)
    expect(quantity ?? 1).toBeLessThanOrEqual(50)
    expect(discount ?? 0).toBe(Number((discount ?? 0).toFixed(2)))
    expect(discount ?? 0).toBeLessThanOrEqual(0.5)
    expect(day).toMatch(/^20\d\d-\d\d-\d\d$/)
  }
})

test('about as many are missing as is said', () => {
  const missing = (field: (typeof orderFields)[number]): number =>
    orders.filter((order) => order[field] === null).length / orders.length
  expect(missing('customer')).toBeCloseTo(0.05, 1)
  expect(missing('quantity')).toBeCloseTo(0.1, 1)
  expect(missing('discount')).toBeCloseTo(0.5, 1)
})

test('a day counts from the end of 1899', () => {
  expect(serialDay('1899-12-31')).toBe(1)
  expect(serialDay('2024-02-29')).toBe(45_351)
})
