import { hexDigit } from './text-bytes.ts'

const named: ReadonlyMap<string, number> = new Map([
  ['lt', 0x3c],
  ['gt', 0x3e],
  ['amp', 0x26],
  ['quot', 0x22],
  ['apos', 0x27],
])
const [numberSign, letterX] = [0x23, 0x78]

/** The character an entity stands for, by the bytes between `&` and `;`: one of the five or `#65` or `#x41`; -1 when it is none. */
export function codePointOf(bytes: Uint8Array, start: number, end: number): number {
  if (bytes[start] !== numberSign)
    return named.get(String.fromCharCode(...bytes.subarray(start, end))) ?? -1
  const base = bytes[start + 1] === letterX ? 16 : 10
  const from = start + (base === 16 ? 2 : 1)
  let point = 0
  for (let at = from; at < end; at++) {
    const digit = hexDigit(bytes[at]!)
    if (digit < 0 || digit >= base) return -1
    point = point * base + digit
  }
  const surrogate = point >= 0xd800 && point < 0xe000
  return point < 1 || point > 0x10ffff || surrogate ? -1 : point
}
