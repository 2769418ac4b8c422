import {
  type CancellationToken,
  type FormatSettings,
  LichenError,
  LoadError,
  type OpenSource,
  type SourceBatch,
  throwIfCancelled,
} from '@lichen/engine'
import {
  type AsyncBuffer,
  type ColumnData,
  type DecodedArray,
  type FileMetaData,
  parquetMetadataAsync,
  parquetRead,
  parquetSchema,
} from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import type { ByteSource } from '../byte-source.ts'
import type { Format } from '../format.ts'
import { ColumnEncoder, columnKind, serialDays } from './columns.ts'

const maxGroupRows = 1 << 26

/**
 * Parquet files, one batch per row group, only the column chunks asked for. Dates and timestamps are serial days, booleans -1 and 0,
 * integers past 2^53 text, nested values their JSON text.
 * @throws LoadError `source-malformed`, `budget-exceeded`
 */
export const parquetFormat: Format = {
  open: (source, _clause, settings) => openParquet(source, settings),
}

export async function openParquet(
  source: ByteSource,
  settings: FormatSettings,
): Promise<OpenSource> {
  const file = asyncBuffer(source)
  const metadata = await guarded(source.name, () => parquetMetadataAsync(file))
  const { children } = await guarded(source.name, async () => parquetSchema(metadata))
  const rows = metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0)
  if (rows !== Number(metadata.num_rows))
    throw new LoadError(
      'source-malformed',
      `${source.name}: damaged Parquet: the row groups do not add up to the rows`,
    )
  if (
    metadata.row_groups.some(
      (group) => Number(group.num_rows) > maxGroupRows || Number(group.num_rows) < 0,
    )
  )
    throw new LoadError(
      'budget-exceeded',
      `${source.name} has a row group of more than ${maxGroupRows} rows; write smaller row groups`,
    )
  const kinds = children.map((child) => columnKind(child, settings))
  const fields = children.map((child) => child.element.name)
  return {
    fields,
    rows,
    batches(wanted, cancellation) {
      const columns = wanted.map((index) => {
        const [name, kind] = [fields[index], kinds[index]]
        if (name === undefined || kind === undefined)
          throw new LoadError('field-not-found', `${source.name} has no field ${index}`)
        return { name, encoder: new ColumnEncoder(kind) }
      })
      return readGroups(source.name, file, metadata, columns, cancellation)
    },
  }
}

async function* readGroups(
  name: string,
  file: AsyncBuffer,
  metadata: FileMetaData,
  columns: readonly { name: string; encoder: ColumnEncoder }[],
  cancellation: CancellationToken,
): AsyncGenerator<SourceBatch> {
  let start = 0
  for (const group of metadata.row_groups) {
    throwIfCancelled(cancellation)
    const rows = Number(group.num_rows)
    const chunks = new Map<string, ColumnData[]>(columns.map((column) => [column.name, []]))
    const [rowStart, rowEnd] = [start, start + rows]
    if (rows > 0 && columns.length > 0)
      await guarded(name, () =>
        parquetRead({
          file,
          metadata,
          columns: [...chunks.keys()],
          rowStart,
          rowEnd,
          compressors,
          parsers: serialDays,
          onChunk: (chunk) => chunks.get(chunk.columnName)?.push(chunk),
        }),
      )
    const batch = await guarded(name, async () => ({
      rows,
      columns: columns.map((column) =>
        column.encoder.encode(joined(chunks.get(column.name) ?? [], rowStart, rows, name)),
      ),
    }))
    if (rows > 0) yield batch
    start = rowEnd
  }
}

function joined(
  chunks: readonly ColumnData[],
  start: number,
  rows: number,
  name: string,
): DecodedArray {
  const [only] = chunks
  if (chunks.length === 1 && only?.rowStart === start && only.columnData.length === rows)
    return only.columnData
  const values: unknown[] = []
  for (const chunk of [...chunks].sort((a, b) => a.rowStart - b.rowStart))
    for (const value of chunk.columnData) values.push(value)
  if (values.length !== rows)
    throw new LoadError(
      'source-malformed',
      `${name}: damaged Parquet: a column has ${values.length} values for ${rows} rows`,
    )
  return values
}

function asyncBuffer(source: ByteSource): AsyncBuffer {
  return {
    byteLength: source.size,
    async slice(start, end = source.size) {
      const bytes = await source.read(start, end)
      const { buffer } = bytes
      return buffer instanceof ArrayBuffer && buffer.byteLength === bytes.length
        ? buffer
        : Uint8Array.from(bytes).buffer
    },
  }
}

async function guarded<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof LichenError) throw error
    throw new LoadError(
      'source-malformed',
      `${name}: damaged or unsupported Parquet: ${error instanceof Error ? error.message : 'unknown'}`,
      { cause: error },
    )
  }
}
