import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Value } from '../value/dual.ts'
import { defaultFormatSettings } from '../value/format-settings.ts'
import { Vector } from '../value/vector.ts'
import type { CodedAccumulator } from './coded.ts'
import { CodedDistinctCount } from './coded-distinct.ts'
import { createAccumulator } from './distinct.ts'
import { aggregations, findAggregation } from './registry.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 300)

const anyValue: fc.Arbitrary<Value> = fc.oneof(
  fc.integer({ min: -1000, max: 1000 }),
  fc.integer({ min: -100_000, max: 100_000 }).map((cents) => cents / 100),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }),
  fc.constantFrom<Value>('text', 2 ** 52, 1e300, 0.1, -0.1),
)
// Fields of one kind take the exact routes, mixed ones the careful one.
const values = fc.oneof(
  fc.uniqueArray(fc.integer({ min: -50, max: 50 }), { maxLength: 12 }),
  fc.uniqueArray(
    fc.integer({ min: -5000, max: 5000 }).map((cents) => cents / 100),
    { maxLength: 12 },
  ),
  fc.uniqueArray(anyValue, { maxLength: 12 }),
)
const slots = fc.array(fc.tuple(fc.nat(4), fc.nat(1000)), { maxLength: 60 })

function close(actual: Value, expected: Value, largest: number): void {
  if (typeof actual !== 'number' || typeof expected !== 'number') expect(actual).toBe(expected)
  else
    expect(Math.abs(actual - expected)).toBeLessThanOrEqual(
      1e-12 * Math.max(largest, Math.abs(expected)),
    )
}

const coded = aggregations.flatMap((definition) => [
  ...(definition.createCoded === undefined
    ? []
    : [{ name: definition.name, distinct: false, create: definition.createCoded }]),
  ...(definition.createCodedDistinct === undefined
    ? []
    : [{ name: definition.name, distinct: true, create: definition.createCodedDistinct }]),
])

test.each(coded)(
  '$name by codes equals $name by values, distinct: $distinct',
  ({ name, distinct, create }) => {
    const definition = findAggregation(name)
    if (definition === undefined) throw new Error(`no ${name}`)
    fc.assert(
      fc.property(values, slots, (symbols, picks) => {
        const table = new Vector(symbols.length + 1)
        for (const [symbol, value] of symbols.entries()) table.set(symbol + 1, value)
        for (let code = 0; code <= symbols.length; code++)
          if ((table.kinds[code]! & 1) === 0) table.numbers[code] = Number.NaN
        const codes = Uint32Array.from(picks, ([, pick]) => pick % (symbols.length + 1))
        const groups = Uint32Array.from(picks, ([group]) => group)
        const argument = new Vector()
        for (const [slot, code] of codes.entries()) argument.set(slot, table.get(code))
        const plain = (to: Uint32Array, count: number): Value[] => {
          const accumulator = createAccumulator(definition, {
            args: 1,
            distinct,
            format: defaultFormatSettings,
          })
          accumulator.resize(count)
          accumulator.add(to, [argument], codes.length)
          const out = new Vector()
          accumulator.write(out, 0, count)
          return Array.from({ length: count }, (_, group) => out.get(group))
        }
        const byCodes = (feed: (accumulator: CodedAccumulator) => void, count: number): Value[] => {
          const accumulator = create(table)
          accumulator.resize(count)
          feed(accumulator)
          const out = new Vector()
          accumulator.write(out, count)
          const results = Array.from({ length: count }, (_, group) => out.get(group))
          accumulator.total(out)
          return [...results, out.get(0)]
        }
        const largest = symbols.reduce<number>(
          (sum, value) => Math.max(sum, typeof value === 'number' ? Math.abs(value) : 0),
          1,
        )
        const same = (actual: readonly Value[], expected: readonly Value[]) => {
          for (const [at, value] of actual.entries())
            close(value, expected[at] ?? null, largest * (codes.length + 1))
        }
        const whole = plain(new Uint32Array(codes.length), 1)
        same(
          byCodes(
            (accumulator) => accumulator.add(groups, codes, codes.length, !codes.includes(0)),
            5,
          ),
          [...plain(groups, 5), ...whole],
        )
        const half = codes.length >> 1
        const inTwo = byCodes((accumulator) => {
          accumulator.add(undefined, codes.subarray(0, half), half, false)
          accumulator.add(undefined, codes.subarray(half), codes.length - half, false)
        }, 1)
        same(inTwo, [...whole, ...whole])
        const counts = new Uint32Array(symbols.length + 1)
        for (const code of codes) counts[code]! += 1
        same(
          byCodes((accumulator) => accumulator.addCounts(counts), 1),
          [...whole, ...whole],
        )
      }),
      { seed, numRuns },
    )
  },
)

test('sums of decimals are exact, in any order', () => {
  const create = findAggregation('Sum')?.createCoded
  const numbers = Float64Array.of(Number.NaN, 0.1, 0.2, 0.7)
  const sum = create?.({ kinds: Uint8Array.of(0, 1, 1, 1), numbers })
  sum?.resize(1)
  sum?.add(undefined, Uint32Array.of(1, 2, 3, 1, 1, 1, 0, 2, 2), 9, false)
  const out = new Vector()
  sum?.write(out, 1)
  expect(out.get(0)).toBe(1.7)
})

test('distinct codes are counted alike in bitmaps and as pairs', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(300), fc.nat(40)), { maxLength: 300 }),
      fc.integer({ min: 1, max: 301 }),
      (pairs, firstGroups) => {
        const groups = Uint32Array.from(pairs, ([group]) => group)
        const codes = Uint32Array.from(pairs, ([, code]) => code)
        const results = [41, 2 ** 22].map((size) => {
          const accumulator = new CodedDistinctCount(size)
          // Those of the first groups are there before the bitmap is given up.
          const few = pairs.filter(([group]) => group < firstGroups)
          accumulator.resize(Math.min(firstGroups, 3))
          const early = few.filter(([group]) => group < 3 && group < firstGroups)
          accumulator.add(
            Uint32Array.from(early, ([group]) => group),
            Uint32Array.from(early, ([, code]) => code),
            early.length,
          )
          accumulator.resize(302)
          accumulator.add(groups, codes, pairs.length)
          const out = new Vector()
          accumulator.write(out, 302)
          const counts = Array.from({ length: 302 }, (_, group) => out.get(group))
          accumulator.total(out)
          return [...counts, out.get(0)]
        })
        expect(results[1]).toEqual(results[0])
        expect(results[0]?.[302]).toBe(new Set(codes.filter((code) => code !== 0)).size)
      },
    ),
    { seed, numRuns: Math.min(numRuns, 20) },
  )
})
