import {
  type CancellationToken,
  type FormatClause,
  type FormatSettings,
  LoadError,
  type OpenSource,
} from '@lichen/engine'
import type { ByteSource } from './byte-source.ts'
import { waysOut } from './foreign.ts'

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

/** The name of the format in a clause: the script tells those of the language apart, and leaves others among the options. */
export function formatIn(
  entries: readonly { readonly names: readonly string[] }[],
  { format, options }: FormatClause,
): string | undefined {
  const names = entries.flatMap((entry) => entry.names)
  return format?.toLowerCase() ?? names.find((name) => options.get(name) === true)
}

/** The format a clause or, without one, the extension asks for. @throws LoadError `source-unsupported` */
export function chooseFormat(
  formats: readonly FormatEntry[],
  path: string,
  clause: FormatClause,
): FormatEntry {
  const asked = formatIn(formats, clause)
  const extension = extensionOf(path)
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

/** Whether a file may be of another format than it is read as, because nobody says what it is, or because anything can be read as text. */
export function mayBeForeign(
  formats: readonly FormatEntry[],
  path: string,
  clause: FormatClause,
): boolean {
  if (formatIn(formats, clause) !== undefined) return false
  const entry = formats.find(({ extensions }) => extensions.includes(extensionOf(path)))
  return entry === undefined || entry.names.includes('txt')
}

function extensionOf(path: string): string {
  return /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? ''
}
