import { decodeUtf8, encodeUtf8 } from '../base/utf8.ts'
import type { DataSpace } from '../storage/table-builder.ts'

/** A table of the access section: names and texts in upper case, rows in load order, null for NULL. */
export interface SectionAccessTable {
  readonly name: string
  readonly fields: readonly string[]
  /** One text per field. */
  readonly rows: readonly (readonly (string | null)[])[]
}

/**
 * The tables a script loaded between SECTION ACCESS and SECTION APPLICATION; empty for an app without. They say who may see what of the
 * app and are no part of its data.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/Security/manage-security-with-section-access.htm
 */
export type SectionAccess = readonly SectionAccessTable[]

export function sectionAccessOf(space: DataSpace): SectionAccess {
  return [...space.tables.values()].map((table) => ({
    name: table.name,
    fields: table.fields,
    rows: Array.from({ length: table.rows }, (_, row) =>
      table.fields.map((_, column) => {
        const code = table.codeAt(column, row)
        return code === 0 ? null : table.symbolsOf(column).textAt(code - 1)
      }),
    ),
  }))
}

/** Puts the tables back into an empty space. */
export function reopenSectionAccess(tables: SectionAccess, space: DataSpace): void {
  for (const { name, fields, rows } of tables) {
    const table = space.createTable(name, fields)
    for (const row of rows) table.appendRow(row)
  }
}

/** The name the tables have among the parts of a saved app. */
export const sectionAccessPart = 'section-access.json'

export function encodeSectionAccess(tables: SectionAccess): Uint8Array {
  return encodeUtf8(JSON.stringify(tables))
}

/** What `encodeSectionAccess` wrote; undefined for anything else, which must not be taken for an app without. */
export function decodeSectionAccess(bytes: Uint8Array): SectionAccess | undefined {
  try {
    const tables: unknown = JSON.parse(decodeUtf8(bytes))
    return Array.isArray(tables) && tables.every(isTable) ? tables : undefined
  } catch {
    return undefined
  }
}

function isTable(table: unknown): table is SectionAccessTable {
  if (typeof table !== 'object' || table === null) return false
  if (!('name' in table && 'fields' in table && 'rows' in table)) return false
  const { name, fields, rows } = table
  return (
    typeof name === 'string' &&
    Array.isArray(fields) &&
    fields.every((field) => typeof field === 'string') &&
    Array.isArray(rows) &&
    rows.every(
      (row) =>
        Array.isArray(row) &&
        row.length === fields.length &&
        row.every((cell) => cell === null || typeof cell === 'string'),
    )
  )
}
