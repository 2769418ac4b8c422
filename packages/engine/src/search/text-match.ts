import type { Bitset } from '../storage/bitset.ts'
import type { SymbolTable } from '../storage/symbol-table.ts'
import { Fragment, lowerOf } from './fragment.ts'
import { type ByteCheck, onlyAscii, symbolsMatching } from './text-scan.ts'
import { compileWordWildcard } from './word-wildcard.ts'
import { hasWordFrom } from './words.ts'

/** Symbols in whose text a word begins with one of the terms (in lower case). */
export function symbolsWithWord(symbols: SymbolTable, terms: readonly string[]): Bitset {
  return symbolsMatching(
    symbols,
    ...terms.map((term) => ({
      fragment: term,
      place: 'word-start' as const,
      matches: (text: string) => hasWordFrom(text.toLowerCase(), term),
    })),
  )
}

/** Symbols whose text is this, without regard to case. */
export function symbolsOfText(symbols: SymbolTable, text: string): Bitset {
  const lower = text.toLowerCase()
  return symbolsMatching(symbols, {
    fragment: lower,
    passes: (_, from, to) => to - from === lower.length,
    matches: (other) => other.toLowerCase() === lower,
  })
}

/** Symbols whose whole text matches a pattern of `*`, `?` and `^`. */
export function symbolsOfPattern(symbols: SymbolTable, pattern: string): Bitset {
  const lower = pattern.toLowerCase()
  const fragments = lower.split(/[*?^]/)
  return symbolsMatching(symbols, {
    fragment: longestOf(fragments),
    ...(isFragmentOnly(lower, fragments) ? {} : { passes: checkOf(lower) }),
    matches: compileWordWildcard(pattern),
  })
}

const question = 63

/** Whether a pattern is `*…*` with nothing but a fragment between the stars. */
function isFragmentOnly(lower: string, fragments: readonly string[]): boolean {
  return (
    lower.startsWith('*') &&
    lower.endsWith('*') &&
    fragments.filter((part) => part !== '').length === 1 &&
    !/[?^]/.test(lower)
  )
}

const decoded: ByteCheck = () => undefined

/** A pattern of `*` and `?` over bytes. `?` is one character, so that texts beyond ASCII are left to the decoded text. */
function checkOf(lower: string): ByteCheck {
  if (lower.includes('^') || !onlyAscii.test(lower)) return decoded
  const segments = lower.split('*').map(partOf)
  const head = segments[0] ?? partOf('')
  const tail = segments[segments.length - 1] ?? head
  const middle = segments.slice(1, -1).filter((part) => part.length > 0)
  const hasQuestion = lower.includes('?')
  return (bytes, from, to) => {
    if (hasQuestion && !isAscii(bytes, from, to)) return undefined
    if (segments.length === 1) return to - from === head.length && head.fits(bytes, from)
    const end = to - tail.length
    let at = from + head.length
    if (end < at || !head.fits(bytes, from) || !tail.fits(bytes, end)) return false
    for (const part of middle) {
      at = part.next(bytes, at, end)
      if (at === -1) return false
      at += part.length
    }
    return true
  }
}

/** What stands between two stars. */
interface Part {
  readonly length: number
  fits(bytes: Uint8Array, at: number): boolean
  /** The first place at or after `from` where it fits before `to`, or -1. */
  next(bytes: Uint8Array, from: number, to: number): number
}

function partOf(text: string): Part {
  const lower = Uint8Array.from(text, (character) => character.charCodeAt(0))
  const { length } = lower
  const literal = longestOf(text.split('?'))
  if (literal === '')
    return {
      length,
      fits: () => true,
      next: (_, from, to) => (from + length <= to ? from : -1),
    }
  const fragment = Fragment.of(literal)
  const offset = text.indexOf(literal)
  return {
    length,
    fits: (bytes, at) => fits(bytes, at, lower),
    next: (bytes, from, to) => {
      const last = to - length + offset + literal.length
      let at = fragment.next(bytes, from + offset, last)
      while (at !== -1 && !fits(bytes, at - offset, lower)) at = fragment.next(bytes, at + 1, last)
      return at === -1 ? -1 : at - offset
    },
  }
}

function longestOf(texts: readonly string[]): string {
  return texts.reduce((best, text) => (text.length > best.length ? text : best), '')
}

function fits(bytes: Uint8Array, at: number, part: Uint8Array): boolean {
  for (let i = 0; i < part.length; i++) {
    const wanted = part[i]!
    if (wanted !== question && wanted !== lowerOf(bytes[at + i]!)) return false
  }
  return true
}

function isAscii(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at]! >= 0x80) return false
  return true
}
