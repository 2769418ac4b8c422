import type { Codes, Column } from '../storage/column.ts'
import { arena, blockSlots } from '../wasm/arena.ts'

/** At most so many rows of the table to each of the list: what lies between them is copied too. */
const sparsest = 10
const fewest = 512

/**
 * Codes of ascending rows that lie close together, by a kernel over a copy of all the codes between the first and the last. False where the
 * rows are few or far apart, lie in several segments, or there are no kernels.
 */
export function gatherInArena(
  column: Column,
  rows: Int32Array,
  count: number,
  out: Uint32Array,
): boolean {
  const own = count < fewest || count > blockSlots ? null : arena()
  const [segment, ...others] = column.segments
  if (own === null || segment === undefined || others.length > 0) return false
  const first = rows[0]!
  const span = rows[count - 1]! - first + 1
  if (span > count * sparsest) return false
  const { codes } = segment
  return own.borrow(() => {
    const room = own.room(span * codes.BYTES_PER_ELEMENT)
    const list = own.room(count * 4)
    const found = own.room(count * 4)
    if (room === undefined || list === undefined || found === undefined) return false
    copyInto(own.buffer, room, codes, first, span)
    new Int32Array(own.buffer, list, count).set(
      rows.length === count ? rows : rows.subarray(0, count),
    )
    own.kernels[kernelOf(codes)](room, list, first, count, found)
    out.set(new Uint32Array(own.buffer, found, count))
    return true
  })
}

function kernelOf(codes: Codes): 'gather8' | 'gather16' | 'gather32' {
  if (codes instanceof Uint8Array) return 'gather8'
  return codes instanceof Uint16Array ? 'gather16' : 'gather32'
}

function copyInto(
  buffer: ArrayBuffer,
  at: number,
  codes: Codes,
  first: number,
  span: number,
): void {
  const some = codes.subarray(first, first + span)
  if (some instanceof Uint8Array) new Uint8Array(buffer, at, span).set(some)
  else if (some instanceof Uint16Array) new Uint16Array(buffer, at, span).set(some)
  else new Uint32Array(buffer, at, span).set(some)
}
