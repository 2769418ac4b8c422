import type { DataPageHeader, PageHeader } from 'hyparquet'
import type { readDataPage } from 'hyparquet/src/datapage.js'
import { getMaxDefinitionLevel, getMaxRepetitionLevel } from 'hyparquet/src/schema.js'

/** How hyparquet is told to decode a column. */
export type Decoder = Parameters<typeof readDataPage>[2]

/**
 * Walks the runs of a hybrid of run lengths and packed bits without decoding them. hyparquet trusts the counts that runs claim, and would repeat a value
 * four thousand million times for six damaged bytes.
 * Layout: https://parquet.apache.org/docs/file-format/data-pages/encodings/#run-length-encoding--bit-packing-hybrid-rle--3
 * @returns the values the runs give, which may be fewer
 * @throws Error when runs claim more than `values` values
 */
export function checkRuns(bytes: Uint8Array, width: number, values: number): number {
  if (width > 32) throw new Error(`values of ${width} bits are too wide`)
  const valueBytes = (width + 7) >> 3
  let at = 0
  let seen = 0
  while (seen < values && at < bytes.length) {
    let header = 0
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]
      if (byte === undefined || shift > 28) throw new Error('a run has no end')
      header += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) break
    }
    const count = Math.floor(header / 2)
    const packed = header % 2 === 1
    // The last groups of packed values may be filled up, if their bytes are there.
    const filled = width === 0 ? 0 : Math.floor((bytes.length - at) / width)
    const most = packed ? Math.max(Math.ceil((values - seen) / 8), filled) : values - seen
    if (count > most) throw new Error('a run has more values than its page')
    at += packed ? count * width : valueBytes
    seen += packed ? count * 8 : count
  }
  return seen
}

/** Levels, and codes of a dictionary or truths after them, of an unpacked page of the first version. @throws Error */
export function checkPage(page: Uint8Array, header: DataPageHeader, decoder: Decoder): void {
  const values = header.num_values
  let at = 0
  for (const most of mostLevels(decoder)) {
    if (most === 0) continue
    const bytes = sized(page, at)
    checkLevel(bytes, most, values)
    at += 4 + bytes.length
  }
  checkValues(page.subarray(at), header.encoding, decoder, values)
}

export type DataPageHeaderV2 = NonNullable<PageHeader['data_page_header_v2']>

/** The levels of a page of the second version, which are never packed. @throws Error */
export function checkLevels(levels: Uint8Array, header: DataPageHeaderV2, decoder: Decoder): void {
  const repetition = header.repetition_levels_byte_length
  if (!(repetition >= 0 && header.definition_levels_byte_length >= 0))
    throw new Error('the levels of a page have no length')
  const parts = [levels.subarray(0, repetition), levels.subarray(repetition)]
  for (const [i, most] of mostLevels(decoder).entries())
    if (most > 0) checkLevel(parts[i] ?? levels, most, header.num_values)
}

function checkLevel(bytes: Uint8Array, most: number, values: number): void {
  if (checkRuns(bytes, levelWidth(most), values) < values)
    throw new Error('a page has fewer levels than values')
}

/** What stands after the levels, where it is made of runs. @throws Error */
export function checkValues(
  bytes: Uint8Array,
  encoding: string,
  decoder: Decoder,
  values: number,
): void {
  if (!madeOfRuns(encoding, decoder)) return
  if (decoder.type === 'BOOLEAN') checkRuns(sized(bytes, 0), 1, values)
  else checkRuns(bytes.subarray(1), bytes[0] ?? 0, values)
}

export function madeOfRuns(encoding: string, { type }: Decoder): boolean {
  if (type === 'BOOLEAN') return encoding === 'RLE'
  return encoding === 'RLE_DICTIONARY' || encoding === 'PLAIN_DICTIONARY'
}

/** Bytes whose number stands in the four before them. */
function sized(page: Uint8Array, at: number): Uint8Array {
  if (at + 4 > page.length) throw new Error('a page ends within its levels')
  const length = new DataView(page.buffer, page.byteOffset + at, 4).getUint32(0, true)
  if (at + 4 + length > page.length) throw new Error('the levels of a page are longer than it')
  return page.subarray(at + 4, at + 4 + length)
}

function mostLevels({ schemaPath }: Decoder): readonly [number, number] {
  return [getMaxRepetitionLevel(schemaPath), getMaxDefinitionLevel(schemaPath)]
}

/** The least bits that hold a level. */
function levelWidth(most: number): number {
  return 32 - Math.clz32(most)
}
