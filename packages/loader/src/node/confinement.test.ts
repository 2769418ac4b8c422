import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  defaultFormatSettings,
  type FormatClause,
  neverCancelled,
  type StoredTable,
  type TableReader,
  type TableWriter,
} from '@lichen/engine'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bytesSource } from '../byte-source.ts'
import { libraryReader, libraryWriter } from '../library-reader.ts'
import { fileReader } from '../reader.ts'
import { azureReader, azureWriter } from '../stores/azure.ts'
import { s3Reader, s3Writer } from '../stores/s3.ts'
import { urlReader } from '../url.ts'
import { fileSource } from './file-source.ts'
import { folderReader } from './folder.ts'
import { folderWriter } from './folder-writer.ts'

let base = ''
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'lichen-places-'))
  await mkdir(join(base, 'data'))
  await writeFile(join(base, 'secret.csv'), 'secret\n')
  await writeFile(join(base, 'data/a.csv'), 'A\n')
})
afterAll(() => rm(base, { recursive: true, force: true }))

const asked: string[] = []
const fetch = async (input: string | URL | Request): Promise<Response> => {
  asked.push(new URL(String(input)).href)
  return new Response('A\n1\n', { headers: { 'content-length': '4', 'accept-ranges': 'bytes' } })
}
const s3 = { bucket: 'lake', region: 'eu-west-1', endpoint: 'https://s3.example', prefix: 'in' }
const azure = { container: 'https://azure.example/lake?sig=x', prefix: 'in' }

const readers: Readonly<Record<string, () => TableReader>> = {
  folder: () => folderReader({ root: join(base, 'data'), libs: { data: join(base, 'data') } }),
  files: () => fileReader(new Map([['a.csv', bytesSource('a.csv', new Uint8Array(2))]])),
  url: () =>
    urlReader({ root: 'https://url.example/in', libs: { data: 'https://url.example/in' }, fetch }),
  s3: () => s3Reader({ ...s3, fetch }),
  azure: () => azureReader({ ...azure, fetch }),
  library: () => {
    const place = folderReader({ root: join(base, 'data') })
    return libraryReader({ data: place }, place)
  },
}
const writers: Readonly<Record<string, () => TableWriter>> = {
  folder: () => folderWriter({ root: join(base, 'data'), libs: { data: join(base, 'data') } }),
  s3: () => s3Writer({ ...s3, fetch }),
  azure: () => azureWriter({ ...azure, fetch }),
  library: () => {
    const place = folderWriter({ root: join(base, 'data') })
    return libraryWriter({ data: place }, place)
  },
}

const waysOut = [
  '../secret.csv',
  'sub/../../secret.csv',
  './../secret.csv',
  '.',
  '..',
  'lib://data/..',
  'lib://data/../secret.csv',
  'lib://data/sub/../../secret.csv',
  'lib://data//secret.csv',
  'lib://../secret.csv',
  'lib://data/./a.csv',
  '/secret.csv',
  '//host/secret.csv',
  '\\\\host\\secret.csv',
  '..\\secret.csv',
  'C:\\secret.csv',
  'C:secret.csv',
  'file:///secret.csv',
  '%2e%2e/secret.csv',
  '%2E%2E%2Fsecret.csv',
  '..%2fsecret.csv',
  '..%5csecret.csv',
  '.%2e/secret.csv',
  'a.csv%00.csv',
  'a.csv\0',
  'a.csv\0.csv',
  'sub\n/secret.csv',
  '..\t/secret.csv',
  '.. /secret.csv',
  '... /secret.csv',
  '.../secret.csv',
  'a.csv.',
  'a.csv::$DATA',
]
const clause: FormatClause = { options: new Map(), format: 'txt' }

describe.each(Object.keys(readers))('%s reads inside', (place) => {
  const reader = (): TableReader => readers[place]!()
  test.each(waysOut)('and not %j', async (path) => {
    const before = asked.length
    for (const work of [
      () => reader().open(path, clause, defaultFormatSettings, neverCancelled),
      () => reader().resolve(path),
      () => reader().file?.(path),
      () => reader().readText?.(path),
      () => reader().resolve(`${path}/*`),
    ])
      await expect((async () => work())()).rejects.toMatchObject({ code: 'access-denied' })
    expect(asked).toHaveLength(before)
  })
  // Signs that look like dots and slashes, or that become them in a compatibility form, are plain letters of a name.
  test.each([
    '․․/secret.csv',
    '‥/secret.csv',
    '．．/secret.csv',
    '..／secret.csv',
    '..∕secret.csv',
    '%252e%252e/secret.csv',
  ])('%j is a name like any other', async (path) => {
    asked.length = 0
    await reader()
      .file?.(path)
      .catch((error: unknown) => {
        expect(error).toMatchObject({ code: 'source-not-found' })
      })
    for (const address of asked)
      expect(address).toMatch(/^https:\/\/\w+\.example\/(?:lake\/)?in\/./)
  })
  test('whatever the path, nothing outside is asked for', async () => {
    const piece = fc.constantFrom(
      '..',
      '.',
      '/',
      '\\',
      '%2e',
      '%2f',
      '%',
      'a',
      ' ',
      '\0',
      ':',
      'é',
      '?',
      '#',
      '@',
      '*',
      'lib://',
      'data',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
        asked.length = 0
        const told = await reader()
          .file?.(pieces.join(''))
          .catch(() => undefined)
        for (const address of asked)
          expect(address).toMatch(
            /^https:\/\/\w+\.example\/(?:lake\/in\/|in\/|lake\/?\?.*prefix=in%2F)/,
          )
        if (asked.length === 0) expect([undefined, 2]).toContain(told?.bytes)
      }),
    )
  })
})

const table: StoredTable = {
  name: 'T',
  rows: 0,
  fields: [],
  comment: '',
  settings: defaultFormatSettings,
}
describe.each(Object.keys(writers))('%s writes inside', (place) => {
  test.each([...waysOut, '*.csv', 'a?.csv'])('and not %j', async (path) => {
    const before = asked.length
    await expect(
      writers[place]!().store(path, clause, table, neverCancelled),
    ).rejects.toMatchObject({ code: 'access-denied' })
    expect(asked).toHaveLength(before)
  })
})

describe('a folder that becomes a link', () => {
  const swap = async (name: string): Promise<void> => {
    await rename(join(base, 'data', name), join(base, 'data', `${name}-before`))
    await symlink(join(base, 'outside'), join(base, 'data', name))
  }
  const prepare = async (name: string): Promise<string> => {
    for (const folder of [join(base, 'data', name), join(base, 'outside')]) {
      await mkdir(folder, { recursive: true })
      await writeFile(join(folder, 'x.csv'), 'same size')
    }
    return join(base, 'data', name, 'x.csv')
  }
  test('after its path was resolved is not followed', async () => {
    const path = await prepare('early')
    await swap('early')
    await expect(fileSource('x.csv', path, join(base, 'data'))).rejects.toMatchObject({
      code: 'access-denied',
    })
    expect((await fileSource('x.csv', path)).size).toBe(9)
  })
  test('while the file is read is not followed', async () => {
    const path = await prepare('late')
    const source = await fileSource('x.csv', path, join(base, 'data'))
    expect((await source.read(0, 4)).length).toBe(4)
    await swap('late')
    await expect(source.read(0, 4)).rejects.toMatchObject({ code: 'access-denied' })
    const stream = source.stream(neverCancelled)[Symbol.asyncIterator]()
    await expect(stream.next()).rejects.toMatchObject({ code: 'access-denied' })
  })
})
