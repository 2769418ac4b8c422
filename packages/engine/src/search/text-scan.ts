import { Bitset } from '../storage/bitset.ts'
import type { SymbolSegment, SymbolTable } from '../storage/symbol-table.ts'
import { ValueKind } from '../value/dual.ts'
import { Fragment } from './fragment.ts'
import { textsHolding } from './texts-holding.ts'

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
 * The symbols whose text matches any of what is sought. A fragment is looked for in the stored bytes without decoding them, and only
 * texts that hold it are checked. Texts in which lower case could differ from that of ASCII, and numbers, which have no stored text, are
 * always asked for by `matches`.
 */
export function symbolsMatching(symbols: SymbolTable, ...soughts: readonly Sought[]): Bitset {
  const found = new Bitset(symbols.count)
  for (const segment of symbols.segments)
    for (const sought of soughts) seek(symbols, segment, sought, found)
  return found
}

function seek(
  symbols: SymbolTable,
  segment: SymbolSegment,
  { fragment, matches, check }: Sought,
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
  for (const i of isAscii ? foldsToAscii : beyondAscii()) ask(start + i)
  if (!isAscii) return
  const sought = Fragment.of(fragment)
  const texts = textsHolding(segment, sought)
  if (check !== anywhere) checkEach(texts, segment, sought, check, found, ask)
  else if (start === 0) addAll(texts, found)
  else
    texts.forEach((i) => {
      found.add(start + i)
    })
}

/** Matches texts without characters beyond ASCII. */
export const onlyAscii: RegExp = /^[\0-\x7f]*$/

/** As `unionWith`; there may be more symbols than texts. */
function addAll(texts: Bitset, found: Bitset): void {
  for (let i = 0; i < texts.words.length; i++) found.words[i]! |= texts.words[i]!
}

/** Every place of the fragment, until one passes. */
function checkEach(
  texts: Bitset,
  { start, offsets, bytes }: SymbolSegment,
  fragment: Fragment,
  check: ByteCheck,
  found: Bitset,
  ask: (symbol: number) => void,
): void {
  texts.forEach((i) => {
    const from = offsets[i]!
    const to = offsets[i + 1]!
    let at = fragment.next(bytes, from, to)
    while (at !== -1) {
      const verdict = check(bytes, from, to, at)
      if (verdict === undefined) ask(start + i)
      else if (verdict) found.add(start + i)
      at = verdict === false ? fragment.next(bytes, at + 1, to) : -1
    }
  })
}

/** Which texts of a segment need to be decoded. */
interface TextTraits {
  /** Symbols without a stored text. */
  readonly numbers: Uint32Array
  /** Texts whose lower case may hold ASCII that is not in their bytes: with U+0130 (İ) or U+212A (the Kelvin sign). */
  readonly foldsToAscii: Uint32Array
  /** Texts with characters beyond ASCII; made when first asked for. */
  beyondAscii(): Uint32Array
  readonly bytes: number
}

const knownTraits = new WeakMap<SymbolSegment, TextTraits>()

function traitsOf(segment: SymbolSegment): TextTraits {
  let traits = knownTraits.get(segment)
  if (traits === undefined) {
    const numbers = numbersIn(segment)
    const foldsToAscii = foldingLetters
      .map((letter) => textsHolding(segment, letter))
      .reduce((all, texts) => all.unionWith(texts))
      .toArray()
    let beyond: Uint32Array | undefined
    traits = {
      numbers,
      foldsToAscii,
      beyondAscii: () => {
        beyond ??= beyondAsciiIn(segment)
        return beyond
      },
      get bytes() {
        return numbers.byteLength + foldsToAscii.byteLength + (beyond?.byteLength ?? 0)
      },
    }
    knownTraits.set(segment, traits)
  }
  return traits
}

const foldingLetters: readonly Fragment[] = [
  new Fragment(Uint8Array.of(0xc4, 0xb0)),
  new Fragment(Uint8Array.of(0xe2, 0x84, 0xaa)),
]

function numbersIn({ count, kinds }: SymbolSegment): Uint32Array {
  const numbers = new Bitset(count)
  for (let i = 0; i < count; i++) if (kinds[i] === ValueKind.Number) numbers.add(i)
  return numbers.toArray()
}

function beyondAsciiIn({ count, offsets, bytes }: SymbolSegment): Uint32Array {
  const beyond = new Bitset(count)
  for (let i = 0; i < count; i++) {
    let all = 0
    for (let at = offsets[i]!; at < offsets[i + 1]!; at++) all |= bytes[at]!
    if (all >= 0x80) beyond.add(i)
  }
  return beyond.toArray()
}

/** Bytes that searching keeps for a symbol table: which texts to decode. They go with the table's segments. */
export function searchBytes(symbols: SymbolTable): number {
  return symbols.segments.reduce((sum, segment) => sum + (knownTraits.get(segment)?.bytes ?? 0), 0)
}
