import {
  type CancellationToken,
  type FormatSettings,
  LoadError,
  type NumberFormat,
  type OpenSource,
  type SourceBatch,
  throwIfCancelled,
  type Value,
} from '@lichen/engine'
import type { ByteSource } from '../byte-source.ts'
import type { Format } from '../format.ts'
import { malformed, type QvdField, type QvdHeader, readHeader } from './header.ts'
import { toNumberFormat } from './number-format.ts'
import { readCodes } from './records.ts'
import { readSymbols } from './symbols.ts'

/** The header of a QVD as functions of scripts ask for it. */
export interface QvdDescription {
  readonly tableName: string
  readonly fieldNames: readonly string[]
  readonly records: number
  /** When it was written, in milliseconds since 1970, UTC; undefined when the header does not say. */
  readonly created: number | undefined
}

const batchRows = 1 << 16
const batchBytes = 8 << 20

/**
 * QVD files. The symbols of a field become the dictionary of its columns and the record indices their codes.
 * @throws LoadError `source-malformed`, `source-unsupported` (encrypted or compressed)
 */
export const qvdFormat: Format = {
  async open(source, _clause, settings) {
    return openQvd(source, settings)
  },
}

/** What the header says of the table; undefined when the file is no QVD. */
export async function describeQvd(source: ByteSource): Promise<QvdDescription | undefined> {
  try {
    const { tableName, fields, rows, created } = await readHeader(source)
    return { tableName, fieldNames: fields.map((field) => field.name), records: rows, created }
  } catch (cause) {
    if (cause instanceof LoadError && cause.code === 'source-malformed') return undefined
    throw cause
  }
}

/** Opens a QVD; symbols are read only for the fields asked for. */
export async function openQvd(source: ByteSource, settings: FormatSettings): Promise<OpenSource> {
  const header = await readHeader(source)
  return {
    fields: header.fields.map((field) => field.name),
    rows: header.rows,
    batches: (fields, cancellation) => readBatches(source, header, fields, settings, cancellation),
  }
}

async function* readBatches(
  source: ByteSource,
  header: QvdHeader,
  wanted: readonly number[],
  settings: FormatSettings,
  cancellation: CancellationToken,
): AsyncGenerator<SourceBatch> {
  const columns: { field: QvdField; dictionary: readonly Value[]; format: NumberFormat | null }[] =
    []
  for (const index of wanted) {
    throwIfCancelled(cancellation)
    const field = header.fields[index]
    if (field === undefined) throw malformed(source.name, `there is no field ${index}`)
    const start = header.base + field.offset
    const bytes = await source.read(start, start + field.length)
    const dictionary = readSymbols(bytes, field, source.name)
    columns.push({ field, dictionary, format: toNumberFormat(field.format, settings) })
  }
  const step = Math.max(1, Math.min(batchRows, Math.floor(batchBytes / header.recordBytes)))
  for (let row = 0; row < header.rows; row += step) {
    throwIfCancelled(cancellation)
    const rows = Math.min(step, header.rows - row)
    const start = header.records + row * header.recordBytes
    const bytes = await source.read(start, start + rows * header.recordBytes)
    yield {
      rows,
      columns: columns.map(({ field, dictionary, format }) => ({
        kind: 'dictionary',
        codes: readCodes(bytes, rows, header.recordBytes, field, source.name),
        dictionary,
        format,
      })),
    }
  }
}
