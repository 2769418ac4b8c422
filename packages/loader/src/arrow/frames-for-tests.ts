/** An LZ4 frame: one block with copies, found by the last place of each four bytes, and one that is not packed. */
export function lz4Frame(content: Uint8Array): Uint8Array {
  const half = content.length >> 1
  const first = lz4Block(content.subarray(0, half))
  const parts = [
    [0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82],
    ...(half === 0 ? [] : [word(first.length), first]),
    ...(content.length === half
      ? []
      : [word((content.length - half) | 0x80000000), content.subarray(half)]),
    word(0),
  ]
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}

/** The last five bytes of a block are never part of a copy. */
function lz4Block(content: Uint8Array): number[] {
  const out: number[] = []
  const seen = new Map<string, number>()
  let from = 0
  const put = (literals: Uint8Array, distance: number, copied: number): void => {
    const extra = copied - 4
    out.push((Math.min(literals.length, 15) << 4) | (copied === 0 ? 0 : Math.min(extra, 15)))
    if (literals.length >= 15) out.push(...longer(literals.length - 15))
    for (const byte of literals) out.push(byte)
    if (copied === 0) return
    out.push(distance & 255, distance >> 8)
    if (extra >= 15) out.push(...longer(extra - 15))
  }
  for (let at = 0; at + 12 < content.length; ) {
    const key = content.subarray(at, at + 4).join()
    const place = seen.get(key)
    seen.set(key, at)
    if (place === undefined || at - place > 65535) {
      at += 1
      continue
    }
    let copied = 4
    while (at + copied < content.length - 5 && content[place + copied] === content[at + copied])
      copied += 1
    put(content.subarray(from, at), at - place, copied)
    at += copied
    from = at
  }
  put(content.subarray(from), 0, 0)
  return out
}

function longer(left: number): number[] {
  const bytes: number[] = []
  let rest = left
  for (; rest >= 255; rest -= 255) bytes.push(255)
  return [...bytes, rest]
}

/** A zstd frame of blocks that are not packed, or of one byte repeated. */
export function zstdFrame(content: Uint8Array): Uint8Array {
  const same = content.length > 0 && content.every((byte) => byte === content[0])
  // Last block, of one byte (type 1) or raw (type 0); both have the length from bit 3 on.
  const header = 1 | (same ? 2 : 0) | (content.length << 3)
  const body = same ? content.subarray(0, 1) : content
  return Uint8Array.from([
    0x28,
    0xb5,
    0x2f,
    0xfd,
    0xa0,
    ...word(content.length),
    ...word(header).slice(0, 3),
    ...body,
  ])
}

/** Four bytes, the lowest first. */
function word(value: number): number[] {
  return [0, 8, 16, 24].map((shift) => (value >>> shift) & 255)
}
