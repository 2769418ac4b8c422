import type { Allocator } from '../storage/allocator.ts'
import type { Column } from '../storage/column.ts'
import type { SymbolTable } from '../storage/symbol-table.ts'
import type { FormatSettings } from '../value/format-settings.ts'

/** Where a field lives: one column of one table. */
export interface FieldPlace {
  readonly table: number
  readonly column: Column
}

export interface ModelField {
  readonly index: number
  readonly name: string
  readonly symbols: SymbolTable
  /** The tables that hold the field, in table order; one for an ordinary field, several for a key field. */
  readonly places: readonly FieldPlace[]
  /** `$key`, `$numeric`, `$integer`, `$text`, `$ascii`, `$date`, `$timestamp`, `$synthetic`, `$hidden` and tags of the author. */
  readonly tags: readonly string[]
  readonly comment: string
  /** Made by the model, such as `$Syn 1`, or derived; not listed among the fields of users. */
  readonly system: boolean
  /** Its values are calculated from those of other fields; the name is the expression, with a leading `=`. Only views have such fields. */
  readonly derived?: true
}

export interface ModelTable {
  readonly index: number
  readonly name: string
  readonly rows: number
  /** Field index → column of this table. */
  readonly columns: ReadonlyMap<number, Column>
  /** Loosely coupled: its fields still filter its own rows, but nothing propagates through it. */
  readonly loose: boolean
  /** A synthetic key's own table: row r holds key symbol r. */
  readonly synthetic: boolean
  /** Names of its fields in the order they were loaded, where synthetic keys took the place of some. */
  readonly loaded?: readonly string[]
  readonly comment: string
}

/**
 * One node of the association forest is a table or a key field; an edge joins a table with a key field it holds. Without cycles,
 * since loose tables have no edges. Two tables are linked when they share a key-field node.
 */
export interface KeyLink {
  readonly table: number
  readonly field: number
  readonly column: Column
  /** No two rows of the table have the same non-NULL key: the link is many-to-one towards this table. */
  readonly unique: boolean
}

/** Tables associated by equal field names. Immutable after `buildModel`. */
export interface Model {
  readonly tables: readonly ModelTable[]
  readonly fields: readonly ModelField[]
  readonly links: readonly KeyLink[]
  /** Tables connected by links, as lists of table indices; each loose table is alone. */
  readonly components: readonly (readonly number[])[]
  readonly settings: FormatSettings
  readonly allocator: Allocator
  /** Warnings of building: circular references and what was loosened. */
  readonly notes: readonly string[]
  /** Field index by exact (case-sensitive) name. */
  fieldIndex(name: string): number | undefined
  tableIndex(name: string): number | undefined
}
