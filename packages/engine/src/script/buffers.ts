import type { CancellationToken } from '../base/cancellation.ts'
import type { FormatSettings } from '../value/format-settings.ts'
import type { OpenSource } from './reader.ts'
import type { StoredTable } from './writer.ts'

/** What is remembered of a buffer beside its table. */
export interface BufferNotes {
  /** When the statement was carried out, by the clock of the script: serial days. */
  readonly loaded: number
  /** Bytes of the file that was read, for INCREMENTAL; undefined when that is not known. */
  readonly bytes: number | undefined
}

export interface KeptBuffer extends BufferNotes {
  readonly name: string
  readonly source: OpenSource
}

/**
 * Where the results of BUFFER statements are kept from one reload to the next. A key stands for a statement with all that its result depends
 * on but the data, as 40 hexadecimal digits.
 */
export interface ScriptBuffers {
  /** Undefined when nothing is kept under the key, or nothing that can be read. */
  find(key: string, settings: FormatSettings): Promise<KeptBuffer | undefined>
  /** Replaces what is kept; it is there only when all was written. */
  store(
    key: string,
    table: StoredTable,
    notes: BufferNotes,
    cancellation: CancellationToken,
  ): Promise<void>
}
