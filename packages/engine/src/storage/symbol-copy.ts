import { ValueKind } from '../value/dual.ts'
import type { Allocator } from './allocator.ts'
import type { Bitset } from './bitset.ts'
import type { SymbolSegment } from './symbol-table.ts'

/** The symbols of a builder, whose arrays may be longer, in arrays of exactly their size. */
export function copyOfAll(from: SymbolSegment, allocator: Allocator): SymbolSegment {
  const { count } = from
  const copy = emptySegment(count, from.offsets[count]!, allocator)
  for (let symbol = 0; symbol < count; symbol++) copy.kinds[symbol] = from.kinds[symbol]! & kindBits
  copy.numbers.set(from.numbers.subarray(0, count))
  copy.offsets.set(from.offsets.subarray(0, count + 1))
  copy.bytes.set(from.bytes.subarray(0, from.offsets[count]!))
  return copy
}

/** The symbols in `used`; `remap[symbol + 1]` becomes the new code of each. */
export function copyOfUsed(
  from: SymbolSegment,
  used: Bitset,
  remap: Uint32Array,
  allocator: Allocator,
): SymbolSegment {
  const { kinds, numbers, offsets, bytes } = from
  let byteCount = 0
  for (let symbol = 0; symbol < from.count; symbol++)
    if (used.has(symbol)) byteCount += offsets[symbol + 1]! - offsets[symbol]!
  const copy = emptySegment(used.count(), byteCount, allocator)
  let next = 0
  let end = 0
  for (let symbol = 0; symbol < from.count; symbol++) {
    if (!used.has(symbol)) continue
    copy.kinds[next] = kinds[symbol]! & kindBits
    copy.numbers[next] = numbers[symbol]!
    for (let i = offsets[symbol]!; i < offsets[symbol + 1]!; i++) copy.bytes[end++] = bytes[i]!
    next += 1
    copy.offsets[next] = end
    remap[symbol + 1] = next
  }
  return copy
}

/** Symbols as one segment: the only one there is, or a copy of all. */
export function inOneSegment(segments: readonly SymbolSegment[]): SymbolSegment {
  const [first] = segments
  if (first !== undefined && segments.length === 1) return first
  const sum = (length: (segment: SymbolSegment) => number): number =>
    segments.reduce((total, segment) => total + length(segment), 0)
  const count = sum((segment) => segment.count)
  const joined = {
    start: 0,
    count,
    kinds: new Uint8Array(count),
    numbers: new Float64Array(count),
    offsets: new Uint32Array(count + 1),
    bytes: new Uint8Array(sum(({ bytes }) => bytes.length)),
  }
  let end = 0
  for (const { start, kinds, numbers, offsets, bytes } of segments) {
    joined.kinds.set(kinds, start)
    joined.numbers.set(numbers, start)
    joined.offsets.set(
      offsets.map((offset) => offset + end),
      start,
    )
    joined.bytes.set(bytes, end)
    end += bytes.length
  }
  return joined
}

/** A builder keeps a note of its own beside the kind. */
const kindBits = ValueKind.Dual

function emptySegment(count: number, byteCount: number, allocator: Allocator): SymbolSegment {
  const textBytes = (count + 1) * 4 + byteCount
  const { buffer, offset } =
    byteCount === 0
      ? { buffer: allocator.allocate(textBytes, 'symbols'), offset: 0 }
      : allocator.placeTexts(textBytes)
  return {
    start: 0,
    count,
    kinds: new Uint8Array(allocator.allocate(count, 'symbols')),
    numbers: new Float64Array(allocator.allocate(count * 8, 'symbols')),
    offsets: new Uint32Array(buffer, offset, count + 1),
    bytes: new Uint8Array(buffer, offset + (count + 1) * 4, byteCount),
  }
}
