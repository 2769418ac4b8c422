import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { csvBytes } from './csv.ts'
import { generateNames } from './names.ts'
import { generateStar, starSizes } from './star.ts'
import type { GeneratedColumn, GeneratedTable } from './table.ts'
import { generateWide } from './wide.ts'

function digest(table: GeneratedTable): string {
  const hash = createHash('sha256')
  for (const bytes of csvBytes(table)) hash.update(bytes)
  return hash.digest('hex')
}

const all = (rows: number, seed: number): string[] =>
  [
    ...Object.values(generateStar(rows, seed)),
    generateWide(rows, seed),
    generateNames(rows, seed),
  ].map(digest)

test('the same seed gives the same bytes, another seed others', () => {
  const first = all(3000, 7)
  expect(all(3000, 7)).toEqual(first)
  const other = all(3000, 8)
  // Dates are a calendar, the other tables are drawn.
  expect(other.map((bytes, at) => bytes === first[at])).toEqual([
    false,
    false,
    false,
    false,
    true,
    false,
    false,
  ])
})

test('26 fields, and every key of a dimension occurs among the sales', () => {
  const rows = 5000
  const star = generateStar(rows, 1)
  const fields = Object.values(star).flatMap(({ columns }) => columns.map(({ name }) => name))
  expect(new Set(fields).size).toBe(26)
  const keys = (table: GeneratedTable, field: string): number[] => {
    const values = table.columns.find(({ name }) => name === field)?.values ?? []
    return [...new Set(values)].sort((a, b) => a - b)
  }
  for (const [dimension, key] of [
    [star.customers, 'cust_key'],
    [star.products, 'product_key'],
    [star.suppliers, 'supplier_key'],
    [star.dates, 'date_key'],
  ] as const) {
    expect(keys(star.sales, key)).toEqual(keys(dimension, key))
    expect(keys(dimension, key)).toHaveLength(dimension.rows)
  }
  expect(keys(star.sales, 'order_key')).toHaveLength(starSizes(rows).orders)
})

test('a few customers buy most', () => {
  const { sales } = generateStar(100_000, 1)
  const counts = new Map<number, number>()
  for (const key of sales.columns.find(({ name }) => name === 'cust_key')?.values ?? [])
    counts.set(key, (counts.get(key) ?? 0) + 1)
  const largest = [...counts.values()].sort((a, b) => b - a).slice(0, counts.size / 10)
  expect(largest.reduce((a, b) => a + b)).toBeGreaterThan(100_000 / 4)
})

test('numbers and texts are written as they are', () => {
  const decoder = new TextDecoder()
  const column = (kind: 'integer' | 'cents', values: readonly number[]): GeneratedColumn => ({
    name: kind,
    kind,
    values: Int32Array.from(values),
    texts: [],
  })
  const table: GeneratedTable = {
    name: 't',
    rows: 3,
    columns: [
      column('integer', [0, 10, 987_654]),
      column('cents', [5, 100, 123_456]),
      { name: 'text', kind: 'text', values: Int32Array.from([1, 0, 1]), texts: ['b', 'ä'] },
    ],
  }
  const text = [...csvBytes(table)].map((bytes) => decoder.decode(bytes)).join('')
  expect(text).toBe('integer,cents,text\n0,0.05,ä\n10,1.00,b\n987654,1234.56,ä\n')
})
