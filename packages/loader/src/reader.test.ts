import { gzipSync } from 'node:zlib'
import {
  defaultFormatSettings,
  type FormatClause,
  neverCancelled,
  type TableReader,
} from '@lichen/engine'
import { describe, expect, test } from 'vitest'
import { blobSource, bytesSource } from './byte-source.ts'
import { gunzip } from './gzip.ts'
import { createReader, fileReader } from './reader.ts'
import { urlReader } from './url.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const noClause: FormatClause = { options: new Map() }
const fieldsOf = async (reader: TableReader, path: string, clause: FormatClause = noClause) =>
  (await reader.open(path, clause, defaultFormatSettings, neverCancelled)).fields

describe('fileReader', () => {
  const reader = fileReader(
    new Map([
      ['a.csv', bytesSource('a.csv', bytesOf('A,B\n1,2\n'))],
      ['b.csv', blobSource('b.csv', new Blob(['A,B\n3,4\n']))],
      ['c.json', bytesSource('c.json', bytesOf('[{"C":1}]'))],
      ['d.csv.gz', bytesSource('d.csv.gz', new Uint8Array(gzipSync('D\n1\n')))],
      ['e.qvs', bytesSource('e.qvs', bytesOf('LET x = 1;'))],
    ]),
  )
  test('picks the format by extension or clause', async () => {
    expect(await fieldsOf(reader, 'lib://data/a.csv')).toEqual(['A', 'B'])
    expect(await fieldsOf(reader, 'b.csv', { format: 'txt', options: new Map() })).toEqual([
      'A',
      'B',
    ])
    expect(await fieldsOf(reader, 'c.json')).toEqual(['C'])
    expect(await fieldsOf(reader, 'd.csv.gz')).toEqual(['D'])
  })
  test('finds files by wildcard, and says what is missing', async () => {
    expect(await reader.resolve('lib://data/*.csv')).toEqual(['a.csv', 'b.csv'])
    expect(await reader.readText?.('e.qvs')).toBe('LET x = 1;')
    await expect(reader.resolve('z.csv')).rejects.toMatchObject({ code: 'source-not-found' })
    await expect(reader.resolve('../a.csv')).rejects.toMatchObject({ code: 'access-denied' })
    await expect(
      fieldsOf(reader, 'a.csv', { format: 'biff', options: new Map() }),
    ).rejects.toMatchObject({ code: 'source-unsupported' })
  })
  test('keeps the size limit', async () => {
    const small = createReader({
      maxBytes: 3,
      find: async (path) => [bytesSource(path, bytesOf('A,B\n'))],
    })
    await expect(fieldsOf(small, 'a.csv')).rejects.toMatchObject({ code: 'budget-exceeded' })
  })
})

test('a Blob reads ranges and refuses those it has not', async () => {
  const source = blobSource('x', new Blob(['abcdef']))
  expect(new TextDecoder().decode(await source.read(2, 4))).toBe('cd')
  await expect(source.read(4, 7)).rejects.toMatchObject({ code: 'source-malformed' })
  const parts: number[] = []
  for await (const part of source.stream(neverCancelled)) parts.push(part.length)
  expect(parts).toEqual([6])
})

describe('gzip', () => {
  const packed = new Uint8Array(gzipSync('A\n'.repeat(1000)))
  test('unpacks', async () => {
    const source = await gunzip(bytesSource('x.csv.gz', packed), 1e9, neverCancelled)
    expect(source.size).toBe(2000)
  })
  test('cut off anywhere it is malformed', async () => {
    for (let end = 0; end < packed.length; end++)
      await expect(
        gunzip(bytesSource('x.gz', packed.slice(0, end)), 1e9, neverCancelled),
      ).rejects.toMatchObject({ code: 'source-malformed' })
  })
  test('a bomb is over budget', async () => {
    const bomb = new Uint8Array(gzipSync(new Uint8Array(16 << 20)))
    await expect(gunzip(bytesSource('x.gz', bomb), 1e9, neverCancelled)).rejects.toMatchObject({
      code: 'budget-exceeded',
    })
    await expect(gunzip(bytesSource('x.gz', packed), 1999, neverCancelled)).rejects.toMatchObject({
      code: 'budget-exceeded',
    })
  })
})

describe('urlReader', () => {
  const asked: string[] = []
  const fetch = async (input: string | URL | Request): Promise<Response> => {
    asked.push(String(input))
    if (String(input).endsWith('/broken.csv')) throw new TypeError('fetch failed')
    return String(input).endsWith('/a%20b.csv')
      ? new Response('A,B\n1,2\n')
      : new Response('no', { status: 404 })
  }
  const reader = urlReader({ libs: { Data: 'https://host.example/data/' }, fetch })
  test('asks below its addresses only', async () => {
    expect(await reader.resolve('lib://data/a b.csv')).toEqual(['lib://data/a b.csv'])
    expect(asked).toEqual([])
    expect(await fieldsOf(reader, 'lib://data/a b.csv')).toEqual(['A', 'B'])
    // Asked for its size, which this server does not tell, then for its content.
    expect(asked).toEqual(Array(2).fill('https://host.example/data/a%20b.csv'))
    for (const [path, code] of [
      ['lib://data/../x.csv', 'access-denied'],
      ['https://other.example/x.csv', 'access-denied'],
      ['x.csv', 'source-not-found'],
      ['lib://data/*.csv', 'source-unsupported'],
    ] as const)
      await expect(fieldsOf(reader, path)).rejects.toMatchObject({ code })
    expect(asked).toHaveLength(2)
  })
  test('says what the server answered, and keeps the size limit', async () => {
    await expect(fieldsOf(reader, 'lib://data/z.csv')).rejects.toThrow(/answered 404/)
    await expect(fieldsOf(reader, 'lib://data/broken.csv')).rejects.toMatchObject({
      code: 'source-not-found',
    })
    const small = urlReader({ root: 'https://host.example', fetch, maxBytes: 3 })
    await expect(fieldsOf(small, 'a b.csv')).rejects.toMatchObject({ code: 'budget-exceeded' })
  })
})
