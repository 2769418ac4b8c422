import { madeUpWords, picked } from './names.ts'
import { seededRandom, zipfian } from './random.ts'
import { generateStar, starSizes } from './star.ts'
import {
  type GeneratedColumn,
  type GeneratedTable,
  integers,
  missing,
  table,
  texts,
} from './table.ts'

/**
 * The star in another shape. `clustered`: sales in the order of their dates. `nulls`: a fifth of the values of some fields is missing, keys on
 * either side among them. `bridge`: products have one to five tags each, through a table of pairs. `texts`: a long text of its own for each sale.
 */
export type Shape = 'clustered' | 'nulls' | 'bridge' | 'texts'

export const tagCount = 60
export const tagGroupCount = 8
export const tagName = (tag: number): string => `Tag ${String(tag).padStart(2, '0')}`
export const tagGroupName = (group: number): string => `Group ${group}`

/** The tables of a shape, sales first. The same seed gives the same data. */
export function generateShape(shape: Shape, rows: number, seed: number): readonly GeneratedTable[] {
  const star = Object.values(generateStar(rows, seed))
  const random = seededRandom(seed + 11)
  switch (shape) {
    case 'clustered':
      return star.map((each) => (each.name === 'sales' ? sortedBy(each, 'date_key') : each))
    case 'nulls':
      return star.map((each) => withMissing(each, random))
    case 'bridge':
      return [...star, productTags(starSizes(rows).products, random), tags()]
    case 'texts':
      return star.map((each) =>
        each.name === 'sales' ? table('sales', [...each.columns, notes(rows, random)]) : each,
      )
  }
}

function sortedBy({ name, rows, columns }: GeneratedTable, field: string): GeneratedTable {
  const keys = columns.find((column) => column.name === field)?.values ?? new Int32Array(rows)
  const order = Uint32Array.from({ length: rows }, (_, row) => row).sort(
    (a, b) => (keys[a] ?? 0) - (keys[b] ?? 0) || a - b,
  )
  return table(
    name,
    columns.map((column) => ({
      ...column,
      values: Int32Array.from(order, (row) => column.values[row] ?? 0),
    })),
  )
}

const missingShare = 0.2
/** One customer in so many has no sales at all. */
const customersToLost = 50
const fieldsWithMissing: ReadonlySet<string> = new Set([
  'sales.cust_key',
  'sales.quantity',
  'sales.discount',
  'sales.price',
  'sales.status',
  'customers.segment',
  'customers.city',
  'products.brand',
  'products.color',
  'suppliers.supplier_key',
  'suppliers.rating',
])

function withMissing({ name, columns }: GeneratedTable, random: () => number): GeneratedTable {
  return table(
    name,
    columns.map((column): GeneratedColumn => {
      if (!fieldsWithMissing.has(`${name}.${column.name}`)) return column
      const isLost = (value: number): boolean =>
        column.name === 'cust_key' && value % customersToLost === 0
      return {
        ...column,
        values: column.values.map((value) =>
          random() < missingShare || isLost(value) ? missing : value,
        ),
      }
    }),
  )
}

/** A few tags are on most products; every tag is on some, every product has one. */
function productTags(products: number, random: () => number): GeneratedTable {
  const draw = zipfian(tagCount, 0.6, random)
  const pairs: { readonly product: number; readonly tag: number }[] = []
  for (let product = 0; product < products; product++) {
    const own = new Set([product % tagCount])
    for (let more = Math.floor(random() * 5); more > 0; more--) own.add(draw())
    for (const tag of own) pairs.push({ product, tag })
  }
  return table('product_tags', [
    integers(
      'product_key',
      Int32Array.from(pairs, ({ product }) => product),
    ),
    texts(
      'tag',
      Int32Array.from(pairs, ({ tag }) => tag),
      named(tagCount, tagName),
    ),
  ])
}

function tags(): GeneratedTable {
  const all = Int32Array.from({ length: tagCount }, (_, tag) => tag)
  return table('tags', [
    texts('tag', all, named(tagCount, tagName)),
    texts(
      'tag_group',
      all.map((tag) => tag % tagGroupCount),
      named(tagGroupCount, tagGroupName),
    ),
  ])
}

/** Eight to twenty words and a number that no other note has. */
function notes(rows: number, random: () => number): GeneratedColumn {
  const words = madeUpWords(3000, random)
  const written = Array.from({ length: rows }, (_, row) => {
    const count = 8 + Math.floor(random() * 13)
    return `${picked(words, count, random)} ${row.toString(36)}`
  })
  return texts(
    'note',
    Int32Array.from({ length: rows }, (_, row) => row),
    written,
  )
}

function named(count: number, name: (code: number) => string): string[] {
  return Array.from({ length: count }, (_, code) => name(code))
}
