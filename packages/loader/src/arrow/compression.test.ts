import { LichenError } from '@lichen/engine'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Budget, budgetFor } from './budget.ts'
import { unpackBuffer } from './compression.ts'
import { lz4Frame, zstdFrame } from './frames-for-tests.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const frames = { lz4: lz4Frame, zstd: zstdFrame }
const codecs = ['lz4', 'zstd'] as const

function packed(frame: Uint8Array, length: number | bigint): Uint8Array {
  const bytes = new Uint8Array(8 + frame.length)
  new DataView(bytes.buffer).setBigInt64(0, BigInt(length), true)
  bytes.set(frame, 8)
  return bytes
}
const budget = (): Budget => budgetFor(1000, 'x.arrow')

test.each(codecs)('%s unpacks what was packed', (codec) => {
  const repetitive = fc
    .array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 9 }), fc.nat(60)), { maxLength: 30 })
    .map((parts) =>
      Uint8Array.from(
        parts.flatMap(([part, times]) =>
          Array(times)
            .fill([...part])
            .flat(),
        ),
      ),
    )
  fc.assert(
    fc.property(repetitive, (content) => {
      const bytes = packed(frames[codec](content), content.length)
      expect(unpackBuffer(bytes, codec, budget())).toEqual(content)
    }),
    { seed, numRuns: Number(process.env.LICHEN_RUNS ?? 100) },
  )
})

test('a buffer that is not packed, and one without bytes', () => {
  expect(unpackBuffer(packed(Uint8Array.of(1, 2), -1), 'lz4', budget())).toEqual(
    Uint8Array.of(1, 2),
  )
  expect(unpackBuffer(new Uint8Array(0), 'zstd', budget())).toHaveLength(0)
})

test.each(codecs)('%s that is not as long as it says', (codec) => {
  const content = new TextEncoder().encode('abcabcabcabcabcabcabcabcabcabcabc')
  const frame = frames[codec](content)
  for (const length of [0, 1, content.length - 1, content.length + 1, 1 << 20, -2])
    expect(() => unpackBuffer(packed(frame, length), codec, budget())).toThrow()
  expect(() => unpackBuffer(packed(frame, 2n ** 50n), codec, budget())).toThrow(LichenError)
})

test.each(codecs)('%s cut off or changed unpacks to its length or throws', (codec) => {
  const content = new TextEncoder().encode('abcabcabcabcab'.repeat(20))
  const frame = frames[codec](content)
  const check = (bytes: Uint8Array): void => {
    let length = content.length
    try {
      length = unpackBuffer(packed(bytes, content.length), codec, budget()).length
    } catch {}
    expect(length).toBe(content.length)
  }
  for (let end = 0; end < frame.length; end++) check(frame.subarray(0, end))
  for (let bit = 0; bit < frame.length * 8; bit++) {
    const damaged = frame.slice()
    damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    check(damaged)
  }
})
