import {
  type CancellationToken,
  type FormatClause,
  LoadError,
  type OpenSource,
  type SourceBatch,
  throwIfCancelled,
} from '@lichen/engine'
import type { StreamSource } from '../byte-source.ts'
import { codepageOf, tellsCodepage } from '../codepage.ts'
import type { Format } from '../format.ts'
import { checkItems } from '../format-items.ts'
import { TextRows } from '../text-rows.ts'
import { readDocument } from '../xml-text/document.ts'
import { type Container, type Placemark, PlacemarkReader } from './placemarks.ts'

/**
 * KML: a record for each placemark. Fields are Name, Description, Point, Line, Area and the extended data, those that some placemark has,
 * with the name of the file before them, as in `world.Area`; a LOAD that names one of them without it gets all without. Points are `[longitude,
 * latitude]`, lines lists of them, areas lists of rings as in GeoJSON. `table is [a/b]` takes the placemarks directly in the folder b of
 * the document a; without it all are read.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/ScriptSpecifiers/KML.htm and, for the names,
 * https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/ChartFunctions/GeospatialFunctions/GeoAggrGeometry.htm
 * @throws LoadError `source-malformed`, `source-unsupported`, `table-not-found`, `budget-exceeded`
 */
export const kmlFormat: Format = {
  open: (source, clause, _settings, cancellation) => openKml(source, clause, cancellation),
}

const geometries: ReadonlySet<string> = new Set(['Point', 'Line', 'Area'])

/** Keeps the placemarks, since their fields are known only at the end. */
export async function openKml(
  source: StreamSource,
  clause: FormatClause,
  cancellation: CancellationToken,
): Promise<OpenSource> {
  const { name } = source
  checkItems(clause, (item) => item === 'table' || tellsCodepage(item), name, 'KML')
  const reader = new PlacemarkReader(name)
  for await (const xml of readDocument(source, codepageOf(clause, name), cancellation))
    reader.scan(xml)
  const table = clause.options.get('table')
  const placemarks =
    typeof table === 'string' ? inTable(reader.placemarks, table, name) : reader.placemarks
  const bare = [...reader.fields].filter((field) =>
    placemarks.some(({ values }) => values.has(field)),
  )
  const asked = new Set(clause.asked)
  const prefix = bare.some((field) => asked.has(field)) ? '' : `${baseName(name)}.`
  return {
    fields: bare.map((field) => prefix + field),
    rows: placemarks.length,
    batches(wanted, token) {
      const fields = wanted.map((index) => {
        const field = bare[index]
        if (field === undefined)
          throw new LoadError('field-not-found', `${name} has no field ${index}`)
        return field
      })
      return readBatches(placemarks, fields, token)
    },
  }
}

async function* readBatches(
  placemarks: readonly Placemark[],
  fields: readonly string[],
  cancellation: CancellationToken,
): AsyncGenerator<SourceBatch> {
  const rows = new TextRows(fields.map((field) => !geometries.has(field)))
  for (const { values } of placemarks) {
    for (const [column, field] of fields.entries()) {
      const text = values.get(field)
      if (text !== undefined) rows.putText(column, text)
    }
    rows.endRow()
    if (!rows.isFull) continue
    throwIfCancelled(cancellation)
    yield rows.take()
  }
  throwIfCancelled(cancellation)
  if (rows.rows > 0) yield rows.take()
}

function inTable(
  placemarks: readonly Placemark[],
  table: string,
  where: string,
): readonly Placemark[] {
  const path = withoutEnd(table)
  const known = new Map<Container | undefined, string>()
  const found = placemarks.filter(({ container }) => {
    const own = known.get(container) ?? pathOf(container)
    known.set(container, own)
    return own === path
  })
  if (found.length > 0) return found
  const names = [...new Set(known.values())]
  throw new LoadError(
    'table-not-found',
    `${where} has no placemarks in ${table}; it has some in ${names.slice(0, 10).join(', ') || 'nothing'}`,
  )
}

function pathOf(container: Container | undefined): string {
  const names: string[] = []
  for (let at = container; at !== undefined; at = at.parent) names.unshift(at.name)
  return withoutEnd(names.join('/'))
}

/** `World Map/` is the document itself. */
function withoutEnd(path: string): string {
  return path.replace(/\/+$/, '')
}

function baseName(path: string): string {
  const last = path.split(/[/\\:]/).pop() ?? path
  return last.replace(/\.[^.]*$/, '')
}
