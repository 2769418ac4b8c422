import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Bitset } from '../storage/bitset.ts'
import { type Codes, Column, type ColumnSegment } from '../storage/column.ts'
import { codesOfSymbols, symbolsOfCodes } from './code-set.ts'
import { codesInRows, countCodes } from './row-codes.ts'
import { rowsWithCodes } from './row-filter.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 300)

interface Sample {
  readonly codes: readonly number[]
  readonly size: number
  readonly column: Column
  readonly rows: Bitset
  readonly set: Bitset
}

/** Columns of one to four segments of any width, cut at any row; half of the time few codes, so that all are soon seen. */
const arbitrarySample: fc.Arbitrary<Sample> = fc
  .record({
    size: fc.constantFrom(1, 2, 5, 33, 300, 70_000),
    lengths: fc.array(fc.nat(150), { maxLength: 4 }),
    salt: fc.nat(),
    dense: fc.nat(4),
  })
  .map(({ size, lengths, salt, dense }) => {
    let state = salt
    const random = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return Math.floor((state / 2 ** 32) * below)
    }
    const segments: ColumnSegment[] = []
    const codes: number[] = []
    for (const length of lengths) {
      const part = Array.from({ length }, () => random(size))
      segments.push({ start: codes.length, codes: packed(part, size, random(3)) })
      codes.push(...part)
    }
    const some = (count: number): Bitset =>
      Bitset.of(
        count,
        [...new Array(count).keys()].filter(() => random(4) < dense),
      )
    return { codes, size, column: new Column(segments), rows: some(codes.length), set: some(size) }
  })

function packed(codes: readonly number[], size: number, wider: number): Codes {
  const narrowest = size <= 0x100 ? 0 : size <= 0x10000 ? 1 : 2
  const width = Math.min(2, narrowest + wider)
  return width === 0
    ? Uint8Array.from(codes)
    : width === 1
      ? Uint16Array.from(codes)
      : Uint32Array.from(codes)
}

describe(`row kernels against plain loops (seed ${seed})`, { timeout: 60_000 }, () => {
  it('find the rows of codes', () => {
    fc.assert(
      fc.property(arbitrarySample, ({ codes, column, set }) => {
        const expected = [...codes.keys()].filter((row) => set.has(codes[row] ?? 0))
        expect([...rowsWithCodes(column, set).toArray()]).toEqual(expected)
      }),
      { seed, numRuns },
    )
  })

  it('find the codes in rows, never NULL', () => {
    fc.assert(
      fc.property(arbitrarySample, ({ codes, column, rows, size }) => {
        const expected = new Set(codes.filter((code, row) => code > 0 && rows.has(row)))
        expect(new Set(codesInRows(column, rows, size).toArray())).toEqual(expected)
        expect(new Set(codesInRows(column, null, size).toArray())).toEqual(
          new Set(codes.filter((code) => code > 0)),
        )
      }),
      { seed, numRuns },
    )
  })

  it('count the codes in rows, NULL too', () => {
    fc.assert(
      fc.property(arbitrarySample, ({ codes, column, rows, size }) => {
        const expected = new Array<number>(size).fill(0)
        codes.forEach((code, row) => {
          if (rows.has(row)) expected[code] = (expected[code] ?? 0) + 1
        })
        expect([...countCodes(column, rows, size)]).toEqual(expected)
        expect(countCodes(column, null, size).reduce((sum, count) => sum + count, 0)).toBe(
          codes.length,
        )
      }),
      { seed, numRuns: Math.ceil(numRuns / 4) },
    )
  })

  it('turn symbols into codes and back', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.array(fc.nat(199)), (size, members) => {
        const symbols = Bitset.of(
          size,
          members.filter((member) => member < size),
        )
        const codes = codesOfSymbols(symbols)
        expect([...codes.toArray()]).toEqual([...symbols.toArray()].map((symbol) => symbol + 1))
        expect(symbolsOfCodes(codes).equals(symbols)).toBe(true)
        codes.add(0)
        expect(symbolsOfCodes(codes).equals(symbols)).toBe(true)
      }),
      { seed, numRuns },
    )
  })
})
