import { assert } from '../base/assert.ts'
import type { Allocator } from '../storage/allocator.ts'
import type { Column } from '../storage/column.ts'
import { groupRows, type RowIndex, rowIndexOf } from '../storage/row-index.ts'
import type { KeyLink, Model, ModelField } from './model.ts'
import type { ModelView, ViewOpener } from './view.ts'

/** A derived field takes one to four bytes per row of its table. */
const mostDerived = 200

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
  readonly fields: ModelField[]
  readonly links: Model['links']
  readonly components: Model['components']
  readonly #model: Model
  /** Those of the model and of derived fields, by table. */
  readonly #columns: readonly Map<number, Column>[]
  readonly #derived = new Map<string, ModelField>()
  readonly #linksOfTable: readonly (readonly KeyLink[])[]
  readonly #linksOfField: readonly (readonly KeyLink[])[]
  readonly #rowIndices = new Map<Column, RowIndex>()
  readonly #rowsOfCode = new Map<KeyLink, Int32Array>()
  readonly #totals = new Map<number, Uint32Array>()

  constructor(model: Model) {
    this.#model = model
    this.settings = model.settings
    this.#columns = model.tables.map(({ columns }) => new Map(columns))
    this.tables = model.tables.map((table, index) => ({
      ...table,
      columns: this.#columns[index] ?? table.columns,
    }))
    this.fields = [...model.fields]
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
    return this.#model.fieldIndex(name) ?? this.#derived.get(name)?.index
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

  derive(
    name: string,
    make: (index: number, allocator: Allocator) => ModelField,
  ): ModelField | undefined {
    const known = this.#derived.get(name)
    if (known !== undefined || this.#derived.size >= mostDerived) return known
    const field = make(this.fields.length, this.#model.allocator)
    for (const { table, column } of field.places) this.#columns[table]?.set(field.index, column)
    this.fields.push(field)
    this.#derived.set(name, field)
    return field
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
