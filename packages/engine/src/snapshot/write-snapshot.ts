import { assert } from '../base/assert.ts'
import type { Model, ModelField, ModelTable } from '../model/model.ts'
import { StoredSymbols } from '../storage/stored-symbols.ts'
import type { FormatSettings } from '../value/format-settings.ts'
import type { Catalogue, CatalogueField, CatalogueTable } from './catalogue.ts'
import { encodeCatalogue } from './catalogue-writer.ts'
import { crc32c } from './crc32c.ts'
import { aligned, encodeFooter, encodeHeader, footerBytes, headerBytes } from './layout.ts'
import { RegionWriter } from './regions.ts'

/**
 * A model as flat bytes: parts to be written one after the other. Column and symbol buffers are the model's own memory, not copies.
 * Sort orders and the hashes of values are built when missing, so that opening need not. `extras` travel along by name,
 * such as properties and script.
 */
export function writeSnapshot(
  model: Model,
  extras: ReadonlyMap<string, Uint8Array> = new Map(),
): Uint8Array[] {
  const writer = new RegionWriter()
  const settings = new SettingsList(model.settings)
  const catalogue: Catalogue = {
    fields: model.fields.map((field) => fieldEntry(field, writer, settings)),
    tables: model.tables.map((table) => tableEntry(table, model, writer)),
    extras: [...extras].map(([name, content]) => ({ name, content: writer.add(content) })),
    settings: settings.texts,
    notes: model.notes,
  }
  const encoded = encodeCatalogue(catalogue)
  const fileLength = headerBytes + aligned(encoded.length) + writer.length + footerBytes
  const header = encodeHeader({
    catalogueLength: encoded.length,
    catalogueCrc: crc32c(encoded),
    fileLength,
  })
  const padding = new Uint8Array(aligned(encoded.length) - encoded.length)
  return [header, encoded, padding, ...writer.parts, encodeFooter(fileLength)].filter(
    (part) => part.length > 0,
  )
}

/** Distinct settings, the model's first. */
class SettingsList {
  readonly texts: string[]

  constructor(first: FormatSettings) {
    this.texts = [JSON.stringify(first)]
  }

  indexOf(settings: FormatSettings): number {
    const text = JSON.stringify(settings)
    const known = this.texts.indexOf(text)
    return known >= 0 ? known : this.texts.push(text) - 1
  }
}

function fieldEntry(
  field: ModelField,
  writer: RegionWriter,
  settings: SettingsList,
): CatalogueField {
  const { symbols } = field
  assert(symbols instanceof StoredSymbols, 'the symbols of a model are stored ones')
  const { format } = symbols
  return {
    name: field.name,
    comment: field.comment,
    system: field.system,
    tags: field.tags,
    format:
      format === null
        ? undefined
        : {
            kind: format.kind,
            pattern: format.pattern,
            decimalSeparator: format.decimalSeparator,
            thousandSeparator: format.thousandSeparator,
          },
    settings: settings.indexOf(symbols.settings),
    numberCount: symbols.numberCount,
    segments: symbols.segments.map(({ count, kinds, numbers, offsets, bytes }) => ({
      count,
      kinds: writer.add(kinds),
      numbers: writer.add(numbers),
      offsets: writer.add(offsets),
      bytes: writer.add(bytes),
    })),
    numericOrder: writer.add(symbols.order('numeric')),
    textOrder: writer.add(symbols.order('text')),
    slots: writer.add(symbols.findSlots()),
    variants: symbols.variants,
  }
}

function tableEntry(table: ModelTable, model: Model, writer: RegionWriter): CatalogueTable {
  return {
    name: table.name,
    comment: table.comment,
    rows: table.rows,
    loose: table.loose,
    synthetic: table.synthetic,
    loaded: table.loaded ?? [],
    columns: [...table.columns].map(([field, column]) => ({
      field,
      unique: model.links.some(
        (link) => link.table === table.index && link.field === field && link.unique,
      ),
      segments: column.segments.map(({ codes }) => ({
        rows: codes.length,
        width: codes.BYTES_PER_ELEMENT,
        codes: writer.add(codes),
      })),
    })),
  }
}
