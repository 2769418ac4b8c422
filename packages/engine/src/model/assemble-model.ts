import type { Allocator } from '../storage/allocator.ts'
import { Bitset } from '../storage/bitset.ts'
import type { Column } from '../storage/column.ts'
import type { FormatSettings } from '../value/format-settings.ts'
import { componentsOf, linkedFields } from './association-graph.ts'
import type { KeyLink, Model, ModelField, ModelTable } from './model.ts'

/** What a model is made of, before places, links and components are derived. */
export interface ModelParts {
  readonly tables: readonly Omit<ModelTable, 'index'>[]
  readonly fields: readonly Omit<ModelField, 'index' | 'places'>[]
  readonly settings: FormatSettings
  readonly allocator: Allocator
  readonly notes: readonly string[]
  /** Whether a link is unique, when that is known; else the column is read. */
  readonly unique?: (table: number, field: number) => boolean
}

/** Derives places, links and components; the loose flags must already make the graph a forest. Linked fields get the tag `$key`. */
export function assembleModel(parts: ModelParts): Model {
  const tables: ModelTable[] = parts.tables.map((table, index) => ({ ...table, index }))
  const graph = tables.map((table) => ({ ...table, fields: [...table.columns.keys()] }))
  const loose = tables.map((table) => table.loose)
  const linked = linkedFields(graph, loose)
  const fields: ModelField[] = parts.fields.map((field, index) => ({
    ...field,
    index,
    places: tables.flatMap((table) => {
      const column = table.columns.get(index)
      return column === undefined ? [] : [{ table: table.index, column }]
    }),
    tags: linked.has(index) && !field.tags.includes('$key') ? ['$key', ...field.tags] : field.tags,
  }))
  const links: KeyLink[] = []
  for (const table of tables) {
    if (table.loose) continue
    for (const [field, column] of table.columns) {
      if (!linked.has(field)) continue
      const codes = (fields[field]?.symbols.count ?? 0) + 1
      const unique =
        parts.unique === undefined ? isUnique(column, codes) : parts.unique(table.index, field)
      links.push({ table: table.index, field, column, unique })
    }
  }
  const fieldIndices = new Map(fields.map((field) => [field.name, field.index]))
  const tableIndices = new Map(tables.map((table) => [table.name, table.index]))
  return {
    tables,
    fields,
    links,
    components: componentsOf(graph, loose),
    settings: parts.settings,
    allocator: parts.allocator,
    notes: parts.notes,
    fieldIndex: (name) => fieldIndices.get(name),
    tableIndex: (name) => tableIndices.get(name),
  }
}

/** No two rows have the same code, NULL aside. `codes` = symbols + 1. */
export function isUnique(column: Column, codes: number): boolean {
  const seen = new Bitset(codes)
  for (const segment of column.segments) {
    for (let i = 0; i < segment.codes.length; i++) {
      const code = segment.codes[i]!
      if (code === 0) continue
      if (seen.has(code)) return false
      seen.add(code)
    }
  }
  return true
}
