import { LichenError, type NumberFormat, type StoredTable } from '@lichen/engine'
import { ofNumberFormat, type QvdNumberFormat } from './number-format.ts'
import type { Occurrence } from './occurrence.ts'
import type { RecordLayout } from './record-layout.ts'
import { type SymbolSummary, utf8Length } from './write-symbols.ts'

/** Where the data of a table came from, as its QVD tells. */
export interface QvdLineage {
  /** A connection, a path or the like. */
  readonly discriminator: string
  /** What was asked of it, such as a SELECT. */
  readonly statement: string
}

/** What a QVD says beside its table. */
export interface QvdOrigin {
  /** When the file is made: a moment, or serial days in UTC. */
  readonly createdAt: Date | number
  /** The app that stores it. Default ''. */
  readonly creator?: string
  readonly lineage?: readonly QvdLineage[]
  /** The build of the engine that is said to have made the file; default one whose headers have the same elements. */
  readonly build?: number
}

/** Of the newest files seen. */
const usualBuild = 50_689

/**
 * The header with the zero byte that ends it; elements, their order and their indentation as in the files of Qlik products.
 * @throws LichenError `invalid-argument` when a name cannot be told or is told twice
 */
export function encodeHeader(
  table: StoredTable,
  occurrences: readonly Occurrence[],
  summaries: readonly SymbolSummary[],
  { places, recordBytes }: RecordLayout,
  origin: QvdOrigin,
): Uint8Array {
  checkFields(table)
  let symbolBytes = 0
  const fields = table.fields.map((field, index) => {
    const { bitOffset, bitWidth } = places[index]!
    const { symbols, bias } = occurrences[index]!
    const { bytes, tags } = summaries[index]!
    const offset = symbolBytes
    symbolBytes += bytes
    return group(2, 'QvdFieldHeader', [
      leaf(3, 'FieldName', field.name),
      leaf(3, 'BitOffset', bitOffset),
      leaf(3, 'BitWidth', bitWidth),
      leaf(3, 'Bias', bias),
      numberFormat(field.format, ofNumberFormat(field.format, table.settings)),
      leaf(3, 'NoOfSymbols', symbols.length),
      leaf(3, 'Offset', offset),
      leaf(3, 'Length', bytes),
      leaf(3, 'Comment', field.comment),
      group(
        3,
        'Tags',
        [...new Set([...field.tags, ...tags])].map((tag) => leaf(4, 'String', tag)),
      ),
    ])
  })
  const text = group(0, 'QvdTableHeader', [
    leaf(1, 'QvBuildNo', origin.build ?? usualBuild),
    leaf(1, 'CreatorDoc', origin.creator ?? ''),
    leaf(1, 'CreateUtcTime', utcTime(origin.createdAt)),
    leaf(1, 'SourceCreateUtcTime', ''),
    leaf(1, 'SourceFileUtcTime', ''),
    leaf(1, 'SourceFileSize', -1),
    leaf(1, 'StaleUtcTime', ''),
    leaf(1, 'TableName', table.name),
    group(1, 'Fields', fields),
    leaf(1, 'Compression', ''),
    leaf(1, 'RecordByteSize', recordBytes),
    leaf(1, 'NoOfRecords', table.rows),
    leaf(1, 'Offset', symbolBytes),
    leaf(1, 'Length', recordBytes * table.rows),
    group(1, 'Lineage', (origin.lineage ?? []).map(lineageInfo)),
    leaf(1, 'Comment', table.comment),
    leaf(1, 'EncryptionInfo', ''),
    leaf(1, 'TableTags', ''),
    leaf(1, 'ProfilingData', ''),
  ])
  return new TextEncoder().encode(
    `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n${text}\0`,
  )
}

function checkFields({ name, fields }: StoredTable): void {
  const names = new Set(fields.map((field) => field.name))
  if (names.size === fields.length && names.size > 0) return
  throw new LichenError(
    'invalid-argument',
    names.size === 0
      ? `Table ${name} has no fields to store`
      : `Table ${name} would be stored with two fields of one name; give one an alias`,
  )
}

function numberFormat(format: NumberFormat | null, written: QvdNumberFormat): string {
  const { type, pattern, decimal, thousand } = written
  const decimals = format?.kind === 'fixed' || format?.kind === 'number'
  return group(3, 'NumberFormat', [
    leaf(4, 'Type', type),
    leaf(4, 'nDec', decimals ? decimalsOf(pattern, decimal) : 0),
    leaf(4, 'UseThou', thousand !== '' && pattern.includes(thousand) ? 1 : 0),
    leaf(4, 'Fmt', pattern),
    leaf(4, 'Dec', decimal),
    leaf(4, 'Thou', thousand),
  ])
}

/** Places behind the decimal separator in the first section of a pattern. */
function decimalsOf(pattern: string, decimal: string): number {
  const [section = ''] = pattern.split(';')
  const at = decimal === '' ? -1 : section.indexOf(decimal)
  return at < 0 ? 0 : (/^[0#]*/.exec(section.slice(at + decimal.length))?.[0].length ?? 0)
}

function lineageInfo({ discriminator, statement }: QvdLineage): string {
  return group(2, 'LineageInfo', [
    leaf(3, 'Discriminator', discriminator),
    leaf(3, 'Statement', statement),
  ])
}

const firstDay = Date.UTC(1899, 11, 30)
const dayMilliseconds = 86_400_000

/** `2024-05-17 08:36:31`. */
function utcTime(moment: Date | number): string {
  const date =
    typeof moment === 'number' ? new Date(Math.round(moment * dayMilliseconds) + firstDay) : moment
  const year = date.getUTCFullYear()
  if (!(year >= 0 && year <= 9999))
    throw new LichenError('invalid-argument', 'createdAt is not a moment of the years 0 to 9999')
  return date.toISOString().slice(0, 19).replace('T', ' ')
}

const indent = (depth: number): string => ' '.repeat(1 + depth * 2)

function leaf(depth: number, name: string, content: string | number): string {
  const text = String(content)
  if (utf8Length(text) < 0)
    throw new LichenError(
      'invalid-argument',
      `${name} ${JSON.stringify(text.slice(0, 40))} has a zero character or half a surrogate pair, which a QVD cannot hold`,
    )
  return `${indent(depth)}<${name}>${escaped(text)}</${name}>\r\n`
}

function group(depth: number, name: string, children: readonly string[]): string {
  if (children.length === 0) return leaf(depth, name, '')
  return `${indent(depth)}<${name}>\r\n${children.join('')}${indent(depth)}</${name}>\r\n`
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}

/** Line ends, tabs and apostrophes stay, as in the files seen. */
function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (mark) => entities[mark] ?? mark)
}
