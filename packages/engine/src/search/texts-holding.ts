import { Bitset } from '../storage/bitset.ts'
import type { SymbolSegment } from '../storage/symbol-table.ts'
import { type Arena, arenaOf } from '../wasm/arena.ts'
import { chunkNumber, chunksOfAll, Program, recordCount } from '../wasm/program.ts'
import { describedBytes, readBeyond, type SoughtBytes } from '../wasm/text-kernels.ts'
import { afterAnything, type Fragment } from './fragment.ts'

/** The texts of a segment in whose bytes the fragment stands where it counts; size = texts of the segment. */
export function textsHolding(segment: SymbolSegment, fragment: Fragment): Bitset {
  const { bytes, refusals } = fragment
  const places = rarestPlaces(segment.bytes, bytes)
  const sought = { bytes, folds: bytes.map(foldOf), refusals, places }
  return byKernel(segment, sought) ?? byLoop(segment, fragment)
}

/** The texts with characters beyond ASCII. */
export function textsBeyondAscii(segment: SymbolSegment): Bitset {
  return byKernel(segment, beyondAscii) ?? beyondAsciiByLoop(segment)
}

/** Any byte whose highest bit is set. */
const beyondAscii: SoughtBytes = {
  bytes: Uint8Array.of(0xff),
  folds: Uint8Array.of(0x7f),
  refusals: afterAnything,
  places: [0, 0],
}

/** The twin of the kernel: over all bytes in one go, whatever text they are in. */
function byLoop({ count, offsets, bytes }: SymbolSegment, fragment: Fragment): Bitset {
  const { refusals, length } = fragment
  const found = new Bitset(count)
  const end = offsets[count]!
  let i = 0
  for (let at = fragment.next(bytes, offsets[0]!, end); at !== -1; ) {
    while (offsets[i + 1]! <= at) i += 1
    const to = offsets[i + 1]!
    const counts = at + length <= to && (at === offsets[i]! || refusals[bytes[at - 1]!] === 0)
    if (counts) found.add(i)
    at = fragment.next(bytes, counts ? to : at + 1, end)
  }
  return found
}

function beyondAsciiByLoop({ count, offsets, bytes }: SymbolSegment): Bitset {
  const beyond = new Bitset(count)
  for (let i = 0; i < count; i++) {
    let all = 0
    for (let at = offsets[i]!; at < offsets[i + 1]!; at++) all |= bytes[at]!
    if (all >= 0x80) beyond.add(i)
  }
  return beyond
}

/** Undefined where the texts do not lie in memory that kernels read. */
function byKernel(segment: SymbolSegment, sought: SoughtBytes): Bitset | undefined {
  const { offsets, bytes } = segment
  const { buffer } = bytes
  const readTo = Math.max(
    bytes.byteOffset + bytes.length + sought.bytes.length,
    offsets.byteOffset + offsets.byteLength,
  )
  if (offsets.buffer !== buffer || readTo + readBeyond > buffer.byteLength) return undefined
  const arena = arenaOf(buffer)
  return arena?.attempt(() => holding(arena, segment, sought))
}

/** @throws NotInArena */
function holding(
  arena: Arena,
  { count, offsets, bytes }: SymbolSegment,
  sought: SoughtBytes,
): Bitset {
  const described = describedBytes(sought)
  const at = arena.take(described.length)
  new Uint8Array(arena.buffer, at, described.length).set(described)
  const length = (count + 31) >>> 5
  const out = arena.take(length * 4)
  const words = new Uint32Array(arena.buffer, out, length).fill(0)
  const program = new Program(arena, chunksOfAll(arena, count))
  program.call(
    'holding',
    { base: bytes.byteOffset },
    { base: offsets.byteOffset, stride: 4, of: chunkNumber.record },
    recordCount,
    { base: at },
    { base: out, stride: 4, of: chunkNumber.word },
    program.slots(),
  )
  program.run()
  return new Bitset(count, words.slice())
}

/** The bit that tells a letter of ASCII in lower case from the same in upper case; 0 for other bytes. */
function foldOf(lower: number): number {
  return lower >= 97 && lower <= 122 ? 32 : 0
}

/** Bytes that frequencies are counted in, and the pieces they are in. */
const sampled = 4096
const samples = 16

/** The places of the two bytes of a fragment that are rarest in the texts, as far as a sample tells. */
function rarestPlaces(bytes: Uint8Array, fragment: Uint8Array): [number, number] {
  const frequencies = new Uint32Array(256)
  const piece = Math.min(bytes.length, sampled) / samples
  for (let sample = 0; sample < samples; sample++) {
    const from = Math.floor(((bytes.length - piece) * sample) / samples)
    for (let at = from; at < from + piece; at++) frequencies[bytes[at]!]! += 1
  }
  const frequencyOf = (lower: number): number =>
    frequencies[lower]! + (foldOf(lower) === 0 ? 0 : frequencies[lower - 32]!)
  const places = Array.from(fragment.keys())
  places.sort((a, b) => frequencyOf(fragment[a]!) - frequencyOf(fragment[b]!) || a - b)
  const [first = 0, second = first] = places
  return [first, second]
}
