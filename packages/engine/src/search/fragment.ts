/** Characters that one look-up can tell apart: eight offsets fit into a byte. */
const longestWindow = 9

/**
 * Finds bytes, ASCII letters without regard to case. Instead of every place it looks at one pair of bytes in each stretch as long as the
 * fragment: a pair that is not in the fragment rules the whole stretch out. Pairs are told apart by their five low bits, which do not know
 * case.
 */
export class Fragment {
  /** Letters in lower case. */
  readonly bytes: Uint8Array
  readonly length: number
  /** By the byte before it within a text: 1 where the fragment does not count. */
  readonly refusals: Uint8Array
  readonly #stride: number
  /** By pair: the offsets in the fragment where it stands, a bit each. */
  readonly #offsetsOfPair = new Uint8Array(1024)

  /** @param bytes letters of ASCII in lower case, not empty */
  constructor(bytes: Uint8Array, refusals: Uint8Array = afterAnything) {
    this.bytes = bytes
    this.refusals = refusals
    this.length = bytes.length
    this.#stride = Math.min(this.length, longestWindow) - 1
    for (let i = 0; i < this.#stride; i++)
      this.#offsetsOfPair[pairOf(bytes[i]!, bytes[i + 1]!)]! |= 1 << i
  }

  /** @param text ASCII in lower case, not empty */
  static of(text: string, refusals?: Uint8Array): Fragment {
    return new Fragment(
      Uint8Array.from(text, (character) => character.charCodeAt(0)),
      refusals,
    )
  }

  /** The first place at or after `from` where the fragment stands, or -1. */
  next(bytes: Uint8Array, from: number, to: number): number {
    const stride = this.#stride
    if (stride === 0) return nextByte(bytes, from, to, this.bytes[0]!)
    const table = this.#offsetsOfPair
    for (let at = from + stride - 1; at + 1 < to; at += stride) {
      const offsets = table[pairOf(bytes[at]!, bytes[at + 1]!)]!
      for (let left = offsets; left !== 0; ) {
        const offset = 31 - Math.clz32(left)
        left ^= 1 << offset
        const place = at - offset
        if (place >= from && place + this.length <= to && standsAt(bytes, place, this.bytes))
          return place
      }
    }
    return -1
  }
}

/** The fragment counts wherever it stands. */
export const afterAnything: Uint8Array = new Uint8Array(256)

/** It counts at the start of a text and not after letters or digits; after a character beyond ASCII, whatever that is. */
export const perhapsAtWordStart: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(/[a-z\d]/i.test(String.fromCharCode(byte))),
)

/** As `perhapsAtWordStart`, but not after a character beyond ASCII. */
export const surelyAtWordStart: Uint8Array = perhapsAtWordStart.map((refusal, byte) =>
  byte < 0x80 ? refusal : 1,
)

function pairOf(first: number, second: number): number {
  return (first & 31) | ((second & 31) << 5)
}

function nextByte(bytes: Uint8Array, from: number, to: number, lower: number): number {
  for (let at = from; at < to; at++) if (lowerOf(bytes[at]!) === lower) return at
  return -1
}

/** 0x3f (`?`) is itself. */
function standsAt(bytes: Uint8Array, at: number, lower: Uint8Array): boolean {
  for (let i = 0; i < lower.length; i++) if (lowerOf(bytes[at + i]!) !== lower[i]!) return false
  return true
}

export function lowerOf(byte: number): number {
  return byte >= 65 && byte <= 90 ? byte + 32 : byte
}
