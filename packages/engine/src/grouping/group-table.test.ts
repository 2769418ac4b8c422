import fc from 'fast-check'
import { expect, test } from 'vitest'
import { GroupTable, noGroup } from './group-table.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 300)

test('equal tuples share an id, in order of arrival, however many dimensions', () => {
  const shape = fc.record({
    sizes: fc.array(fc.constantFrom(3, 50, 5000, Number.POSITIVE_INFINITY), { maxLength: 4 }),
    seeds: fc.array(fc.array(fc.nat(1_000_000), { minLength: 4, maxLength: 4 }), {
      maxLength: 200,
    }),
  })
  fc.assert(
    fc.property(shape, ({ sizes, seeds }) => {
      const table = new GroupTable(sizes, 1000)
      const columns = sizes.map((size, d) =>
        Uint32Array.from(seeds, (row) => (row[d] ?? 0) % Math.min(size, 400)),
      )
      const known = new Map<string, number>()
      const expected = seeds.map((_, i) => {
        const key = columns.map((codes) => codes[i]).join()
        const id = known.get(key) ?? known.size
        known.set(key, id)
        return id
      })
      const added = new Uint32Array(seeds.length)
      table.add(columns, seeds.length, added)
      expect([...added]).toEqual(expected)
      const found = new Uint32Array(seeds.length)
      table.find(columns, seeds.length, found)
      expect([...found]).toEqual(expected)
      expect(table.count).toBe(sizes.length === 0 ? 1 : known.size)
      sizes.forEach((_, d) => {
        expect(expected.map((id) => table.codes(d)[id])).toEqual([...(columns[d] ?? [])])
      })
    }),
    { seed, numRuns },
  )
})

test('a tuple that is not there, and too many groups', () => {
  const table = new GroupTable([10, 10, 10], 2)
  const at = (code: number) => [Uint32Array.of(code), Uint32Array.of(code), Uint32Array.of(code)]
  const ids = new Uint32Array(1)
  table.add(at(1), 1, ids)
  table.find(at(2), 1, ids)
  expect(ids[0]).toBe(noGroup)
  table.add(at(2), 1, ids)
  expect(() => table.add(at(3), 1, ids)).toThrow('more than 2 groups')
})
