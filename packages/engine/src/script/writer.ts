import type { CancellationToken } from '../base/cancellation.ts'
import type { Value } from '../value/dual.ts'
import type { FormatSettings } from '../value/format-settings.ts'
import type { NumberFormat } from '../value/number-format.ts'
import type { FormatClause } from './reader.ts'

/** The values of a stored field. They may be more than its rows have: tables share the values of a field. */
export interface StoredSymbols {
  readonly count: number
  valueAt(symbol: number): Value
  /** NaN where the value is no number. */
  numberAt(symbol: number): number
  textAt(symbol: number): string
  /** 1 number shown by the field's format, 2 text, 3 number with a text of its own. */
  kindAt?(symbol: number): number
}

export interface StoredField {
  readonly name: string
  readonly symbols: StoredSymbols
  readonly format: NumberFormat | null
  readonly tags: readonly string[]
  readonly comment: string
  /** Codes of `count` rows from `start` on: 0 is NULL, c is symbol c - 1. */
  read(start: number, count: number, out: Uint32Array): void
}

/** A table as STORE hands it over: to be read until `store` settles, not to be kept. */
export interface StoredTable {
  readonly name: string
  readonly rows: number
  readonly fields: readonly StoredField[]
  readonly comment: string
  readonly settings: FormatSettings
}

/** How a script writes files. */
export interface TableWriter {
  /**
   * Writes a table to the file a path names. The file is there, or new, only when all was written.
   * @throws LoadError `source-unsupported` for a format that is not written; AccessError outside the allowed roots
   */
  store(
    path: string,
    clause: FormatClause,
    table: StoredTable,
    cancellation: CancellationToken,
  ): Promise<void>
}
