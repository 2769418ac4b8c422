import { type FormatClause, neverCancelled } from '@lichen/engine'
import {
  DateDay,
  Dictionary,
  Float64,
  Int32,
  Table,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from 'apache-arrow'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { storedField, storedTable } from '../../src/qvd/table-for-tests.ts'
import { qvdWriter } from '../../src/qvd/write.ts'
import { book, cell } from '../../src/xlsx/workbook-for-tests.ts'

/** One record of the table that every format is asked to give. A date is its text in ISO form. */
export interface SampleRow {
  readonly id: number
  readonly name: string
  readonly amount: number | null
  readonly day: string
}

export const sampleFields = ['id', 'name', 'amount', 'day'] as const

const names = ['Åse', '日本', 'a, b; "c"', 'x', 'Ünïcode 🙂', 'same', 'same', "it's <b>&"]

/** `count` records with repeats, gaps and texts that need care. */
export function sampleRows(count: number): SampleRow[] {
  return Array.from({ length: count }, (_, i) => ({
    id: i + 1,
    name: names[i % names.length] ?? '',
    amount: i % 3 === 2 ? null : (i * 25 - 50) / 100,
    day: `2024-0${1 + (i % 9)}-${String(1 + (i % 28)).padStart(2, '0')}`,
  }))
}

/** A format and the sample in it, made without the reader under test. */
export interface Sample {
  readonly format: string
  readonly file: string
  /** As it stands in a script, with parentheses. */
  readonly clause: string
  /** What a number that is missing becomes. */
  readonly missing: 'NULL' | 'empty text'
  /** What stands in a LOAD for each of the fields; their names when not given. */
  readonly columns?: readonly string[]
  /** The clause taken apart, where the extension does not say enough. */
  readonly named?: FormatClause
  bytes(rows: readonly SampleRow[]): Promise<Uint8Array> | Uint8Array
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const serialDay = (day: string): number => Date.parse(`${day}T00:00:00Z`) / 86_400_000 + 25_569
const xmlText = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')

function delimited(rows: readonly SampleRow[]): Uint8Array {
  const quoted = (text: string): string => `"${text.replace(/"/g, '""')}"`
  const lines = rows.map(
    ({ id, name, amount, day }) => `${id},${quoted(name)},${amount ?? ''},${day}`,
  )
  return utf8([sampleFields.join(','), ...lines, ''].join('\r\n'))
}

function workbook(rows: readonly SampleRow[]): Uint8Array {
  const lines = rows.map(({ id, name, amount, day }) => [
    cell(id),
    cell(xmlText(name)),
    amount === null ? '<c/>' : cell(amount),
    `<c s="1"><v>${serialDay(day)}</v></c>`,
  ])
  const content = [sampleFields.map((field) => cell(field)), ...lines]
  return book({
    styles: '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>',
    sheets: { Sheet1: content.map((cells) => `<row>${cells.join('')}</row>`).join('') },
  })
}

function parquet(rows: readonly SampleRow[]): Uint8Array {
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'id', data: rows.map(({ id }) => id), type: 'INT32' },
        { name: 'name', data: rows.map(({ name }) => name), type: 'STRING' },
        { name: 'amount', data: rows.map(({ amount }) => amount), type: 'DOUBLE' },
        { name: 'day', data: rows.map(({ day }) => new Date(day)), type: 'TIMESTAMP' },
      ],
    }),
  )
}

async function qvd(rows: readonly SampleRow[]): Promise<Uint8Array> {
  const dictionaries = [
    rows.map(({ id }) => id),
    rows.map(({ name }) => name),
    rows.map(({ amount }) => amount),
    rows.map(({ day }) => serialDay(day)),
  ]
  const fields = dictionaries.map((values, i) => {
    const dictionary = [...new Set(values.filter((value) => value !== null))]
    const codes = values.map((value) => (value === null ? 0 : dictionary.indexOf(value) + 1))
    const format = i === 3 ? { kind: 'date' as const, pattern: 'YYYY-MM-DD' } : null
    return storedField({ name: sampleFields[i] ?? '', format, dictionary, codes })
  })
  const parts: Uint8Array[] = []
  const table = storedTable('T', rows.length, fields)
  const clause = { format: 'qvd', options: new Map<string, string>() }
  for await (const part of qvdWriter.write(table, clause, neverCancelled)) parts.push(part)
  return new Uint8Array(Buffer.concat(parts))
}

/** Widths in bytes of the columns of fixed width. */
const widths = [6, 24, 10, 10]

function fixed(rows: readonly SampleRow[]): Uint8Array {
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => cell + ' '.repeat((widths[i] ?? 0) - utf8(cell).length))
      .join('')
      .concat('\n')
  return utf8(
    rows
      .map(({ id, name, amount, day }) => line([String(id), name, String(amount ?? ''), day]))
      .join(''),
  )
}

function xml(rows: readonly SampleRow[]): Uint8Array {
  const row = ({ id, name, amount, day }: SampleRow): string =>
    `<row id="${id}"><name>${xmlText(name)}</name>${amount === null ? '' : `<amount>${amount}</amount>`}<day>${day}</day></row>`
  return utf8(`<?xml version="1.0"?><rows>${rows.map(row).join('\n')}</rows>`)
}

function html(rows: readonly SampleRow[]): Uint8Array {
  const row = (cells: readonly string[], cell: string): string =>
    `<tr>${cells.map((text) => `<${cell}>${xmlText(text)}</${cell}>`).join('')}</tr>`
  const lines = rows.map(({ id, name, amount, day }) =>
    row([String(id), name, String(amount ?? ''), day], 'td'),
  )
  return utf8(
    `<!doctype html><meta charset="utf-8"><table>${row(sampleFields, 'th')}${lines.join('\n')}</table>`,
  )
}

function kml(rows: readonly SampleRow[]): Uint8Array {
  const data = (name: string, value: string): string =>
    `<Data name="${name}"><value>${xmlText(value)}</value></Data>`
  const place = ({ id, name, amount, day }: SampleRow): string =>
    `<Placemark><name>${xmlText(name)}</name><ExtendedData>${data('id', String(id))}${amount === null ? '' : data('amount', String(amount))}${data('day', day)}</ExtendedData><Point><coordinates>1,2</coordinates></Point></Placemark>`
  return utf8(
    `<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>${rows.map(place).join('\n')}</Document></kml>`,
  )
}

function arrow(rows: readonly SampleRow[]): Uint8Array {
  const table = new Table({
    id: vectorFromArray(
      rows.map(({ id }) => id),
      new Int32(),
    ),
    name: vectorFromArray(
      rows.map(({ name }) => name),
      new Dictionary(new Utf8(), new Int32()),
    ),
    amount: vectorFromArray(
      rows.map(({ amount }) => amount),
      new Float64(),
    ),
    day: vectorFromArray(
      rows.map(({ day }) => new Date(day)),
      new DateDay(),
    ),
  })
  return tableToIPC(table, 'file')
}

export const samples: readonly Sample[] = [
  {
    format: 'delimited text',
    file: 'sample.csv',
    clause: "(txt, utf8, embedded labels, delimiter is ',', msq)",
    missing: 'empty text',
    bytes: delimited,
  },
  {
    format: 'QVD',
    file: 'sample.qvd',
    clause: '(qvd)',
    missing: 'NULL',
    bytes: qvd,
  },
  {
    format: 'Parquet',
    file: 'sample.parquet',
    clause: '(parquet)',
    missing: 'NULL',
    bytes: parquet,
  },
  {
    format: 'JSON',
    file: 'sample.json',
    clause: '(json)',
    missing: 'NULL',
    bytes: (rows) => utf8(JSON.stringify(rows, null, 1)),
  },
  {
    format: 'JSON lines',
    file: 'sample.ndjson',
    clause: '(ndjson)',
    missing: 'NULL',
    bytes: (rows) => utf8(rows.map((row) => `${JSON.stringify(row)}\n`).join('')),
  },
  {
    format: 'XLSX',
    file: 'sample.xlsx',
    clause: '(ooxml, embedded labels, table is Sheet1)',
    missing: 'NULL',
    bytes: workbook,
  },
  {
    format: 'fixed width',
    file: 'sample.fix',
    clause: '(fix, utf8)',
    missing: 'empty text',
    columns: ['@1:6', '@7:30', '@31:40', '@41:50'],
    named: { format: 'fix', options: new Map() },
    bytes: fixed,
  },
  {
    format: 'XML',
    file: 'sample.xml',
    clause: '(XmlSimple, table is [rows/row])',
    named: { format: 'xmlsimple', options: new Map([['table', 'rows/row']]) },
    missing: 'NULL',
    bytes: xml,
  },
  {
    format: 'HTML',
    file: 'sample.html',
    clause: '(html, utf8, embedded labels, table is @1)',
    missing: 'empty text',
    bytes: html,
  },
  {
    format: 'KML',
    file: 'sample.kml',
    clause: '(kml)',
    missing: 'NULL',
    columns: ['id', 'Name', 'amount', 'day'],
    bytes: kml,
  },
  {
    format: 'Arrow',
    file: 'sample.arrow',
    clause: '(arrow)',
    missing: 'NULL',
    bytes: arrow,
  },
]
