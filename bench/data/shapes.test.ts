import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { branchesOf, fieldsOf, models } from '../workloads/model.ts'
import { csvBytes } from './csv.ts'
import { generateShape, type Shape } from './shapes.ts'
import { missing } from './table.ts'

const rows = 3000
const shapes: readonly Shape[] = ['clustered', 'nulls', 'bridge', 'texts']

function valuesOf(shape: Shape, table: string, field: string): Int32Array {
  const found = generateShape(shape, rows, 7)
    .find(({ name }) => name === table)
    ?.columns.find(({ name }) => name === field)
  if (found === undefined) throw new Error(`no ${table}.${field}`)
  return found.values
}

test.each(shapes)(
  '%s: the same seed gives the same bytes, and the model says what is there',
  (shape) => {
    const digest = (seed: number): string => {
      const hash = createHash('sha256')
      for (const table of generateShape(shape, rows, seed))
        for (const bytes of csvBytes(table)) hash.update(bytes)
      return hash.digest('hex')
    }
    expect(digest(7)).toBe(digest(7))
    expect(digest(7)).not.toBe(digest(8))
    expect(models[shape].tables).toEqual(
      generateShape(shape, rows, 7).map(({ name, columns }) => ({
        table: name,
        fields: columns.map((column) => column.name),
      })),
    )
  },
)

test('clustered: the sales of the star in the order of their dates', () => {
  const dates = valuesOf('clustered', 'sales', 'date_key')
  expect([...dates].sort((a, b) => a - b)).toEqual([...dates])
  const total = (values: Int32Array): number => values.reduce((sum, value) => sum + value, 0)
  expect(total(valuesOf('clustered', 'sales', 'price'))).toBe(
    total(valuesOf('texts', 'sales', 'price')),
  )
})

test('nulls: a fifth is missing, and keys lead nowhere on either side', () => {
  const share = (values: Int32Array): number =>
    values.filter((value) => value === missing).length / values.length
  expect(share(valuesOf('nulls', 'sales', 'price'))).toBeCloseTo(0.2, 1)
  expect(share(valuesOf('nulls', 'sales', 'ship_mode'))).toBe(0)
  const lost = (from: Int32Array, to: Int32Array): boolean => {
    const there = new Set(to)
    return from.some((key) => key !== missing && !there.has(key))
  }
  const suppliers = valuesOf('nulls', 'suppliers', 'supplier_key')
  expect(lost(valuesOf('nulls', 'sales', 'supplier_key'), suppliers)).toBe(true)
  const customers = valuesOf('nulls', 'customers', 'cust_key')
  expect(lost(customers, valuesOf('nulls', 'sales', 'cust_key'))).toBe(true)
})

test('bridge: every product has tags, most several, none twice; every tag is used', () => {
  const products = valuesOf('bridge', 'product_tags', 'product_key')
  const tags = valuesOf('bridge', 'product_tags', 'tag')
  const pairs = new Set(Array.from(products, (product, row) => `${product} ${tags[row]}`))
  expect(pairs.size).toBe(products.length)
  expect(new Set(products).size).toBe(rows)
  expect(products.length).toBeGreaterThan(rows * 2)
  expect(new Set(tags)).toEqual(new Set(valuesOf('bridge', 'tags', 'tag')))
})

test('every table but the sales hangs on one nearer to them', () => {
  const names = branchesOf(models.bridge).map(({ table, key, parent }) => [
    table.table,
    key,
    parent.table,
  ])
  expect(names).toEqual([
    ['customers', 'cust_key', 'sales'],
    ['products', 'product_key', 'sales'],
    ['product_tags', 'product_key', 'sales'],
    ['dates', 'date_key', 'sales'],
    ['suppliers', 'supplier_key', 'sales'],
    ['tags', 'tag', 'product_tags'],
  ])
  expect(fieldsOf(models.bridge)).toHaveLength(28)
})
