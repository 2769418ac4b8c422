import { Builder } from 'flatbuffers'
import { encodeUtf8 } from '../base/utf8.ts'
import type {
  Catalogue,
  CatalogueColumn,
  CatalogueField,
  CatalogueFormat,
  CatalogueSymbolSegment,
  CatalogueTable,
  Region,
} from './catalogue.ts'

/** The catalogue as a flatbuffer by `catalogue.fbs`. */
export function encodeCatalogue(catalogue: Catalogue): Uint8Array {
  const builder = new Builder(4096)
  builder.forceDefaults(true)
  const children = [
    vector(
      builder,
      catalogue.fields.map((field) => writeField(builder, field)),
    ),
    vector(
      builder,
      catalogue.tables.map((table) => writeTable(builder, table)),
    ),
    vector(
      builder,
      catalogue.extras.map(({ name, content }) => {
        const text = string(builder, name)
        builder.startObject(2)
        builder.addFieldOffset(0, text, 0)
        addRegion(builder, 1, content)
        return builder.endObject()
      }),
    ),
    strings(builder, catalogue.settings),
    strings(builder, catalogue.notes),
  ]
  builder.startObject(5)
  for (const [slot, child] of children.entries()) builder.addFieldOffset(slot, child, 0)
  builder.finish(builder.endObject())
  return builder.asUint8Array()
}

function writeField(builder: Builder, field: CatalogueField): number {
  const name = string(builder, field.name)
  const comment = string(builder, field.comment)
  const tags = strings(builder, field.tags)
  const format = field.format === undefined ? 0 : writeFormat(builder, field.format)
  const segments = vector(
    builder,
    field.segments.map((segment) => writeSymbolSegment(builder, segment)),
  )
  const variants = vector(
    builder,
    field.variants.map((variant) => {
      const text = string(builder, variant.text)
      const table = string(builder, variant.table)
      builder.startObject(4)
      builder.addFieldInt32(0, variant.symbol, 0)
      builder.addFieldOffset(1, text, 0)
      builder.addFieldOffset(2, table, 0)
      builder.addFieldInt32(3, variant.row, 0)
      return builder.endObject()
    }),
  )
  builder.startObject(12)
  builder.addFieldOffset(0, name, 0)
  builder.addFieldOffset(1, comment, 0)
  builder.addFieldInt8(2, Number(field.system), 0)
  builder.addFieldOffset(3, tags, 0)
  if (format !== 0) builder.addFieldOffset(4, format, 0)
  builder.addFieldInt32(5, field.settings, 0)
  builder.addFieldInt32(6, field.numberCount, 0)
  builder.addFieldOffset(7, segments, 0)
  addRegion(builder, 8, field.numericOrder)
  addRegion(builder, 9, field.textOrder)
  addRegion(builder, 10, field.slots)
  builder.addFieldOffset(11, variants, 0)
  return builder.endObject()
}

function writeFormat(builder: Builder, format: CatalogueFormat): number {
  const texts = [
    format.kind,
    format.pattern,
    format.decimalSeparator,
    format.thousandSeparator,
  ].map((text) => (text === undefined ? 0 : string(builder, text)))
  builder.startObject(4)
  texts.forEach((text, slot) => {
    if (text !== 0) builder.addFieldOffset(slot, text, 0)
  })
  return builder.endObject()
}

function writeSymbolSegment(builder: Builder, segment: CatalogueSymbolSegment): number {
  builder.startObject(5)
  builder.addFieldInt32(0, segment.count, 0)
  addRegion(builder, 1, segment.kinds)
  addRegion(builder, 2, segment.numbers)
  addRegion(builder, 3, segment.offsets)
  addRegion(builder, 4, segment.bytes)
  return builder.endObject()
}

function writeTable(builder: Builder, table: CatalogueTable): number {
  const name = string(builder, table.name)
  const comment = string(builder, table.comment)
  const columns = vector(
    builder,
    table.columns.map((column) => writeColumn(builder, column)),
  )
  const loaded = table.loaded.length === 0 ? 0 : strings(builder, table.loaded)
  builder.startObject(7)
  builder.addFieldOffset(0, name, 0)
  builder.addFieldOffset(1, comment, 0)
  builder.addFieldInt32(2, table.rows, 0)
  builder.addFieldInt8(3, Number(table.loose), 0)
  builder.addFieldInt8(4, Number(table.synthetic), 0)
  builder.addFieldOffset(5, columns, 0)
  if (loaded !== 0) builder.addFieldOffset(6, loaded, 0)
  return builder.endObject()
}

function writeColumn(builder: Builder, column: CatalogueColumn): number {
  const segments = vector(
    builder,
    column.segments.map(({ rows, width, codes }) => {
      builder.startObject(3)
      builder.addFieldInt32(0, rows, 0)
      builder.addFieldInt32(1, width, 0)
      addRegion(builder, 2, codes)
      return builder.endObject()
    }),
  )
  builder.startObject(3)
  builder.addFieldInt32(0, column.field, 0)
  builder.addFieldInt8(1, Number(column.unique), 0)
  builder.addFieldOffset(2, segments, 0)
  return builder.endObject()
}

/** A struct stands inline, so it is written while its table is open; back to front, as flatbuffers grow downwards. */
function addRegion(builder: Builder, slot: number, region: Region): void {
  builder.prep(8, 24)
  builder.pad(4)
  builder.writeInt32(region.crc)
  builder.writeInt64(BigInt(region.length))
  builder.writeInt64(BigInt(region.offset))
  builder.addFieldStruct(slot, builder.offset(), 0)
}

function string(builder: Builder, text: string): number {
  return builder.createString(encodeUtf8(text))
}

function strings(builder: Builder, texts: readonly string[]): number {
  return vector(
    builder,
    texts.map((text) => string(builder, text)),
  )
}

function vector(builder: Builder, offsets: readonly number[]): number {
  builder.startVector(4, offsets.length, 4)
  for (let i = offsets.length - 1; i >= 0; i--) builder.addOffset(offsets[i]!)
  return builder.endVector()
}
