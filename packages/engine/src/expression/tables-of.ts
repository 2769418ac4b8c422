import { componentOf, distance } from '../grouping/join-tree.ts'
import type { FieldPlace } from '../model/model.ts'
import type { ModelView } from '../model/view.ts'

/**
 * The tables an aggregation's own fields come from. A key field is read where another of the fields already is, else in its first table.
 */
export function tablesOfFields(view: ModelView, fields: Iterable<number>): Set<number> {
  const tables = new Set<number>()
  const keys: (readonly FieldPlace[])[] = []
  for (const field of fields) {
    const places = view.fields[field]?.places ?? []
    if (places.length === 1) for (const { table } of places) tables.add(table)
    else keys.push(places)
  }
  for (const places of keys) {
    const [first] = places
    if (first !== undefined && !places.some(({ table }) => tables.has(table)))
      tables.add(first.table)
  }
  return tables
}

/** Tables of one component in which further fields are read, each key field as near to the known tables as it gets. */
export function withFields(
  view: ModelView,
  known: ReadonlySet<number>,
  fields: Iterable<number>,
): Set<number> {
  const tables = new Set(known)
  const keys: number[] = []
  for (const field of fields) {
    const places = view.fields[field]?.places ?? []
    if (places.length === 1) for (const { table } of places) tables.add(table)
    else keys.push(field)
  }
  for (const field of keys) {
    const places = (view.fields[field]?.places ?? []).map(({ table }) => table)
    if (places.some((table) => tables.has(table))) continue
    const [first] = [...places].sort((a, b) => nearest(view, tables, a) - nearest(view, tables, b))
    if (first !== undefined) tables.add(first)
  }
  return tables
}

function nearest(view: ModelView, tables: ReadonlySet<number>, table: number): number {
  if (tables.size === 0) return view.tables[table]?.loose === true ? 1 : 0
  return Math.min(...[...tables].map((known) => distance(view, known, table)))
}

/** The component a field is read in: that of a linked table where it has one. */
export function componentOfField(view: ModelView, field: number): number {
  const places = view.fields[field]?.places ?? []
  const place = places.find(({ table }) => view.tables[table]?.loose === false) ?? places[0]
  return place === undefined ? -1 : componentOf(view, place.table)
}

/**
 * The lists of tables an aggregation reads: one, but where seeing a value again changes nothing a key field alone is read in each of its
 * tables. None without fields.
 */
export function tableVariants(
  view: ModelView,
  fields: ReadonlySet<number>,
  repeatable: boolean,
): readonly (readonly number[])[] {
  const [field, ...others] = fields
  if (field === undefined) return []
  const places = view.fields[field]?.places ?? []
  if (others.length > 0 || places.length === 1 || !repeatable)
    return [[...tablesOfFields(view, fields)]]
  const component = view.components[componentOfField(view, field)]
  return places.flatMap(({ table }) => (component?.includes(table) ? [[table]] : []))
}
