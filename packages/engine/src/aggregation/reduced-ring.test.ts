import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Ring, signedArea } from '../math/geometry.ts'
import { corners, reducedRing } from './reduced-ring.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 200)

it('opens rings that are closed', () => {
  const open: Ring = [
    [0, 0],
    [1, 0],
    [1, 1],
  ]
  expect(corners([...open, [0, 0]])).toEqual(open)
  expect(corners(open)).toEqual(open)
  expect(corners([[0, 0]])).toEqual([[0, 0]])
  expect(corners([])).toEqual([])
})

it('go vertex by vertex as a plain search for the smallest triangle does', () => {
  const ring = fc.uniqueArray(fc.tuple(fc.nat(40), fc.nat(40)), {
    minLength: 4,
    maxLength: 30,
    selector: ([x, y]) => x * 100 + y,
  })
  fc.assert(
    fc.property(ring, fc.double({ min: 0, max: 1, noNaN: true }), (open, share) => {
      expect(reducedRing(open, share)).toEqual(plainlyReduced(open, share))
    }),
    { seed, numRuns },
  )
})

function plainlyReduced(open: Ring, share: number): Ring {
  const places = open.map((_, at) => ({ at, weight: 0 }))
  const size = (index: number) =>
    Math.abs(
      signedArea(
        [index - 1, index, index + 1].map(
          (place) => open[places[(place + places.length) % places.length]!.at]!,
        ),
      ),
    )
  for (const [index, place] of places.entries()) place.weight = size(index)
  for (let left = Math.floor((open.length - 3) * share); left > 0; left--) {
    const least = places.reduce((a, b) => (b.weight < a.weight ? b : a))
    const index = places.indexOf(least)
    places.splice(index, 1)
    for (const next of new Set([index - 1, index])) {
      const place = (next + places.length) % places.length
      places[place]!.weight = Math.max(size(place), least.weight)
    }
  }
  const kept = places.map(({ at }) => open[at]!)
  return [...kept, kept[0]!]
}
