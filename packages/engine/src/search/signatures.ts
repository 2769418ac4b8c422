import { Bitset } from '../storage/bitset.ts'
import type { SymbolSegment } from '../storage/symbol-table.ts'

/** Slices of a signature, bits per text: as many as a byte tells apart. */
const sliceCount = 255

/** The most frequent pairs have a slice each; the others share what is left. */
const ownSlices = 127
const sharedSlices = sliceCount - ownSlices

/** Frequencies are counted in one text of these. */
const sampling = 16

/** Below, a scan takes about half a millisecond at most; above, signatures would take more than 64 MB. */
const fewestTexts = 8192
const mostTexts = 1 << 21

/** The character a byte stands for, letters in lower case; 0 for what is not printable ASCII, which has no part in signatures. */
const characterOf: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte < 32 || byte > 126) return 0
  return byte >= 65 && byte <= 90 ? byte + 32 : byte
})

const pairCount = 1 << 14

function pairOf(first: number, second: number): number {
  return (first << 7) | second
}

/** Texts of a segment that may hold a fragment. */
export interface Candidates {
  /** Size = texts of the segment. */
  readonly texts: Bitset
  /** Each of them does hold the fragment. */
  readonly isExact: boolean
}

/**
 * Bit-sliced signatures of a segment's texts: a slice has one bit per text, set where the text holds one of the slice's pairs of
 * neighbouring characters. The texts that may hold a fragment are the intersection of its pairs' slices. Pairs are dealt to slices by
 * their frequency in this segment, so that the slices stay thin. Lives on the heap of this thread: 32 bytes per text.
 */
export class Signatures {
  readonly #count: number
  /** Slice s is the words from (s - 1) · words per slice on. */
  readonly #slices: Uint32Array
  /** By pair: its slice from 1, or 0 where no text holds it. */
  readonly #sliceOf: Uint8Array

  constructor(segment: SymbolSegment) {
    this.#count = segment.count
    const sliceOf = dealPairs(segment)
    const { slices, seen } = sliced(segment, sliceOf)
    this.#slices = slices
    this.#sliceOf = sliceOf.map((slice, pair) => slice * seen[pair]!)
  }

  get bytes(): number {
    return this.#slices.byteLength + this.#sliceOf.byteLength
  }

  /** Undefined where signatures do not tell. @param fragment ASCII in lower case */
  candidates(fragment: string): Candidates | undefined {
    const pairs = pairsIn(fragment)
    const slices = new Set(pairs.map((pair) => this.#sliceOf[pair]!))
    const [first, ...others] = slices
    if (first === undefined) return undefined
    if (slices.has(0)) return { texts: new Bitset(this.#count), isExact: true }
    const texts = this.#slice(first).clone()
    for (const slice of others) texts.intersectWith(this.#slice(slice))
    return { texts, isExact: fragment.length === 2 && first <= ownSlices }
  }

  #slice(slice: number): Bitset {
    const length = (this.#count + 31) >>> 5
    const words = this.#slices.subarray((slice - 1) * length, slice * length)
    return new Bitset(this.#count, words)
  }
}

function pairsIn(fragment: string): number[] {
  const characters = Array.from(fragment, (character) => characterOf[character.charCodeAt(0)]!)
  return characters
    .slice(1)
    .map((second, i) => ({ first: characters[i]!, second }))
    .filter(({ first, second }) => first !== 0 && second !== 0)
    .map(({ first, second }) => pairOf(first, second))
}

/** By pair: its slice from 1. */
function dealPairs({ count, offsets, bytes }: SymbolSegment): Uint8Array {
  const frequencies = new Uint32Array(pairCount)
  for (let i = 0; i < count; i += sampling) {
    let before = 0
    for (let at = offsets[i]!; at < offsets[i + 1]!; at++) {
      const character = characterOf[bytes[at]!]!
      frequencies[pairOf(before, character)]! += 1
      before = character
    }
  }
  const pairs = Uint16Array.from({ length: pairCount }, (_, pair) => pair)
  const frequent = pairs.filter((pair) => frequencies[pair]! > 0)
  const rare = pairs.filter((pair) => frequencies[pair] === 0)
  frequent.sort((a, b) => frequencies[b]! - frequencies[a]!)
  const sliceOf = new Uint8Array(pairCount)
  let rank = 0
  for (const ranked of [frequent, rare])
    for (const pair of ranked) {
      // Pairs with a character 0 are never sought; they must not take a slice from others.
      if (pair >>> 7 === 0 || (pair & 127) === 0) continue
      sliceOf[pair] = 1 + (rank < ownSlices ? rank : ownSlices + (rank % sharedSlices))
      rank += 1
    }
  return sliceOf
}

/** The slices, and by pair 1 where a text holds it. Slices of 32 texts are gathered in one short array: writes stay close together. */
function sliced(
  { count, offsets, bytes }: SymbolSegment,
  sliceOf: Uint8Array,
): { readonly slices: Uint32Array; readonly seen: Uint8Array } {
  const length = (count + 31) >>> 5
  const slices = new Uint32Array(sliceCount * length)
  const seen = new Uint8Array(pairCount)
  const gathered = new Uint32Array(sliceCount + 1)
  for (let word = 0; word < length; word++) {
    const last = Math.min(count, word * 32 + 32)
    for (let i = word * 32; i < last; i++) {
      const bit = 1 << (i & 31)
      const to = offsets[i + 1]!
      let before = 0
      for (let at = offsets[i]!; at < to; at++) {
        const character = characterOf[bytes[at]!]!
        const pair = pairOf(before, character)
        seen[pair] = 1
        gathered[sliceOf[pair]!]! |= bit
        before = character
      }
    }
    for (let slice = 1; slice <= sliceCount; slice++)
      slices[(slice - 1) * length + word] = gathered[slice]!
    gathered.fill(0)
  }
  return { slices, seen }
}

const searched = new WeakSet<SymbolSegment>()
const known = new WeakMap<SymbolSegment, Signatures>()

/** Made at the second search of a segment, so that one search costs no more than a scan; undefined before, and where they do not pay. */
export function signaturesOf(segment: SymbolSegment): Signatures | undefined {
  const { count } = segment
  if (count < fewestTexts || count > mostTexts) return undefined
  if (!searched.has(segment)) {
    searched.add(segment)
    return undefined
  }
  let signatures = known.get(segment)
  if (signatures === undefined) {
    signatures = new Signatures(segment)
    known.set(segment, signatures)
  }
  return signatures
}

/** Bytes of a segment's signatures, 0 before they are made. */
export function signatureBytes(segment: SymbolSegment): number {
  return known.get(segment)?.bytes ?? 0
}
