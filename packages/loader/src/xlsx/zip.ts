import type { ByteSource } from '../byte-source.ts'
import { malformed, overBudget, unsupported } from '../load-errors.ts'
import type { XlsxLimits } from './limits.ts'

/** A file in a ZIP archive, as the central directory describes it. */
export interface ZipEntry {
  /** With `/` between folders, as written otherwise. */
  readonly name: string
  readonly flags: number
  /** 0 stored, 8 deflate. */
  readonly method: number
  readonly crc: number
  readonly packedBytes: number
  readonly bytes: number
  /** Where its local header begins. */
  readonly headerAt: number
}

const endSignature = 0x06054b50
const end64Signature = 0x06064b50
const locator64Signature = 0x07064b50
const entrySignature = 0x02014b50
const [endBytes, end64Bytes, locator64Bytes, entryBytes] = [22, 56, 20, 46]
const maxCommentBytes = 0xffff

interface DirectoryPlace {
  readonly start: number
  readonly bytes: number
  readonly entries: number
}

/**
 * The files of an archive by lower-case name.
 * Source: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT (4.3.12 to 4.3.16, 4.5.3)
 * @throws LoadError `source-malformed`, `source-unsupported`, `budget-exceeded`
 */
export async function readDirectory(
  source: ByteSource,
  limits: XlsxLimits,
): Promise<ReadonlyMap<string, ZipEntry>> {
  const place = await findDirectory(source)
  if (place.entries > limits.entries)
    throw overBudget(
      source.name,
      `the archive has ${place.entries} files, more than ${limits.entries}`,
    )
  if (place.start + place.bytes > source.size || place.bytes < place.entries * entryBytes)
    throw malformed(source.name, 'the directory of the archive is not where it should be')
  const bytes = await source.read(place.start, place.start + place.bytes)
  const view = viewOf(bytes)
  const entries = new Map<string, ZipEntry>()
  for (let i = 0, at = 0; i < place.entries; i++) {
    if (at + entryBytes > bytes.length || view.getUint32(at, true) !== entrySignature)
      throw malformed(source.name, `entry ${i + 1} of the archive is damaged`)
    const nameBytes = view.getUint16(at + 28, true)
    const extraBytes = view.getUint16(at + 30, true)
    const next = at + entryBytes + nameBytes + extraBytes + view.getUint16(at + 32, true)
    if (next > bytes.length)
      throw malformed(source.name, `entry ${i + 1} of the archive is cut off`)
    const nameEnd = at + entryBytes + nameBytes
    const entry = {
      name: decodeName(bytes.subarray(at + entryBytes, nameEnd)),
      flags: view.getUint16(at + 8, true),
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packedBytes: view.getUint32(at + 20, true),
      bytes: view.getUint32(at + 24, true),
      headerAt: view.getUint32(at + 42, true),
    }
    const key = entry.name.toLowerCase()
    // Two files of one name would let two readers see different content.
    if (entries.has(key))
      throw malformed(source.name, `the archive has two files named ${entry.name}`)
    entries.set(key, widened(entry, bytes.subarray(nameEnd, nameEnd + extraBytes), source.name))
    at = next
  }
  return entries
}

/** The end record, looked for from the end of the file, since a comment may follow it. */
async function findDirectory(source: ByteSource): Promise<DirectoryPlace> {
  const tailStart = Math.max(0, source.size - endBytes - maxCommentBytes)
  const tail = await source.read(tailStart, source.size)
  const view = viewOf(tail)
  for (let at = tail.length - endBytes; at >= 0; at--) {
    if (view.getUint32(at, true) !== endSignature) continue
    if (at + endBytes + view.getUint16(at + 20, true) !== tail.length) continue
    const disks = view.getUint16(at + 4, true) | view.getUint16(at + 6, true)
    const place = {
      entries: view.getUint16(at + 10, true),
      bytes: view.getUint32(at + 12, true),
      start: view.getUint32(at + 16, true),
    }
    if (place.entries === 0xffff || place.bytes === 0xffffffff || place.start === 0xffffffff)
      return (await findDirectory64(source, tailStart + at)) ?? place
    if (disks !== 0)
      throw unsupported(source.name, 'the archive is split over several files; save it as one')
    return place
  }
  throw malformed(source.name, 'the archive has no end record; the file is not whole')
}

async function findDirectory64(
  source: ByteSource,
  endAt: number,
): Promise<DirectoryPlace | undefined> {
  if (endAt < locator64Bytes) return undefined
  const locator = viewOf(await source.read(endAt - locator64Bytes, endAt))
  if (locator.getUint32(0, true) !== locator64Signature) return undefined
  const at = wide(locator, 8, source.name)
  if (at + end64Bytes > endAt)
    throw malformed(source.name, 'the ZIP64 end record is not where it should be')
  const view = viewOf(await source.read(at, at + end64Bytes))
  if (view.getUint32(0, true) !== end64Signature)
    throw malformed(source.name, 'the ZIP64 end record is damaged')
  return {
    entries: wide(view, 32, source.name),
    bytes: wide(view, 40, source.name),
    start: wide(view, 48, source.name),
  }
}

/** The sizes of an entry with those of the ZIP64 extra field, which holds just the ones that do not fit 32 bits. */
function widened(entry: ZipEntry, extra: Uint8Array, source: string): ZipEntry {
  const view = viewOf(extra)
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + view.getUint16(at + 2, true)
    if (view.getUint16(at, true) !== 1) {
      at = end
      continue
    }
    let next = at + 4
    const take = (narrow: number): number => {
      if (narrow !== 0xffffffff) return narrow
      if (next + 8 > Math.min(end, extra.length))
        throw malformed(source, `the ZIP64 sizes of ${entry.name} are cut off`)
      next += 8
      return wide(view, next - 8, source)
    }
    const bytes = take(entry.bytes)
    const packedBytes = take(entry.packedBytes)
    return { ...entry, bytes, packedBytes, headerAt: take(entry.headerAt) }
  }
  return entry
}

function wide(view: DataView, at: number, source: string): number {
  const value = view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true)
  if (!Number.isSafeInteger(value)) throw malformed(source, 'a ZIP64 size is impossible')
  return value
}

function decodeName(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).replaceAll('\\', '/').replace(/^\/+/, '')
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
