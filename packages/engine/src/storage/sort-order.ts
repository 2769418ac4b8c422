import { collate } from '../value/collate.ts'

/**
 * Indices of `numbers` (no NaN) in ascending order, equal numbers by index. Radix sort on the 64-bit pattern, 11 bits a pass;
 * passes in which all digits agree are skipped, so small integers cost two or three.
 */
export function orderOfNumbers(numbers: Float64Array): Uint32Array {
  const count = numbers.length
  const low = new Uint32Array(count)
  const high = new Uint32Array(count)
  const number = new Float64Array(1)
  const words = new Uint32Array(number.buffer)
  for (let i = 0; i < count; i++) {
    number[0] = numbers[i]! + 0
    const negative = words[1]! >>> 31 === 1
    low[i] = negative ? ~words[0]! : words[0]!
    high[i] = negative ? ~words[1]! : words[1]! ^ 0x80000000
  }
  let order = new Uint32Array(count)
  for (let i = 0; i < count; i++) order[i] = i
  let spare = new Uint32Array(count)
  for (const [keys, shift] of [
    [low, 0],
    [low, 11],
    [low, 22],
    [high, 0],
    [high, 11],
    [high, 22],
  ] as const) {
    if (!distribute(keys, shift, order, spare)) continue
    const sorted = spare
    spare = order
    order = sorted
  }
  return order
}

/** One stable pass from `order` into `out`; false when every digit is the same and nothing was written. */
function distribute(
  keys: Uint32Array,
  shift: number,
  order: Uint32Array,
  out: Uint32Array,
): boolean {
  const starts = new Uint32Array(2048)
  for (let i = 0; i < keys.length; i++) starts[(keys[i]! >>> shift) & 2047]! += 1
  let sum = 0
  for (let digit = 0; digit < 2048; digit++) {
    const size = starts[digit]!
    if (size === keys.length) return false
    starts[digit] = sum
    sum += size
  }
  for (let i = 0; i < order.length; i++) {
    const index = order[i]!
    const digit = (keys[index]! >>> shift) & 2047
    out[starts[digit]!] = index
    starts[digit]! += 1
  }
  return true
}

/** Indices of `texts` in collation order, equal texts by index. */
export function orderOfTexts(texts: readonly string[]): Uint32Array {
  const order = new Array<number>(texts.length)
  for (let i = 0; i < order.length; i++) order[i] = i
  order.sort((left, right) => collate(texts[left]!, texts[right]!) || left - right)
  return Uint32Array.from(order)
}
