import {
  AccessError,
  defaultFormatSettings,
  type FormatClause,
  LichenError,
  LoadError,
  neverCancelled,
  type OpenSource,
  type StoredTable,
  type TableReader,
  type TableWriter,
} from '@lichen/engine'
import { describe, expect, test } from 'vitest'
import { bytesSource } from './byte-source.ts'
import { libraryReader, libraryWriter } from './library-reader.ts'
import { fileReader } from './reader.ts'

const noClause: FormatClause = { options: new Map() }
const bytesOf = (text: string) => new TextEncoder().encode(text)
const files = (content: Readonly<Record<string, string>>): TableReader =>
  fileReader(
    new Map(
      Object.entries(content).map(([name, text]) => [name, bytesSource(name, bytesOf(text))]),
    ),
  )
const open = (reader: TableReader, path: string): Promise<OpenSource> =>
  reader.open(path, noClause, defaultFormatSettings, neverCancelled)

const web: TableReader = {
  resolve: async (path) => [path],
  open: async (path) => ({ fields: [path], async *batches() {} }),
}
const reader = libraryReader(
  {
    Data: files({ 'a.csv': 'A\n1\n', 'sub/b.csv': 'B\n1\n', 'b.qvs': 'LET x = 1;' }),
    lake: { ...files({ 'a.csv': 'L\n1\n' }), folders: async (path) => [`${path}!`] },
  },
  files({ 'a.csv': 'R\n1\n' }),
  web,
)

describe('libraryReader', () => {
  test('a path goes to its place, names come back as the script says them', async () => {
    for (const [path, field] of [
      ['lib://data/a.csv', 'A'],
      ['LIB://DATA/sub/b.csv', 'B'],
      ['lib://lake/a.csv', 'L'],
      ['a.csv', 'R'],
      ['https://host/x.csv?a=b', 'https://host/x.csv?a=b'],
    ] as const)
      expect((await open(reader, path)).fields).toEqual([field])
    expect(await reader.resolve('lib://data/?.csv')).toEqual(['lib://data/a.csv'])
    expect(await reader.resolve('*.csv')).toEqual(['a.csv'])
    expect(await reader.folders?.('lib://lake/x')).toEqual(['lib://lake/x!'])
    expect(await reader.folders?.('lib://data/x')).toEqual([])
    expect(await reader.file?.('lib://data/a.csv')).toMatchObject({ bytes: 4 })
    expect(await reader.readText?.('lib://data/b.qvs')).toBe('LET x = 1;')
  })
  test('what a place cannot do', async () => {
    expect(await reader.file?.('https://host/x.csv')).toBeUndefined()
    expect(await reader.qvd?.('https://host/x.qvd')).toBeUndefined()
    await expect(reader.readText?.('https://host/x.qvs')).rejects.toMatchObject({
      code: 'source-unsupported',
    })
    expect(libraryReader({ web }).file).toBeUndefined()
    const bare = libraryReader({})
    for (const path of ['a.csv', 'https://host/a.csv', 'lib://data/a.csv'])
      await expect(bare.resolve(path)).rejects.toMatchObject({ code: 'source-not-found' })
  })
  test('bytes in memory are of no place', async () => {
    const source = await reader.openBytes?.(
      'T.field',
      bytesOf('X\n1\n'),
      { ...noClause, format: 'txt' },
      defaultFormatSettings,
      neverCancelled,
    )
    expect(source?.fields).toEqual(['X'])
    expect(libraryReader({ web }).openBytes).toBeUndefined()
  })
  test('the end of a file is opened where its place can', async () => {
    const tail = (path: string) =>
      reader.openTail?.(path, noClause, defaultFormatSettings, neverCancelled, 2)
    expect((await tail('lib://data/a.csv'))?.fields).toEqual(['A'])
    expect(await tail('https://host/a.csv')).toBeUndefined()
  })
  test('members nobody knew of are handed on, of objects and classes', async () => {
    class Buffers implements TableReader {
      readonly #size = 3
      resolve = async (path: string) => [path]
      open = web.open
      async readPages(path: string, limit: number): Promise<string> {
        return `${path} ${limit} ${this.#size}`
      }
    }
    const routed = libraryReader({ data: new Buffers() })
    const call: unknown = Reflect.get(routed, 'readPages')
    if (typeof call !== 'function') throw new Error('readPages is lost')
    expect(await Reflect.apply(call, routed, ['lib://data/x.bin', 7])).toBe('x.bin 7 3')
  })
  test.each([
    'lib://data/../lake/a.csv',
    'lib://../a.csv',
    'lib://data/%2e%2e/a.csv',
    '../a.csv',
    '/etc/passwd',
    'file:///etc/passwd',
  ])('%s is refused before any place is asked', async (path) => {
    await expect(open(reader, path)).rejects.toMatchObject({ code: 'access-denied' })
    await expect(reader.file?.(path)).rejects.toMatchObject({ code: 'access-denied' })
  })
  test('errors keep their kind and name the library', async () => {
    await expect(open(reader, 'lib://data/z.csv')).rejects.toMatchObject({
      code: 'source-not-found',
      message: 'lib://data/z.csv was not found',
    })
    const failing = (error: Error): TableReader => ({
      resolve: async () => [],
      open: async () => ({
        fields: ['A'],
        // biome-ignore lint/correctness/useYield: it fails before its first batch
        async *batches() {
          throw error
        },
      }),
    })
    for (const error of [
      new AccessError('no'),
      new LoadError('source-malformed', 'x.csv is no text'),
      new LichenError('script-failed', 'no'),
      new TypeError('no'),
    ]) {
      const source = await open(libraryReader({ data: failing(error) }), 'lib://data/x.csv')
      const read = source.batches([0], neverCancelled)[Symbol.asyncIterator]().next()
      const met: unknown = await read.catch((cause: unknown) => cause)
      expect(met).toBeInstanceOf(error.constructor)
      if (met instanceof LichenError) expect(met.message).toMatch(/^lib:\/\/data\/x\.csv/)
      else expect(met).toBe(error)
    }
  })
  test('a source left early is closed', async () => {
    let closed = 0
    const place: TableReader = {
      resolve: async () => [],
      open: async () => ({
        fields: ['A'],
        async *batches() {
          try {
            while (true) yield { rows: 0, columns: [] }
          } finally {
            closed++
          }
        },
      }),
    }
    const source = await open(libraryReader({ data: place }), 'lib://data/x.csv')
    for await (const _ of source.batches([0], neverCancelled)) break
    expect(closed).toBe(1)
  })
  test('two names equal but for case are a mistake', () => {
    expect(() => libraryReader({ data: web, DATA: web })).toThrow('one name')
  })
})

test('libraryWriter routes the same way', async () => {
  const stored: string[] = []
  const writer = (name: string): TableWriter => ({
    async store(path) {
      if (path === 'bad.csv') throw new LoadError('source-unsupported', 'bad.csv is not written')
      stored.push(`${name} ${path}`)
    },
  })
  const routed = libraryWriter({ data: writer('data') }, writer('relative'))
  const table: StoredTable = {
    name: 'T',
    rows: 0,
    fields: [],
    comment: '',
    settings: defaultFormatSettings,
  }
  const store = (path: string) => routed.store(path, noClause, table, neverCancelled)
  await store('lib://DATA/sub/x.csv')
  await store('y.csv')
  expect(stored).toEqual(['data sub/x.csv', 'relative y.csv'])
  await expect(store('lib://data/bad.csv')).rejects.toThrow('lib://data/bad.csv is not written')
  await expect(store('lib://data/../x.csv')).rejects.toMatchObject({ code: 'access-denied' })
  for (const path of ['lib://other/x.csv', 'https://host/x.csv'])
    await expect(store(path)).rejects.toMatchObject({ code: 'source-not-found' })
})
