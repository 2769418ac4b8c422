import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createApp } from '../src/app/app.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 30)

interface Row {
  readonly kind: string | null
  readonly size: number | null
  readonly price: number | null
}

type Of = (row: Row) => number | string | null

const times = (a: number | null, b: number | null) => (a === null || b === null ? null : a * b)
const plus = (a: number | null, b: number | null) => (a === null || b === null ? null : a + b)

/** Expressions of several fields and what they are for a row. */
const expressions: readonly (readonly [string, Of])[] = [
  ['price * size', ({ price, size }) => times(price, size)],
  ['price + size', ({ price, size }) => plus(price, size)],
  ['size - price / 4', ({ price, size }) => plus(size, times(price, -1 / 4))],
  ['price * (1 - size / 100)', ({ price, size }) => times(price, plus(1, times(size, -1 / 100)))],
  ['price / size', ({ price, size }) => (size === 0 ? null : times(price, size && 1 / size))],
  [`If(kind = 'a', price)`, ({ kind, price }) => (kind === 'a' ? price : null)],
  [`If(kind = 'a', price, -price)`, ({ kind, price }) => (kind === 'a' ? price : times(price, -1))],
  [
    `If(size > 2 and kind <> 'b', price * size, 0)`,
    ({ kind, size, price }) => (size !== null && size > 2 && kind !== 'b' ? times(price, size) : 0),
  ],
  [`If(price > 50, size)`, ({ price, size }) => (price !== null && price > 50 ? size : null)],
  [
    `If(price > 50, price, size)`,
    ({ price, size }) => (price !== null && price > 50 ? price : size),
  ],
  [`If(kind = 'b', 'text', size)`, ({ kind, size }) => (kind === 'b' ? 'text' : size)],
  [`kind & size`, ({ kind, size }) => (kind === null && size === null ? null : `${kind ?? ''}`)],
]

const row = fc.record({
  kind: fc.constantFrom('a', 'b', 'c', null),
  size: fc.constantFrom(0, 1, 2, 3, 7, null),
  price: fc.oneof(
    fc.constant(null),
    fc.nat(10_000).map((cents) => cents / 100),
  ),
})

function expected(name: string, values: readonly (number | string | null)[]): number | null {
  const numbers = values.filter((value) => typeof value === 'number')
  const sum = numbers.reduce((total, number) => total + number, 0)
  if (name === 'Count') return values.filter((value) => value !== null).length
  if (name === 'Sum') return sum
  return numbers.length === 0 ? null : sum / numbers.length
}

test.each([0, Number.POSITIVE_INFINITY])(
  'sums, means and counts of expressions of several fields are those of the rows (kernels from %d)',
  async (kernelsFrom) => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 60 }), async (few) => {
        // Enough for kernels, and not the same number of each.
        const rows = few.flatMap((each, at) => new Array<Row>(40 + at).fill(each))
        const app = await createApp({
          tables: {
            rows: {
              kind: rows.map(({ kind }) => kind),
              size: rows.map(({ size }) => size),
              price: rows.map(({ price }) => price),
            },
          },
          memory: { kernelsFrom },
        })
        for (const [text, of] of expressions)
          for (const name of ['Sum', 'Avg', 'Count'])
            for (const dimensions of [[], ['kind']] as const) {
              const cells = app
                .cube({ dimensions: [...dimensions], measures: [`${name}(${text})`] })
                .page()
              for (const cell of cells) {
                const [group, result] = dimensions.length === 0 ? [undefined, cell[0]] : cell
                const own = rows.filter(
                  ({ kind }) => group === undefined || kind === (group.isNull ? null : group.text),
                )
                const wanted = expected(name, own.map(of))
                if (wanted === null) expect(result?.isNull, text).toBe(true)
                else expect(result?.number, `${name}(${text})`).toBeCloseTo(wanted, 6)
              }
            }
        app.close()
      }),
      { seed, numRuns },
    )
  },
)

test('what cancels out leaves nothing', async () => {
  const sides = ['debit', 'credit']
  const rows = Array.from({ length: 60_000 }, (_, at) => ({ side: at % 2, cents: at >> 1 }))
  const app = await createApp({
    tables: {
      entries: {
        side: rows.map(({ side }) => sides[side] ?? ''),
        amount: rows.map(({ cents }) => cents / 100),
      },
    },
  })
  const [[cell] = []] = app.cube({ measures: [`Sum(If(side = 'debit', amount, -amount))`] }).page()
  expect(cell?.number).toBe(0)
  app.close()
})
