/**
 * UTF-8 in our own code, because browsers refuse TextDecoder and TextEncoder on shared memory.
 * A lone surrogate is written as the three bytes of its code point and read back as it was, so that every JS string
 * survives the round trip. Bytes that are not UTF-8 read as U+FFFD, one per byte.
 */

/** Bytes `text` takes. */
export function utf8Length(text: string): number {
  let bytes = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) bytes += 1
    else if (unit < 0x800) bytes += 2
    else if (isPair(unit, text, i)) {
      bytes += 4
      i += 1
    } else bytes += 3
  }
  return bytes
}

/** The text as new bytes. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(utf8Length(text))
  encodeUtf8Into(text, bytes, 0)
  return bytes
}

/** Writes the text from `at` on and returns where it ends; the caller made room (3 bytes per UTF-16 unit always suffice). */
export function encodeUtf8Into(text: string, out: Uint8Array, at: number): number {
  let end = at
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) out[end++] = unit
    else if (unit < 0x800) {
      out[end++] = 0xc0 | (unit >>> 6)
      out[end++] = 0x80 | (unit & 0x3f)
    } else if (isPair(unit, text, i)) {
      i += 1
      const point = 0x10000 + ((unit - 0xd800) << 10) + (text.charCodeAt(i) - 0xdc00)
      out[end++] = 0xf0 | (point >>> 18)
      out[end++] = 0x80 | ((point >>> 12) & 0x3f)
      out[end++] = 0x80 | ((point >>> 6) & 0x3f)
      out[end++] = 0x80 | (point & 0x3f)
    } else {
      out[end++] = 0xe0 | (unit >>> 12)
      out[end++] = 0x80 | ((unit >>> 6) & 0x3f)
      out[end++] = 0x80 | (unit & 0x3f)
    }
  }
  return end
}

/** Writes one code point, a lone surrogate too, at `at` and returns where it ends. */
export function putCodePoint(point: number, out: Uint8Array, at: number): number {
  let end = at
  if (point < 0x80) out[end++] = point
  else if (point < 0x800) {
    out[end++] = 0xc0 | (point >>> 6)
    out[end++] = 0x80 | (point & 0x3f)
  } else {
    if (point < 0x10000) out[end++] = 0xe0 | (point >>> 12)
    else {
      out[end++] = 0xf0 | (point >>> 18)
      out[end++] = 0x80 | ((point >>> 12) & 0x3f)
    }
    out[end++] = 0x80 | ((point >>> 6) & 0x3f)
    out[end++] = 0x80 | (point & 0x3f)
  }
  return end
}

const unitsPerPiece = 4096
const units = new Uint16Array(unitsPerPiece)

/** The text of bytes[start … end). */
export function decodeUtf8(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  let text = ''
  let filled = 0
  for (let at = start; at < end; ) {
    if (filled > unitsPerPiece - 2) {
      text += pieceOf(filled)
      filled = 0
    }
    const lead = bytes[at]!
    if (lead < 0x80) {
      units[filled++] = lead
      at += 1
      continue
    }
    const length = lead < 0xc2 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 1
    const point = length === 1 ? -1 : codePoint(bytes, at, end, length)
    if (point < 0) {
      units[filled++] = 0xfffd
      at += 1
      continue
    }
    at += length
    if (point < 0x10000) units[filled++] = point
    else {
      units[filled++] = 0xd800 + ((point - 0x10000) >>> 10)
      units[filled++] = 0xdc00 + ((point - 0x10000) & 0x3ff)
    }
  }
  return text + pieceOf(filled)
}

function pieceOf(filled: number): string {
  return Reflect.apply(String.fromCharCode, null, units.subarray(0, filled))
}

/** The code point of a sequence of 2–4 bytes, or -1 when it is cut off, overlong or out of range. */
function codePoint(bytes: Uint8Array, at: number, end: number, length: number): number {
  if (at + length > end) return -1
  let point = bytes[at]! & (0x7f >>> length)
  for (let i = 1; i < length; i++) {
    const next = bytes[at + i]!
    if ((next & 0xc0) !== 0x80) return -1
    point = (point << 6) | (next & 0x3f)
  }
  if (length === 3 && point < 0x800) return -1
  if (length === 4 && (point < 0x10000 || point > 0x10ffff)) return -1
  return point
}

function isPair(unit: number, text: string, at: number): boolean {
  if (unit < 0xd800 || unit > 0xdbff) return false
  const next = text.charCodeAt(at + 1)
  return next >= 0xdc00 && next <= 0xdfff
}
