import type { CancellationToken } from '@lichen/engine'
import type { ByteSource } from '../byte-source.ts'
import { malformed } from '../load-errors.ts'
import { XmlReader } from '../xml-text/xml-reader.ts'
import type { XlsxLimits } from './limits.ts'
import { unpack } from './unpack.ts'
import type { ZipEntry } from './zip.ts'

/** The archive of a workbook, opened. */
export interface Package {
  readonly source: ByteSource
  readonly entries: ReadonlyMap<string, ZipEntry>
  readonly limits: XlsxLimits
}

/** Takes what tokens there are; called after every chunk and once when there are no more. */
type XmlScan = (xml: XmlReader) => void

/** The part at a path, in any case. @throws LoadError `source-malformed` */
export function findPart(pack: Package, path: string): ZipEntry {
  const entry = pack.entries.get(path.toLowerCase())
  if (entry !== undefined) return entry
  throw malformed(pack.source.name, `it is no Excel workbook (.xlsx): the part ${path} is missing`)
}

/** Scans a part chunk by chunk; yields after each, so that the caller can take results or stop. */
export async function* scanning(
  pack: Package,
  entry: ZipEntry,
  scan: XmlScan,
  cancellation: CancellationToken,
): AsyncGenerator<void> {
  const xml = new XmlReader(`${pack.source.name}, ${entry.name}`, pack.limits)
  for await (const chunk of unpack(pack.source, entry, pack.limits, cancellation)) {
    xml.push(chunk)
    scan(xml)
    yield
  }
  xml.close()
  scan(xml)
}

/** Scans a part that unpacks to at most `mostBytes`. */
export async function scanPart(
  pack: Package,
  entry: ZipEntry,
  mostBytes: number,
  scan: XmlScan,
  cancellation: CancellationToken,
): Promise<void> {
  const partBytes = Math.min(pack.limits.partBytes, mostBytes)
  const limited = { ...pack, limits: { ...pack.limits, partBytes } }
  for await (const _ of scanning(limited, entry, scan, cancellation));
}
