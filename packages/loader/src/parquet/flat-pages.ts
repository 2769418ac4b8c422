import type { ColumnMetaData, DataReader, DecodedArray, PageHeader, SchemaTree } from 'hyparquet'
import { parquetHeader } from 'hyparquet/src/column.js'
import { convert, DEFAULT_PARSERS } from 'hyparquet/src/convert.js'
import { decompressPage, readDataPage, readDataPageV2 } from 'hyparquet/src/datapage.js'
import { readRleBitPackedHybrid } from 'hyparquet/src/encoding.js'
import { readPlain } from 'hyparquet/src/plain.js'
import { compressors } from 'hyparquet-compressors'
import {
  checkLevels,
  checkPage,
  checkValues,
  type DataPageHeaderV2,
  type Decoder,
  madeOfRuns,
} from './runs.ts'
import { serialDays } from './serial-days.ts'

/** The values of one page: entries of the dictionary read before, or values. Rows whose level is 0 are NULL and have none. */
export type FlatPage =
  | { readonly kind: 'dictionary'; readonly values: DecodedArray }
  | {
      readonly kind: 'codes'
      readonly rows: number
      readonly codes: Uint32Array
      readonly levels: Levels
    }
  | {
      readonly kind: 'values'
      readonly rows: number
      readonly values: DecodedArray
      readonly levels: Levels
    }

/** 1 per row with a value, 0 per NULL; undefined when no row is NULL. */
export type Levels = ArrayLike<number> | undefined

/**
 * How hyparquet is told to decode a column that is not nested and not repeated. `raw` leaves 64-bit integers as they are stored.
 */
export function flatDecoder(
  root: SchemaTree,
  column: SchemaTree,
  metadata: ColumnMetaData,
): Decoder {
  return {
    pathInSchema: metadata.path_in_schema,
    type: metadata.type,
    element: column.element,
    schemaPath: [root, column],
    codec: metadata.codec,
    compressors,
    parsers: { ...DEFAULT_PARSERS, ...serialDays },
  }
}

/**
 * The pages of one column chunk, one after the other. Dictionary pages stay dictionaries and codes are read into typed arrays, so that
 * there is no object per value; hyparquet decodes all other encodings as it always does. `raw` skips the conversion of values.
 */
export function* flatPages(
  chunk: ArrayBuffer,
  rows: number,
  decoder: Decoder,
  raw: boolean,
): Generator<FlatPage> {
  const reader: DataReader = { view: new DataView(chunk), offset: 0 }
  const converted = (values: DecodedArray): DecodedArray =>
    raw ? values : convert(values, decoder)
  for (let done = 0; done < rows && reader.offset < chunk.byteLength - 1; ) {
    const { header, bytes } = nextPage(reader)
    if (header.type === 'DICTIONARY_PAGE') {
      yield { kind: 'dictionary', values: converted(dictionaryValues(bytes, header, decoder)) }
      continue
    }
    const count = (header.data_page_header ?? header.data_page_header_v2)?.num_values ?? 0
    if (count < 0 || count > rows - done) throw new Error('a page has more values than its group')
    done += count
    const page = readPage(bytes, header, decoder)
    yield page.kind === 'values' ? { ...page, values: converted(page.values) } : page
  }
}

interface PackedPage {
  readonly header: PageHeader
  readonly bytes: Uint8Array
}

/** @throws Error when the page is not within the chunk */
function nextPage(reader: DataReader): PackedPage {
  const header = parquetHeader(reader)
  const { offset, view } = reader
  const size = header.compressed_page_size
  if (!(size >= 0 && size <= view.byteLength - offset)) throw new Error('a page ends early')
  reader.offset += size
  return { header, bytes: new Uint8Array(view.buffer, view.byteOffset + offset, size) }
}

/** Looks through the pages of a column that hyparquet reads as a whole, so that no count makes it run away. @throws Error */
export function checkPages(chunk: ArrayBuffer, decoder: Decoder): void {
  const reader: DataReader = { view: new DataView(chunk), offset: 0 }
  let values = 0
  while (reader.offset < chunk.byteLength - 1) {
    const { header, bytes } = nextPage(reader)
    const [first, second] = [header.data_page_header, header.data_page_header_v2]
    values += (first ?? second)?.num_values ?? 0
    if (values > maxValues) throw new Error('a column has too many values')
    if (header.type === 'DATA_PAGE' && first !== undefined)
      checkPage(unpacked(bytes, header, decoder), first, decoder)
    else if (header.type === 'DATA_PAGE_V2' && second !== undefined) {
      checkLevels(levelsOf(bytes, second), second, decoder)
      if (madeOfRuns(second.encoding, decoder))
        checkValues(
          restOf(bytes, header, second, decoder),
          second.encoding,
          decoder,
          second.num_values,
        )
    }
  }
}

const maxValues = 1 << 26

/** The levels of a page of the second version. */
function levelsOf(bytes: Uint8Array, second: DataPageHeaderV2): Uint8Array {
  return bytes.subarray(
    0,
    second.repetition_levels_byte_length + second.definition_levels_byte_length,
  )
}

/** What follows the levels, unpacked. */
function restOf(
  bytes: Uint8Array,
  header: PageHeader,
  second: DataPageHeaderV2,
  decoder: Decoder,
): Uint8Array {
  const { length } = levelsOf(bytes, second)
  const packed = bytes.subarray(length)
  if (second.is_compressed === false) return packed
  const size = header.uncompressed_page_size - length
  return decompressPage(packed, size, decoder.codec, compressors)
}

function dictionaryValues(bytes: Uint8Array, header: PageHeader, decoder: Decoder): DecodedArray {
  const count = header.dictionary_page_header?.num_values
  if (count === undefined) throw new Error('a dictionary page has no header')
  const page = unpacked(bytes, header, decoder)
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength)
  return readPlain({ view, offset: 0 }, decoder.type, count, decoder.element.type_length)
}

function unpacked(bytes: Uint8Array, header: PageHeader, { codec }: Decoder): Uint8Array {
  return decompressPage(bytes, Number(header.uncompressed_page_size), codec, compressors)
}

type DataPage = Exclude<FlatPage, { kind: 'dictionary' }>

function readPage(bytes: Uint8Array, header: PageHeader, decoder: Decoder): DataPage {
  const [first, second] = [header.data_page_header, header.data_page_header_v2]
  if (header.type === 'DATA_PAGE' && first !== undefined) {
    const page = unpacked(bytes, header, decoder)
    checkPage(page, first, decoder)
    if (ofDictionary(first.encoding, decoder))
      return codesOf(page, first.num_values, decoder, undefined)
    return valuesOf(readDataPage(page, first, decoder), first.num_values)
  }
  if (header.type !== 'DATA_PAGE_V2' || second === undefined)
    throw new Error(`the page type ${header.type} is unknown`)
  const levels = levelsOf(bytes, second)
  checkLevels(levels, second, decoder)
  if (!madeOfRuns(second.encoding, decoder))
    return valuesOf(readDataPageV2(bytes, header, decoder), second.num_values)
  const page = restOf(bytes, header, second, decoder)
  checkValues(page, second.encoding, decoder, second.num_values)
  if (!ofDictionary(second.encoding, decoder))
    return valuesOf(readDataPageV2(bytes, header, decoder), second.num_values)
  const definitions = levels.subarray(second.repetition_levels_byte_length)
  return codesOf(page, second.num_values, decoder, definitions)
}

function ofDictionary(encoding: string, { type }: Decoder): boolean {
  return type !== 'BOOLEAN' && (encoding === 'RLE_DICTIONARY' || encoding === 'PLAIN_DICTIONARY')
}

function valuesOf(
  { definitionLevels, dataPage }: ReturnType<typeof readDataPage>,
  rows: number,
): DataPage {
  const levels =
    definitionLevels === undefined || definitionLevels.length === 0 ? undefined : definitionLevels
  return { kind: 'values', rows, values: dataPage, levels }
}

/** `levelBytes` are the definition levels of a version 2 page; in version 1 they stand before the codes. */
function codesOf(
  page: Uint8Array,
  rows: number,
  decoder: Decoder,
  levelBytes: Uint8Array | undefined,
): DataPage {
  const reader = readerOf(page)
  let levels: Uint8Array | undefined
  let present = rows
  if (decoder.element.repetition_type !== 'REQUIRED') {
    levels = new Uint8Array(rows)
    if (levelBytes === undefined) readRleBitPackedHybrid(reader, 1, levels)
    else readRleBitPackedHybrid(readerOf(levelBytes), 1, levels, levelBytes.length)
    present = 0
    for (let row = 0; row < rows; row++) present += levels[row]!
    if (present === rows) levels = undefined
  }
  const codes = new Uint32Array(present)
  const bitWidth = present === 0 ? 0 : reader.view.getUint8(reader.offset++)
  if (bitWidth > 0) readRleBitPackedHybrid(reader, bitWidth, codes, page.byteLength - reader.offset)
  return { kind: 'codes', rows, codes, levels }
}

function readerOf(bytes: Uint8Array): DataReader {
  return { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 }
}
