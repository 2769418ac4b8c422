import { putCodePoint } from '../base/utf8.ts'

/** How the bytes of a text file are written. `utf8` also recognises the byte order marks of the UTF-16 forms. */
export type Encoding = 'utf8' | 'utf-16le' | 'utf-16be' | 'latin1' | 'windows-1252'

/**
 * Code points of bytes 0x80 … 0x9F in windows-1252; the five unassigned ones stay what they are in latin1.
 * Source: https://encoding.spec.whatwg.org/index-windows-1252.txt
 */
const windows1252 = Uint16Array.of(
  0x20ac,
  0x81,
  0x201a,
  0x0192,
  0x201e,
  0x2026,
  0x2020,
  0x2021,
  0x02c6,
  0x2030,
  0x0160,
  0x2039,
  0x0152,
  0x8d,
  0x017d,
  0x8f,
  0x90,
  0x2018,
  0x2019,
  0x201c,
  0x201d,
  0x2022,
  0x2013,
  0x2014,
  0x02dc,
  0x2122,
  0x0161,
  0x203a,
  0x0153,
  0x9d,
  0x017e,
  0x0178,
)

/** Turns successive chunks of a file into UTF-8, without its byte order mark. Chunks may end anywhere. */
export class Utf8Stream {
  #encoding: Encoding
  /** Bytes held back: the first three of the file until the mark is known, or half a UTF-16 unit or pair. */
  #held: Uint8Array = new Uint8Array(0)
  #started = false

  constructor(encoding: Encoding = 'utf8') {
    this.#encoding = encoding
  }

  push(chunk: Uint8Array): Uint8Array {
    return this.#convert(this.#held.length === 0 ? chunk : joined(this.#held, chunk), false)
  }

  /** What was held back; half a UTF-16 unit becomes U+FFFD. */
  finish(): Uint8Array {
    return this.#convert(this.#held, true)
  }

  #convert(bytes: Uint8Array, last: boolean): Uint8Array {
    this.#held = new Uint8Array(0)
    let start = 0
    if (!this.#started) {
      if (bytes.length < 3 && !last) {
        this.#held = bytes
        return new Uint8Array(0)
      }
      this.#started = true
      start = this.#readMark(bytes)
    }
    const body = start === 0 ? bytes : bytes.subarray(start)
    switch (this.#encoding) {
      case 'utf8':
        return body
      case 'latin1':
        return fromSingleBytes(body, false)
      case 'windows-1252':
        return fromSingleBytes(body, true)
      case 'utf-16le':
        return this.#fromUtf16(body, 0, last)
      case 'utf-16be':
        return this.#fromUtf16(body, 1, last)
    }
  }

  /** Length of the byte order mark; a mark decides the encoding unless a single-byte one was asked for. */
  #readMark(bytes: Uint8Array): number {
    if (this.#encoding === 'latin1' || this.#encoding === 'windows-1252') return 0
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
      this.#encoding = 'utf8'
      return 3
    }
    if (bytes[0] === 0xff && bytes[1] === 0xfe) {
      this.#encoding = 'utf-16le'
      return 2
    }
    if (bytes[0] === 0xfe && bytes[1] === 0xff) {
      this.#encoding = 'utf-16be'
      return 2
    }
    return 0
  }

  #fromUtf16(bytes: Uint8Array, highFirst: 0 | 1, last: boolean): Uint8Array {
    const out = new Uint8Array((bytes.length >>> 1) * 3 + 3)
    const unitAt = (at: number) =>
      (bytes[at + highFirst]! & 0xff) | (bytes[at + 1 - highFirst]! << 8)
    let end = 0
    let at = 0
    while (at + 1 < bytes.length) {
      let point = unitAt(at)
      if (point >= 0xd800 && point < 0xdc00) {
        if (at + 3 >= bytes.length && !last) break
        const low = at + 3 < bytes.length ? unitAt(at + 2) : 0
        if (low >= 0xdc00 && low < 0xe000) {
          point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00)
          at += 2
        }
      }
      at += 2
      end = putCodePoint(point, out, end)
    }
    if (at < bytes.length) {
      if (last) end = putCodePoint(0xfffd, out, end)
      else this.#held = bytes.slice(at)
    }
    return out.subarray(0, end)
  }
}

function fromSingleBytes(bytes: Uint8Array, windows: boolean): Uint8Array {
  const out = new Uint8Array(bytes.length * 3)
  let end = 0
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!
    if (byte < 0x80) out[end++] = byte
    else end = putCodePoint(windows && byte < 0xa0 ? windows1252[byte - 0x80]! : byte, out, end)
  }
  return out.subarray(0, end)
}

/** A text as UTF-8, for the few short texts of the options and for INLINE. A lone surrogate becomes U+FFFD. */
export function utf8Of(text: string): Uint8Array {
  const out = new Uint8Array(text.length * 3)
  let end = 0
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0xfffd
    end = putCodePoint(point >= 0xd800 && point < 0xe000 ? 0xfffd : point, out, end)
  }
  return out.subarray(0, end)
}

export function joined(left: Uint8Array, right: Uint8Array): Uint8Array {
  const both = new Uint8Array(left.length + right.length)
  both.set(left)
  both.set(right, left.length)
  return both
}
