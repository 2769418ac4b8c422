import {
  type CancellationToken,
  type FormatSettings,
  LichenError,
  LoadError,
  type OpenSource,
  type SourceBatch,
  type SourceColumn,
  throwIfCancelled,
} from '@lichen/engine'
import {
  type AsyncBuffer,
  type ColumnData,
  type ColumnMetaData,
  type DecodedArray,
  type FileMetaData,
  parquetMetadataAsync,
  parquetRead,
  parquetSchema,
  type RowGroup,
  type SchemaTree,
} from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import type { ByteSource } from '../byte-source.ts'
import type { Format } from '../format.ts'
import { ColumnEncoder, columnKind } from './columns.ts'
import { checkPages, flatDecoder, flatPages } from './flat-pages.ts'
import { serialDays } from './serial-days.ts'

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
  const root = await guarded(source.name, async () => parquetSchema(metadata))
  const { children } = root
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
  // A damaged schema can lack what its type promises.
  if (!fields.every((field) => typeof field === 'string'))
    throw new LoadError('source-malformed', `${source.name}: damaged Parquet: a column has no name`)
  return {
    fields,
    rows,
    batches(wanted, cancellation) {
      const columns = wanted.map((index) => {
        const [name, kind, child] = [fields[index], kinds[index], children[index]]
        if (name === undefined || kind === undefined || child === undefined)
          throw new LoadError('field-not-found', `${source.name} has no field ${index}`)
        const plain = child.children.length === 0 && child.element.repetition_type !== 'REPEATED'
        return { name, encoder: new ColumnEncoder(kind), flat: plain ? child : undefined }
      })
      return readGroups(source.name, file, metadata, root, columns, cancellation)
    },
  }
}

interface WantedColumn {
  readonly name: string
  readonly encoder: ColumnEncoder
  /** Neither nested nor repeated. */
  readonly flat: SchemaTree | undefined
}

async function* readGroups(
  name: string,
  file: AsyncBuffer,
  metadata: FileMetaData,
  root: SchemaTree,
  columns: readonly WantedColumn[],
  cancellation: CancellationToken,
): AsyncGenerator<SourceBatch> {
  let start = 0
  for (const group of metadata.row_groups) {
    throwIfCancelled(cancellation)
    const rows = Number(group.num_rows)
    const [rowStart, rowEnd] = [start, start + rows]
    start = rowEnd
    if (rows === 0) continue
    const nested = columns.filter((column) => column.flat === undefined)
    const chunks = new Map<string, ColumnData[]>(nested.map((column) => [column.name, []]))
    if (nested.length > 0) {
      await guarded(name, () => checkNested(file, group, root, new Set(chunks.keys())))
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
    }
    const flat = columns.map(({ flat }) =>
      flat === undefined ? undefined : chunkOf(file, group, flat),
    )
    await guarded(name, () => Promise.all(flat))
    const read: SourceColumn[] = []
    for (const [index, column] of columns.entries())
      read.push(
        await guarded(name, async () => {
          const chunk = await flat[index]
          if (column.flat === undefined || chunk === undefined)
            return column.encoder.encode(
              joined(chunks.get(column.name) ?? [], rowStart, rows, name),
            )
          const decoder = flatDecoder(root, column.flat, chunk.metadata)
          const pages = flatPages(chunk.bytes, rows, decoder, column.encoder.raw)
          return column.encoder.ofPages(pages, rows)
        }),
      )
    yield { rows, columns: read }
  }
}

/** hyparquet reads nested columns as a whole; what they claim is looked at before. @throws Error */
async function checkNested(
  file: AsyncBuffer,
  group: RowGroup,
  root: SchemaTree,
  names: ReadonlySet<string>,
): Promise<void> {
  for (const { meta_data: metadata } of group.columns) {
    if (metadata === undefined || !names.has(metadata.path_in_schema[0] ?? '')) continue
    const path = pathTo(root, metadata.path_in_schema)
    const column = path[path.length - 1]
    if (column === undefined) continue
    const bytes = await bytesOf(file, metadata)
    checkPages(bytes, { ...flatDecoder(root, column, metadata), schemaPath: path })
  }
}

function pathTo(root: SchemaTree, names: readonly string[]): SchemaTree[] {
  const path = [root]
  for (const name of names) {
    const next = path[path.length - 1]?.children.find(({ element }) => element.name === name)
    if (next === undefined) throw new Error(`there is no column ${names.join('.')}`)
    path.push(next)
  }
  return path
}

function bytesOf(file: AsyncBuffer, metadata: ColumnMetaData): Promise<ArrayBuffer> {
  const start = Number(metadata.dictionary_page_offset || metadata.data_page_offset)
  return Promise.resolve(file.slice(start, start + Number(metadata.total_compressed_size)))
}

interface Chunk {
  readonly metadata: ColumnMetaData
  readonly bytes: ArrayBuffer
}

/** The bytes of a column within one row group. */
async function chunkOf(file: AsyncBuffer, group: RowGroup, column: SchemaTree): Promise<Chunk> {
  const chunk = group.columns.find(
    ({ meta_data }) => meta_data?.path_in_schema[0] === column.element.name,
  )
  const metadata = chunk?.meta_data
  if (metadata === undefined || chunk?.file_path !== undefined)
    throw new Error(`the row group has no column ${column.element.name}`)
  return { metadata, bytes: await bytesOf(file, metadata) }
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
