import { describe, expect, it } from 'vitest'
import { Column } from '../storage/column.ts'
import { gatheredBytes, gatheredCodes } from './gathered-codes.ts'

const rows = 30_000
const codeOf = (row: number, widest: number): number => (row * 7919) % widest

function column(widest: number, all: Uint8Array | Uint16Array): Column {
  for (let row = 0; row < rows; row++) all[row] = codeOf(row, widest)
  return new Column([
    { start: 0, codes: all.subarray(0, 1001) },
    { start: 1001, codes: all.subarray(1001) },
  ])
}

describe('codes gathered by a list of rows', () => {
  const list = Int32Array.from({ length: 10_000 }, (_, at) => at * 3)
  const blocks = (column_: Column, size: number): number[] => {
    const out = new Uint32Array(size)
    const found: number[] = []
    for (let start = 0; start < list.length; start += size) {
      const count = Math.min(size, list.length - start)
      found.push(...gatheredCodes(column_, list, start, count, out).subarray(0, count))
    }
    return found
  }

  it.each([
    ['u8', column(200, new Uint8Array(rows)), 200],
    ['u16', column(40_000, new Uint16Array(rows)), 40_000],
  ])('are the same at every read, in blocks of any size: %s', (_, some, widest) => {
    const expected = Array.from(list, (row) => codeOf(row, widest))
    const out = new Uint32Array(1000)
    // A read from the middle on leaves nothing behind that the next could take for gathered.
    expect([...gatheredCodes(some, list, 5000, 1000, out).subarray(0, 1000)]).toEqual(
      expected.slice(5000, 6000),
    )
    for (const size of [4096, 1024, 777]) expect(blocks(some, size)).toEqual(expected)
  })

  it('are kept as wide as in the column, and counted', () => {
    expect(gatheredBytes(list)).toBe(list.length * (1 + 2))
    expect(gatheredBytes(new Int32Array(3))).toBe(0)
  })
})
