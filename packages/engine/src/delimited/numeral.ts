const zero = 0x30
const point = 0x2e
/** Digits of the longest numeral: eight of them and three bits for the decimals fit in 31 bits. */
const mostDigits = 8

/** Any cell that is no numeral. */
export const noNumeral = -1

/**
 * A numeral is the text of a cell that has only digits, perhaps with a `.` and decimals among them, as one integer: all digits times 8 plus
 * how many are decimals. Different texts have different numerals, so those with leading zeros, a `.` at either end or more than eight digits
 * have none. What a numeral is worth is for others to say.
 *
 * Here that of the digits bytes[start … end), which make the number `digits`.
 */
export function integerNumeral(
  bytes: Uint8Array,
  start: number,
  end: number,
  digits: number,
): number {
  const length = end - start
  if (length === 0 || length > mostDigits) return noNumeral
  return bytes[start] === zero && length > 1 ? noNumeral : digits * 8
}

/** The numeral of bytes[start … end), digits but for the point at `dot`; `digits` is the number they make without it. */
export function decimalNumeral(
  bytes: Uint8Array,
  start: number,
  dot: number,
  end: number,
  digits: number,
): number {
  if (dot === start || dot === end - 1 || end - start > mostDigits + 1) return noNumeral
  return bytes[start] === zero && dot - start > 1 ? noNumeral : digits * 8 + end - dot - 1
}

/** The numeral of the cell bytes[start … end), `noNumeral` when it is none. */
export function readNumeral(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > mostDigits + 1) return noNumeral
  let dot = -1
  let digits = 0
  for (let at = start; at < end; at++) {
    const digit = bytes[at]! - zero
    if (digit >= 0 && digit <= 9) digits = digits * 10 + digit
    else if (digit === point - zero && dot < 0) dot = at
    else return noNumeral
  }
  return dot < 0
    ? integerNumeral(bytes, start, end, digits)
    : decimalNumeral(bytes, start, dot, end, digits)
}
