import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import {
  Dual,
  defaultFormatSettings,
  LichenError,
  neverCancelled,
  type OpenSource,
  type Value,
} from '@lichen/engine'
import { describe, expect, test } from 'vitest'
import { bytesSource } from '../byte-source.ts'
import { openQvd } from './index.ts'

interface Manifest {
  readonly files: readonly {
    readonly file: string
    readonly rows?: number
    readonly fields?: readonly {
      readonly name: string
      readonly distinct: number
      readonly nulls: number
      readonly min: number | null
      readonly max: number | null
      readonly columnSha256: string
    }[]
  }[]
}

async function columnsOf(source: OpenSource): Promise<Value[][]> {
  const columns: Value[][] = source.fields.map(() => [])
  for await (const batch of source.batches([...source.fields.keys()], neverCancelled)) {
    batch.columns.forEach((column, i) => {
      if (column.kind !== 'dictionary') throw new Error('QVD columns are dictionaries')
      for (const code of column.codes) columns[i]?.push(column.dictionary[code - 1] ?? null)
    })
  }
  return columns
}

function cellKey(value: Value): string {
  if (value === null) return 'N\x1e'
  const number = typeof value === 'number' ? value : value instanceof Dual ? value.number : null
  const text = typeof value === 'string' ? value : value instanceof Dual ? value.text : null
  const bytes = Buffer.alloc(8)
  if (number !== null) bytes.writeDoubleBE(number)
  return `${number === null ? '' : `n${bytes.toString('hex')}`}${text === null ? '' : `t${text}`}\x1e`
}

const folder = resolve(import.meta.dirname, '../../../../..', 'shared/fixtures/qvd')

describe.skipIf(!existsSync(folder))('files written by Qlik products', () => {
  const manifest: Manifest = existsSync(folder)
    ? JSON.parse(readFileSync(resolve(folder, 'manifest.json'), 'utf8'))
    : { files: [] }
  test.each(manifest.files)('$file', async ({ file, rows, fields }) => {
    const open = openQvd(
      bytesSource(file, new Uint8Array(readFileSync(resolve(folder, file)))),
      defaultFormatSettings,
    )
    if (fields === undefined) {
      await expect(open.then(columnsOf)).rejects.toMatchObject({ code: 'source-malformed' })
      return
    }
    const source = await open
    expect(source.rows).toBe(rows)
    expect(source.fields).toEqual(fields.map((field) => field.name))
    const columns = await columnsOf(source)
    for (const [i, field] of fields.entries()) {
      const keys = (columns[i] ?? []).map(cellKey)
      const nulls = keys.filter((key) => key === 'N\x1e').length
      const numbers = (columns[i] ?? []).flatMap((value) =>
        typeof value === 'number' ? [value] : value instanceof Dual ? [value.number] : [],
      )
      const range = numbers.reduce<[number | null, number | null]>(
        ([low, high], n) => [Math.min(low ?? n, n), Math.max(high ?? n, n)],
        [null, null],
      )
      expect({
        name: field.name,
        distinct: new Set(keys).size - (nulls > 0 ? 1 : 0),
        nulls,
        range,
        hash: createHash('sha256').update(keys.join('')).digest('hex'),
      }).toEqual({
        name: field.name,
        distinct: field.distinct,
        nulls: field.nulls,
        range: [field.min, field.max],
        hash: field.columnSha256,
      })
    }
  })
})

/** Two fields, three rows: A = 7, NULL, 'é'; B = dual (1, "one") in all rows. */
function smallQvd(): Uint8Array {
  const field = (name: string, bits: string, symbols: number, at: string): string =>
    `<QvdFieldHeader><FieldName>${name}</FieldName>${bits}<NumberFormat><Type>UNKNOWN</Type><nDec>0</nDec><UseThou>0</UseThou><Fmt></Fmt><Dec></Dec><Thou></Thou></NumberFormat><NoOfSymbols>${symbols}</NoOfSymbols>${at}</QvdFieldHeader>`
  const header = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n <QvdTableHeader><TableName>T</TableName><Fields>${field('A', '<BitOffset>0</BitOffset><BitWidth>8</BitWidth><Bias>-2</Bias>', 2, '<Offset>0</Offset><Length>9</Length>')}${field('B &amp; C', '<BitOffset>0</BitOffset><BitWidth>0</BitWidth><Bias>0</Bias>', 1, '<Offset>9</Offset><Length>9</Length>')}</Fields><Compression></Compression><RecordByteSize>1</RecordByteSize><NoOfRecords>3</NoOfRecords><Offset>18</Offset><Length>3</Length></QvdTableHeader>\r\n\r\n\0`
  const symbols = [1, 7, 0, 0, 0, 4, 0xc3, 0xa9, 0, 5, 1, 0, 0, 0, 0x6f, 0x6e, 0x65, 0]
  return new Uint8Array([...new TextEncoder().encode(header), ...symbols, 2, 0, 3])
}

const readSmall = async (bytes: Uint8Array): Promise<Value[][]> =>
  columnsOf(await openQvd(bytesSource('small.qvd', bytes), defaultFormatSettings))

describe('a QVD built by bytes', () => {
  test('reads numbers, NULL, text and a constant dual', async () => {
    const one = new Dual('one', 1)
    expect(await readSmall(smallQvd())).toEqual([
      [7, null, 'é'],
      [one, one, one],
    ])
  })
  test('cut off anywhere it is a malformed source', async () => {
    const bytes = smallQvd()
    for (let end = 0; end < bytes.length; end++)
      await expect(readSmall(bytes.slice(0, end))).rejects.toMatchObject({
        code: 'source-malformed',
      })
  })
  test('with any bit flipped it reads or fails with a typed error', async () => {
    const bytes = smallQvd()
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const damaged = bytes.slice()
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      const outcome = await readSmall(damaged).catch((error: unknown) => error)
      expect(Array.isArray(outcome) || outcome instanceof LichenError).toBe(true)
    }
  })
})
