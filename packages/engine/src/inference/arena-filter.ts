import type { Codes } from '../storage/column.ts'
import { type Arena, arena, blockSlots } from '../wasm/arena.ts'

/** Below this many codes the table of what passes costs as much as the scan. */
const fewest = 32_768

const wordsOfBlock = blockSlots / 32

/**
 * As the loops of a scan, by kernels: sets the words from `word` on to which of `count` codes from `from` on pass, 32 to a word. `count` is a
 * multiple of 32. False where there are no kernels, no room or few codes.
 */
export function filterInArena(
  codes: Codes,
  from: number,
  count: number,
  passes: Uint8Array,
  words: Uint32Array,
  word: number,
): boolean {
  const own = count < fewest ? null : arena()
  if (own === null) return false
  return own.borrow(() => {
    const table = own.bytes(passes.length)
    const block = blockOf(own, codes)
    const out = own.words(wordsOfBlock)
    if (table === undefined || block === undefined || out === undefined) return false
    table.set(passes)
    const { kernels } = own
    const filter =
      codes instanceof Uint8Array
        ? kernels.filter8
        : codes instanceof Uint16Array
          ? kernels.filter16
          : kernels.filter32
    for (let done = 0; done < count; done += blockSlots) {
      const some = Math.min(blockSlots, count - done)
      block.set(codes.subarray(from + done, from + done + some))
      filter(block.byteOffset, some >>> 5, table.byteOffset, out.byteOffset)
      words.set(some === blockSlots ? out : out.subarray(0, some >>> 5), word + (done >>> 5))
    }
    return true
  })
}

/** Room for a block of codes in their own width. */
function blockOf(own: Arena, codes: Codes): Codes | undefined {
  const room = own.bytes(blockSlots * codes.BYTES_PER_ELEMENT)
  if (room === undefined || codes instanceof Uint8Array) return room
  return codes instanceof Uint16Array
    ? new Uint16Array(room.buffer, room.byteOffset, blockSlots)
    : new Uint32Array(room.buffer, room.byteOffset, blockSlots)
}
