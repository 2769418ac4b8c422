import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeUtf8, encodeUtf8, encodeUtf8Into, putCodePoint, utf8Length } from './utf8.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 300)

test('well-formed text is what TextEncoder makes of it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect([...encodeUtf8(text)]).toEqual([...new TextEncoder().encode(text)])
      expect(utf8Length(text)).toBe(encodeUtf8(text).length)
    }),
    { seed, numRuns },
  )
})

test('every string survives the round trip, lone surrogates included', () => {
  const units = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 50 })
  fc.assert(
    fc.property(units, (codes) => {
      const text = String.fromCharCode(...codes)
      expect(decodeUtf8(encodeUtf8(text))).toBe(text)
    }),
    { seed, numRuns },
  )
  const long = 'añ😀'.repeat(5000)
  expect(decodeUtf8(encodeUtf8(long))).toBe(long)
})

test('bytes that are not UTF-8 read as U+FFFD one by one', () => {
  expect(decodeUtf8(Uint8Array.of(0x61, 0xff, 0x62))).toBe('a\ufffdb')
  expect(decodeUtf8(Uint8Array.of(0xe2, 0x82))).toBe('\ufffd\ufffd')
  expect(decodeUtf8(Uint8Array.of(0xc0, 0xaf))).toBe('\ufffd\ufffd')
})

test('code points are written one by one as in a text, on both sides of each length', () => {
  const points = [0, 0x7f, 0x80, 0x7ff, 0x800, 0xffff, 0x10000, 0x10ffff]
  const out = new Uint8Array(40)
  let end = 1
  for (const point of points) end = putCodePoint(point, out, end)
  const text = String.fromCodePoint(...points)
  expect(out.subarray(1, end)).toEqual(new TextEncoder().encode(text))
  expect(encodeUtf8Into(text, new Uint8Array(40), 1)).toBe(end)
  expect(decodeUtf8(out, 1, end)).toBe(text)
})

test('a longer form than needed and a lead byte beyond U+10FFFF are not UTF-8', () => {
  expect(decodeUtf8(Uint8Array.of(0xe0, 0x80, 0xaf))).toBe('\ufffd'.repeat(3))
  expect(decodeUtf8(Uint8Array.of(0xf0, 0x80, 0x80, 0xaf))).toBe('\ufffd'.repeat(4))
  expect(decodeUtf8(Uint8Array.of(0xf8, 0x80, 0x80, 0x80))).toBe('\ufffd'.repeat(4))
  expect(decodeUtf8(Uint8Array.of(0xf4, 0x90, 0x80, 0x80))).toBe('\ufffd'.repeat(4))
})
