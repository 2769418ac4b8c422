import type { Model } from './model.ts'

export interface TableMemory {
  readonly table: string
  readonly rows: number
  /** Bytes of the codes of all columns. */
  readonly bytes: number
  /** 0 for a table without rows. */
  readonly bytesPerRow: number
  readonly columns: readonly { readonly field: string; readonly bytes: number }[]
}

export interface FieldMemory {
  readonly field: string
  readonly values: number
  /** Bytes of the symbols, with the orders and hashes built so far. */
  readonly symbolBytes: number
  /** Bytes of the field's columns over all tables. */
  readonly columnBytes: number
}

export interface MemoryReport {
  readonly tables: readonly TableMemory[]
  readonly fields: readonly FieldMemory[]
  /** Bytes of symbols and columns. */
  readonly bytes: number
  /**
   * All bytes in use by purpose: those of the model's allocator, indices among them; `inferences` the session remembers; and `rowMemory`,
   * kept for reuse by all sessions of the thread.
   */
  readonly usage: Readonly<Record<string, number>>
}

/** Where a model's bytes are. */
export function modelMemory(model: Model): MemoryReport {
  const tables = model.tables.map((table) => {
    const columns = [...table.columns].map(([field, column]) => ({
      field: model.fields[field]?.name ?? '',
      bytes: column.bytes,
    }))
    const bytes = sum(columns.map((column) => column.bytes))
    return {
      table: table.name,
      rows: table.rows,
      bytes,
      bytesPerRow: table.rows === 0 ? 0 : bytes / table.rows,
      columns,
    }
  })
  const fields = model.fields.map(({ name, symbols, places }) => ({
    field: name,
    values: symbols.count,
    symbolBytes: symbols.bytes,
    columnBytes: sum(places.map((place) => place.column.bytes)),
  }))
  return {
    tables,
    fields,
    bytes: sum(tables.map((table) => table.bytes)) + sum(fields.map((field) => field.symbolBytes)),
    usage: model.allocator.usage(),
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
