import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Polygon, type Ring, signedArea } from '../math/geometry.ts'
import { unionOfAreas } from './area-union.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 200)

describe('the union of areas', () => {
  const triangle = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 12 })), {
      minLength: 3,
      maxLength: 3,
    })
    .filter((ring) => signedArea(ring) !== 0)
  const box = fc
    .tuple(
      fc.integer({ min: 0, max: 9 }),
      fc.integer({ min: 0, max: 9 }),
      fc.integer({ min: 1, max: 4 }),
    )
    .map(
      ([x, y, size]): Ring => [
        [x, y],
        [x + size, y],
        [x + size, y + size],
        [x, y + size],
      ],
    )
  const shapes = fc.array(fc.oneof(triangle, box), { minLength: 1, maxLength: 8 })

  /** Positions on no line between whole numbers that small. */
  const samples = Array.from({ length: 13 * 13 }, (_, i) => [
    (i % 13) + 0.4142135,
    Math.floor(i / 13) + 0.7320508,
  ])

  it('covers what any of them covers, once', () => {
    fc.assert(
      fc.property(shapes, (rings) => {
        const union = unionOfAreas(rings.map((ring) => [ring]))
        for (const [x = 0, y = 0] of samples) {
          const covered = rings.some((ring) => inside(ring, x, y))
          const times = union.filter((polygon) => insideArea(polygon, x, y)).length
          expect(times).toBe(covered ? 1 : 0)
        }
      }),
      { seed, numRuns },
    )
  })

  it('takes crossings in one position for one, though they are rounded', () => {
    const fan = Array.from(
      { length: 5 },
      (_, i): Ring => [
        [0, 0.1 * i],
        [3, 0.1 * (7 - i)],
        [3, 0.1 * (9 - i)],
      ],
    )
    const union = unionOfAreas(fan.map((ring) => [ring]))
    for (const [x = 0, y = 0] of samples.map(([a = 0, b = 0]) => [a / 4, b / 13])) {
      const covered = fan.some((ring) => inside(ring, x, y))
      expect(union.filter((polygon) => insideArea(polygon, x, y)).length).toBe(covered ? 1 : 0)
    }
  })

  it('does not depend on their order', () => {
    fc.assert(
      fc.property(shapes, (rings) => {
        const polygons = rings.map((ring) => [ring])
        expect(unionOfAreas([...polygons].reverse())).toEqual(unionOfAreas(polygons))
        expect(unionOfAreas([...polygons, ...polygons])).toEqual(unionOfAreas(polygons))
      }),
      { seed, numRuns },
    )
  })

  it('has closed rings, the outer counterclockwise, holes clockwise', () => {
    fc.assert(
      fc.property(shapes, (rings) => {
        for (const polygon of unionOfAreas(rings.map((ring) => [ring])))
          for (const [index, ring] of polygon.entries()) {
            expect(ring[ring.length - 1]).toEqual(ring[0])
            expect(signedArea(ring) > 0).toBe(index === 0)
          }
      }),
      { seed, numRuns },
    )
  })
})

function inside(ring: Ring, x: number, y: number): boolean {
  return ring.reduce((within, [ax, ay], index) => {
    const [bx, by] = ring[(index + 1) % ring.length] ?? [ax, ay]
    return ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax) ? !within : within
  }, false)
}

function insideArea(polygon: Polygon, x: number, y: number): boolean {
  return polygon.every((ring, index) => inside(ring, x, y) === (index === 0))
}
