import { arena, blockSlots } from '../wasm/arena.ts'

/** Below this many members a loop is as fast. */
const fewest = 8192

const wordsOfBlock = blockSlots / 32

/** Fills `out`, which has room for exactly all of them, with the bits set in some words, ascending. */
export function fillMembers(words: Uint32Array, out: Uint32Array | Int32Array): void {
  if (out.length < fewest || !fillInArena(words, out)) fill(words, out)
}

/** By a kernel, block by block; false where there is none. */
function fillInArena(words: Uint32Array, out: Uint32Array | Int32Array): boolean {
  const own = arena()
  if (own === null) return false
  return own.borrow(() => {
    const bits = own.words(wordsOfBlock)
    const found = own.words(blockSlots)
    const end = own.words(1)
    if (bits === undefined || found === undefined || end === undefined) return false
    let at = 0
    for (let w = 0; w < words.length; w += wordsOfBlock) {
      const count = Math.min(wordsOfBlock, words.length - w)
      bits.set(words.subarray(w, w + count))
      own.kernels.members(bits.byteOffset, count, w * 32, found.byteOffset, end.byteOffset)
      const members = (end[0]! - found.byteOffset) >>> 2
      out.set(found.subarray(0, members), at)
      at += members
    }
    return true
  })
}

function fill(words: Uint32Array, out: Uint32Array | Int32Array): void {
  let at = 0
  for (let w = 0; w < words.length; w++) {
    const first = w * 32
    let word = words[w]! | 0
    if (word === -1) for (let bit = 0; bit < 32; bit++) out[at++] = first + bit
    else for (; word !== 0; word &= word - 1) out[at++] = first + 31 - Math.clz32(word & -word)
  }
}
