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

test('ids that are positions, by codes or by keys, tell the same tuples apart', () => {
  const shape = fc.record({
    sizes: fc.array(fc.constantFrom(3, 5, 9), { minLength: 1, maxLength: 4 }),
    keyed: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
    seeds: fc.array(fc.array(fc.nat(1_000_000), { minLength: 4, maxLength: 4 }), {
      maxLength: 100,
    }),
  })
  fc.assert(
    fc.property(shape, ({ sizes, keyed, seeds }) => {
      const count = seeds.length
      const keys = sizes.map((_, d) => Uint32Array.from(seeds, (row) => (row[d] ?? 0) % 20))
      const maps = sizes.map((size, d) =>
        keyed[d] === true
          ? Uint32Array.from({ length: 20 }, (_, key) => (key * 7) % size)
          : undefined,
      )
      const columns = sizes.map((size, d) =>
        Uint32Array.from(keys[d] ?? [], (key) => maps[d]?.[key] ?? key % size),
      )
      const plain = new GroupTable(sizes, 10_000)
      const ids = plain.add(columns, count, new Uint32Array(count))
      const positions = new GroupTable(sizes, 10_000)
      positions.expect(10_000)
      const reader = positions.keyed(maps)
      if (reader === undefined) throw new Error('ids are not positions')
      const at = new Uint32Array(count)
      reader.add(
        columns.map((codes, d) => (maps[d] === undefined ? codes : (keys[d] ?? codes))),
        count,
        at,
      )
      expect([...positions.add(columns, count, new Uint32Array(count)).subarray(0, count)]).toEqual(
        [...at],
      )
      const found = new Uint32Array(count)
      positions.find(columns, count, found)
      expect([...found]).toEqual([...at])
      const pairs = new Map([...ids.subarray(0, count)].map((id, i) => [id, at[i]]))
      expect([...at]).toEqual([...ids.subarray(0, count)].map((id) => pairs.get(id)))
      expect([...positions.ids()]).toEqual([...new Set(at)].sort((a, b) => a - b))
      for (const d of sizes.keys())
        expect([...positions.codesOf(d, at)]).toEqual([...(columns[d] ?? [])])
      const nulls =
        columns.some((_, i) => i === 0) &&
        seeds.some((_, i) => columns.every((codes) => codes[i] === 0))
      expect(positions.nullId()).toBe(nulls ? 0 : noGroup)
    }),
    { seed, numRuns },
  )
})
