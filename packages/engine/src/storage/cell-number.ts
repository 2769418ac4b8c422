const powersOfTen = Float64Array.from({ length: 16 }, (_, exponent) => 10 ** exponent)
const zero = 0x30
const minus = 0x2d
const point = 0x2e
/** Digits up to which a number is written plainly by the default format. */
const plainDigits = 14

/**
 * The number of a cell that is written as the default number format would write it: an optional `-`, up to 14 digits without
 * leading zeros and, when `decimals`, a `.` and decimals. NaN for any other cell, which says nothing yet. Decimals may end in 0, which
 * the default format would not write: see `endsInZero`.
 */
export function plainNumber(
  bytes: Uint8Array,
  start: number,
  end: number,
  decimals: boolean,
): number {
  const negative = bytes[start] === minus
  const first = negative ? start + 1 : start
  const length = end - first
  if (length <= 0 || length > plainDigits + 1) return Number.NaN
  let dot = -1
  let at = first
  // Nine digits fit an int32, which is faster than doubles.
  const smallEnd = length <= 9 ? end : first + 9
  let small = 0
  for (; at < smallEnd; at++) {
    const digit = bytes[at]! - zero
    if (digit >= 0 && digit <= 9) small = (small * 10 + digit) | 0
    else if (digit === point - zero && dot < 0) dot = at
    else return Number.NaN
  }
  let number = small
  for (; at < end; at++) {
    const digit = bytes[at]! - zero
    if (digit >= 0 && digit <= 9) number = number * 10 + digit
    else if (digit === point - zero && dot < 0) dot = at
    else return Number.NaN
  }
  const startsWithZero = bytes[first] === zero
  if (dot < 0) {
    if (length > plainDigits || (startsWithZero && (length > 1 || negative))) return Number.NaN
    return negative ? -number : number
  }
  if (!decimals || dot === first || dot === end - 1) return Number.NaN
  if (startsWithZero && dot !== first + 1) return Number.NaN
  // Both integers are exact and so is the rounding of their quotient.
  const value = number / powersOfTen[end - 1 - dot]!
  if (value < 1e-4 && bytes[end - 1] !== zero) return Number.NaN
  return negative ? -value : value
}

/** Whether a cell that `plainNumber` has read shows decimals that end in 0. */
export function endsInZero(bytes: Uint8Array, start: number, end: number): boolean {
  if (bytes[end - 1] !== zero) return false
  for (let at = end - 2; at > start; at--) if (bytes[at] === point) return true
  return false
}

const firstYear = 1900
const years = 256

/**
 * A number below `isoDateKeys` for a cell of the form dddd-dd-dd with a year from 1900 to 2155, a different one for every text; else -1.
 * Whether it is a date is for others to say.
 */
export function isoDateKey(bytes: Uint8Array, start: number, end: number): number {
  if (end - start !== 10 || bytes[start + 4] !== minus || bytes[start + 7] !== minus) return -1
  const century = twoDigits(bytes, start)
  const year = century * 100 + twoDigits(bytes, start + 2) - firstYear
  const month = twoDigits(bytes, start + 5)
  const day = twoDigits(bytes, start + 8)
  if (!(year >= 0 && year < years && month >= 0 && month < 16 && day >= 0 && day < 32)) return -1
  return (year << 9) | (month << 5) | day
}

export const isoDateKeys: number = years << 9

/** NaN unless both bytes are digits. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = bytes[at]! - zero
  const ones = bytes[at + 1]! - zero
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}
