import { LoadError } from '@lichen/engine'
import type { ByteSource } from '../byte-source.ts'
import { parseXml, type XmlElement } from './xml.ts'

/** One field of a QVD. Offsets and lengths are bytes within the symbol section; bits count from the record's least significant. */
export interface QvdField {
  readonly name: string
  readonly bitOffset: number
  readonly bitWidth: number
  readonly bias: number
  readonly symbols: number
  readonly offset: number
  readonly length: number
  readonly format: {
    readonly type: string
    readonly pattern: string
    readonly decimal: string
    readonly thousand: string
  }
}

export interface QvdHeader {
  readonly tableName: string
  readonly comment: string
  /** When the file was written, in milliseconds since 1970, UTC; undefined when it does not say. */
  readonly created: number | undefined
  readonly fields: readonly QvdField[]
  readonly recordBytes: number
  readonly rows: number
  /** File offset of the symbol section. */
  readonly base: number
  /** File offset of the records. */
  readonly records: number
}

const maxHeaderBytes = 64 << 20

/** Reads and checks the header; every later allocation is bounded by what is checked here against the file's size. */
export async function readHeader(source: ByteSource): Promise<QvdHeader> {
  const bytes = await bytesBeforeNul(source)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw malformed(source.name, 'the header is not UTF-8')
  }
  return toHeader(parseXml(text, source.name), bytes.length + 1, source)
}

async function bytesBeforeNul(source: ByteSource): Promise<Uint8Array> {
  const limit = Math.min(source.size, maxHeaderBytes)
  for (let window = Math.min(limit, 1 << 16); ; window = Math.min(limit, window * 4)) {
    const bytes = await source.read(0, window)
    const end = bytes.indexOf(0)
    if (end !== -1) return bytes.subarray(0, end)
    if (window === limit) throw malformed(source.name, 'the header has no end (no zero byte)')
  }
}

function toHeader(root: XmlElement, base: number, source: ByteSource): QvdHeader {
  const { name } = source
  if (root.name !== 'QvdTableHeader')
    throw malformed(name, `the header is <${root.name}>, not <QvdTableHeader>`)
  refuse(root, 'Compression', name)
  refuse(root, 'EncryptionInfo', name)
  const recordBytes = integer(root, 'RecordByteSize', name)
  const rows = integer(root, 'NoOfRecords', name)
  const symbolBytes = integer(root, 'Offset', name)
  const records = base + symbolBytes
  if (records > source.size) throw malformed(name, 'the symbol section passes the end of the file')
  if (recordBytes < 1 || recordBytes * rows !== integer(root, 'Length', name))
    throw malformed(name, 'Length is not RecordByteSize times NoOfRecords')
  if (records + recordBytes * rows > source.size)
    throw malformed(name, 'the records pass the end of the file')
  const list = child(root, 'Fields', name).children
  const fields = list.map((element) => toField(element, symbolBytes, recordBytes, name))
  if (fields.length === 0) throw malformed(name, 'there are no fields')
  if (new Set(fields.map((field) => field.name)).size !== fields.length)
    throw malformed(name, 'a field name occurs twice')
  return {
    tableName: child(root, 'TableName', name).text,
    comment: root.children.find((element) => element.name === 'Comment')?.text ?? '',
    created: createdOf(root),
    fields,
    recordBytes,
    rows,
    base,
    records,
  }
}

/** `2024-05-17 08:36:31` in CreateUtcTime. */
function createdOf(root: XmlElement): number | undefined {
  const text = root.children.find((element) => element.name === 'CreateUtcTime')?.text.trim() ?? ''
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)) return undefined
  const time = Date.parse(`${text.replace(' ', 'T')}Z`)
  return Number.isNaN(time) ? undefined : time
}

function toField(
  element: XmlElement,
  symbolBytes: number,
  recordBytes: number,
  source: string,
): QvdField {
  if (element.name !== 'QvdFieldHeader')
    throw malformed(source, `<${element.name}> stands among the fields`)
  const name = child(element, 'FieldName', source).text
  const format = child(element, 'NumberFormat', source)
  const field: QvdField = {
    name,
    bitOffset: integer(element, 'BitOffset', source),
    bitWidth: integer(element, 'BitWidth', source),
    bias: integer(element, 'Bias', source, true),
    symbols: integer(element, 'NoOfSymbols', source),
    offset: integer(element, 'Offset', source),
    length: integer(element, 'Length', source),
    format: {
      type: child(format, 'Type', source).text,
      pattern: child(format, 'Fmt', source).text,
      decimal: child(format, 'Dec', source).text,
      thousand: child(format, 'Thou', source).text,
    },
  }
  // A symbol takes at least its type byte and one byte more.
  if (field.symbols * 2 > field.length)
    throw malformed(source, `field ${name} has more symbols than bytes`)
  if (field.offset + field.length > symbolBytes)
    throw malformed(source, `field ${name} passes the symbol section`)
  if (field.bitWidth > 32 || field.bitOffset + field.bitWidth > 8 * recordBytes)
    throw malformed(source, `field ${name} passes the record`)
  return field
}

function refuse(root: XmlElement, name: string, source: string): void {
  const element = root.children.find((candidate) => candidate.name === name)
  if (element === undefined || (element.text.trim() === '' && element.children.length === 0)) return
  throw new LoadError(
    'source-unsupported',
    `${source}: the QVD sets ${name}; store it again without`,
  )
}

function child(parent: XmlElement, name: string, source: string): XmlElement {
  const found = parent.children.filter((candidate) => candidate.name === name)
  const [first] = found
  if (first === undefined || found.length > 1)
    throw malformed(source, `<${parent.name}> has ${found.length} elements ${name} instead of one`)
  return first
}

function integer(parent: XmlElement, name: string, source: string, signed = false): number {
  const { text } = child(parent, name, source)
  const value = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (Number.isNaN(value) || (value < 0 && !signed))
    throw malformed(source, `${name} is not a whole number`)
  return value
}

export function malformed(source: string, what: string): LoadError {
  return new LoadError('source-malformed', `${source}: damaged QVD: ${what}`)
}
