import { expect, it } from 'vitest'
import type { Value } from '../value/dual.ts'
import { defaultFormatSettings } from '../value/format-settings.ts'
import { Vector } from '../value/vector.ts'
import { findAggregation } from './registry.ts'

function measure(name: string, rows: readonly (readonly Value[])[]): Value {
  const args = rows[0]?.length ?? 0
  const settings = { args, distinct: false, format: defaultFormatSettings }
  const accumulator = findAggregation(name)?.create(settings)
  const vectors = Array.from({ length: args }, (_, arg) => {
    const vector = new Vector()
    for (const [slot, row] of rows.entries()) vector.set(slot, row[arg] ?? null)
    return vector
  })
  accumulator?.resize(1)
  accumulator?.add(new Uint32Array(rows.length), vectors, rows.length)
  const out = new Vector()
  accumulator?.write(out, 0, 1)
  return out.get(0)
}

const rounded = (value: Value): number => Math.round(Number(value) * 10_000) / 10_000

it('values payments', () => {
  const flows = [-10_000, 3000, 4200, 6800]
  expect(
    rounded(
      measure(
        'IRR',
        flows.map((flow) => [flow]),
      ),
    ),
  ).toBe(0.1634)
  expect(
    rounded(
      measure(
        'NPV',
        flows.map((flow) => [0.1, flow]),
      ),
    ),
  ).toBe(1188.4434)
  const dated: readonly (readonly [number, number])[] = [
    [6800, 41671],
    [-10_000, 41275],
    [4200, 41577],
    [3000, 41334],
  ]
  expect(rounded(measure('XIRR', dated))).toBe(0.5385)
  expect(
    rounded(
      measure(
        'XNPV',
        dated.map(([flow, day]) => [0.1, flow, day]),
      ),
    ),
  ).toBe(2967.6281)
  expect(measure('XIRR', [[1, 'never']])).toBe(null)
})

it('fits lines', () => {
  const points = [
    [1, 0],
    [9, 4],
    [5, 2],
    [7, 3],
  ]
  expect(measure('LINEST_M', points)).toBe(2)
  expect(measure('LINEST_B', points)).toBe(1)
  expect(measure('LINEST_R2', points)).toBe(1)
  expect(measure('LINEST_DF', points)).toBe(2)
  expect(measure('STEYX', points)).toBe(0)
  expect(
    measure(
      'LINEST_M',
      points.map((point) => [...point, 0, 0]),
    ),
  ).toBeCloseTo(67 / 29)
  expect(measure('STEYX', [[1, 1]])).toBe(null)
})

it('gives exclusive quantiles', () => {
  const rows = [1, 2, 3, 4].map((number) => [number, 0.25])
  expect(measure('FractileExc', rows)).toBe(1.25)
  expect(measure('Fractile', rows)).toBe(1.75)
})
