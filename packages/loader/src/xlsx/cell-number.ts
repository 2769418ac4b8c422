/** 10^0 … 10^22, which doubles hold exactly. */
const powers: Float64Array = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`))

/** The number that stands in bytes[start … end), blanks around it aside; NaN when it is none or not finite. */
export function readNumber(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  const negative = bytes[at] === 0x2d
  if (negative) at += 1
  let digits = 0
  let mantissa = 0
  let decimals = 0
  let point = false
  // Replaces Number() over a string of the bytes for what fits 53 bits and no exponent: nearly every cell.
  for (; at < end; at++) {
    const digit = bytes[at]! - 0x30
    if (digit >= 0 && digit <= 9) {
      mantissa = mantissa * 10 + digit
      digits += 1
      if (point) decimals += 1
    } else if (digit === -2 && !point) point = true
    else return readSlowly(bytes, start, end)
  }
  if (digits === 0 || mantissa > Number.MAX_SAFE_INTEGER || decimals > 22)
    return readSlowly(bytes, start, end)
  const size = decimals === 0 ? mantissa : mantissa / powers[decimals]!
  return negative ? 0 - size : size
}

function readSlowly(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > 400) return Number.NaN
  const text = String.fromCharCode(...bytes.subarray(start, end)).trim()
  const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)
    ? Number(text)
    : Number.NaN
  return Number.isFinite(number) ? number + 0 : Number.NaN
}
