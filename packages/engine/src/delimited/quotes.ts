import { afterBlanks } from './blanks.ts'

const lineFeed = 0x0a
const carriageReturn = 0x0d
const blank = 0x20
const doubleQuote = 0x22
const singleQuote = 0x27

/** Length of the delimiter at `at`, or 0. `spaces`: it is any run of blanks. */
export function delimiterLength(
  bytes: Uint8Array,
  at: number,
  delimiter: Uint8Array,
  spaces: boolean,
): number {
  if (spaces) return afterBlanks(bytes, at) - at
  for (let i = 0; i < delimiter.length; i++) if (bytes[at + i] !== delimiter[i]) return 0
  return delimiter.length
}

/** Where the quote stands that opens the cell at `from`, or -1. */
export function openingQuote(
  bytes: Uint8Array,
  from: number,
  quoting: 'msq' | 'standard' | 'none',
  delimiter: Uint8Array,
  spaces: boolean,
): number {
  if (quoting === 'none') return -1
  let at = from
  if (quoting === 'msq') while (bytes[at] === blank && delimiter[0] !== blank) at += 1
  if (bytes[at] === doubleQuote) return at
  const opens =
    quoting === 'msq' &&
    bytes[at] === singleQuote &&
    closingSingle(bytes, at, delimiter, spaces) > 0
  return opens ? at : -1
}

/** Where a `'` closes the cell that one opens at `opening`: before a delimiter or line end, on the same line. 0 = nowhere. */
export function closingSingle(
  bytes: Uint8Array,
  opening: number,
  delimiter: Uint8Array,
  spaces: boolean,
): number {
  const { length } = bytes
  for (let at = opening + 1; at < length; at++) {
    const byte = bytes[at]
    if (byte === lineFeed || byte === carriageReturn) return 0
    if (byte !== singleQuote) continue
    if (bytes[at + 1] === singleQuote) {
      at += 1
      continue
    }
    let next = at + 1
    while (bytes[next] === blank && !spaces) next += 1
    const follows = bytes[next]
    if (
      next >= length ||
      follows === lineFeed ||
      follows === carriageReturn ||
      delimiterLength(bytes, next, delimiter, spaces) > 0
    )
      return at
  }
  return 0
}
