import type { Bitset } from '../storage/bitset.ts'
import type { SymbolTable } from '../storage/symbol-table.ts'
import { Fragment, lowerOf } from './fragment.ts'
import { anywhere, type ByteCheck, onlyAscii, symbolsMatching } from './text-scan.ts'
import { compileWordWildcard } from './word-wildcard.ts'
import { hasWordFrom } from './words.ts'

/** Symbols in whose text a word begins with one of the terms (in lower case). */
export function symbolsWithWord(symbols: SymbolTable, terms: readonly string[]): Bitset {
  return symbolsMatching(
    symbols,
    ...terms.map((term) => ({
      fragment: term,
      matches: (text: string) => hasWordFrom(text.toLowerCase(), term),
      check: atWordStart,
    })),
  )
}

/** Symbols whose text is this, without regard to case. */
export function symbolsOfText(symbols: SymbolTable, text: string): Bitset {
  const lower = text.toLowerCase()
  return symbolsMatching(symbols, {
    fragment: lower,
    matches: (other) => other.toLowerCase() === lower,
    check: (_, from, to) => to - from === lower.length,
  })
}

/** Symbols whose whole text matches a pattern of `*`, `?` and `^`. */
export function symbolsOfPattern(symbols: SymbolTable, pattern: string): Bitset {
  const lower = pattern.toLowerCase()
  const fragments = lower.split(/[*?^]/)
  const longest = fragments.reduce((best, part) => (part.length > best.length ? part : best), '')
  return symbolsMatching(symbols, {
    fragment: longest,
    matches: compileWordWildcard(pattern),
    check: lower.includes('^') || !onlyAscii.test(lower) ? decoded : checkOf(lower, fragments),
  })
}

const decoded: ByteCheck = () => undefined

const atWordStart: ByteCheck = (bytes, from, _, at) => {
  if (at === from) return true
  const before = lowerOf(bytes[at - 1]!)
  if (before >= 0x80) return undefined
  return !((before >= 48 && before <= 57) || (before >= 97 && before <= 122))
}

const question = 63

/** A pattern of `*` and `?` over bytes. `?` is one character, so that texts beyond ASCII are left to the decoded text. */
function checkOf(lower: string, fragments: readonly string[]): ByteCheck {
  const isInner = lower.startsWith('*') && lower.endsWith('*')
  if (isInner && fragments.filter((part) => part !== '').length === 1 && !lower.includes('?'))
    return anywhere
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
  const partFits = (bytes: Uint8Array, at: number): boolean => fits(bytes, at, lower)
  if (text !== '' && !text.includes('?')) {
    const fragment = Fragment.of(text)
    return {
      length: lower.length,
      fits: partFits,
      next: (bytes, from, to) => fragment.next(bytes, from, to),
    }
  }
  return {
    length: lower.length,
    fits: partFits,
    next: (bytes, from, to) => {
      for (let at = from; at + lower.length <= to; at++) if (fits(bytes, at, lower)) return at
      return -1
    },
  }
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
