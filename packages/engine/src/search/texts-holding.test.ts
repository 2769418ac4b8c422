import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../base/utf8.ts'
import type { SymbolSegment } from '../storage/symbol-table.ts'
import { arenaOf, enableKernels } from '../wasm/arena.ts'
import { createKernelMemory, kernelMemoryOf } from '../wasm/memory.ts'
import { readBeyond } from '../wasm/text-kernels.ts'
import { threadPool, useThreadPool } from '../wasm/threads.ts'
import { afterAnything, Fragment, perhapsAtWordStart, surelyAtWordStart } from './fragment.ts'
import { textsBeyondAscii, textsHolding } from './texts-holding.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 500)

const memory = createKernelMemory(1 << 22, 1 << 21) ?? expect.fail('this runtime has WebAssembly')

afterEach(() => {
  enableKernels(true)
})

/** Texts from some byte of the memory on; around them stands what searches look for. */
function segmentIn(
  buffer: ArrayBufferLike,
  at: number,
  texts: readonly (string | Uint8Array)[],
): SymbolSegment {
  const encoded = texts.map((text) => (typeof text === 'string' ? encodeUtf8(text) : text))
  const offsets = new Uint32Array(buffer, at, texts.length + 1).fill(0)
  for (const [i, { length }] of encoded.entries()) offsets[i + 1] = offsets[i]! + length
  const length = offsets[texts.length]!
  const bytes = new Uint8Array(buffer, at + offsets.byteLength, length)
  for (const [i, text] of encoded.entries()) bytes.set(text, offsets[i]!)
  const behind = at + offsets.byteLength + length
  new Uint8Array(buffer, behind, Math.min(256, buffer.byteLength - behind)).fill(97)
  const count = texts.length
  const kinds = new Uint8Array(count).fill(2)
  return { start: 0, count, kinds, numbers: new Float64Array(count), offsets, bytes }
}

/** Byte by byte. */
function naive(
  { count, offsets, bytes }: SymbolSegment,
  wanted: Uint8Array,
  refusals: Uint8Array,
): number[] {
  const lower = bytes.map((byte) => (byte >= 65 && byte <= 90 ? byte + 32 : byte))
  return Array.from({ length: count }, (_, i) => i).filter((i) => {
    const [from, to] = [offsets[i]!, offsets[i + 1]!]
    for (let at = from; at + wanted.length <= to; at++)
      if (
        wanted.every((byte, k) => lower[at + k] === byte) &&
        (at === from || refusals[bytes[at - 1]!] === 0)
      )
        return true
    return false
  })
}

/** By kernel and by loop, which must be one of them both. */
function bothWays(segment: SymbolSegment, fragment: Fragment): number[] {
  const byKernel = [...textsHolding(segment, fragment).toArray()]
  enableKernels(false)
  const byLoop = [...textsHolding(segment, fragment).toArray()]
  enableKernels(true)
  expect(byKernel).toEqual(byLoop)
  return byKernel
}

const letters = ['a', 'b', 'A', 'B', 'k', 'K', '7', ' ', '-', '@', '`', '[', '{', '\0', '\x7f', 'é']
const odd = [...letters, 'İ', '\u212a', 'ß', '€', '😀', 'Á', '\ud800']
const text = (of: readonly string[], maxLength: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...of), { maxLength }).map((all) => all.join(''))
const texts = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: text(odd, 12) },
    { weight: 2, arbitrary: text(['a', 'b', 'A'], 90) },
    { weight: 1, arbitrary: fc.nat(5000).map((length) => 'x'.repeat(length)) },
    { weight: 2, arbitrary: fc.constant('') },
  ),
  { maxLength: 30 },
)
const refusals = fc.constantFrom(afterAnything, perhapsAtWordStart, surelyAtWordStart)
const lowered = (value: string): string => value.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

/** What is there, across the border of two texts too, or is not. */
const wantedOf = (all: readonly string[], other: string, from: number, length: number): string => {
  const joined = all.join('').replace(/[^\0-\x7f]/g, '')
  const part = joined.slice(from % (joined.length + 1)).slice(0, length)
  return lowered(part === '' || from % 5 === 0 ? other : part)
}

describe(`texts that hold a fragment (seed ${seed})`, { timeout: 60_000 }, () => {
  it('are the same by kernel, by loop and byte by byte', () => {
    fc.assert(
      fc.property(
        texts,
        text(letters.slice(0, -1), 5).map((part) => `${part}a`),
        fc.nat(20_000),
        fc.constantFrom(1, 2, 3, 7, 8, 9, 16, 17, 40),
        fc.nat(80),
        fc.constantFrom(0, 3, 4080, 4095, 4096),
        refusals,
        (all, other, from, length, shift, before, refused) => {
          const empty = Array.from({ length: before }, () => '')
          const segment = segmentIn(memory.buffer, shift * 4, [...empty, ...all])
          const wanted = encodeUtf8(wantedOf(all, other, from, length))
          const found = bothWays(segment, new Fragment(wanted, refused))
          expect(found).toEqual(naive(segment, wanted, refused))
        },
      ),
      { seed, numRuns: numRuns * 2 },
    )
  })

  it('are found in many chunks, whole stretches apart', () => {
    const at = (i: number): string =>
      `${'-'.repeat((i * 7) % 91)}${i % 13 === 0 ? 'Needle' : 'need'}`
    const segment = segmentIn(
      memory.buffer,
      64,
      Array.from({ length: 20_000 }, (_, i) => at(i)),
    )
    for (const part of ['needle', 'ee', 'd', '-need', 'edle', 'eneed', '-'.repeat(60)])
      expect(bothWays(segment, Fragment.of(part))).toEqual(
        naive(segment, encodeUtf8(part), afterAnything),
      )
  })

  it('may hold bytes of letters that fold to ASCII', () => {
    const segment = segmentIn(memory.buffer, 0, ['İ', 'i', 'Ä°', 'x\u212a', 'k', 'aİ'])
    expect(bothWays(segment, new Fragment(Uint8Array.of(0xc4, 0xb0)))).toEqual([0, 5])
    expect(bothWays(segment, new Fragment(Uint8Array.of(0xe2, 0x84, 0xaa)))).toEqual([3])
  })

  it('are told from those beyond ASCII', () => {
    fc.assert(
      fc.property(texts, fc.nat(80), (all, shift) => {
        const segment = segmentIn(memory.buffer, shift * 4, all)
        const expected = all.flatMap((value, i) => (/[^\0-\x7f]/.test(value) ? [i] : []))
        expect([...textsBeyondAscii(segment).toArray()]).toEqual(expected)
        enableKernels(false)
        expect([...textsBeyondAscii(segment).toArray()]).toEqual(expected)
        enableKernels(true)
      }),
      { seed, numRuns },
    )
  })

  it('are sought by the kernel where they lie, and by the loop where it would read beyond the memory', () => {
    const tight = createKernelMemory(0, 1 << 16) ?? expect.fail('this runtime has WebAssembly')
    const arena = arenaOf(tight.buffer) ?? expect.fail('kernels reach it')
    const all = ['one', 'two', 'none', 'tone']
    const size = 5 * 4 + 14
    const fragment = Fragment.of('one')
    const end = tight.buffer.byteLength
    for (const behind of [0, 1, 3, 60, readBeyond - 1].map((bytes) => bytes & -4)) {
      const at = (end - size - behind) & -4
      expect(bothWays(segmentIn(tight.buffer, at, all), fragment)).toEqual([0, 2, 3])
    }
    expect(arena.bytes).toBe(0)
    const last = (end - size - readBeyond - fragment.length) & -4
    expect(bothWays(segmentIn(tight.buffer, last, all), fragment)).toEqual([0, 2, 3])
    expect(arena.bytes).toBeGreaterThan(0)
  })

  it('are sought by the loop where texts and offsets lie apart, or in plain memory', () => {
    const plain = segmentIn(new ArrayBuffer(1024), 0, ['one', 'two', 'none'])
    const apart = { ...plain, bytes: segmentIn(memory.buffer, 0, ['one', 'two', 'none']).bytes }
    expect(kernelMemoryOf(plain.bytes.buffer)).toBeUndefined()
    for (const segment of [plain, apart])
      expect([...textsHolding(segment, Fragment.of('one')).toArray()]).toEqual([0, 2])
  })

  it('are shared out among threads by chunks', () => {
    const segment = segmentIn(
      memory.buffer,
      0,
      Array.from({ length: 160_000 }, (_, i) => `t${i.toString(36)}`),
    )
    const expected = naive(segment, encodeUtf8('1a'), afterAnything)
    const known = threadPool()
    let programs = 0
    useThreadPool({
      size: 2,
      run({ buffer }, work, meanwhile) {
        const run = arenaOf(buffer)?.exports.run ?? expect.fail('kernels reach it')
        // Two chunks of each thread of the others, and the caller has the rest.
        for (const program of work.programs) {
          run(program, work.table, 2 + programs * 2, work.next)
          programs += 1
          // The turn that found no chunk took a number too.
          Atomics.sub(new Int32Array(buffer, work.next, 1), 0, 1)
        }
        meanwhile()
      },
    })
    try {
      expect([...textsHolding(segment, Fragment.of('1a')).toArray()]).toEqual(expected)
      expect(programs).toBe(2)
    } finally {
      useThreadPool(known)
    }
  })
})
