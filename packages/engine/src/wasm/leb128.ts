/** Integers in 7 bits a byte, the lowest first. https://webassembly.github.io/spec/core/binary/values.html */
export function unsigned(value: number): readonly number[] {
  const bytes: number[] = []
  let rest = value >>> 0
  do {
    const low = rest & 0x7f
    rest >>>= 7
    bytes.push(rest === 0 ? low : low | 0x80)
  } while (rest !== 0)
  return bytes
}

export function signed(value: number): readonly number[] {
  const bytes: number[] = []
  let rest = value | 0
  for (;;) {
    const low = rest & 0x7f
    rest >>= 7
    const isLast = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)
    bytes.push(isLast ? low : low | 0x80)
    if (isLast) return bytes
  }
}

export function signedLong(value: bigint): readonly number[] {
  const low = Number(value & 0x7fn)
  const rest = value >> 7n
  const isLast = rest === ((low & 0x40) === 0 ? 0n : -1n)
  return isLast ? [low] : [low | 0x80, ...signedLong(rest)]
}
