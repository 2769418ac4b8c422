/** Bytes kept for reuse. */
const mostKept = 64 * 1024 * 1024

const free: Uint32Array[] = []
let kept = 0
let bytes = new Uint8Array(0)

/**
 * Memory for row sets, reused where it was given back: fresh pages cost the system more than filling them costs us. The contents are
 * whatever they were.
 */
export function takeWords(length: number): Uint32Array {
  for (let i = free.length - 1; i >= 0; i--) {
    const whole = free[i]!
    if (whole.length < length || whole.length > length * 2 + 1024) continue
    free.splice(i, 1)
    kept -= whole.byteLength
    return whole.subarray(0, length)
  }
  return new Uint32Array(length)
}

/** As `takeWords`, all 0. */
export function takeZeros(length: number): Uint32Array {
  return takeWords(length).fill(0)
}

/** Gives memory back that nobody refers to any more. */
export function giveWords(words: Uint32Array): void {
  const { buffer } = words
  if (buffer.byteLength < 4096 || kept + buffer.byteLength > mostKept) return
  free.push(new Uint32Array(buffer))
  kept += buffer.byteLength
}

/** Bytes kept for reuse by all sessions of this thread, scratch included. */
export function keptBytes(): number {
  return kept + bytes.byteLength
}

/** A byte each for `length` codes, all 0, rounded up to whole words of 32; valid until the next call. */
export function scratchBytes(length: number): Uint8Array {
  const needed = (length + 31) & ~31
  if (bytes.length < needed) bytes = new Uint8Array(needed * 2)
  return bytes.subarray(0, needed).fill(0)
}
