import { rememberedLists } from '../inference/row-list.ts'
import type { Codes, Column } from '../storage/column.ts'
import { gather } from './gather.ts'

/** The codes of a list of rows in one column, as wide as there, filled from the front as somebody reads them. */
interface Gathered {
  readonly codes: Codes
  filled: number
}

/** Lists longer than this are gathered block by block at every read: 16 MB a column. */
const longest = 1 << 22
/** Shorter ones are gathered as quickly as looked up. */
const shortest = 1 << 12

const known = new WeakMap<Int32Array, Map<Column, Gathered>>()

/**
 * Codes of the rows list[start … start + count). The charts of one selection read the same columns of the same rows, so that what is
 * gathered for the first stays for the others, as long as the list. In `out`, or in memory that is not to be changed.
 */
export function gatheredCodes(
  column: Column,
  list: Int32Array,
  start: number,
  count: number,
  out: Uint32Array,
): Uint32Array {
  const end = start + count
  const kept = list.length < shortest || list.length > longest ? undefined : keptOf(column, list)
  if (kept === undefined || start > kept.filled) {
    gather(column, list.subarray(start, end), count, out)
    return out
  }
  const { codes } = kept
  if (end > kept.filled) {
    const rows = list.subarray(start, end)
    gather(column, rows, count, out)
    codes.set(out.subarray(0, count), start)
    kept.filled = end
  } else if (codes instanceof Uint32Array) return codes.subarray(start, end)
  else out.set(codes.subarray(start, end))
  return out
}

function keptOf(column: Column, list: Int32Array): Gathered {
  let columns = known.get(list)
  if (columns === undefined) {
    columns = new Map()
    known.set(list, columns)
  }
  let kept = columns.get(column)
  if (kept === undefined) {
    kept = { codes: sameWidth(column, list.length), filled: 0 }
    columns.set(column, kept)
  }
  return kept
}

function sameWidth(column: Column, length: number): Codes {
  const { segments } = column
  if (segments.every(({ codes }) => codes instanceof Uint8Array)) return new Uint8Array(length)
  return segments.some(({ codes }) => codes instanceof Uint32Array)
    ? new Uint32Array(length)
    : new Uint16Array(length)
}

/** Bytes of what was gathered for a list. */
export function gatheredBytes(list: Int32Array): number {
  let bytes = 0
  for (const { codes } of known.get(list)?.values() ?? []) bytes += codes.byteLength
  return bytes
}

/** Bytes of the row lists remembered and of what was gathered by them. */
export function rowListBytes(): number {
  return rememberedLists().reduce((bytes, list) => bytes + list.byteLength + gatheredBytes(list), 0)
}
