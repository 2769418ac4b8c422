import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { environmentOf } from '../../test/oracle/environment.ts'
import { loadView } from '../../test/oracle/load.ts'
import type { Value } from '../value/dual.ts'
import { enableKernels } from '../wasm/arena.ts'
import type { Cube } from './cube.ts'
import { CubeCache } from './cube-cache.ts'
import type { CubeDefinition } from './definition.ts'
import { computeCube } from './straight.ts'

/*
 * Cubes over a star large enough for the routes of many records, against loops over the joined rows: maps through keys, positions and
 * hashed groups, lists of rows, sums by code, distinct counts, totals from groups, the first rows by a heap.
 */

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 60)
const facts = 6000

type Row = Readonly<Record<string, Value>>

const shops = Array.from(
  { length: 40 },
  (_, shop): Row => ({
    shop,
    town: `Town ${shop % 9}`,
    country: shop % 9 === 8 ? null : `Country ${shop % 4}`,
  }),
)
const items = Array.from({ length: 700 }, (_, item): Row => ({ item, kind: `Kind ${item % 25}` }))
const sales = Array.from({ length: facts }, (_, row): Row => {
  const mixed = Math.imul(row + 1, 2_654_435_761) >>> 0
  return {
    sale: row % 4500,
    shop: mixed % 41 === 40 ? null : mixed % 40,
    item: (mixed >>> 4) % 699,
    day: 45_000 + ((mixed >>> 8) % 300),
    amount: ((mixed >>> 3) % 5000) / 100,
    pieces: (mixed >>> 5) % 11 === 0 ? null : (mixed >>> 5) % 7,
    weight: Math.sqrt(mixed % 1000),
  }
})
const tableOf = (name: string, rows: readonly Row[]) => {
  const fields = Object.keys(rows[0] ?? {})
  return { name, fields, rows: rows.map((row) => fields.map((field) => row[field] ?? null)) }
}
const tables = [tableOf('Sales', sales), tableOf('Shops', shops), tableOf('Items', items)]
const view = loadView(tables, [], { kernelsFrom: 0 })

const joined = sales.map((row): Row => {
  const shop = shops.find((candidate) => candidate.shop === row.shop)
  const item = items.find((candidate) => candidate.item === row.item)
  return { ...item, ...shop, ...row, town: shop?.town ?? null, country: shop?.country ?? null }
})

const measures = ['amount', 'pieces', 'weight'].flatMap((field) => [
  { text: `Sum(${field})`, field, of: 'Sum' },
  { text: `Avg(${field})`, field, of: 'Avg' },
  { text: `Min(${field})`, field, of: 'Min' },
  { text: `Max(${field})`, field, of: 'Max' },
  { text: `Count(${field})`, field, of: 'Count' },
  { text: `Sum(${field} * 2 - pieces)`, field, of: 'Twice' },
])
const distincts = ['shop', 'item', 'sale'].map((field) => ({
  text: `Count(DISTINCT ${field})`,
  field,
  of: 'Distinct',
}))

function aggregate(of: string, field: string, rows: readonly Row[]): number | null {
  const values = rows.flatMap((row) => (row[field] === null ? [] : [row[field]]))
  const numbers = values.flatMap((value) => (typeof value === 'number' ? [value] : []))
  const sum = numbers.reduce((a, b) => a + b, 0)
  switch (of) {
    case 'Sum':
      return sum
    case 'Avg':
      return numbers.length === 0 ? null : sum / numbers.length
    case 'Min':
      return numbers.length === 0 ? null : Math.min(...numbers)
    case 'Max':
      return numbers.length === 0 ? null : Math.max(...numbers)
    case 'Twice':
      return rows.reduce((all, row) => {
        const [value, pieces] = [row[field], row.pieces]
        return typeof value === 'number' && typeof pieces === 'number'
          ? all + value * 2 - pieces
          : all
      }, 0)
    case 'Distinct':
      return new Set(values).size
    default:
      return values.length
  }
}

const shownNumber = (value: number | null): string =>
  value === null ? '-' : String(Number(value.toPrecision(10)))

const cellsOf = (cube: Cube, rows: number): string[] =>
  cube
    .page(0, 0, cube.columns, rows)
    .map((cells) =>
      cells
        .map(({ text, number, isNull }) =>
          isNull ? '-' : Number.isNaN(number) ? text : shownNumber(number),
        )
        .join('|'),
    )

const cases = fc.record({
  dimensions: fc.uniqueArray(
    fc.constantFrom('town', 'country', 'kind', 'day', 'item', 'shop', 'sale'),
    { maxLength: 3 },
  ),
  measures: fc.uniqueArray(fc.constantFrom(...measures, ...distincts), {
    minLength: 1,
    maxLength: 4,
  }),
  selected: fc.constantFrom<Readonly<Record<string, readonly Value[]>>>(
    {},
    { country: ['Country 1'] },
    { item: [3, 4, 5] },
    { kind: ['Kind 3'], day: Array.from({ length: 200 }, (_, day) => 45_000 + day) },
    { day: Array.from({ length: 270 }, (_, day) => 45_010 + day) },
  ),
  first: fc.nat(60),
})

afterEach(() => enableKernels(true))

test.each([
  ['with', true],
  ['without', false],
])('every route gives what loops over the joined rows give, %s kernels', (_, kernels) => {
  enableKernels(kernels)
  fc.assert(
    fc.property(cases, ({ dimensions, measures: asked, selected, first }) => {
      const possible = joined.filter((row) =>
        Object.entries(selected).every(([field, values]) => values.includes(row[field] ?? null)),
      )
      const groups = new Map<string, Row[]>()
      if (dimensions.length === 0) groups.set('', [...possible])
      for (const row of dimensions.length === 0 ? [] : possible) {
        const key = dimensions
          .map((field) => row[field])
          .map((value) => (value === null ? '-' : String(value)))
          .join('|')
        const group = groups.get(key)
        if (group === undefined) groups.set(key, [row])
        else group.push(row)
      }
      const expected = [...groups].map(([key, rows]) =>
        [
          ...(dimensions.length === 0 ? [] : [key]),
          ...asked.map(({ of, field }) => shownNumber(aggregate(of, field, rows))),
        ].join('|'),
      )
      const definition: CubeDefinition = {
        dimensions: dimensions.map((field) => ({ definition: field })),
        measures: asked.map(({ text }) => ({ definition: text })),
        columnSortOrder: [dimensions.length],
      }
      const env = environmentOf(view, { selections: selected })
      // Items and shops that nothing was sold of have rows of their own; here only sales are looked at.
      const sold = (rows: readonly string[]) => rows.filter((row) => expectedSet.has(row))
      const expectedSet = new Set(expected)
      const cube = computeCube(definition, env)
      const all = cellsOf(cube, cube.rows)
      expect(sold([...all]).sort()).toEqual([...expected].sort())
      expect(cellsOf(computeCube(definition, env), first)).toEqual(all.slice(0, first))
      expect(cube.totals.map(({ number, isNull }) => shownNumber(isNull ? null : number))).toEqual(
        asked.map(({ of, field }) =>
          field === 'item' || field === 'shop'
            ? shownNumber(
                computeCube(
                  { dimensions: [], measures: [{ definition: `Count(DISTINCT ${field})` }] },
                  env,
                ).totals[0]?.number ?? null,
              )
            : shownNumber(aggregate(of, field, possible)),
        ),
      )
    }),
    { seed, numRuns },
  )
})

test('a cube from the cache equals one computed anew', () => {
  const cache = new CubeCache<Cube>({ entries: 3, bytes: 200_000 })
  const off = new CubeCache<Cube>({ enabled: false })
  fc.assert(
    fc.property(cases, ({ dimensions, measures: asked, selected }) => {
      const definition: CubeDefinition = {
        dimensions: dimensions.map((field) => ({ definition: field })),
        measures: asked.map(({ text }) => ({ definition: text })),
      }
      const env = environmentOf(view, { selections: selected })
      const selections = env.selectionsOf('$')
      if (selections === undefined) throw new Error('no selections')
      const key = JSON.stringify([definition, selections.signature])
      const compute = () => ({ cube: computeCube(definition, env), isLasting: true })
      const kept = cache.get(key, [selections], compute)
      expect(cellsOf(kept, 200)).toEqual(cellsOf(off.get(key, [selections], compute), 200))
      if (cache.size > 0) expect(cache.get(key, [selections], compute).rows).toBe(kept.rows)
      expect(cache.size).toBeLessThanOrEqual(3)
      expect(cache.bytes).toBeLessThanOrEqual(200_000)
      expect(off.size).toBe(0)
    }),
    { seed, numRuns: Math.min(numRuns, 40) },
  )
  cache.clear()
  expect(cache.bytes).toBe(0)
})
