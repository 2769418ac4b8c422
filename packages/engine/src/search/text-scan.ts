import { Bitset } from '../storage/bitset.ts'
import type { SymbolSegment, SymbolTable } from '../storage/symbol-table.ts'
import { ValueKind } from '../value/dual.ts'
import { type Signatures, signatureBytes, signaturesOf } from './signatures.ts'

/**
 * Whether the text bytes[from … to) is what is searched, given that the fragment was found at `at`; undefined where only the decoded
 * text can tell.
 */
export type ByteCheck = (
  bytes: Uint8Array,
  from: number,
  to: number,
  at: number,
) => boolean | undefined

/** The check of a text that needs nothing but the fragment. */
export const anywhere: ByteCheck = () => true

/** A text that is sought. */
export interface Sought {
  /** A part of every matching text's lower case. */
  readonly fragment: string
  readonly matches: (text: string) => boolean
  readonly check: ByteCheck
}

/**
 * The symbols whose text matches any of what is sought. A fragment is looked for in the stored bytes without decoding them, from the
 * second search on in those texts only that may hold it by their signatures, and only texts that hold it are checked. Texts in which
 * lower case could differ from that of ASCII, and numbers, which have no stored text, are always asked for by `matches`.
 */
export function symbolsMatching(symbols: SymbolTable, ...soughts: readonly Sought[]): Bitset {
  const found = new Bitset(symbols.count)
  const hasPairs = soughts.some(({ fragment }) => fragment.length > 1 && onlyAscii.test(fragment))
  for (const segment of symbols.segments) {
    const signatures = hasPairs ? signaturesOf(segment) : undefined
    for (const sought of soughts) seek(symbols, segment, sought, signatures, found)
  }
  return found
}

function seek(
  symbols: SymbolTable,
  segment: SymbolSegment,
  { fragment, matches, check }: Sought,
  signatures: Signatures | undefined,
  found: Bitset,
): void {
  const { start, count } = segment
  const ask = (symbol: number): void => {
    if (matches(symbols.textAt(symbol))) found.add(symbol)
  }
  if (fragment === '') {
    for (let i = 0; i < count; i++) ask(start + i)
    return
  }
  const { numbers, beyondAscii, foldsToAscii } = traitsOf(segment)
  const isAscii = onlyAscii.test(fragment)
  for (const i of numbers) ask(start + i)
  for (const i of isAscii ? foldsToAscii : beyondAscii) ask(start + i)
  if (!isAscii) return
  const candidates = signatures?.candidates(fragment)
  if (candidates?.isExact && check === anywhere) {
    candidates.texts.forEach((i) => {
      found.add(start + i)
    })
    return
  }
  const finder = new Finder(fragment)
  // One text after another costs up to twice as much as all in one go.
  if (candidates === undefined || candidates.texts.count() * 2 > count)
    scan(segment, finder, check, found, ask)
  else scanOnly(candidates.texts, segment, finder, check, found, ask)
}

/** Matches texts without characters beyond ASCII. */
export const onlyAscii: RegExp = /^[\0-\x7f]*$/

function scan(
  { start, offsets, bytes }: SymbolSegment,
  finder: Finder,
  check: ByteCheck,
  found: Bitset,
  ask: (symbol: number) => void,
): void {
  const end = offsets[offsets.length - 1]!
  let i = 0
  for (let at = finder.next(bytes, offsets[0]!, end); at !== -1; ) {
    while (offsets[i + 1]! <= at) i += 1
    const to = offsets[i + 1]!
    let next = at + 1
    if (at + finder.length <= to) {
      const verdict = check(bytes, offsets[i]!, to, at)
      if (verdict === undefined) ask(start + i)
      else if (verdict) found.add(start + i)
      if (verdict !== false) next = to
    }
    at = finder.next(bytes, next, end)
  }
}

/** As `scan`, of some texts only. */
function scanOnly(
  texts: Bitset,
  { start, offsets, bytes }: SymbolSegment,
  finder: Finder,
  check: ByteCheck,
  found: Bitset,
  ask: (symbol: number) => void,
): void {
  texts.forEach((i) => {
    const from = offsets[i]!
    const to = offsets[i + 1]!
    let at = finder.next(bytes, from, to)
    while (at !== -1) {
      const verdict = check(bytes, from, to, at)
      if (verdict === undefined) ask(start + i)
      else if (verdict) found.add(start + i)
      at = verdict === false ? finder.next(bytes, at + 1, to) : -1
    }
  })
}

/** Characters that one look-up can tell apart: eight offsets fit into a byte. */
const longestWindow = 9

/**
 * Finds an ASCII text without regard to case. Instead of every place it looks at one pair of bytes in each stretch as long as the text:
 * a pair that is not in the text rules the whole stretch out. Pairs are told apart by their five low bits, which do not know case.
 */
export class Finder {
  readonly length: number
  readonly #lower: Uint8Array
  readonly #stride: number
  /** By pair: the offsets in the text where it stands, a bit each. */
  readonly #offsetsOfPair = new Uint8Array(1024)

  /** @param text ASCII in lower case, not empty */
  constructor(text: string) {
    this.#lower = Uint8Array.from(text, (character) => character.charCodeAt(0))
    this.length = this.#lower.length
    this.#stride = Math.min(this.length, longestWindow) - 1
    for (let i = 0; i < this.#stride; i++)
      this.#offsetsOfPair[pairOf(this.#lower[i]!, this.#lower[i + 1]!)]! |= 1 << i
  }

  /** The first place at or after `from` where the text stands, or -1. */
  next(bytes: Uint8Array, from: number, to: number): number {
    const stride = this.#stride
    if (stride === 0) return nextByte(bytes, from, to, this.#lower[0]!)
    const table = this.#offsetsOfPair
    for (let at = from + stride - 1; at + 1 < to; at += stride) {
      const offsets = table[pairOf(bytes[at]!, bytes[at + 1]!)]!
      for (let left = offsets; left !== 0; ) {
        const offset = 31 - Math.clz32(left)
        left ^= 1 << offset
        const place = at - offset
        if (place >= from && place + this.length <= to && standsAt(bytes, place, this.#lower))
          return place
      }
    }
    return -1
  }
}

function pairOf(first: number, second: number): number {
  return (first & 31) | ((second & 31) << 5)
}

function nextByte(bytes: Uint8Array, from: number, to: number, lower: number): number {
  for (let at = from; at < to; at++) if (lowerOf(bytes[at]!) === lower) return at
  return -1
}

/** Whether a lower-case ASCII text stands at a place; 0x3f (`?`) is itself. */
function standsAt(bytes: Uint8Array, at: number, lower: Uint8Array): boolean {
  for (let i = 0; i < lower.length; i++) if (lowerOf(bytes[at + i]!) !== lower[i]!) return false
  return true
}

export function lowerOf(byte: number): number {
  return byte >= 65 && byte <= 90 ? byte + 32 : byte
}

/** Which texts of a segment need to be decoded. */
interface TextTraits {
  /** Symbols without a stored text. */
  readonly numbers: Uint32Array
  /** Texts with characters beyond ASCII. */
  readonly beyondAscii: Uint32Array
  /** Those of them whose lower case may hold ASCII that is not in their bytes: U+0130 (İ) and U+212A (the Kelvin sign). */
  readonly foldsToAscii: Uint32Array
}

const knownTraits = new WeakMap<SymbolSegment, TextTraits>()

function traitsOf(segment: SymbolSegment): TextTraits {
  let traits = knownTraits.get(segment)
  if (traits === undefined) {
    const { count, kinds, offsets, bytes } = segment
    const numbers: number[] = []
    const beyond: number[] = []
    for (let i = 0; i < count; i++) {
      if (kinds[i] === ValueKind.Number) numbers.push(i)
      let all = 0
      for (let at = offsets[i]!; at < offsets[i + 1]!; at++) all |= bytes[at]!
      if (all >= 0x80) beyond.push(i)
    }
    const folding = beyond.filter((i) => holdsFolding(bytes, offsets[i]!, offsets[i + 1]!))
    traits = {
      numbers: Uint32Array.from(numbers),
      beyondAscii: Uint32Array.from(beyond),
      foldsToAscii: Uint32Array.from(folding),
    }
    knownTraits.set(segment, traits)
  }
  return traits
}

/** Bytes that searching keeps for a symbol table: which texts to decode, and signatures. They go with the table's segments. */
export function searchBytes(symbols: SymbolTable): number {
  return symbols.segments.reduce(
    (sum, segment) => sum + traitBytes(knownTraits.get(segment)) + signatureBytes(segment),
    0,
  )
}

function traitBytes(traits: TextTraits | undefined): number {
  if (traits === undefined) return 0
  const { numbers, beyondAscii, foldsToAscii } = traits
  return numbers.byteLength + beyondAscii.byteLength + foldsToAscii.byteLength
}

function holdsFolding(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at + 1 < to; at++) {
    if (bytes[at] === 0xc4 && bytes[at + 1] === 0xb0) return true
    if (bytes[at] === 0xe2 && bytes[at + 1] === 0x84 && bytes[at + 2] === 0xaa) return true
  }
  return false
}
