import { afterEach, describe, expect, it } from 'vitest'
import { createAllocator } from './allocator.ts'
import { Column } from './column.ts'
import {
  buildingRowIndices,
  buildRowIndices,
  dropRowIndices,
  rowIndexOf,
  wantRowIndex,
} from './row-index.ts'

const rows = 40_000
const codes = 50

function column(salt: number): Column {
  const all = Uint8Array.from({ length: rows }, (_, row) => (row * salt) % codes)
  return new Column([
    { start: 0, codes: all.subarray(0, 1001) },
    { start: 1001, codes: all.subarray(1001) },
  ])
}

describe('row indices', () => {
  const allocator = createAllocator({ budget: 400_000 })
  const one = column(7)
  const other = column(11)
  const bytes = (codes + 1 + rows) * 4
  afterEach(() => dropRowIndices([one, other], allocator))

  it('are built only when wanted, list the rows of every code ascending, and are accounted', () => {
    expect(buildRowIndices([one], allocator)).toEqual({ built: 0, wanted: 0, bytes: 0 })
    wantRowIndex(one, codes)
    expect(rowIndexOf(one)).toBeUndefined()
    expect(buildRowIndices([one, other], allocator)).toEqual({ built: 1, wanted: 0, bytes })
    expect(allocator.usage().indices).toBe(bytes)
    const index = rowIndexOf(one)
    for (let code = 0; code < codes; code++) {
      const found = index?.rows.subarray(index.offsets[code], index.offsets[code + 1]) ?? []
      const expected = Array.from({ length: rows }, (_, row) => row).filter(
        (row) => one.codeAt(row) === code,
      )
      expect([...found]).toEqual(expected)
    }
    dropRowIndices([one, other], allocator)
    expect(rowIndexOf(one)).toBeUndefined()
    expect(allocator.usage().indices).toBe(0)
  })

  it('keep within their budget: the one unused for longest goes', () => {
    wantRowIndex(one, codes)
    wantRowIndex(other, codes)
    expect(buildRowIndices([one, other], allocator, { count: 1 })).toMatchObject({ wanted: 1 })
    expect(buildRowIndices([one, other], allocator, { bytes })).toEqual({
      built: 1,
      wanted: 0,
      bytes,
    })
    expect([rowIndexOf(one), rowIndexOf(other)].map((index) => index === undefined)).toEqual([
      true,
      false,
    ])
    wantRowIndex(one, codes)
    expect(buildRowIndices([one, other], allocator, { bytes: 10 }).built).toBe(0)
  })

  it('do without when the allocator has no more', () => {
    const small = createAllocator({ budget: 1000 })
    wantRowIndex(one, codes)
    expect(buildRowIndices([one], small)).toEqual({ built: 0, wanted: 0, bytes: 0 })
    expect(small.used).toBe(0)
  })

  it('are built in slices; what is abandoned gives its memory back and stays wanted', () => {
    wantRowIndex(one, codes)
    const work = buildingRowIndices([one], allocator)
    expect(work.next().done).toBe(false)
    wantRowIndex(one, codes)
    expect(buildRowIndices([one], allocator).built).toBe(0)
    work.return({ built: 0, wanted: 0, bytes: 0 })
    expect(allocator.usage().indices).toBe(0)
    expect(buildRowIndices([one], allocator).built).toBe(1)
  })

  it('are not wanted for small tables', () => {
    const few = new Column([{ start: 0, codes: Uint8Array.of(1, 2, 1) }])
    wantRowIndex(few, 3)
    expect(buildRowIndices([few], allocator).built).toBe(0)
  })
})
