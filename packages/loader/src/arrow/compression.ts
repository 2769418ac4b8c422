import { decompressZstd } from 'hyparquet-compressors'
import { type Budget, spend } from './budget.ts'

/**
 * A buffer behind its length in 8 bytes; -1 says that it is not packed.
 * @throws LoadError `budget-exceeded`; Error when it does not unpack to that length
 */
export function unpackBuffer(
  packed: Uint8Array,
  codec: 'lz4' | 'zstd',
  budget: Budget,
): Uint8Array {
  if (packed.length === 0) return packed
  const view = new DataView(packed.buffer, packed.byteOffset, packed.length)
  const length = Number(view.getBigInt64(0, true))
  const content = packed.subarray(8)
  if (length === -1) return content
  if (length < 0) throw new Error('a packed buffer of a negative length')
  spend(budget, length)
  return codec === 'lz4' ? unpackLz4Frame(content, length) : unpackZstd(content, length)
}

function unpackZstd(content: Uint8Array, length: number): Uint8Array {
  const said = zstdContentSize(content)
  if (said !== undefined && said !== length)
    throw new Error('a packed buffer lies about its length')
  const unpacked = decompressZstd(content, new Uint8Array(length))
  if (unpacked.length !== length) throw new Error('a packed buffer lies about its length')
  return unpacked
}

/** What the frame says, where it does. Source: RFC 8878, 3.1.1.1 */
function zstdContentSize(frame: Uint8Array): number | undefined {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length)
  if (view.getUint32(0, true) !== 0xfd2fb528) throw new Error('a packed buffer is no zstd frame')
  const flags = view.getUint8(4)
  const single = (flags & 0x20) !== 0
  const at = 5 + (single ? 0 : 1) + [0, 1, 2, 4][flags & 3]!
  switch (flags >> 6) {
    case 0:
      return single ? view.getUint8(at) : undefined
    case 1:
      return view.getUint16(at, true) + 256
    case 2:
      return view.getUint32(at, true)
    default:
      return Number(view.getBigUint64(at, true))
  }
}

/** Source: https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md; checksums are not checked */
function unpackLz4Frame(frame: Uint8Array, length: number): Uint8Array {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length)
  if (view.getUint32(0, true) !== 0x184d2204) throw new Error('a packed buffer is no LZ4 frame')
  const flags = view.getUint8(4)
  if (flags >> 6 !== 1) throw new Error('a packed buffer is an LZ4 frame of an unknown version')
  const blockChecksum = flags & 0x10 ? 4 : 0
  let at = 7 + (flags & 0x08 ? 8 : 0) + (flags & 0x01 ? 4 : 0)
  const out = new Uint8Array(length)
  let end = 0
  for (;;) {
    const word = view.getUint32(at, true)
    if (word === 0) break
    const start = at + 4
    const size = word & 0x7fffffff
    if (start + size > frame.length) throw new Error('an LZ4 block is cut off')
    const block = frame.subarray(start, start + size)
    if (word >>> 31 === 1) {
      out.set(block, end)
      end += size
    } else end = unpackLz4Block(block, out, end)
    at = start + size + blockChecksum
  }
  if (end !== length) throw new Error('a packed buffer lies about its length')
  return out
}

/** Writes from `end` on, copying from what was written before, and returns where it ends. */
function unpackLz4Block(block: Uint8Array, out: Uint8Array, end: number): number {
  let at = 0
  let to = end
  const longer = (nibble: number): number => {
    let length = nibble
    if (nibble < 15) return length
    let byte = 255
    while (byte === 255) {
      if (at >= block.length) throw new Error('an LZ4 block is cut off')
      byte = block[at++]!
      length += byte
    }
    return length
  }
  while (at < block.length) {
    const token = block[at++]!
    const literals = longer(token >> 4)
    if (at + literals > block.length || to + literals > out.length)
      throw new Error('an LZ4 block runs over its end')
    out.set(block.subarray(at, at + literals), to)
    at += literals
    to += literals
    if (at === block.length) break
    if (at + 2 > block.length) throw new Error('an LZ4 block is cut off')
    const distance = block[at]! | (block[at + 1]! << 8)
    at += 2
    const length = longer(token & 15) + 4
    if (distance === 0 || distance > to || to + length > out.length)
      throw new Error('an LZ4 block copies from outside')
    // Byte by byte, since a copy may overlap itself.
    for (let i = 0; i < length; i++, to++) out[to] = out[to - distance]!
  }
  return to
}
