import type { Codes } from '../storage/column.ts'

// Innermost loops over the rows of one column. Each is written out per code width, since one loop over all widths is several times
// slower once it has met two of them, and four rows at a time, which the compiler does not do by itself.

/** Marks the codes of the rows list[from … to), which lie in a segment that begins at row `start`. */
export function markList(
  codes: Codes,
  list: Uint32Array,
  from: number,
  to: number,
  start: number,
  seen: Uint8Array,
): void {
  if (codes instanceof Uint8Array) markList8(codes, list, from, to, start, seen)
  else if (codes instanceof Uint16Array) markList16(codes, list, from, to, start, seen)
  else markList32(codes, list, from, to, start, seen)
}

/** Marks the codes of the rows start + from … start + to whose bit is set. */
export function markBits(
  codes: Codes,
  bits: Uint32Array,
  from: number,
  to: number,
  start: number,
  seen: Uint8Array,
): void {
  if (codes instanceof Uint8Array) markBits8(codes, bits, start + from, start + to, start, seen)
  else if (codes instanceof Uint16Array)
    markBits16(codes, bits, start + from, start + to, start, seen)
  else markBits32(codes, bits, start + from, start + to, start, seen)
}

/** Marks the codes of all rows codes[from … to). */
export function markAll(codes: Codes, from: number, to: number, seen: Uint8Array): void {
  if (codes instanceof Uint8Array) markAll8(codes, from, to, seen)
  else if (codes instanceof Uint16Array) markAll16(codes, from, to, seen)
  else markAll32(codes, from, to, seen)
}

function markList8(
  codes: Uint8Array,
  list: Uint32Array,
  from: number,
  to: number,
  start: number,
  seen: Uint8Array,
): void {
  let i = from
  for (; i < to - 3; i += 4) {
    const a = codes[list[i]! - start]!
    const b = codes[list[i + 1]! - start]!
    const c = codes[list[i + 2]! - start]!
    const d = codes[list[i + 3]! - start]!
    seen[a] = 1
    seen[b] = 1
    seen[c] = 1
    seen[d] = 1
  }
  for (; i < to; i++) seen[codes[list[i]! - start]!] = 1
}

function markList16(
  codes: Uint16Array,
  list: Uint32Array,
  from: number,
  to: number,
  start: number,
  seen: Uint8Array,
): void {
  let i = from
  for (; i < to - 3; i += 4) {
    const a = codes[list[i]! - start]!
    const b = codes[list[i + 1]! - start]!
    const c = codes[list[i + 2]! - start]!
    const d = codes[list[i + 3]! - start]!
    seen[a] = 1
    seen[b] = 1
    seen[c] = 1
    seen[d] = 1
  }
  for (; i < to; i++) seen[codes[list[i]! - start]!] = 1
}

function markList32(
  codes: Uint32Array,
  list: Uint32Array,
  from: number,
  to: number,
  start: number,
  seen: Uint8Array,
): void {
  let i = from
  for (; i < to - 3; i += 4) {
    const a = codes[list[i]! - start]!
    const b = codes[list[i + 1]! - start]!
    const c = codes[list[i + 2]! - start]!
    const d = codes[list[i + 3]! - start]!
    seen[a] = 1
    seen[b] = 1
    seen[c] = 1
    seen[d] = 1
  }
  for (; i < to; i++) seen[codes[list[i]! - start]!] = 1
}

function markBits8(
  codes: Uint8Array,
  bits: Uint32Array,
  from: number,
  to: number,
  start: number,
  seen: Uint8Array,
): void {
  for (let w = from >>> 5; w << 5 < to; w++) {
    const first = (w << 5) - start
    let word = wordOf(bits, w, from, to)
    for (; word !== 0; word &= word - 1) seen[codes[first + 31 - Math.clz32(word & -word)]!] = 1
  }
}

function markBits16(
  codes: Uint16Array,
  bits: Uint32Array,
  from: number,
  to: number,
  start: number,
  seen: Uint8Array,
): void {
  for (let w = from >>> 5; w << 5 < to; w++) {
    const first = (w << 5) - start
    let word = wordOf(bits, w, from, to)
    for (; word !== 0; word &= word - 1) seen[codes[first + 31 - Math.clz32(word & -word)]!] = 1
  }
}

function markBits32(
  codes: Uint32Array,
  bits: Uint32Array,
  from: number,
  to: number,
  start: number,
  seen: Uint8Array,
): void {
  for (let w = from >>> 5; w << 5 < to; w++) {
    const first = (w << 5) - start
    let word = wordOf(bits, w, from, to)
    for (; word !== 0; word &= word - 1) seen[codes[first + 31 - Math.clz32(word & -word)]!] = 1
  }
}

function markAll8(codes: Uint8Array, from: number, to: number, seen: Uint8Array): void {
  let i = from
  for (; i < to - 3; i += 4) {
    const a = codes[i]!
    const b = codes[i + 1]!
    const c = codes[i + 2]!
    const d = codes[i + 3]!
    seen[a] = 1
    seen[b] = 1
    seen[c] = 1
    seen[d] = 1
  }
  for (; i < to; i++) seen[codes[i]!] = 1
}

function markAll16(codes: Uint16Array, from: number, to: number, seen: Uint8Array): void {
  let i = from
  for (; i < to - 3; i += 4) {
    const a = codes[i]!
    const b = codes[i + 1]!
    const c = codes[i + 2]!
    const d = codes[i + 3]!
    seen[a] = 1
    seen[b] = 1
    seen[c] = 1
    seen[d] = 1
  }
  for (; i < to; i++) seen[codes[i]!] = 1
}

function markAll32(codes: Uint32Array, from: number, to: number, seen: Uint8Array): void {
  let i = from
  for (; i < to - 3; i += 4) {
    const a = codes[i]!
    const b = codes[i + 1]!
    const c = codes[i + 2]!
    const d = codes[i + 3]!
    seen[a] = 1
    seen[b] = 1
    seen[c] = 1
    seen[d] = 1
  }
  for (; i < to; i++) seen[codes[i]!] = 1
}

/** Counts the codes of the rows list[from … to), which lie in a segment that begins at row `start`. */
export function countList(
  codes: Codes,
  list: Uint32Array,
  from: number,
  to: number,
  start: number,
  counts: Uint32Array,
): void {
  if (codes instanceof Uint8Array) countList8(codes, list, from, to, start, counts)
  else if (codes instanceof Uint16Array) countList16(codes, list, from, to, start, counts)
  else countList32(codes, list, from, to, start, counts)
}

/** Counts the codes of the rows start + from … start + to whose bit is set. */
export function countBits(
  codes: Codes,
  bits: Uint32Array,
  from: number,
  to: number,
  start: number,
  counts: Uint32Array,
): void {
  if (codes instanceof Uint8Array) countBits8(codes, bits, start + from, start + to, start, counts)
  else if (codes instanceof Uint16Array)
    countBits16(codes, bits, start + from, start + to, start, counts)
  else countBits32(codes, bits, start + from, start + to, start, counts)
}

/** Counts the codes of all rows codes[from … to). */
export function countAll(codes: Codes, from: number, to: number, counts: Uint32Array): void {
  if (codes instanceof Uint8Array) countAll8(codes, from, to, counts)
  else if (codes instanceof Uint16Array) countAll16(codes, from, to, counts)
  else countAll32(codes, from, to, counts)
}

function countList8(
  codes: Uint8Array,
  list: Uint32Array,
  from: number,
  to: number,
  start: number,
  counts: Uint32Array,
): void {
  let i = from
  for (; i < to - 3; i += 4) {
    const a = codes[list[i]! - start]!
    const b = codes[list[i + 1]! - start]!
    const c = codes[list[i + 2]! - start]!
    const d = codes[list[i + 3]! - start]!
    counts[a]! += 1
    counts[b]! += 1
    counts[c]! += 1
    counts[d]! += 1
  }
  for (; i < to; i++) counts[codes[list[i]! - start]!]! += 1
}

function countList16(
  codes: Uint16Array,
  list: Uint32Array,
  from: number,
  to: number,
  start: number,
  counts: Uint32Array,
): void {
  let i = from
  for (; i < to - 3; i += 4) {
    const a = codes[list[i]! - start]!
    const b = codes[list[i + 1]! - start]!
    const c = codes[list[i + 2]! - start]!
    const d = codes[list[i + 3]! - start]!
    counts[a]! += 1
    counts[b]! += 1
    counts[c]! += 1
    counts[d]! += 1
  }
  for (; i < to; i++) counts[codes[list[i]! - start]!]! += 1
}

function countList32(
  codes: Uint32Array,
  list: Uint32Array,
  from: number,
  to: number,
  start: number,
  counts: Uint32Array,
): void {
  let i = from
  for (; i < to - 3; i += 4) {
    const a = codes[list[i]! - start]!
    const b = codes[list[i + 1]! - start]!
    const c = codes[list[i + 2]! - start]!
    const d = codes[list[i + 3]! - start]!
    counts[a]! += 1
    counts[b]! += 1
    counts[c]! += 1
    counts[d]! += 1
  }
  for (; i < to; i++) counts[codes[list[i]! - start]!]! += 1
}

function countBits8(
  codes: Uint8Array,
  bits: Uint32Array,
  from: number,
  to: number,
  start: number,
  counts: Uint32Array,
): void {
  for (let w = from >>> 5; w << 5 < to; w++) {
    const first = (w << 5) - start
    let word = wordOf(bits, w, from, to)
    for (; word !== 0; word &= word - 1) counts[codes[first + 31 - Math.clz32(word & -word)]!]! += 1
  }
}

function countBits16(
  codes: Uint16Array,
  bits: Uint32Array,
  from: number,
  to: number,
  start: number,
  counts: Uint32Array,
): void {
  for (let w = from >>> 5; w << 5 < to; w++) {
    const first = (w << 5) - start
    let word = wordOf(bits, w, from, to)
    for (; word !== 0; word &= word - 1) counts[codes[first + 31 - Math.clz32(word & -word)]!]! += 1
  }
}

function countBits32(
  codes: Uint32Array,
  bits: Uint32Array,
  from: number,
  to: number,
  start: number,
  counts: Uint32Array,
): void {
  for (let w = from >>> 5; w << 5 < to; w++) {
    const first = (w << 5) - start
    let word = wordOf(bits, w, from, to)
    for (; word !== 0; word &= word - 1) counts[codes[first + 31 - Math.clz32(word & -word)]!]! += 1
  }
}

function countAll8(codes: Uint8Array, from: number, to: number, counts: Uint32Array): void {
  let i = from
  for (; i < to - 3; i += 4) {
    const a = codes[i]!
    const b = codes[i + 1]!
    const c = codes[i + 2]!
    const d = codes[i + 3]!
    counts[a]! += 1
    counts[b]! += 1
    counts[c]! += 1
    counts[d]! += 1
  }
  for (; i < to; i++) counts[codes[i]!]! += 1
}

function countAll16(codes: Uint16Array, from: number, to: number, counts: Uint32Array): void {
  let i = from
  for (; i < to - 3; i += 4) {
    const a = codes[i]!
    const b = codes[i + 1]!
    const c = codes[i + 2]!
    const d = codes[i + 3]!
    counts[a]! += 1
    counts[b]! += 1
    counts[c]! += 1
    counts[d]! += 1
  }
  for (; i < to; i++) counts[codes[i]!]! += 1
}

function countAll32(codes: Uint32Array, from: number, to: number, counts: Uint32Array): void {
  let i = from
  for (; i < to - 3; i += 4) {
    const a = codes[i]!
    const b = codes[i + 1]!
    const c = codes[i + 2]!
    const d = codes[i + 3]!
    counts[a]! += 1
    counts[b]! += 1
    counts[c]! += 1
    counts[d]! += 1
  }
  for (; i < to; i++) counts[codes[i]!]! += 1
}

/** Bits of word `w` that belong to the rows from … to - 1. */
function wordOf(bits: Uint32Array, w: number, from: number, to: number): number {
  let word = bits[w]! | 0
  const first = w << 5
  if (first < from) word &= -1 << (from - first)
  if (to - first < 32) word &= (1 << (to - first)) - 1
  return word
}
