import { ByteBuffer } from 'flatbuffers'
import { decodeUtf8 } from '../base/utf8.ts'
import type {
  Catalogue,
  CatalogueColumn,
  CatalogueField,
  CatalogueFormat,
  CatalogueSymbolSegment,
  CatalogueTable,
  Region,
} from './catalogue.ts'
import { malformed } from './malformed.ts'

/** Reads a flatbuffer by `catalogue.fbs`; every offset and count is checked against the bytes. @throws LichenError `snapshot-malformed` */
export function decodeCatalogue(bytes: Uint8Array): Catalogue {
  if (bytes.length < 8) malformed('the catalogue is cut off')
  const buffer = new ByteBuffer(bytes)
  const root = new TableCursor(buffer, buffer.readInt32(0))
  return {
    fields: root.children(0).map(readField),
    tables: root.children(1).map(readTable),
    extras: root.children(2).map((extra) => ({ name: extra.text(0), content: extra.region(1) })),
    settings: root.texts(3),
    notes: root.texts(4),
  }
}

function readField(field: TableCursor): CatalogueField {
  const format = field.child(4)
  return {
    name: field.text(0),
    comment: field.text(1),
    system: field.flag(2),
    tags: field.texts(3),
    format: format === undefined ? undefined : readFormat(format),
    settings: field.count(5),
    numberCount: field.count(6),
    segments: field.children(7).map(readSymbolSegment),
    numericOrder: field.region(8),
    textOrder: field.region(9),
    slots: field.region(10),
    variants: field.children(11).map((variant) => ({
      symbol: variant.count(0),
      text: variant.text(1),
      table: variant.text(2),
      row: variant.count(3),
    })),
  }
}

function readFormat(format: TableCursor): CatalogueFormat {
  return {
    kind: format.text(0),
    pattern: format.text(1),
    decimalSeparator: format.optionalText(2),
    thousandSeparator: format.optionalText(3),
  }
}

function readSymbolSegment(segment: TableCursor): CatalogueSymbolSegment {
  return {
    count: segment.count(0),
    kinds: segment.region(1),
    numbers: segment.region(2),
    offsets: segment.region(3),
    bytes: segment.region(4),
  }
}

function readTable(table: TableCursor): CatalogueTable {
  return {
    name: table.text(0),
    comment: table.text(1),
    rows: table.count(2),
    loose: table.flag(3),
    synthetic: table.flag(4),
    columns: table.children(5).map(readColumn),
    loaded: table.has(6) ? table.texts(6) : [],
  }
}

function readColumn(column: TableCursor): CatalogueColumn {
  return {
    field: column.count(0),
    unique: column.flag(1),
    segments: column.children(2).map((segment) => ({
      rows: segment.count(0),
      width: segment.count(1),
      codes: segment.region(2),
    })),
  }
}

/** One flatbuffers table at a byte position. */
class TableCursor {
  readonly #buffer: ByteBuffer
  readonly #at: number

  constructor(buffer: ByteBuffer, at: number) {
    this.#buffer = buffer
    this.#at = at
    this.#within(at, 4)
    this.#within(at - buffer.readInt32(at), 4)
  }

  count(slot: number): number {
    const at = this.#place(slot, 4)
    return at === undefined ? 0 : this.#buffer.readUint32(at)
  }

  flag(slot: number): boolean {
    const at = this.#place(slot, 1)
    return at !== undefined && this.#buffer.readUint8(at) !== 0
  }

  text(slot: number): string {
    return this.optionalText(slot) ?? malformed('a name is missing in the catalogue')
  }

  optionalText(slot: number): string | undefined {
    const at = this.#place(slot, 4)
    return at === undefined ? undefined : this.#textAt(at)
  }

  has(slot: number): boolean {
    return this.#place(slot, 4) !== undefined
  }

  texts(slot: number): string[] {
    return this.#elements(slot).map((at) => this.#textAt(at))
  }

  child(slot: number): TableCursor | undefined {
    const at = this.#place(slot, 4)
    return at === undefined ? undefined : new TableCursor(this.#buffer, this.#target(at))
  }

  children(slot: number): TableCursor[] {
    return this.#elements(slot).map((at) => new TableCursor(this.#buffer, this.#target(at)))
  }

  region(slot: number): Region {
    const at = this.#place(slot, 20) ?? malformed('a buffer is missing in the catalogue')
    return {
      offset: this.#size(at),
      length: this.#size(at + 8),
      crc: this.#buffer.readUint32(at + 16),
    }
  }

  #size(at: number): number {
    const size = Number(this.#buffer.readUint64(at))
    return Number.isSafeInteger(size) ? size : malformed('a buffer is impossibly large')
  }

  #textAt(at: number): string {
    const target = this.#target(at)
    this.#within(target, 4)
    const length = this.#buffer.readUint32(target)
    this.#within(target + 4, length)
    return decodeUtf8(this.#buffer.bytes(), target + 4, target + 4 + length)
  }

  /** Positions of the offsets in a vector. */
  #elements(slot: number): number[] {
    const at = this.#place(slot, 4) ?? malformed('a list is missing in the catalogue')
    const target = this.#target(at)
    this.#within(target, 4)
    const length = this.#buffer.readUint32(target)
    this.#within(target + 4, length * 4)
    return Array.from({ length }, (_, i) => target + 4 + i * 4)
  }

  #place(slot: number, bytes: number): number | undefined {
    const offset = this.#buffer.__offset(this.#at, 4 + slot * 2)
    if (offset === 0) return undefined
    this.#within(this.#at + offset, bytes)
    return this.#at + offset
  }

  #target(at: number): number {
    return at + this.#buffer.readUint32(at)
  }

  #within(at: number, bytes: number): void {
    if (at < 0 || at + bytes > this.#buffer.capacity())
      malformed('the catalogue points outside itself')
  }
}
