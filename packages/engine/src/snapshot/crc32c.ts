/** Castagnoli's polynomial, reflected. */
const polynomial = 0x82f63b78

/** tables[k][b]: the CRC of byte b followed by k zero bytes (slicing by eight, Kounavis and Berry 2005). */
const tables: readonly Uint32Array[] = makeTables()

/** CRC-32C of bytes, an unsigned 32-bit integer. `seed` continues an earlier checksum. */
export function crc32c(bytes: Uint8Array, seed = 0): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables
  if (!t0 || !t1 || !t2 || !t3 || !t4 || !t5 || !t6 || !t7) return 0
  let crc = ~seed
  let at = 0
  for (const end = bytes.length - 7; at < end; at += 8) {
    crc ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
    crc =
      t7[crc & 255]! ^
      t6[(crc >>> 8) & 255]! ^
      t5[(crc >>> 16) & 255]! ^
      t4[crc >>> 24]! ^
      t3[bytes[at + 4]!]! ^
      t2[bytes[at + 5]!]! ^
      t1[bytes[at + 6]!]! ^
      t0[bytes[at + 7]!]!
  }
  for (; at < bytes.length; at++) crc = t0[(crc ^ bytes[at]!) & 255]! ^ (crc >>> 8)
  return ~crc >>> 0
}

function makeTables(): Uint32Array[] {
  const first = new Uint32Array(256)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ polynomial : crc >>> 1
    first[byte] = crc
  }
  const all = [first]
  for (let k = 1; k < 8; k++) {
    const previous = all[k - 1]!
    all.push(previous.map((crc) => first[crc & 255]! ^ (crc >>> 8)))
  }
  return all
}
