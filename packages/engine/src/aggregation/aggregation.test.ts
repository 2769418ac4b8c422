import { describe, expect, test } from 'vitest'
import { Dual, type Value } from '../value/dual.ts'
import { defaultFormatSettings } from '../value/format-settings.ts'
import { Vector } from '../value/vector.ts'
import { noGroup } from './aggregation.ts'
import { createAccumulator } from './distinct.ts'
import { aggregations, findAggregation } from './registry.ts'

/** Rows of (group, argument …) → result of each of `groups` groups. */
function results(
  name: string,
  rows: readonly (readonly [group: number, ...args: Value[]])[],
  groups: number,
  distinct = false,
): Value[] {
  const definition = findAggregation(name)
  if (definition === undefined) throw new Error(`no ${name}`)
  const args = (rows[0]?.length ?? 2) - 1
  const accumulator = createAccumulator(definition, {
    args,
    distinct,
    format: defaultFormatSettings,
  })
  accumulator.resize(groups)
  const vectors = Array.from({ length: args }, (_, a) => {
    const vector = new Vector()
    for (const [slot, row] of rows.entries()) vector.set(slot, row[a + 1] as Value)
    return vector
  })
  accumulator.add(
    Uint32Array.from(rows, ([group]) => (group < 0 ? noGroup : group)),
    vectors,
    rows.length,
  )
  const out = new Vector()
  accumulator.write(out, 0, groups)
  return Array.from({ length: groups }, (_, group) => out.get(group))
}

const mixed: readonly (readonly [number, Value])[] = [
  [0, 4],
  [0, 'x'],
  [0, null],
  [0, new Dual('four', 4)],
  [1, 'x'],
  [-1, 100],
]

describe('aggregations', () => {
  test.each<[string, Value[]]>([
    ['Sum', [8, 0, 0]],
    ['Avg', [4, null, null]],
    ['Count', [3, 1, 0]],
    ['NumericCount', [2, 0, 0]],
    ['TextCount', [1, 1, 0]],
    ['NullCount', [1, 0, 0]],
    ['MissingCount', [2, 1, 0]],
    ['Min', [4, null, null]],
    ['Max', [4, null, null]],
    ['Only', [null, 'x', null]],
    ['Mode', [4, 'x', null]],
    ['Concat', ['4fourx', 'x', null]],
    ['MaxString', ['x', 'x', null]],
  ])('%s of numbers, text, duals and NULL', (name, expected) => {
    expect(results(name, mixed, 3)).toEqual(expected)
  })

  test('DISTINCT drops equal values within a group', () => {
    expect(results('Sum', mixed, 2, true)).toEqual([4, 0])
    expect(results('Count', mixed, 2, true)).toEqual([2, 1])
    expect(
      results(
        'Concat',
        [
          [0, 'b', '-'],
          [0, 'a', '-'],
          [0, 'b', '-'],
        ],
        1,
        true,
      ),
    ).toEqual(['a-b'])
  })

  test('sums keep what single additions lose', () => {
    expect(
      results(
        'Sum',
        [
          [0, 1e100],
          [0, 1],
          [0, -1e100],
        ],
        1,
      ),
    ).toEqual([1])
    expect(
      results(
        'Sum',
        Array.from({ length: 10 }, () => [0, 0.1] as const),
        1,
      ),
    ).toEqual([1])
  })

  test('ranks and weights', () => {
    expect(
      results(
        'Max',
        [
          [0, 10, 2],
          [0, 10, 2],
          [0, 9, 2],
          [1, 3, 2],
        ],
        2,
      ),
    ).toEqual([9, null])
    expect(
      results(
        'FirstSortedValue',
        [
          [0, 'late', 2],
          [0, 'early', 1],
        ],
        1,
      ),
    ).toEqual(['early'])
    expect(
      results(
        'FirstSortedValue',
        [
          [0, 'a', 1],
          [0, 'a', 1],
        ],
        1,
      ),
    ).toEqual([null])
    expect(
      results(
        'FirstSortedValue',
        [
          [0, 'a', 1],
          [0, 'a', 1],
        ],
        1,
        true,
      ),
    ).toEqual(['a'])
    expect(
      results(
        'Concat',
        [
          [0, 'a', '', 2],
          [0, 'b', '', 1],
        ],
        1,
      ),
    ).toEqual(['ba'])
  })

  test('samples', () => {
    const prices = [9, 10, 15, 15, 16, 16, 19, 20, 25, 25].map((price) => [0, price] as const)
    expect(results('Median', prices, 1)).toEqual([16])
    expect(
      results(
        'Stdev',
        [
          [0, 1],
          [0, 3],
        ],
        1,
      ),
    ).toEqual([Math.SQRT2])
    expect(
      results(
        'Correl',
        [
          [0, 1, 2],
          [0, 2, 4],
          [0, 3, 6],
        ],
        1,
      ),
    ).toEqual([1])
  })

  test('no name appears twice', () => {
    const names = aggregations.map(({ name }) => name.toLowerCase())
    expect(new Set(names).size).toBe(names.length)
  })
})
