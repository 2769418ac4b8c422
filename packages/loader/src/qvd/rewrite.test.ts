import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { bytesSource } from '../byte-source.ts'
import { type QvdHeader, readHeader } from './header.ts'
import {
  collect,
  type ReadColumn,
  readColumns,
  storedField,
  storedTable,
  valuesOf,
} from './table-for-tests.ts'
import { writeQvd } from './write.ts'
import type { QvdOrigin } from './write-header.ts'
import { parseXml, type XmlElement } from './xml.ts'

const folder = resolve(import.meta.dirname, '../../../../..', 'shared/fixtures/qvd')
const files = existsSync(folder)
  ? readdirSync(folder)
      .filter((file) => file.endsWith('.qvd') && !file.includes('damaged'))
      .sort()
  : []

/** The header too is the same bytes; older builds make it of fewer elements. */
const sameFile = [
  'ctrlq-colors.qvd',
  'ctrlq-inventory_sets.qvd',
  'ctrlq-part_categories.qvd',
  'ctrlq-themes.qvd',
  'qvdlib-Test.qvd',
]

interface Rewritten {
  readonly bytes: Uint8Array
  readonly header: QvdHeader
  readonly columns: readonly ReadColumn[]
  readonly written: Uint8Array
  readonly writtenHeader: QvdHeader
}

async function rewrite(file: string): Promise<Rewritten> {
  const bytes = new Uint8Array(readFileSync(resolve(folder, file)))
  const header = await readHeader(bytesSource(file, bytes))
  const root = parseXml(new TextDecoder().decode(bytes.subarray(0, header.base - 1)), file)
  const columns = await readColumns(bytes)
  const elements = inside(root, 'Fields')
  const fields = columns.map((column, i) =>
    storedField(column, {
      comment: textIn(elements[i], 'Comment'),
      tags: inside(elements[i], 'Tags').map((tag) => tag.text),
    }),
  )
  const table = storedTable(header.tableName, header.rows, fields, textIn(root, 'Comment'))
  const written = await collect(writeQvd(table, originOf(root)))
  const writtenHeader = await readHeader(bytesSource(file, written))
  return { bytes, header, columns, written, writtenHeader }
}

function originOf(root: XmlElement): QvdOrigin {
  return {
    createdAt: new Date(`${textIn(root, 'CreateUtcTime').replace(' ', 'T')}Z`),
    creator: textIn(root, 'CreatorDoc'),
    build: Number(textIn(root, 'QvBuildNo')),
    lineage: inside(root, 'Lineage').map((info) => ({
      discriminator: textIn(info, 'Discriminator'),
      statement: textIn(info, 'Statement'),
    })),
  }
}

function inside(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.find((each) => each.name === name)?.children ?? []
}

function textIn(element: XmlElement | undefined, name: string): string {
  return element?.children.find((each) => each.name === name)?.text ?? ''
}

describe.skipIf(files.length === 0)('files written by Qlik products, written again', () => {
  test.each(files)('%s', async (file) => {
    const { bytes, header, columns, written, writtenHeader } = await rewrite(file)
    const again = await readColumns(written)
    expect(again.map(({ name }) => name)).toEqual(columns.map(({ name }) => name))
    expect(again.map(({ format }) => format)).toEqual(columns.map(({ format }) => format))
    expect(again.map(valuesOf)).toEqual(columns.map(valuesOf))

    const body = Buffer.from(bytes.subarray(header.base))
    expect(Buffer.from(written.subarray(writtenHeader.base)).equals(body)).toBe(true)
    expect(Buffer.from(written).equals(Buffer.from(bytes))).toBe(sameFile.includes(file))
  })
})
