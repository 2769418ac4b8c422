import { assembleModel } from '../model/assemble-model.ts'
import { loosenCycles } from '../model/association-graph.ts'
import type { Model } from '../model/model.ts'
import { type Allocator, createAllocator } from '../storage/allocator.ts'
import { type Codes, Column, type ColumnSegment } from '../storage/column.ts'
import { StoredSymbols } from '../storage/stored-symbols.ts'
import type { SymbolSegment, SymbolTable } from '../storage/symbol-table.ts'
import type { FormatSettings } from '../value/format-settings.ts'
import type { Catalogue, CatalogueColumn, CatalogueField, CatalogueTable } from './catalogue.ts'
import { decodeCatalogue } from './catalogue-reader.ts'
import { crc32c } from './crc32c.ts'
import { aligned, decodeHeader, footerBytes, headerBytes } from './layout.ts'
import { malformed } from './malformed.ts'
import { readFormat, readSettings } from './read-settings.ts'
import { RegionReader, requireZeros } from './regions.ts'

export interface OpenedSnapshot {
  readonly model: Model
  readonly extras: ReadonlyMap<string, Uint8Array>
}

/**
 * Opens what `writeSnapshot` wrote. Without an allocator the model's buffers are views of `bytes`, which must stay unchanged (bytes that do
 * not begin at a multiple of 8 in their buffer are copied once); with one, the bytes are copied into its memory and accounted as
 * columns. Checks every length, offset, count and checksum; apart from the checksums the work grows with fields, not rows.
 * @throws LichenError `snapshot-malformed`, `snapshot-too-new`, `memory-budget-exceeded`
 */
export function openSnapshot(bytes: Uint8Array, allocator?: Allocator): OpenedSnapshot {
  const { catalogueLength, catalogueCrc } = decodeHeader(bytes)
  const whole = inMemory(bytes, allocator)
  const encoded = whole.subarray(headerBytes, headerBytes + catalogueLength)
  if (crc32c(encoded) !== catalogueCrc) malformed('its catalogue fails the checksum')
  const dataStart = headerBytes + aligned(catalogueLength)
  requireZeros(whole.subarray(headerBytes + catalogueLength, dataStart), 'the catalogue')
  const catalogue = decodeCatalogue(encoded)
  const regions = new RegionReader(whole.subarray(dataStart, whole.length - footerBytes))

  const memory = allocator ?? createAllocator()
  const settings = catalogue.settings.map(readSettings)
  const symbols = catalogue.fields.map((field) => openSymbols(field, regions, settings, memory))
  const tables = catalogue.tables.map((table) => openTable(table, catalogue, regions))
  const extras = new Map(
    catalogue.extras.map(({ name, content }) => [
      name,
      regions.bytes(content, content.length, `extra ${name}`),
    ]),
  )
  regions.finish()
  requireForest(catalogue)
  const model = assembleModel({
    tables,
    fields: catalogue.fields.map(({ name, comment, system, tags }, index) => ({
      name,
      comment,
      system,
      tags,
      symbols: symbols[index] ?? malformed(`field ${name} has no symbols`),
    })),
    settings: settings[0] ?? malformed('it has no format settings'),
    allocator: memory,
    notes: catalogue.notes,
    unique: (table, field) =>
      catalogue.tables[table]?.columns.find((column) => column.field === field)?.unique === true,
  })
  return { model, extras }
}

function inMemory(bytes: Uint8Array, allocator: Allocator | undefined): Uint8Array {
  if (allocator === undefined) return bytes.byteOffset % 8 === 0 ? bytes : bytes.slice()
  allocator.reserve(bytes.length)
  const { buffer, offset } = allocator.place(bytes.length, 'columns')
  const copy = new Uint8Array(buffer, offset, bytes.length)
  copy.set(bytes)
  return copy
}

function openSymbols(
  field: CatalogueField,
  regions: RegionReader,
  settings: readonly FormatSettings[],
  allocator: Allocator,
): SymbolTable {
  const what = (part: string) => `the ${part} of field ${field.name}`
  const segments: SymbolSegment[] = []
  let count = 0
  for (const segment of field.segments) {
    const kinds = regions.bytes(segment.kinds, segment.count, what('kinds'))
    const numbers = regions.numbers(segment.numbers, segment.count, what('numbers'))
    const offsets = regions.words(segment.offsets, segment.count + 1, what('text offsets'))
    const bytes = regions.bytes(segment.bytes, offsets[segment.count] ?? 0, what('texts'))
    segments.push({ start: count, count: segment.count, kinds, numbers, offsets, bytes })
    count += segment.count
  }
  if (field.segments.length === 0) malformed(`${what('values')} are missing`)
  if (field.numberCount > count) malformed(`${what('numbers')} are more than its values`)
  if (field.variants.some((variant) => variant.symbol >= count))
    malformed(`${what('variant texts')} are of no value`)
  const numeric = regions.words(field.numericOrder, count, what('numeric order'))
  const text = regions.words(field.textOrder, count, what('text order'))
  const slotCount = field.slots.length / 4
  if (slotCount <= count || (slotCount & (slotCount - 1)) !== 0)
    malformed(`${what('hash')} has a wrong size`)
  const slots = regions.words(field.slots, slotCount, what('hash'))
  return new StoredSymbols({
    segments,
    format: field.format === undefined ? null : readFormat(field.format),
    settings: settings[field.settings] ?? malformed(`${what('format settings')} are missing`),
    variants: field.variants,
    allocator,
    known: { numberCount: field.numberCount, numeric, text, slots },
  })
}

function openTable(table: CatalogueTable, catalogue: Catalogue, regions: RegionReader) {
  const columns = new Map<number, Column>()
  for (const column of table.columns) {
    const field =
      catalogue.fields[column.field]?.name ??
      malformed(`table ${table.name} has a column of no field`)
    if (columns.has(column.field)) malformed(`table ${table.name} has field ${field} twice`)
    const opened = openColumn(column, regions, `field ${field} of table ${table.name}`)
    if (opened.rows !== table.rows)
      malformed(`field ${field} of table ${table.name} has ${opened.rows} of ${table.rows} rows`)
    columns.set(column.field, opened)
  }
  const { name, rows, loose, synthetic, comment, loaded } = table
  const order = loaded.length === 0 ? {} : { loaded }
  return { name, rows, columns, loose, synthetic, comment, ...order }
}

function openColumn(column: CatalogueColumn, regions: RegionReader, what: string): Column {
  const segments: ColumnSegment[] = []
  let start = 0
  for (const { rows, width, codes } of column.segments) {
    segments.push({ start, codes: openCodes(rows, width, codes, regions, what) })
    start += rows
  }
  return new Column(segments)
}

function openCodes(
  rows: number,
  width: number,
  region: CatalogueColumn['segments'][number]['codes'],
  regions: RegionReader,
  what: string,
): Codes {
  switch (width) {
    case 1:
      return regions.bytes(region, rows, what)
    case 2:
      return regions.halfWords(region, rows, what)
    case 4:
      return regions.words(region, rows, what)
    default:
      return malformed(`${what} has codes of ${width} bytes`)
  }
}

/** Names are unique and the tables that are not loose make no circle. */
function requireForest(catalogue: Catalogue): void {
  for (const named of [catalogue.fields, catalogue.tables, catalogue.extras]) {
    if (new Set(named.map(({ name }) => name)).size !== named.length)
      malformed('a name stands twice in it')
  }
  const graph = catalogue.tables.map(({ name, rows, synthetic, columns }) => ({
    name,
    rows,
    synthetic,
    fields: columns.map((column) => column.field),
  }))
  const loose = new Set(catalogue.tables.filter((table) => table.loose).map((table) => table.name))
  if (loosenCycles(graph, loose).notes.length > 0) malformed('its tables make a circle')
}
