import type { Allocator } from '../storage/allocator.ts'
import type { Bitset } from '../storage/bitset.ts'
import type { KeyLink, Model, ModelField, ModelTable } from './model.ts'

/** Who asks. Empty for the local developer. */
export interface Identity {
  readonly user?: string
  readonly groups?: readonly string[]
  readonly claims?: Readonly<Record<string, string>>
  /** What the client calls itself: the user agent of a browser. */
  readonly client?: string
}

/**
 * The model as one user may see it, and the only way up: selection, inference, expressions and everything above receive a view.
 * A row, value or field that is not in the view does not exist for them. Field and table indices, symbols and codes are the view's own.
 */
export interface ModelView {
  /** Identifies the reduction; part of every cache key. `full` = everything. */
  readonly reduction: string
  readonly settings: Model['settings']
  readonly tables: readonly ModelTable[]
  readonly fields: readonly ModelField[]
  readonly links: readonly KeyLink[]
  readonly components: readonly (readonly number[])[]
  /** The rows of a table that exist in this view; null = all. */
  visibleRows(table: number): Bitset | null
  fieldIndex(name: string): number | undefined
  tableIndex(name: string): number | undefined
  /** Links of one table / one key field. */
  linksOfTable(table: number): readonly KeyLink[]
  linksOfField(field: number): readonly KeyLink[]
  /** Rows of `table` grouped by code of `field` (CSR): rows with code c = rows[offsets[c] … offsets[c+1]), ascending. Lazily built, cached, accounted. */
  rowIndex(
    table: number,
    field: number,
  ): { readonly offsets: Uint32Array; readonly rows: Uint32Array }
  /** For a unique link: code → row of the table, or -1. Lazily built, cached, accounted. */
  rowOfCode(link: KeyLink): Int32Array
  /** Rows per code of a field in its first place (frequency without selection). Cached. */
  totals(field: number): Uint32Array
  /**
   * The derived field of a name, made at the first call and kept behind the other fields as long as the view; undefined when there are
   * too many already.
   */
  derive(
    name: string,
    make: (index: number, allocator: Allocator) => ModelField,
  ): ModelField | undefined
}

/** Opens the model for a user. The section-access package provides the reducing one. */
export interface ViewOpener {
  /** @throws AccessError */
  open(model: Model, identity: Identity): ModelView
}
