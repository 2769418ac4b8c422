import { type CancellationToken, neverCancelled, type StoredTable } from '@lichen/engine'
import type { WrittenFormat } from '../written-format.ts'
import { findOccurrence } from './occurrence.ts'
import { layOut } from './record-layout.ts'
import { encodeHeader, type QvdOrigin } from './write-header.ts'
import { encodeRecords, indexBits } from './write-records.ts'
import { encodeSymbols, summarizeSymbols } from './write-symbols.ts'

/**
 * A table as the bytes of a QVD: header, symbols, records. Equal tables and origins give equal bytes. The chunks are new arrays, which
 * the caller may keep; beside one of them memory goes by the values of the fields, never by rows. Each column is read twice and each
 * text is asked for twice.
 * @throws LoadError `source-unsupported` for a value that a QVD cannot hold; LichenError `invalid-argument`, `cancelled`
 */
export async function* writeQvd(
  table: StoredTable,
  origin: QvdOrigin,
  cancellation: CancellationToken = neverCancelled,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { fields, rows } = table
  const occurrences = fields.map((field) => findOccurrence(field, rows, cancellation))
  const summaries = fields.map((field, index) =>
    summarizeSymbols(field, occurrences[index]!.symbols, cancellation),
  )
  const layout = layOut(occurrences.map(indexBits))
  yield encodeHeader(table, occurrences, summaries, layout, origin)
  for (const [index, field] of fields.entries())
    yield* encodeSymbols(field, occurrences[index]!.symbols, cancellation)
  yield* encodeRecords(fields, occurrences, layout, rows, cancellation)
}

/** Writes a QVD to a sink that takes chunk after chunk, each when it is done with the one before. */
export async function storeQvd(
  table: StoredTable,
  origin: QvdOrigin,
  write: (chunk: Uint8Array) => Promise<void>,
  cancellation: CancellationToken = neverCancelled,
): Promise<void> {
  for await (const chunk of writeQvd(table, origin, cancellation)) await write(chunk)
}

/** STORE … (qvd), made now. */
export const qvdWriter: WrittenFormat = {
  write: (table, _clause, cancellation) => writeQvd(table, { createdAt: new Date() }, cancellation),
}
