import { type CancellationToken, LichenError, throwIfCancelled } from '@lichen/engine'
import type { ByteSource } from '../byte-source.ts'
import { malformed, overBudget, unsupported } from '../load-errors.ts'
import { crc32 } from './crc32.ts'
import type { XlsxLimits } from './limits.ts'
import { viewOf, type ZipEntry } from './zip.ts'

const localSignature = 0x04034b50
const localBytes = 30
/** Small, because a browser may unpack a chunk whole before it lets anybody look at the first byte. */
const chunkBytes = 1 << 16
/** What may unpack at any ratio. */
const freeBytes = 1 << 20
const [encrypted, patched, strong, masked] = [1 << 0, 1 << 5, 1 << 6, 1 << 13]

/**
 * The unpacked bytes of a file of the archive, chunk by chunk; a chunk is the caller's. Its CRC is checked at the end, so that who reads
 * only a part does not have it checked.
 * @throws LoadError `source-malformed`, `source-unsupported`, `budget-exceeded`
 */
export async function* unpack(
  source: ByteSource,
  entry: ZipEntry,
  limits: XlsxLimits,
  cancellation: CancellationToken,
): AsyncGenerator<Uint8Array> {
  const where = `${source.name}, ${entry.name}`
  if ((entry.flags & (encrypted | strong | masked)) !== 0)
    throw unsupported(where, 'it is encrypted; save the workbook without a password')
  if ((entry.method !== 0 && entry.method !== 8) || (entry.flags & patched) !== 0)
    throw unsupported(
      where,
      `the compression method ${entry.method} is not read; save the workbook anew as .xlsx`,
    )
  if (entry.method === 0 && entry.bytes !== entry.packedBytes)
    throw malformed(where, 'it is stored, but its two sizes differ')
  const most = Math.min(limits.partBytes, freeBytes + entry.packedBytes * limits.ratio)
  const start = await dataStart(source, entry, where)
  const packed = packedChunks(source, start, start + entry.packedBytes)
  let total = 0
  let crc = 0
  for await (const chunk of entry.method === 0 ? packed : inflate(packed, where)) {
    throwIfCancelled(cancellation)
    total += chunk.length
    if (total > most)
      throw overBudget(
        where,
        `it unpacks to more than ${most} bytes; save the workbook anew or as CSV if it is meant to`,
      )
    if (total > entry.bytes) throw malformed(where, 'it unpacks to more bytes than it states')
    crc = crc32(chunk, crc)
    yield chunk
  }
  if (total !== entry.bytes || crc !== entry.crc)
    throw malformed(where, 'what it unpacks to is not what was packed; the file is damaged')
}

/** Where the data begins: behind a header with lengths of its own. */
async function dataStart(source: ByteSource, entry: ZipEntry, where: string): Promise<number> {
  if (entry.headerAt + localBytes > source.size)
    throw malformed(where, 'it lies beyond the end of the file')
  const header = viewOf(await source.read(entry.headerAt, entry.headerAt + localBytes))
  if (header.getUint32(0, true) !== localSignature || header.getUint16(8, true) !== entry.method)
    throw malformed(where, 'its local header is damaged')
  const start =
    entry.headerAt + localBytes + header.getUint16(26, true) + header.getUint16(28, true)
  if (start + entry.packedBytes > source.size)
    throw malformed(where, 'it reaches beyond the end of the file')
  return start
}

async function* packedChunks(
  source: ByteSource,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let at = start; at < end; at += chunkBytes)
    yield Uint8Array.from(await source.read(at, Math.min(end, at + chunkBytes)))
}

async function* inflate(
  packed: AsyncGenerator<Uint8Array<ArrayBuffer>>,
  where: string,
): AsyncGenerator<Uint8Array> {
  const compressed = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        const next = await packed.next()
        if (next.done) controller.close()
        else controller.enqueue(next.value)
      },
    },
    { highWaterMark: 0 },
  )
  const reader = compressed.pipeThrough(new DecompressionStream('deflate-raw')).getReader()
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value
  } catch (error) {
    if (error instanceof LichenError) throw error
    throw malformed(where, 'its compressed data is damaged', error)
  } finally {
    await reader.cancel().catch(() => {})
  }
}
