import { Bitset } from '../storage/bitset.ts'
import type { SymbolSegment, SymbolTable } from '../storage/symbol-table.ts'
import { ValueKind } from '../value/dual.ts'
import { Fragment, perhapsAtWordStart, surelyAtWordStart } from './fragment.ts'
import { textsBeyondAscii, textsHolding } from './texts-holding.ts'

/** Whether the text bytes[from … to), which holds the fragment, is what is searched; undefined where only the decoded text can tell. */
export type ByteCheck = (bytes: Uint8Array, from: number, to: number) => boolean | undefined

/** A text that is sought. */
export interface Sought {
  /** A part of every matching text's lower case. */
  readonly fragment: string
  /** Where the fragment counts; anywhere when absent. */
  readonly place?: 'word-start'
  /** What else a text must be; nothing when absent. */
  readonly passes?: ByteCheck
  readonly matches: (text: string) => boolean
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
  { fragment, place, passes, matches }: Sought,
  found: Bitset,
): void {
  const { start, count } = segment
  const ask = (i: number): void => {
    if (matches(symbols.textAt(start + i))) found.add(start + i)
  }
  if (fragment === '') {
    for (let i = 0; i < count; i++) ask(i)
    return
  }
  const { numbers, beyondAscii, foldsToAscii } = traitsOf(segment, symbols.allText)
  numbers.forEach(ask)
  if (!onlyAscii.test(fragment)) {
    beyondAscii?.forEach(ask)
    return
  }
  foldsToAscii.forEach(ask)
  if (place === undefined) {
    const texts = textsHolding(segment, Fragment.of(fragment))
    if (passes === undefined) addAll(texts, start, found)
    else checkEach(texts, segment, passes, found, ask)
    return
  }
  const sure = textsHolding(segment, Fragment.of(fragment, surelyAtWordStart))
  addAll(sure, start, found)
  if (beyondAscii !== undefined)
    textsHolding(segment, Fragment.of(fragment, perhapsAtWordStart)).subtractWith(sure).forEach(ask)
}

/** Matches texts without characters beyond ASCII. */
export const onlyAscii: RegExp = /^[\0-\x7f]*$/

/** Text i is symbol start + i. */
function addAll(texts: Bitset, start: number, found: Bitset): void {
  if (start === 0) for (let i = 0; i < texts.words.length; i++) found.words[i]! |= texts.words[i]!
  else
    texts.forEach((i) => {
      found.add(start + i)
    })
}

function checkEach(
  texts: Bitset,
  { start, offsets, bytes }: SymbolSegment,
  passes: ByteCheck,
  found: Bitset,
  ask: (i: number) => void,
): void {
  texts.forEach((i) => {
    const verdict = passes(bytes, offsets[i]!, offsets[i + 1]!)
    if (verdict === undefined) ask(i)
    else if (verdict) found.add(start + i)
  })
}

/** Which texts of a segment need to be decoded. */
interface TextTraits {
  /** Symbols without a stored text. */
  readonly numbers: Uint32Array
  /** Texts with characters beyond ASCII; undefined for none. */
  readonly beyondAscii: Bitset | undefined
  /** Those of them whose lower case may hold ASCII that is not in their bytes: with U+0130 (İ) or U+212A (the Kelvin sign). */
  readonly foldsToAscii: Uint32Array
}

const foldingLetters: readonly Fragment[] = [
  new Fragment(Uint8Array.of(0xc4, 0xb0)),
  new Fragment(Uint8Array.of(0xe2, 0x84, 0xaa)),
]

const knownTraits = new WeakMap<SymbolSegment, TextTraits>()

function traitsOf(segment: SymbolSegment, allText: boolean): TextTraits {
  const known = knownTraits.get(segment)
  if (known !== undefined) return known
  const numbers = allText ? new Uint32Array(0) : numbersIn(segment)
  const beyond = textsBeyondAscii(segment)
  const traits = beyond.isEmpty()
    ? { numbers, beyondAscii: undefined, foldsToAscii: new Uint32Array(0) }
    : { numbers, beyondAscii: beyond, foldsToAscii: foldingIn(segment) }
  knownTraits.set(segment, traits)
  return traits
}

function numbersIn({ count, kinds }: SymbolSegment): Uint32Array {
  const numbers = new Bitset(count)
  for (let i = 0; i < count; i++) if (kinds[i] === ValueKind.Number) numbers.add(i)
  return numbers.toArray()
}

function foldingIn(segment: SymbolSegment): Uint32Array {
  const folding = new Bitset(segment.count)
  for (const letter of foldingLetters) folding.unionWith(textsHolding(segment, letter))
  return folding.toArray()
}

/** Bytes that searching keeps for a symbol table: which texts to decode. They go with the table's segments. */
export function searchBytes(symbols: SymbolTable): number {
  return symbols.segments.reduce((sum, segment) => sum + traitBytes(knownTraits.get(segment)), 0)
}

function traitBytes(traits: TextTraits | undefined): number {
  if (traits === undefined) return 0
  const { numbers, beyondAscii, foldsToAscii } = traits
  return numbers.byteLength + (beyondAscii?.words.byteLength ?? 0) + foldsToAscii.byteLength
}
