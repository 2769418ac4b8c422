import type { Codes } from './column.ts'

/** In a map of codes: not looked up yet. */
export const unknownCode = -1

/**
 * out[at + i] = known[codes[from + i]] up to `to`; stops at the first entry that is `unknownCode` and returns its place in `codes`.
 * A loop for each width of code: one loop over all three kinds of array runs several times slower.
 */
export function translate(
  codes: Codes,
  known: Int32Array,
  from: number,
  to: number,
  out: Uint32Array,
  at: number,
): number {
  const shift = at - from
  return codes instanceof Uint8Array
    ? translate8(codes, known, from, to, out, shift)
    : codes instanceof Uint16Array
      ? translate16(codes, known, from, to, out, shift)
      : translate32(codes, known, from, to, out, shift)
}

function translate8(
  codes: Uint8Array,
  known: Int32Array,
  from: number,
  to: number,
  out: Uint32Array,
  shift: number,
): number {
  for (let i = from; i < to; i++) {
    const code = known[codes[i]!]!
    if (code < 0) return i
    out[i + shift] = code
  }
  return to
}

function translate16(
  codes: Uint16Array,
  known: Int32Array,
  from: number,
  to: number,
  out: Uint32Array,
  shift: number,
): number {
  for (let i = from; i < to; i++) {
    const code = known[codes[i]!]!
    if (code < 0) return i
    out[i + shift] = code
  }
  return to
}

function translate32(
  codes: Uint32Array,
  known: Int32Array,
  from: number,
  to: number,
  out: Uint32Array,
  shift: number,
): number {
  for (let i = from; i < to; i++) {
    const code = known[codes[i]!]!
    if (code < 0) return i
    out[i + shift] = code
  }
  return to
}

/** A map of codes for a dictionary of `entries`; 0 (NULL) stays 0, the rest is not known yet. */
export function newCodeMap(entries: number): Int32Array {
  const map = new Int32Array(entries + 1).fill(unknownCode)
  map[0] = 0
  return map
}

/** The same map with room for a dictionary that has grown to `entries`. */
export function grownCodeMap(map: Int32Array, entries: number): Int32Array {
  if (map.length > entries) return map
  const grown = new Int32Array(Math.max(entries + 1, map.length * 2)).fill(unknownCode)
  grown.set(map)
  return grown
}
