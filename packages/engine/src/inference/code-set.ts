import { Bitset } from '../storage/bitset.ts'

/** A set over codes (NULL is bit 0, symbol s is bit s + 1) from a set over symbols; NULL is not in it. */
export function codesOfSymbols(symbols: Bitset): Bitset {
  const codes = new Bitset(symbols.size + 1)
  const from = symbols.words
  const to = codes.words
  let carry = 0
  for (let i = 0; i < to.length; i++) {
    const word = i < from.length ? from[i]! : 0
    to[i] = (word << 1) | carry
    carry = word >>> 31
  }
  return codes
}

/** The symbols of a set over codes, without NULL. */
export function symbolsOfCodes(codes: Bitset): Bitset {
  const symbols = new Bitset(codes.size - 1)
  const from = codes.words
  const to = symbols.words
  for (let i = 0; i < to.length; i++) {
    const next = i + 1 < from.length ? from[i + 1]! : 0
    to[i] = (from[i]! >>> 1) | (next << 31)
  }
  return symbols
}
