import type { JsonObject } from '../app/document.ts'
import type { ModelView } from '../model/view.ts'

/** Tables with their fields, and the fields that join them, for data model viewers. */
export function tablesAndKeys(view: ModelView): {
  readonly qtr: JsonObject[]
  readonly qk: JsonObject[]
} {
  const tables = view.tables.filter(({ synthetic }) => !synthetic)
  const qtr = tables.map(({ index, name, rows, columns, loose, comment }): JsonObject => {
    const visible = view.visibleRows(index)?.count() ?? rows
    return {
      qName: name,
      qLoose: loose,
      qNoOfRows: visible,
      qFields: [...columns.keys()].flatMap((at) => fieldInTable(view, at)),
      qPos: { qx: 0, qy: 0 },
      qComment: comment,
      qIsDirectDiscovery: false,
      qIsSynthetic: false,
      qTableTags: [],
      qProfilingData: {},
    }
  })
  const qk = view.fields
    .filter(({ tags, system }) => !system && tags.includes('$key'))
    .map(
      ({ name, places }): JsonObject => ({
        qKeyFields: [name],
        qTables: places.flatMap(({ table }) => view.tables[table]?.name ?? []),
      }),
    )
  return { qtr, qk }
}

function fieldInTable(view: ModelView, at: number): JsonObject[] {
  const field = view.fields[at]
  if (field === undefined || field.system) return []
  const key = field.tags.includes('$key')
  return [
    {
      qName: field.name,
      qOriginalFields: [],
      qPresent: true,
      qHasNull: false,
      qHasWild: false,
      qHasDuplicates: false,
      qIsSynthetic: false,
      qInformationDensity: 1,
      qSubsetRatio: 1,
      qnTotalDistinctValues: field.symbols.count,
      qnPresentDistinctValues: field.symbols.count,
      qKeyType: key ? 'ANY_KEY' : 'NOT_KEY',
      qTags: field.tags,
      qComment: field.comment,
    },
  ]
}
