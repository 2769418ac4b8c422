import type { Column } from './column.ts'

/** A table: named columns of equal length. Column i belongs to `fields[i]`. */
export interface Table {
  readonly name: string
  readonly rows: number
  readonly fields: readonly string[]
  readonly columns: readonly Column[]
  readonly comment?: string
}
