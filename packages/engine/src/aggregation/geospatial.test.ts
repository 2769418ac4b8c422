import { describe, expect, it } from 'vitest'
import type { Ring } from '../math/geometry.ts'
import type { Value } from '../value/dual.ts'
import { measure, measureGroups } from './measure-for-tests.ts'

const square = (x: number, y: number, size = 1): Ring => [
  [x, y],
  [x + size, y],
  [x + size, y + size],
  [x, y + size],
  [x, y],
]
const area = (...rings: readonly Ring[]): string => JSON.stringify(rings)
const of = (name: string, ...values: readonly Value[]): Value =>
  measure(
    name,
    values.map((value) => [value]),
  )

describe('areas in one', () => {
  it('lose the boundary between them', () => {
    const both = of('GeoAggrGeometry', area(square(0, 0)), area(square(1, 0)))
    expect(both).toBe('[[[0,0],[2,0],[2,1],[0,1],[0,0]]]')
  })

  it('stay apart when they are, and touch in a corner', () => {
    const apart = of('GeoAggrGeometry', area(square(5, 5)), area(square(0, 0)))
    expect(apart).toBe(JSON.stringify([[square(0, 0)], [square(5, 5)]]))
    const touching = of('GeoAggrGeometry', area(square(1, 1)), area(square(0, 0)))
    expect(touching).toBe(JSON.stringify([[square(0, 0)], [square(1, 1)]]))
  })

  it('overlap, lie within one another, and are given twice', () => {
    const overlapping = of('GeoAggrGeometry', area(square(0, 0, 2)), area(square(1, 1, 2)))
    expect(overlapping).toBe('[[[0,0],[2,0],[2,1],[3,1],[3,3],[1,3],[1,2],[0,2],[0,0]]]')
    const within = of('GeoAggrGeometry', area(square(1, 1)), area(square(0, 0, 4)))
    expect(within).toBe(area(square(0, 0, 4)))
    expect(of('GeoAggrGeometry', area(square(0, 0)), area(square(0, 0)))).toBe(area(square(0, 0)))
  })

  it('keep holes, which another area may fill', () => {
    const hole = [...square(1, 1)].reverse()
    const frame = area(square(0, 0, 3), square(1, 1))
    expect(of('GeoAggrGeometry', frame)).toBe(
      JSON.stringify([square(0, 0, 3), [...hole.slice(0, 4), hole[0]]]),
    )
    expect(of('GeoAggrGeometry', frame, area(square(1, 1)))).toBe(area(square(0, 0, 3)))
  })

  it('are a set of points when there are only points', () => {
    expect(of('GeoAggrGeometry', '[2,1]', '[1,1]', '[2,1]')).toBe('[[1,1],[2,1]]')
    expect(of('GeoAggrGeometry', '[2,1]', area(square(0, 0)))).toBe(area(square(0, 0)))
  })

  it('are NULL without geometries', () => {
    expect(of('GeoAggrGeometry', null, 'x', '5', '[]', '[[[[[1,2]]]]]')).toBeNull()
    expect(of('GeoAggrGeometry', '[[[0,0],[1,1],[0,0]]]')).toBeNull()
  })

  it('belong to their groups', () => {
    const rows = [
      [0, area(square(0, 0))],
      [1, area(square(1, 0))],
      [0, area(square(0, 1))],
    ] as const
    expect(measureGroups('GeoBoundingBox', rows, 3)).toEqual(['[0,1,2,0]', '[1,2,1,0]', null])
  })
})

it('counts vertices without the repetition of the first', () => {
  expect(of('GeoCountVertex', area(square(0, 0)))).toBe(4)
  expect(of('GeoCountVertex', area(square(0, 0, 3), square(1, 1)), '[[[0,0],[1,0],[1,1]]]')).toBe(
    11,
  )
  expect(of('GeoCountVertex', '[1,2]', null)).toBe(1)
  expect(of('GeoCountVertex', 'x')).toBeNull()
})

it('finds the rectangle around points and areas', () => {
  expect(of('GeoBoundingBox', '[-7,2.5]', area(square(0, 0)), '[[3,4],[1,-1]]')).toBe('[-7,3,4,-1]')
})

describe('projections of areas in one', () => {
  const halves = [area(square(0, 0)), area(square(1, 0))]
  const together = '[[[0,0],[2,0],[2,1],[0,1],[0,0]]]'
  const inType = (name: string, type: Value, values: readonly Value[]) =>
    measure(
      name,
      values.map((value) => [type, value]),
    )

  it('leave coordinates in unit', () => {
    expect(inType('GeoProjectGeometry', 'unit', halves)).toBe(together)
    expect(inType('GeoInvProjectGeometry', null, halves)).toBe(together)
    expect(inType('GeoProjectGeometry', 'conic', halves)).toBeNull()
    expect(inType('GeoProjectGeometry', 'mercator', ['x'])).toBeNull()
  })

  it('are undone by their inverse', () => {
    const there = inType('GeoProjectGeometry', 'Mercator', halves)
    const back = inType('GeoInvProjectGeometry', 'mercator', [there])
    const numbers = (text: Value) =>
      String(text)
        .match(/-?[\d.]+(e-?\d+)?/g)
        ?.map(Number) ?? []
    expect(numbers(there)[2]).toBeCloseTo(222_638.98, 1)
    for (const [index, number] of numbers(back).entries())
      expect(number).toBeCloseTo(numbers(together)[index] ?? Number.NaN, 9)
  })
})

describe('reduced areas', () => {
  const bumpy: Ring = [
    [0, 0],
    [2, 0.1],
    [4, 0],
    [4, 4],
    [2, 3],
    [0, 4],
    [0, 0],
  ]

  it('keep their own boundaries, each once', () => {
    const values = [area(square(1, 0)), area(square(0, 0)), area(square(1, 0))]
    expect(of('GeoReduceGeometry', ...values)).toBe(
      JSON.stringify([[square(0, 0)], [square(1, 0)]]),
    )
  })

  it('lose the vertices that matter least', () => {
    const at = (share: Value) => measure('GeoReduceGeometry', [[area(bumpy), share]])
    expect(at(0)).toBe(area(bumpy))
    expect(at(0.34)).toBe('[[[0,0],[4,0],[4,4],[2,3],[0,4],[0,0]]]')
    expect(at(0.67)).toBe('[[[0,0],[4,0],[4,4],[0,4],[0,0]]]')
    expect(at(1)).toBe('[[[4,0],[4,4],[0,4],[4,0]]]')
    expect(at(1.5)).toBeNull()
    expect(at('much')).toBeNull()
  })
})
