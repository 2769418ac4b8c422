import { arenaOf } from '../wasm/arena.ts'
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
   * All bytes in use by purpose: those of the model's allocator, indices among them; `kernels`, the room beside the columns that they have
   * worked in; `inferences` and `cubes` the session remembers; and `rowMemory`, kept for reuse by all sessions of the thread.
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
    usage: { ...model.allocator.usage(), kernels: roomUsed(model) },
  }
}

/** Bytes of the room to work that kernels ever used in the memory of the columns. */
function roomUsed({ tables }: Model): number {
  const buffers = new Set<ArrayBufferLike>()
  for (const { columns } of tables)
    for (const { segments } of columns.values())
      for (const { codes } of segments) buffers.add(codes.buffer)
  return sum([...buffers].map((buffer) => arenaOf(buffer)?.bytes ?? 0))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
