import { assert } from '../base/assert.ts'
import type { Column } from '../storage/column.ts'
import { groupRows, type RowIndex, rowIndexOf } from '../storage/row-index.ts'
import type { KeyLink, Model } from './model.ts'
import type { ModelView, ViewOpener } from './view.ts'

const views = new WeakMap<Model, ModelView>()

/** The view of somebody who may see everything. One per model, so that its lazily built indices are shared. */
export function fullView(model: Model): ModelView {
  let view = views.get(model)
  if (view === undefined) {
    view = new FullView(model)
    views.set(model, view)
  }
  return view
}

/** Opens the full view for whoever asks: for hosts without section access. */
export const openFull: ViewOpener = { open: (model) => fullView(model) }

class FullView implements ModelView {
  readonly reduction: string = 'full'
  readonly settings: Model['settings']
  readonly tables: Model['tables']
  readonly fields: Model['fields']
  readonly links: Model['links']
  readonly components: Model['components']
  readonly #model: Model
  readonly #linksOfTable: readonly (readonly KeyLink[])[]
  readonly #linksOfField: readonly (readonly KeyLink[])[]
  readonly #rowIndices = new Map<Column, RowIndex>()
  readonly #rowsOfCode = new Map<KeyLink, Int32Array>()
  readonly #totals = new Map<number, Uint32Array>()

  constructor(model: Model) {
    this.#model = model
    this.settings = model.settings
    this.tables = model.tables
    this.fields = model.fields
    this.links = model.links
    this.components = model.components
    this.#linksOfTable = model.tables.map(({ index }) =>
      model.links.filter((link) => link.table === index),
    )
    this.#linksOfField = model.fields.map(({ index }) =>
      model.links.filter((link) => link.field === index),
    )
  }

  visibleRows(): null {
    return null
  }

  fieldIndex(name: string): number | undefined {
    return this.#model.fieldIndex(name)
  }

  tableIndex(name: string): number | undefined {
    return this.#model.tableIndex(name)
  }

  linksOfTable(table: number): readonly KeyLink[] {
    return this.#linksOfTable[table] ?? []
  }

  linksOfField(field: number): readonly KeyLink[] {
    return this.#linksOfField[field] ?? []
  }

  rowIndex(table: number, field: number): RowIndex {
    const column = this.tables[table]?.columns.get(field)
    assert(column !== undefined, `table ${table} holds field ${field}`)
    const built = rowIndexOf(column) ?? this.#rowIndices.get(column)
    if (built !== undefined) return built
    const index = groupRows(column, this.#codes(field), this.#model.allocator)
    this.#rowIndices.set(column, index)
    return index
  }

  rowOfCode(link: KeyLink): Int32Array {
    let rows = this.#rowsOfCode.get(link)
    if (rows === undefined) {
      rows = new Int32Array(
        this.#model.allocator.allocate(this.#codes(link.field) * 4, 'indices'),
      ).fill(-1)
      for (const { start, codes } of link.column.segments) {
        for (let i = 0; i < codes.length; i++) rows[codes[i]!] = start + i
      }
      rows[0] = -1
      this.#rowsOfCode.set(link, rows)
    }
    return rows
  }

  totals(field: number): Uint32Array {
    let totals = this.#totals.get(field)
    if (totals === undefined) {
      totals = new Uint32Array(this.#model.allocator.allocate(this.#codes(field) * 4, 'indices'))
      const place = this.fields[field]?.places[0]
      if (place !== undefined) countCodes(place.column, totals)
      this.#totals.set(field, totals)
    }
    return totals
  }

  #codes(field: number): number {
    return (this.fields[field]?.symbols.count ?? 0) + 1
  }
}

/** Adds the number of rows per code to `counts`. */
export function countCodes(column: Column, counts: Uint32Array): void {
  for (const { codes } of column.segments) {
    for (let i = 0; i < codes.length; i++) counts[codes[i]!]! += 1
  }
}
