import {
  defaultFormatSettings,
  type FormatClause,
  LichenError,
  neverCancelled,
} from '@lichen/engine'
import { describe, expect, test } from 'vitest'
import { bytesSource } from '../byte-source.ts'
import { delimitedFormat } from './index.ts'

type Options = Readonly<Record<string, string | true>>

async function read(text: string | Uint8Array, options: Options = {}, name = 'x.csv') {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
  const clause: FormatClause = { options: new Map(Object.entries(options)) }
  const source = await delimitedFormat.open(
    bytesSource(name, bytes),
    clause,
    defaultFormatSettings,
    neverCancelled,
  )
  const rows: string[][] = []
  for await (const batch of source.batches([...source.fields.keys()], neverCancelled))
    for (let row = 0; row < batch.rows; row++)
      rows.push(
        batch.columns.map((column) => {
          if (column.kind !== 'text') throw new Error('delimited columns are text')
          return new TextDecoder().decode(
            column.bytes.subarray(column.starts[row], column.ends[row]),
          )
        }),
      )
  return { fields: source.fields, rows }
}

describe('items of the format clause', () => {
  test('without any: comma, labels in the first record', async () => {
    expect(await read('A,B\n1,"x,y"\n')).toEqual({ fields: ['A', 'B'], rows: [['1', 'x,y']] })
    expect(await read('')).toEqual({ fields: [], rows: [] })
  })
  test('delimiters', async () => {
    const expected = { fields: ['A', 'B'], rows: [['1', '2']] }
    expect(await read('A;B\n1;2\n', { delimiter: ';' })).toEqual(expected)
    expect(await read('A\tB\n1\t2\n', { delimiter: '\\t' })).toEqual(expected)
    expect(await read('A   B\n1 2\n', { delimiter: 'spaces' })).toEqual(expected)
    expect(await read('A\tB\n1\t2\n', {}, 'x.tsv')).toEqual(expected)
    await expect(read('A', { delimiter: '' })).rejects.toMatchObject({ code: 'invalid-argument' })
  })
  test('labels, header, comment and quotes', async () => {
    expect((await read('1,2\n', { 'no labels': true })).fields).toEqual(['@1', '@2'])
    expect(await read('made by\nA\n#\n1\n', { header: '1', comment: '#' })).toEqual({
      fields: ['A'],
      rows: [['1']],
    })
    expect((await read('x\nA\n', { header: 'line' })).fields).toEqual(['A'])
    expect((await read('A,B\n"1,2"\n', { 'no quotes': true })).rows).toEqual([['"1', '2"']])
    expect((await read("A,B\n'1,2',3\n", { msq: true })).rows).toEqual([['1,2', '3']])
  })
  test('what is not built is refused by name', async () => {
    for (const options of [{ oem: true }, { record: '2' }, { codepage: '437' }, { header: 'x' }])
      await expect(read('A\n', options as Options)).rejects.toMatchObject({
        code: 'source-unsupported',
      })
  })
})

test('encodings', async () => {
  const utf16 = Uint8Array.from([0xff, 0xfe, 0xc4, 0, 0x0a, 0, 0xac, 0x20, 0x0a, 0])
  const expected = { fields: ['Ä'], rows: [['€']] }
  expect(await read(utf16)).toEqual(expected)
  expect(await read(utf16.slice(2), { unicode: true })).toEqual(expected)
  expect(await read(utf16.slice(2), { codepage: '1200' })).toEqual(expected)
  const single = Uint8Array.from([0xc4, 0x0a, 0x80, 0x0a])
  expect(await read(single, { ansi: true })).toEqual(expected)
  expect(await read(single, { codepage: '1252' })).toEqual(expected)
  expect(await read('\ufeffÄ\n€\n', { codepage: 'utf8' })).toEqual(expected)
})

test('reads any of the fields, again when asked again, and no other', async () => {
  const source = await delimitedFormat.open(
    bytesSource('x.csv', new TextEncoder().encode('A,B\n1,2\n')),
    { options: new Map() },
    defaultFormatSettings,
    neverCancelled,
  )
  for (let time = 0; time < 2; time++)
    for await (const batch of source.batches([1], neverCancelled)) {
      const [column] = batch.columns
      expect(
        column?.kind === 'text' &&
          new TextDecoder().decode(column.bytes.subarray(column.starts[0], column.ends[0])),
      ).toBe('2')
    }
  const beyond = source.batches([2], neverCancelled)[Symbol.asyncIterator]()
  await expect(beyond.next()).rejects.toMatchObject({ code: 'field-not-found' })
  const cancelled = source.batches([0], { cancelled: true })[Symbol.asyncIterator]()
  await expect(cancelled.next()).rejects.toMatchObject({ code: 'cancelled' })
})

describe('damage', () => {
  const sample = new TextEncoder().encode('Id,Näme\n1,"a ""b"""\n2,\'c,d\'\n3,"e\nf"\n')
  const isTyped = (outcome: unknown) =>
    !(outcome instanceof Error) || outcome instanceof LichenError

  test('cut off anywhere it reads a part or fails with a typed error', async () => {
    for (let end = 0; end < sample.length; end++)
      expect(isTyped(await read(sample.slice(0, end)).catch((error: unknown) => error))).toBe(true)
  })
  test('with any bit flipped too', async () => {
    for (let bit = 0; bit < sample.length * 8; bit++) {
      const damaged = sample.slice()
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      for (const options of [{}, { unicode: true }, { ansi: true }] as Options[])
        expect(isTyped(await read(damaged, options).catch((error: unknown) => error))).toBe(true)
    }
  })
  test('a quote never closed names its record', async () => {
    await expect(read('A,B\n1,"2\n3,4\n')).rejects.toThrow(/Record 1 of x\.csv/)
  })
})
