const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const encoder = new TextEncoder()
const underscore = 0x5f

/** UTF-8 that grows at its end. `bytes` beyond `length` are room, and are replaced by a larger array when that is used up. */
export class TextBytes {
  bytes: Uint8Array
  length = 0

  constructor(room = 256) {
    this.bytes = new Uint8Array(room)
  }

  reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return
    const larger = new Uint8Array(Math.max(this.length + more, this.bytes.length * 2))
    larger.set(this.bytes.subarray(0, this.length))
    this.bytes = larger
  }

  append(from: Uint8Array, start: number, end: number): void {
    this.reserve(end - start)
    if (end - start > 64) this.bytes.set(from.subarray(start, end), this.length)
    // Replaces `set`, whose call costs more than the bytes of a short cell.
    else for (let at = this.length, i = start; i < end; i++) this.bytes[at++] = from[i]!
    this.length += end - start
  }

  appendCodePoint(point: number): void {
    this.reserve(4)
    this.length = putCodePoint(point, this.bytes, this.length)
  }

  appendText(text: string): void {
    this.reserve(text.length * 3)
    this.length += encoder.encodeInto(text, this.bytes.subarray(this.length)).written
  }

  /**
   * Ends the text that began at `start`: `_x000D_` and its like become the character they stand for.
   * Source: ECMA-376 part 1, 22.9.2.19 (ST_Xstring). @returns whether the text is UTF-8
   */
  finishText(start: number): boolean {
    const { bytes, length } = this
    let plain = true
    let escaped = false
    for (let i = start; i < length; i++) {
      const byte = bytes[i]!
      if (byte >= 0x80) plain = false
      else if (byte === underscore) escaped = true
    }
    if (escaped) this.#unescape(start)
    return plain || isUtf8(this.bytes.subarray(start, this.length))
  }

  #unescape(start: number): void {
    const { bytes, length } = this
    let out = start
    for (let i = start; i < length; ) {
      const unit = escapedUnit(bytes, i, length)
      if (unit < 0) {
        bytes[out++] = bytes[i++]!
        continue
      }
      i += 7
      const low = unit >= 0xd800 && unit < 0xdc00 ? escapedUnit(bytes, i, length) : -1
      if (low >= 0xdc00 && low < 0xe000) {
        i += 7
        out = putCodePoint(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00), bytes, out)
      } else out = putCodePoint(unit >= 0xd800 && unit < 0xe000 ? 0xfffd : unit, bytes, out)
    }
    this.length = out
  }

  /** Whether the text that began at `start` is UTF-8. */
  isUtf8From(start: number): boolean {
    const { bytes, length } = this
    for (let i = start; i < length; i++)
      if (bytes[i]! >= 0x80) return isUtf8(bytes.subarray(start, length))
    return true
  }

  /** The text from `start` on. */
  textFrom(start: number): string {
    return decoder.decode(this.bytes.subarray(start, this.length))
  }
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    decoder.decode(bytes)
    return true
  } catch {
    return false
  }
}

/** The UTF-16 unit of `_xHHHH_` at `at`, or -1. */
function escapedUnit(bytes: Uint8Array, at: number, end: number): number {
  if (at + 7 > end || bytes[at] !== underscore || bytes[at + 1] !== 0x78) return -1
  if (bytes[at + 6] !== underscore) return -1
  let unit = 0
  for (let i = at + 2; i < at + 6; i++) {
    const digit = hexDigit(bytes[i]!)
    if (digit < 0) return -1
    unit = unit * 16 + digit
  }
  return unit
}

/** 0 … 15, or -1. */
export function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const letter = byte | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}

/** Writes a code point that is no surrogate at `at` and returns where it ends. */
function putCodePoint(point: number, out: Uint8Array, at: number): number {
  if (point < 0x80) {
    out[at] = point
    return at + 1
  }
  if (point < 0x800) {
    out[at] = 0xc0 | (point >>> 6)
    out[at + 1] = 0x80 | (point & 0x3f)
    return at + 2
  }
  if (point < 0x10000) {
    out[at] = 0xe0 | (point >>> 12)
    out[at + 1] = 0x80 | ((point >>> 6) & 0x3f)
    out[at + 2] = 0x80 | (point & 0x3f)
    return at + 3
  }
  out[at] = 0xf0 | (point >>> 18)
  out[at + 1] = 0x80 | ((point >>> 12) & 0x3f)
  out[at + 2] = 0x80 | ((point >>> 6) & 0x3f)
  out[at + 3] = 0x80 | (point & 0x3f)
  return at + 4
}
