import { Bitset } from '../storage/bitset.ts'
import type { Column } from '../storage/column.ts'

/**
 * The rows whose code is in a set. One pass with a byte per code, 32 rows to a word; the loop is written out per code width, since
 * one loop over all widths is several times slower once it has met two of them.
 */
export function rowsWithCodes(column: Column, codes: Bitset): Bitset {
  const rows = new Bitset(column.rows)
  const passes = bytesOf(codes)
  for (const { start, codes: segment } of column.segments) {
    const lead = Math.min(segment.length, (32 - (start & 31)) & 31)
    const aligned = (segment.length - lead) & ~31
    for (let i = 0; i < lead; i++) if (passes[segment[i]!] === 1) rows.add(start + i)
    const word = (start + lead) >>> 5
    if (segment instanceof Uint8Array) filter8(segment, lead, aligned, passes, rows.words, word)
    else if (segment instanceof Uint16Array)
      filter16(segment, lead, aligned, passes, rows.words, word)
    else filter32(segment, lead, aligned, passes, rows.words, word)
    for (let i = lead + aligned; i < segment.length; i++) {
      if (passes[segment[i]!] === 1) rows.add(start + i)
    }
  }
  return rows
}

function bytesOf(codes: Bitset): Uint8Array {
  const bytes = new Uint8Array(codes.size)
  codes.forEach((code) => {
    bytes[code] = 1
  })
  return bytes
}

function filter8(
  codes: Uint8Array,
  from: number,
  count: number,
  passes: Uint8Array,
  words: Uint32Array,
  word: number,
): void {
  for (let at = from, w = word; at < from + count; w++) {
    let bits = 0
    for (let b = 0; b < 32; b += 4, at += 4) {
      bits |=
        (passes[codes[at]!]! |
          (passes[codes[at + 1]!]! << 1) |
          (passes[codes[at + 2]!]! << 2) |
          (passes[codes[at + 3]!]! << 3)) <<
        b
    }
    words[w] = bits
  }
}

function filter16(
  codes: Uint16Array,
  from: number,
  count: number,
  passes: Uint8Array,
  words: Uint32Array,
  word: number,
): void {
  for (let at = from, w = word; at < from + count; w++) {
    let bits = 0
    for (let b = 0; b < 32; b += 4, at += 4) {
      bits |=
        (passes[codes[at]!]! |
          (passes[codes[at + 1]!]! << 1) |
          (passes[codes[at + 2]!]! << 2) |
          (passes[codes[at + 3]!]! << 3)) <<
        b
    }
    words[w] = bits
  }
}

function filter32(
  codes: Uint32Array,
  from: number,
  count: number,
  passes: Uint8Array,
  words: Uint32Array,
  word: number,
): void {
  for (let at = from, w = word; at < from + count; w++) {
    let bits = 0
    for (let b = 0; b < 32; b += 4, at += 4) {
      bits |=
        (passes[codes[at]!]! |
          (passes[codes[at + 1]!]! << 1) |
          (passes[codes[at + 2]!]! << 2) |
          (passes[codes[at + 3]!]! << 3)) <<
        b
    }
    words[w] = bits
  }
}
