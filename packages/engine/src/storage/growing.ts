import type { Allocator, MemoryPurpose } from './allocator.ts'

/** Room for at least `needed`, doubling so that appending stays linear. */
export function nextCapacity(capacity: number, needed: number): number {
  let next = Math.max(16, capacity)
  while (next < needed) next *= 2
  return next
}

/** A copy of `array` with room for `capacity` bytes; the old buffer goes back to the allocator. */
export function growBytes(
  array: Uint8Array,
  capacity: number,
  allocator: Allocator,
  purpose: MemoryPurpose,
): Uint8Array {
  const grown = new Uint8Array(allocator.allocate(capacity, purpose))
  grown.set(array)
  allocator.release(array.buffer, purpose)
  return grown
}

export function growWords(
  array: Uint32Array,
  capacity: number,
  allocator: Allocator,
  purpose: MemoryPurpose,
): Uint32Array {
  const grown = new Uint32Array(allocator.allocate(capacity * 4, purpose))
  grown.set(array)
  allocator.release(array.buffer, purpose)
  return grown
}

export function growNumbers(
  array: Float64Array,
  capacity: number,
  allocator: Allocator,
  purpose: MemoryPurpose,
): Float64Array {
  const grown = new Float64Array(allocator.allocate(capacity * 8, purpose))
  grown.set(array)
  allocator.release(array.buffer, purpose)
  return grown
}
