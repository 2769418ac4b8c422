import type { CancellationToken, FormatClause, StoredTable } from '@lichen/engine'

/** Makes the bytes of a file, chunk by chunk. */
export interface WrittenFormat {
  /** @throws LoadError `source-unsupported` for an option or value the format does not have */
  write(
    table: StoredTable,
    clause: FormatClause,
    cancellation: CancellationToken,
  ): AsyncIterable<Uint8Array>
}

/** A format by its names, as `FormatEntry` of reading. */
export interface WrittenFormatEntry {
  readonly names: readonly string[]
  readonly extensions: readonly string[]
  load(): Promise<WrittenFormat>
}
