import type { ByteSource } from '../byte-source.ts'
import { FlatTable, longAt } from './flatbuffer.ts'

/** One message: its header, and where its body lies in the file. */
export interface Message {
  readonly kind: 'schema' | 'dictionary' | 'records' | 'other'
  readonly header: FlatTable
  /** Bytes of the file. */
  readonly bodyAt: number
  readonly bodyLength: number
}

/** Bytes of a body: where a buffer lies in it. */
export interface Region {
  readonly start: number
  readonly end: number
}

/** What a message says of the arrays in its body, which is in order and inside the body. */
export interface BatchHeader {
  readonly rows: number
  readonly nodes: readonly { readonly length: number; readonly nulls: number }[]
  readonly regions: readonly Region[]
  readonly compression: 'none' | 'lz4' | 'zstd'
  /** For each array of views in turn, how many buffers its bytes are in. */
  readonly viewBuffers: readonly number[]
}

const kinds = ['other', 'schema', 'dictionary', 'records'] as const
const continuation = 0xffffffff
const readAhead = 1 << 12
const maxMetadataBytes = 256 << 20
const version4 = 3

/** The message at a byte of the file, which ends at `end`; undefined at the end of a stream. @throws Error, LoadError `source-malformed` */
export async function readMessage(
  source: ByteSource,
  at: number,
  end: number,
): Promise<Message | undefined> {
  if (at === end) return undefined
  if (at < 0 || at + 4 > end) throw new Error(`it ends early: byte ${at} should be a message`)
  const ahead = await source.read(at, Math.min(end, at + readAhead))
  const view = new DataView(ahead.buffer, ahead.byteOffset, ahead.length)
  // Before version 0.15 the length of the metadata came first.
  const prefix = view.getUint32(0, true) === continuation ? 8 : 4
  const length = view.getUint32(prefix - 4, true)
  if (length === 0) return undefined
  const metadataAt = at + prefix
  if (length > maxMetadataBytes || metadataAt + length > end)
    throw new Error(`the message at byte ${at} is longer than the file`)
  const metadata =
    prefix + length <= ahead.length
      ? ahead.subarray(prefix, prefix + length)
      : await source.read(metadataAt, metadataAt + length)
  const message = FlatTable.root(metadata)
  const header = message.table(2)
  const bodyLength = message.long(3)
  const bodyAt = metadataAt + length
  if (header === undefined) throw new Error(`the message at byte ${at} has no header`)
  if (message.short(0) < version4) throw new Error('it was written before Arrow 0.8')
  if (bodyLength < 0 || bodyAt + bodyLength > end)
    throw new Error(`the body of the message at byte ${at} is longer than the file`)
  return { kind: kinds[message.byte(1)] ?? 'other', header, bodyAt, bodyLength }
}

/** @throws Error for counts and places that cannot be */
export function readBatchHeader(batch: FlatTable, bodyLength: number): BatchHeader {
  const { view } = batch
  const nodes = batch.vector(1, 16)
  const buffers = batch.vector(2, 16)
  const counts = batch.vector(4, 8)
  const compression = batch.table(3)
  const header: BatchHeader = {
    rows: batch.long(0),
    nodes: Array.from({ length: nodes.length }, (_, i) => ({
      length: longAt(view, nodes.at + 16 * i),
      nulls: longAt(view, nodes.at + 16 * i + 8),
    })),
    regions: Array.from({ length: buffers.length }, (_, i) => {
      const start = longAt(view, buffers.at + 16 * i)
      return { start, end: start + longAt(view, buffers.at + 16 * i + 8) }
    }),
    compression: compression === undefined ? 'none' : codecOf(compression),
    viewBuffers: Array.from({ length: counts.length }, (_, i) => longAt(view, counts.at + 8 * i)),
  }
  let last = 0
  for (const { start, end } of header.regions) {
    if (start === end) continue
    if (start < last || end < start) throw new Error('buffers of a batch overlap')
    last = end
  }
  if (last > bodyLength) throw new Error('a buffer is outside the body of its message')
  if (header.rows < 0) throw new Error('a batch has fewer than no rows')
  return header
}

function codecOf(compression: FlatTable): 'lz4' | 'zstd' {
  const codec = compression.byte(0)
  if (codec > 1 || compression.byte(1) !== 0) throw new Error(`an unknown compression ${codec}`)
  return codec === 0 ? 'lz4' : 'zstd'
}
