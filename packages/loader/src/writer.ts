import { type FormatClause, LoadError, type TableWriter } from '@lichen/engine'
import { formatIn } from './format.ts'
import type { WrittenFormatEntry } from './written-format.ts'

/** The formats of this package. */
export const writtenFormats: readonly WrittenFormatEntry[] = [
  {
    names: ['txt', 'csv'],
    extensions: ['csv', 'txt', 'tab', 'tsv'],
    load: async () => (await import('./delimited/write.ts')).delimitedWriter,
  },
  {
    names: ['qvd'],
    extensions: ['qvd'],
    load: async () => (await import('./qvd/write.ts')).qvdWriter,
  },
  {
    names: ['parquet'],
    extensions: ['parquet'],
    load: async () => (await import('./parquet/write.ts')).parquetWriter,
  },
  {
    names: ['json'],
    extensions: ['json'],
    load: async () => (await import('./json/write.ts')).jsonWriter,
  },
  {
    names: ['ndjson', 'jsonl'],
    extensions: ['ndjson', 'jsonl'],
    load: async () => (await import('./json/write.ts')).jsonLinesWriter,
  },
]

export interface WriterOptions {
  /** Takes the bytes of a file; the file appears, or is replaced, when they have ended, and not at all when they fail. @throws LoadError, AccessError */
  put(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void>
  readonly formats?: readonly WrittenFormatEntry[]
}

/** A writer to any place that takes bytes by path. */
export function createWriter({ put, formats = writtenFormats }: WriterOptions): TableWriter {
  return {
    async store(path, clause, table, cancellation) {
      const format = await formatOf(formats, path, clause).load()
      await put(path, format.write(table, clause, cancellation))
    },
  }
}

/** Without a clause or a known extension the format is text, as in the statement's documentation. */
function formatOf(
  formats: readonly WrittenFormatEntry[],
  path: string,
  clause: FormatClause,
): WrittenFormatEntry {
  const format = formatIn(formats, clause)
  const extension = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? ''
  const found = formats.find(({ names, extensions }) =>
    format === undefined ? extensions.includes(extension) : names.includes(format),
  )
  if (found !== undefined) return found
  const known = formats.flatMap(({ names }) => names).join(', ')
  throw new LoadError(
    'source-unsupported',
    `${path}: ${format === undefined ? `nothing says which format "${extension}" is` : `the format ${format} is not written`}; name one of ${known} in the format clause, e.g. (txt)`,
  )
}
