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
