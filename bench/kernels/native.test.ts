import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { Native, type NativeArray } from './native.ts'

const folder = mkdtempSync(join(tmpdir(), 'lichen-native-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const source = join(dirname(fileURLToPath(import.meta.url)), 'floor.c')
const native = Native.compile(source, folder)

const bitsOf = (size: number, members: Iterable<number>): Uint32Array => {
  const words = new Uint32Array(Math.ceil(size / 32))
  for (const member of members)
    words[member >>> 5] = (words[member >>> 5] ?? 0) | (1 << (member & 31))
  return words
}

const widths: Readonly<Record<string, (codes: readonly number[]) => NativeArray>> = {
  8: (codes) => Uint8Array.from(codes),
  16: (codes) => Uint16Array.from(codes),
  32: (codes) => Uint32Array.from(codes),
}

test.skipIf(typeof native === 'string').each(Object.keys(widths))(
  'the kernels in C do what they are said to do, codes of %s bits',
  (width) => {
    if (typeof native === 'string') return
    const wide = widths[width]
    if (wide === undefined) return
    const size = 40
    const code = fc.nat(size - 1)
    fc.assert(
      fc.property(
        fc.array(fc.record({ code, group: code, isPossible: fc.boolean() }), {
          minLength: 1,
          maxLength: 100,
        }),
        fc.uniqueArray(code),
        (rows, set) => {
          const codes = rows.map((row) => row.code)
          const possible = rows.flatMap(({ isPossible }, row) => (isPossible ? [row] : []))
          const bits = bitsOf(rows.length, possible)
          const numbers = Float64Array.from({ length: size }, (_, at) => at * 3)
          const groups = rows.map(({ group }) => group)
          native.prepare([
            { kernel: 'filter', codes: size, inputs: [wide(codes), bitsOf(size, set)] },
            { kernel: 'seen', codes: size, inputs: [wide(codes), bits] },
            { kernel: 'counts', codes: size, inputs: [wide(codes), bits] },
            { kernel: 'counts', codes: size, inputs: [wide(codes), new Uint32Array()] },
            { kernel: 'gather', codes: size, inputs: [wide(codes), Uint32Array.from(possible)] },
            { kernel: 'sums', codes: size, inputs: [wide(groups), wide(codes), numbers] },
          ])
          const counted = (of: readonly number[]): number[] =>
            Array.from({ length: size }, (_, each) => of.filter((found) => found === each).length)
          const gathered = possible.map((row) => codes[row] ?? 0)
          const inSet = codes.flatMap((found, row) => (set.includes(found) ? [row] : []))
          const seen = gathered.filter((found) => found !== 0)
          const sums = Array.from({ length: size }, (_, group) =>
            rows.reduce((sum, row) => sum + (row.group === group ? row.code * 3 : 0), 0),
          )
          expect(native.run(1).map(({ answer }) => [...answer])).toEqual([
            [...bitsOf(rows.length, inSet)],
            [...bitsOf(size, seen)],
            counted(gathered),
            counted(codes),
            gathered,
            sums,
          ])
        },
      ),
      { numRuns: 30 },
    )
  },
)

test('without a source there is a reason', () => {
  expect(Native.compile(join(folder, 'none.c'), folder)).toEqual(expect.any(String))
})
