const asNumber = new Float64Array(1)
const asWords = new Uint32Array(asNumber.buffer)

/** Hash of a number by its 64-bit pattern; -0 and 0 are the same. An unsigned 32-bit integer. */
export function hashNumber(number: number): number {
  asNumber[0] = number + 0
  return mix(Math.imul(asWords[0]!, 0x9e3779b1) ^ Math.imul(asWords[1]!, 0x85ebca6b))
}

/** FNV-1a over bytes[start … end), mixed once more so that the low bits serve as a slot. An unsigned 32-bit integer. */
export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193)
  return mix(hash)
}

/** Hash of bytes[start … end), four at a time: quicker than `hashBytes` and kept nowhere. An unsigned 32-bit integer. */
export function hashWords(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start
  let at = start
  for (; at + 4 <= end; at += 4) {
    hash = Math.imul(hash ^ wordAt(bytes, at), 0x9e3779b1)
    hash ^= hash >>> 15
  }
  let rest = 0
  for (; at < end; at++) rest = (rest << 8) | bytes[at]!
  return mix(Math.imul(hash ^ rest, 0x85ebca6b))
}

/** Hash of the first and last four of bytes[start … end) and their count: for caches, where a wrong guess costs little. */
export function hashEnds(bytes: Uint8Array, start: number, end: number): number {
  let head = end - start
  let tail = 0
  if (head >= 4) {
    head ^= wordAt(bytes, start)
    tail = wordAt(bytes, end - 4)
  } else for (let i = start; i < end; i++) head = (head << 8) | bytes[i]!
  const hash = Math.imul(head, 0x9e3779b1) ^ Math.imul(tail, 0x85ebca6b)
  return hash ^ (hash >>> 15)
}

function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
}

/** Final mixing of MurmurHash3 (public domain, Austin Appleby). */
export function mix(hash: number): number {
  let mixed = hash
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

/** Slots of an open-addressing table for `entries`: a power of two, at most half full. */
export function slotCount(entries: number): number {
  let slots = 16
  while (slots < entries * 2) slots *= 2
  return slots
}

export function equalBytes(
  left: Uint8Array,
  leftStart: number,
  right: Uint8Array,
  rightStart: number,
  length: number,
): boolean {
  for (let i = 0; i < length; i++) if (left[leftStart + i] !== right[rightStart + i]) return false
  return true
}
