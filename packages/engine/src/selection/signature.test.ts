import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Bitset } from '../storage/bitset.ts'
import type { FieldSelection } from './selections.ts'
import { hasHash } from './signature.ts'
import { selectionsOf } from './transitions.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 500)

function selection(
  field: number,
  size: number,
  members: Iterable<number>,
  serial = 1,
): FieldSelection {
  return { field, symbols: Bitset.of(size, members), locked: false, serial }
}

describe('signature', () => {
  it('does not depend on order, locks or serials', () => {
    const one = selectionsOf([selection(3, 10, [1]), selection(1, 10, [2])])
    const other = selectionsOf([
      { ...selection(1, 10, [2], 8), locked: true },
      selection(3, 10, [1], 9),
    ])
    expect(one.signature).toBe(other.signature)
  })

  it('tells an empty selection from none and one field from another', () => {
    const signatures = [
      selectionsOf([]),
      selectionsOf([selection(1, 10, [])]),
      selectionsOf([selection(2, 10, [])]),
      selectionsOf([selection(1, 10, [2])]),
      selectionsOf([selection(1, 10, [2, 3])]),
      selectionsOf([selection(1, 40, [23])]),
      selectionsOf([selection(12, 10, [3])]),
    ].map(({ signature }) => signature)
    expect(new Set(signatures).size).toBe(signatures.length)
  })

  it('is equal exactly for equal sets, written out or hashed', () => {
    const members = fc.uniqueArray(fc.nat(199), { maxLength: 120 })
    fc.assert(
      fc.property(members, members, fc.nat(199), (left, right, flipped) => {
        const a = selectionsOf([selection(0, 200, left)])
        const b = selectionsOf([selection(0, 200, right)])
        const same = [...left].sort().join() === [...right].sort().join()
        expect(a.signature === b.signature).toBe(same)
        const near = Bitset.of(200, left)
        if (near.has(flipped)) near.delete(flipped)
        else near.add(flipped)
        expect(selectionsOf([selection(0, 200, near.toArray())]).signature).not.toBe(a.signature)
        expect(hasHash(a.signature)).toBe(left.length > 48)
      }),
      { seed, numRuns },
    )
  })

  it('tells hashed sets that differ in one symbol apart', () => {
    const size = 4096
    const signatures = new Set<string>()
    for (let absent = 0; absent < size; absent++) {
      const symbols = Bitset.full(size)
      symbols.delete(absent)
      signatures.add(selectionsOf([{ field: 0, symbols, locked: false, serial: 1 }]).signature)
    }
    expect(signatures.size).toBe(size)
  })
})
