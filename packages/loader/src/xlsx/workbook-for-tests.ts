import { deflateRawSync } from 'node:zlib'
import {
  defaultFormatSettings,
  type FormatClause,
  neverCancelled,
  type OpenSource,
  type SourceBatch,
  type SourceColumn,
  type Value,
} from '@lichen/engine'
import { bytesSource } from '../byte-source.ts'
import { crc32 } from './crc32.ts'
import { openXlsx } from './index.ts'
import { defaultLimits, type XlsxLimits } from './limits.ts'

/** A file to be packed; the fields after `deflate` lie about it. */
export interface PackedFile {
  readonly name: string
  readonly content: string | Uint8Array
  /** Default true; false stores it. */
  readonly deflate?: boolean
  readonly flags?: number
  readonly method?: number
  readonly bytes?: number
  readonly packedBytes?: number
  readonly crc?: number
  readonly headerAt?: number
  /** Writes sizes into a ZIP64 extra field. */
  readonly zip64?: boolean
}

const encoder = new TextEncoder()

function numbers(...fields: readonly (readonly [bytes: 2 | 4 | 8, value: number])[]): Uint8Array {
  const out: number[] = []
  for (const [bytes, value] of fields)
    for (let i = 0; i < bytes; i++) out.push(Math.floor(value / 2 ** (8 * i)) % 256)
  return Uint8Array.from(out)
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** An archive of these files; with `zip64` its end record is one too. */
export function zipOf(files: readonly PackedFile[], zip64 = false): Uint8Array {
  const parts: Uint8Array[] = []
  const directory: Uint8Array[] = []
  let at = 0
  const put = (part: Uint8Array): void => {
    parts.push(part)
    at += part.length
  }
  for (const file of files) {
    const content = typeof file.content === 'string' ? encoder.encode(file.content) : file.content
    const data = (file.deflate ?? true) ? deflateRawSync(content) : content
    const method = file.method ?? ((file.deflate ?? true) ? 8 : 0)
    const name = encoder.encode(file.name)
    const bytes = file.bytes ?? content.length
    const packed = file.packedBytes ?? data.length
    const crc = file.crc ?? crc32(content)
    const headerAt = file.headerAt ?? at
    const flags = file.flags ?? 0
    const extra = file.zip64
      ? numbers([2, 1], [2, 24], [8, bytes], [8, packed], [8, headerAt])
      : new Uint8Array(0)
    const [bytes32, packed32, headerAt32] = file.zip64
      ? [0xffffffff, 0xffffffff, 0xffffffff]
      : [bytes, packed, headerAt]
    const local = numbers([2, flags], [2, method], [4, 0], [4, crc], [4, packed], [4, bytes])
    put(joined([numbers([4, 0x04034b50], [2, 20]), local, numbers([2, name.length], [2, 0]), name]))
    put(data)
    directory.push(
      numbers([4, 0x02014b50], [2, 20], [2, 20], [2, flags], [2, method], [4, 0], [4, crc]),
      numbers([4, packed32], [4, bytes32], [2, name.length], [2, extra.length], [2, 0]),
      numbers([2, 0], [2, 0], [4, 0], [4, headerAt32]),
      name,
      extra,
    )
  }
  const start = at
  for (const part of directory) put(part)
  const length = at - start
  const end64 = at
  if (zip64) {
    put(numbers([4, 0x06064b50], [8, 44], [2, 45], [2, 45], [4, 0], [4, 0]))
    put(numbers([8, files.length], [8, files.length], [8, length], [8, start]))
    put(numbers([4, 0x07064b50], [4, 0], [8, end64], [4, 1]))
  }
  const [count, bytes32, start32] = zip64
    ? [0xffff, 0xffffffff, 0xffffffff]
    : [files.length, length, start]
  put(numbers([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, bytes32], [4, start32]))
  put(numbers([2, 0]))
  return joined(parts)
}

/** The parts of a workbook; those not given are not there. */
export interface BookParts {
  /** Content of `sheetData` (or, beginning with `<?xml` or `<worksheet`, the whole part) by sheet name. */
  readonly sheets: Readonly<Record<string, string>>
  readonly strings?: readonly string[]
  /** Content of `styleSheet`. */
  readonly styles?: string
  /** Content of `workbook` before and after the sheets. */
  readonly properties?: string
  readonly names?: string
  readonly hidden?: readonly string[]
}

const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'

function relations(entries: readonly (readonly [type: string, target: string])[]): string {
  const each = entries.map(
    ([type, target], i) =>
      `<Relationship Id="rId${i + 1}" Type="${office}/${type}" Target="${target}"/>`,
  )
  return `${declaration}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${each.join('')}</Relationships>`
}

export function bookFiles(parts: BookParts): PackedFile[] {
  const names = Object.keys(parts.sheets)
  const sheets = names.map(
    (name, i) =>
      `<sheet name="${name}" sheetId="${i + 1}"${parts.hidden?.includes(name) ? ' state="hidden"' : ''} r:id="rId${i + 1}"/>`,
  )
  const files: PackedFile[] = [
    { name: '_rels/.rels', content: relations([['officeDocument', 'xl/workbook.xml']]) },
    {
      name: 'xl/workbook.xml',
      content: `${declaration}<workbook xmlns="${main}" xmlns:r="${office}">${parts.properties ?? ''}<sheets>${sheets.join('')}</sheets>${parts.names ?? ''}</workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      content: relations([
        ...names.map((_, i) => ['worksheet', `worksheets/sheet${i + 1}.xml`] as const),
        ...(parts.strings === undefined
          ? []
          : [['sharedStrings', '/xl/sharedStrings.xml'] as const]),
        ...(parts.styles === undefined ? [] : [['styles', './styles.xml'] as const]),
      ]),
    },
    ...Object.values(parts.sheets).map((content, i) => ({
      name: `xl/worksheets/sheet${i + 1}.xml`,
      content: /^<(?:\?xml|(?:\w+:)?worksheet)/.test(content)
        ? content
        : `${declaration}<worksheet xmlns="${main}"><sheetData>${content}</sheetData></worksheet>`,
    })),
  ]
  if (parts.strings !== undefined)
    files.push({
      name: 'xl/sharedStrings.xml',
      content: `${declaration}<sst xmlns="${main}">${parts.strings.map((text) => `<si>${text}</si>`).join('')}</sst>`,
    })
  if (parts.styles !== undefined)
    files.push({
      name: 'xl/styles.xml',
      content: `${declaration}<styleSheet xmlns="${main}">${parts.styles}</styleSheet>`,
    })
  return files
}

export function book(parts: BookParts): Uint8Array {
  return zipOf(bookFiles(parts))
}

/** One sheet of rows, each an array of the XML of its cells. */
export function sheetOf(rows: readonly (readonly string[])[]): Uint8Array {
  const content = rows.map((cells) => `<row>${cells.join('')}</row>`).join('')
  return book({ sheets: { Sheet1: content } })
}

/** The XML of a cell with a number or an inline text. */
export function cell(value: number | string, attributes = ''): string {
  return typeof value === 'number'
    ? `<c ${attributes}><v>${value}</v></c>`
    : `<c ${attributes} t="inlineStr"><is><t>${value}</t></is></c>`
}

export function open(
  bytes: Uint8Array,
  options: Readonly<Record<string, string | true>> = {},
  limits: Partial<XlsxLimits> = {},
): Promise<OpenSource> {
  const clause: FormatClause = { format: 'ooxml', options: new Map(Object.entries(options)) }
  return openXlsx(bytesSource('x.xlsx', bytes), clause, defaultFormatSettings, neverCancelled, {
    ...defaultLimits,
    ...limits,
  })
}

export async function batchesOf(source: OpenSource): Promise<SourceBatch[]> {
  const all: SourceBatch[] = []
  for await (const batch of source.batches([...source.fields.keys()], neverCancelled))
    all.push(batch)
  return all
}

/** A cell of a batch; a number with a format is `[number, kind, pattern]`. */
export type TestCell = Value | readonly [number, string, string]

const decoder = new TextDecoder()

function cellOf(column: SourceColumn, row: number): TestCell {
  switch (column.kind) {
    case 'numbers': {
      const value = column.values[row] ?? Number.NaN
      if (Number.isNaN(value)) return null
      return column.format === null ? value : [value, column.format.kind, column.format.pattern]
    }
    case 'text':
      if (column.missing?.[row] === 1) return null
      return decoder.decode(column.bytes.subarray(column.starts[row], column.ends[row]))
    case 'values':
      return column.values[row] ?? null
    case 'dictionary':
      return column.dictionary[(column.codes[row] ?? 0) - 1] ?? null
  }
}

/** Field names and records of a workbook. */
export async function read(
  bytes: Uint8Array,
  options: Readonly<Record<string, string | true>> = {},
  limits: Partial<XlsxLimits> = {},
): Promise<{ fields: readonly string[]; rows: TestCell[][] }> {
  const source = await open(bytes, options, limits)
  const rows: TestCell[][] = []
  for (const batch of await batchesOf(source))
    for (let row = 0; row < batch.rows; row++)
      rows.push(batch.columns.map((column) => cellOf(column, row)))
  return { fields: source.fields, rows }
}
