import type { JoinedComponent } from './full-outer-join.ts'

/** Selected values by field. */
export type PlainSelections = ReadonlyMap<string, ReadonlySet<number>>

/** Values of a field in records that have a selected value in every selected field of their component but `lifted`. */
export function possibleValues(
  components: readonly JoinedComponent[],
  selections: PlainSelections,
  field: string,
  lifted: string | null,
): Set<number> {
  const values = new Set<number>()
  for (const component of components) {
    if (!component.fields.has(field)) continue
    for (const record of passing(component, selections, lifted)) {
      const value = record.values.get(field) ?? null
      if (value !== null) values.add(value)
    }
  }
  return values
}

/** Rows of a table that are part of such a record. */
export function possibleRows(
  components: readonly JoinedComponent[],
  selections: PlainSelections,
  table: number,
): Set<number> {
  const rows = new Set<number>()
  for (const component of components) {
    if (!component.tables.includes(table)) continue
    for (const record of passing(component, selections, null)) {
      const row = record.rows[table] ?? -1
      if (row !== -1) rows.add(row)
    }
  }
  return rows
}

function passing(component: JoinedComponent, selections: PlainSelections, lifted: string | null) {
  return component.records.filter(({ values }) => {
    for (const [field, chosen] of selections) {
      if (field === lifted || !component.fields.has(field)) continue
      const value = values.get(field) ?? null
      if (value === null || !chosen.has(value)) return false
    }
    return true
  })
}
