/** A criterion of sorting: a number per group, `direction` 1 ascending or -1 descending. NaN comes last either way. */
export interface SortKey {
  readonly values: ArrayLike<number>
  readonly direction: 1 | -1
}

/** 0 … count - 1. */
export function ascending(count: number): Uint32Array {
  const numbers = new Uint32Array(count)
  for (let i = 0; i < count; i++) numbers[i] = i
  return numbers
}

/** Fewer groups are compared one by one, more are distributed by digits of their keys. */
const fewGroups = 512

/** Sorts ids in place by the keys in order of priority, then by position. Returns the array. */
export function sortGroups(ids: Uint32Array, keys: readonly SortKey[]): Uint32Array {
  if (keys.length === 0 || ids.length < 2) return ids
  if (ids.length <= fewGroups) {
    const before = ids.slice()
    const compare = comparison(before, keys)
    const positions = ascending(ids.length).sort(compare)
    for (let i = 0; i < ids.length; i++) ids[i] = before[positions[i]!]!
    return ids
  }
  // The least important criterion first: every pass keeps the order of the one before where its digits are equal.
  for (let k = keys.length - 1; k >= 0; k--) distribute(ids, keys[k]!)
  return ids
}

/**
 * The first `count` of the ids sorted as by `sortGroups`, in order. A heap keeps the best so far, the worst of them on top.
 */
export function firstGroups(
  ids: Uint32Array,
  keys: readonly SortKey[],
  count: number,
): Uint32Array {
  const size = Math.min(count, ids.length)
  if (size === 0) return new Uint32Array(0)
  const compare = comparison(ids, keys)
  const heap = ascending(size)
  for (let at = (size >>> 1) - 1; at >= 0; at--) sink(heap, at, compare)
  for (let position = size; position < ids.length; position++) {
    if (compare(position, heap[0]!) >= 0) continue
    heap[0] = position
    sink(heap, 0, compare)
  }
  return heap.sort(compare).map((position) => ids[position]!)
}

function sink(heap: Uint32Array, from: number, compare: (a: number, b: number) => number): void {
  let at = from
  for (;;) {
    let child = 2 * at + 1
    if (child >= heap.length) return
    if (child + 1 < heap.length && compare(heap[child + 1]!, heap[child]!) > 0) child += 1
    if (compare(heap[at]!, heap[child]!) >= 0) return
    const moved = heap[at]!
    heap[at] = heap[child]!
    heap[child] = moved
    at = child
  }
}

/** Compares positions of `ids`; never 0 for different ones. */
function comparison(ids: Uint32Array, keys: readonly SortKey[]): (a: number, b: number) => number {
  return (a, b) => {
    for (let k = 0; k < keys.length; k++) {
      const { values, direction } = keys[k]!
      const left = values[ids[a]!]!
      const right = values[ids[b]!]!
      if (left === right) continue
      const leftMissing = Number.isNaN(left)
      const rightMissing = Number.isNaN(right)
      if (leftMissing || rightMissing) {
        if (leftMissing && rightMissing) continue
        return leftMissing ? 1 : -1
      }
      return left < right ? -direction : direction
    }
    return a - b
  }
}

const digitBits = 11
const digits = 1 << digitBits

const asNumber = new Float64Array(1)
const asWords = new Uint32Array(asNumber.buffer)

/** Stable sort of ids by one key: by its integers where it has no others, else by the bits of its doubles. */
function distribute(ids: Uint32Array, { values, direction }: SortKey): void {
  const low = new Uint32Array(ids.length)
  let largest = 0
  let whole = true
  for (let i = 0; i < ids.length && whole; i++) {
    const value = values[ids[i]!]!
    whole = Number.isNaN(value) || (value >= 0 && value < 0xfffffffe && value === Math.floor(value))
    if (value > largest) largest = value
  }
  if (whole) {
    for (let i = 0; i < ids.length; i++) {
      const value = values[ids[i]!]!
      low[i] = Number.isNaN(value) ? largest + 1 : direction === 1 ? value : largest - value
    }
    passes(ids, low, undefined)
    return
  }
  const high = new Uint32Array(ids.length)
  for (let i = 0; i < ids.length; i++) {
    const value = values[ids[i]!]!
    if (Number.isNaN(value)) {
      high[i] = 0xffffffff
      low[i] = 0xffffffff
      continue
    }
    // Adding 0 makes one of the two zeros. Negative numbers are inverted, positive ones get the sign bit: then they sort as integers.
    asNumber[0] = value * direction + 0
    const negative = asWords[1]! >>> 31 === 1
    high[i] = negative ? ~asWords[1]! : asWords[1]! | 0x80000000
    low[i] = negative ? ~asWords[0]! : asWords[0]!
  }
  passes(ids, low, high)
}

function passes(ids: Uint32Array, low: Uint32Array, high: Uint32Array | undefined): void {
  const spare = [
    new Uint32Array(ids.length),
    new Uint32Array(ids.length),
    new Uint32Array(high === undefined ? 0 : ids.length),
  ] as const
  for (let shift = 0; shift < 32; shift += digitBits) pass(ids, low, shift, low, high, spare)
  if (high === undefined) return
  for (let shift = 0; shift < 32; shift += digitBits) pass(ids, high, shift, low, high, spare)
}

/** One distribution by the digit of `key` at `shift`; skipped when all digits are equal. */
function pass(
  ids: Uint32Array,
  key: Uint32Array,
  shift: number,
  low: Uint32Array,
  high: Uint32Array | undefined,
  [nextIds, nextLow, nextHigh]: readonly [Uint32Array, Uint32Array, Uint32Array],
): void {
  const count = ids.length
  const starts = new Uint32Array(digits)
  for (let i = 0; i < count; i++) starts[(key[i]! >>> shift) & (digits - 1)]! += 1
  if (starts[(key[0]! >>> shift) & (digits - 1)] === count) return
  for (let digit = 0, at = 0; digit < digits; digit++) {
    const size = starts[digit]!
    starts[digit] = at
    at += size
  }
  for (let i = 0; i < count; i++) {
    const digit = (key[i]! >>> shift) & (digits - 1)
    const at = starts[digit]!
    starts[digit] = at + 1
    nextIds[at] = ids[i]!
    nextLow[at] = low[i]!
    if (high !== undefined) nextHigh[at] = high[i]!
  }
  ids.set(nextIds)
  low.set(nextLow)
  high?.set(nextHigh)
}
