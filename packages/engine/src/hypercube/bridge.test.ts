import fc from 'fast-check'
import { expect, test } from 'vitest'
import { environmentOf } from '../../test/oracle/environment.ts'
import { loadView } from '../../test/oracle/load.ts'
import type { Value } from '../value/dual.ts'
import { computeCube } from './straight.ts'

/* A link that leads to several rows: every sale counts once in each group that a tag of its item belongs to, against loops over the rows. */

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 120)

type Row = readonly Value[]

const value = (largest: number) =>
  fc.oneof({ weight: 6, arbitrary: fc.nat(largest) }, { weight: 1, arbitrary: fc.constant(null) })
const someOf = <T>(row: fc.Arbitrary<T>, minLength: number, maxLength: number) =>
  fc.array(row, { minLength, maxLength, size: 'max' })
const models = fc.record({
  // item, shop, amount
  sales: someOf(fc.tuple(value(3), value(1), value(50)), 5, 30),
  // item, tag
  pairs: someOf(fc.tuple(value(3), value(3)), 5, 15),
  // tag, kind
  tags: fc
    .tuple(value(1), value(1), value(1))
    .map((kinds): Row[] => kinds.map((kind, tag) => [tag, kind])),
})
const asked = fc.record({
  dimensions: fc.uniqueArray(fc.constantFrom('tag', 'kind', 'shop', 'item'), {
    minLength: 1,
    maxLength: 3,
  }),
  kinds: fc.option(fc.uniqueArray(fc.nat(1), { minLength: 1 }), { nil: undefined, freq: 1 }),
})

/** What every sale says of a field: its own value, or those of its tags; NULL where it has none. */
function valuesOf(
  sale: Row,
  { pairs, tags }: { readonly pairs: readonly Row[]; readonly tags: readonly Row[] },
  kinds: readonly number[] | undefined,
): Record<string, Value>[] {
  const [item = null, shop = null] = sale
  const found = pairs
    .filter(([own]) => item !== null && own === item)
    .map(([, tag = null]) => ({
      item,
      shop,
      tag,
      kind: tags.find(([own]) => tag !== null && own === tag)?.[1] ?? null,
    }))
    .filter(({ kind }) => kinds === undefined || (kind !== null && kinds.includes(Number(kind))))
  if (found.length > 0) return found
  return kinds === undefined ? [{ item, shop, tag: null, kind: null }] : []
}

test('a sale counts once in every group its tags lead to', () => {
  fc.assert(
    fc.property(models, asked, ({ sales, pairs, tags }, { dimensions, kinds }) => {
      const groups = new Map<string, Set<Row>>()
      for (const sale of sales)
        for (const values of valuesOf(sale, { pairs, tags }, kinds)) {
          const key = dimensions.map((field) => values[field] ?? '-').join('|')
          groups.set(key, (groups.get(key) ?? new Set()).add(sale))
        }
      const expected = [...groups].map(([key, own]) => {
        const amounts = [...own].flatMap(([, , amount = null]) => (amount === null ? [] : [amount]))
        const numbers = amounts.map(Number)
        const cells = [
          numbers.reduce((a, b) => a + b, 0),
          numbers.length,
          new Set(numbers).size,
          numbers.length === 0 ? '-' : Math.max(...numbers),
          numbers.length === 0
            ? '-'
            : Number((numbers.reduce((a, b) => a + b, 0) / numbers.length).toPrecision(10)),
          Number(numbers.reduce((a, b) => a + b / 7, 0).toPrecision(10)),
        ]
        return [key, ...cells].join('|')
      })
      const view = loadView([
        { name: 'Sales', fields: ['item', 'shop', 'amount'], rows: sales },
        { name: 'Pairs', fields: ['item', 'tag'], rows: pairs },
        { name: 'Tags', fields: ['tag', 'kind'], rows: tags },
      ])
      const known = kinds?.filter((kind) => tags.some(([, own]) => own === kind))
      if (known?.length === 0) return
      const cube = computeCube(
        {
          dimensions: dimensions.map((definition) => ({ definition })),
          measures: [
            'Sum(amount)',
            'Count(amount)',
            'Count(DISTINCT amount)',
            'Max(amount)',
            'Avg(amount)',
            'Sum(amount / 7)',
          ].map((definition) => ({ definition })),
        },
        environmentOf(view, { selections: known === undefined ? {} : { kind: known } }),
      )
      const rows = cube
        .page(0, 0, cube.columns, cube.rows)
        .map((cells) =>
          cells
            .map(({ isNull, number }) => (isNull ? '-' : Number(number.toPrecision(10))))
            .join('|'),
        )
      // Values that no sale leads to have rows of their own.
      const withSales = rows.filter((row) =>
        groups.has(row.split('|').slice(0, dimensions.length).join('|')),
      )
      expect(withSales.sort()).toEqual(expected.sort())
    }),
    { seed, numRuns },
  )
})
