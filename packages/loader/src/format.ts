import {
  type CancellationToken,
  type FormatClause,
  type FormatSettings,
  LoadError,
  type OpenSource,
} from '@lichen/engine'
import type { ByteSource } from './byte-source.ts'

/** Reads one file format. */
export interface Format {
  /** @throws LoadError `source-malformed`, `source-unsupported` */
  open(
    source: ByteSource,
    clause: FormatClause,
    settings: FormatSettings,
    cancellation: CancellationToken,
  ): Promise<OpenSource>
}

/** A format by its names; the code is loaded when a file of it is first opened. */
export interface FormatEntry {
  /** Names in a format clause, lower case. */
  readonly names: readonly string[]
  /** File extensions without the dot, lower case. */
  readonly extensions: readonly string[]
  load(): Promise<Format>
}

const waysOut: Readonly<Record<string, string>> = {
  biff: 'save the workbook as .xlsx',
  xls: 'save the workbook as .xlsx',
  qvx: 'store the table as QVD',
  xml: 'convert it to JSON or CSV',
  html: 'convert it to CSV',
  kml: 'convert it to JSON or CSV',
  fix: 'convert it to CSV',
  dif: 'convert it to CSV',
}

/** The format a clause or, without one, the extension asks for. @throws LoadError `source-unsupported` */
export function chooseFormat(
  formats: readonly FormatEntry[],
  path: string,
  clause: FormatClause,
): FormatEntry {
  const asked = clause.format?.toLowerCase()
  const extension = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? ''
  const found = formats.find((entry) =>
    asked === undefined ? entry.extensions.includes(extension) : entry.names.includes(asked),
  )
  if (found !== undefined) return found
  const word = asked ?? extension
  const known = formats.flatMap((entry) => entry.names).join(', ')
  const wayOut = waysOut[word] ?? `name one of ${known} in the format clause, e.g. (qvd)`
  throw new LoadError(
    'source-unsupported',
    `${path}: ${word === '' ? 'the path has no extension that names its format' : `the format ${word} is not read`}; ${wayOut}`,
  )
}
