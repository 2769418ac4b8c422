import type { ServerResponse } from 'node:http'
import {
  defaultFormatSettings,
  type FormatClause,
  neverCancelled,
  type StoredTable,
  type TableReader,
} from '@lichen/engine'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Received, sendFile, startServer, type TestServer } from '../http-server-for-tests.ts'
import { azureReader, azureWriter } from './azure.ts'

const noClause: FormatClause = { options: new Map() }
const signature = 'sig=h%2Bu%2Fnter2%3D'
const sas = `sv=2020-10-02&sp=rwl&${signature}`
const content = Buffer.from('A,B\n1,2\n')

const blobs = new Map<string, Uint8Array>()
const blocks = new Map<string, Uint8Array>()
let fail: (request: Received) => number | undefined = () => undefined
let server: TestServer

function list(query: URLSearchParams, response: ServerResponse): void {
  const prefix = query.get('prefix') ?? ''
  const entries = new Set<string>()
  for (const key of [...blobs.keys()].sort())
    if (key.startsWith(prefix)) {
      const slash = key.indexOf('/', prefix.length)
      entries.add(slash === -1 ? key : key.slice(0, slash + 1))
    }
  const start = Number(query.get('marker') ?? 0)
  const page = [...entries].slice(start, start + 2)
  const items = page.map((key) => {
    const name = `<Name>${key.replaceAll('&', '&amp;')}</Name>`
    return key.endsWith('/')
      ? `<BlobPrefix>${name}</BlobPrefix>`
      : `<Blob>${name}<Properties><Last-Modified>Fri, 17 May 2024 06:30:00 GMT</Last-Modified><Etag>0x1</Etag><Content-Length>${blobs.get(key)?.length}</Content-Length></Properties></Blob>`
  })
  response.end(
    `\uFEFF<?xml version="1.0" encoding="utf-8"?><EnumerationResults ServiceEndpoint="http://x/" ContainerName="lake"><Blobs>${items.join('')}</Blobs><NextMarker${start + 2 < entries.size ? `>${start + 2}</NextMarker>` : ' />'}</EnumerationResults>`,
  )
}

function answer(request: Received, response: ServerResponse): void {
  const url = new URL(request.url, 'http://host')
  const { searchParams: query } = url
  const status =
    fail(request) ??
    (request.url.includes(sas) && request.headers['x-ms-version'] !== undefined ? undefined : 403)
  if (status !== undefined) {
    response.writeHead(status)
    return void response.end(
      request.method === 'HEAD' ? undefined : `<Error><Code>Refused</Code>${signature}</Error>`,
    )
  }
  const key = decodeURIComponent(url.pathname.replace(/^\/account\/lake\/?/, ''))
  switch (query.get('comp')) {
    case 'list':
      return void list(query, response)
    case 'block':
      blocks.set(query.get('blockid') ?? '', request.body)
      return void response.writeHead(201).end()
    case 'blocklist': {
      const ids = [...request.body.toString().matchAll(/<Latest>([^<]+)<\/Latest>/g)]
      blobs.set(key, Buffer.concat(ids.map(([, id]) => blocks.get(id ?? '') ?? new Uint8Array(0))))
      return void response.writeHead(201).end()
    }
  }
  if (request.method === 'PUT') {
    if (request.headers['x-ms-blob-type'] === 'BlockBlob') blobs.set(key, request.body)
    return void response.writeHead(201).end()
  }
  const blob = blobs.get(key)
  if (blob === undefined) return void response.writeHead(404).end()
  sendFile(request, response, blob, { etag: '"0x1"' })
}

beforeAll(async () => {
  server = await startServer(answer)
})
afterAll(() => server.close())
beforeEach(() => {
  blobs.clear()
  blocks.clear()
  server.received.length = 0
  fail = () => undefined
  for (const key of ['in/a.csv', 'in/b &é%.csv', 'in/c.csv', 'in/sub/d.csv', 'x.csv'])
    blobs.set(key, content)
})

const container = (): string => `${server.origin}/account/lake?${sas}`
const reader = (address: string | (() => Promise<string>) = container()): TableReader =>
  azureReader({ container: address, prefix: '/in/', retries: 0 })
const fields = async (path: string, from = reader()) =>
  (await from.open(path, noClause, defaultFormatSettings, neverCancelled)).fields

test('blobs are read and listed', async () => {
  for (const path of ['a.csv', 'lib://any/sub/d.csv', 'b &é%.csv'])
    expect(await fields(path)).toEqual(['A', 'B'])
  expect(
    await fields(
      'a.csv',
      reader(async () => container()),
    ),
  ).toEqual(['A', 'B'])
  expect(await reader().resolve('lib://any/*.csv')).toEqual([
    'lib://any/a.csv',
    'lib://any/b &é%.csv',
    'lib://any/c.csv',
  ])
  expect(await reader().folders?.('*')).toEqual(['sub'])
  expect(await reader().file?.('a.csv')).toMatchObject({ bytes: content.length })
  await expect(fields('none.csv')).rejects.toMatchObject({ code: 'source-not-found' })
})

const table: StoredTable = {
  name: 'T',
  rows: 0,
  fields: [],
  comment: '',
  settings: defaultFormatSettings,
}
const store = (path: string, chunks: readonly string[]) =>
  azureWriter({
    container: container(),
    prefix: 'in',
    partBytes: 10,
    retries: 0,
    formats: [
      {
        names: ['txt'],
        extensions: ['csv'],
        load: async () => ({
          async *write() {
            for (const each of chunks) yield new TextEncoder().encode(each)
          },
        }),
      },
    ],
  }).store(path, noClause, table, neverCancelled)

test.each([
  ['', 1],
  ['0123456789', 1],
  ['0123456789abcdefghijklm', 4],
])('%j is written by %i requests', async (text, requests) => {
  await store('out/x y.csv', [text])
  expect(Buffer.from(blobs.get('in/out/x y.csv') ?? []).toString()).toBe(text)
  expect(server.received).toHaveLength(requests)
})
test('a blob appears only when it is complete', async () => {
  for (const comp of ['comp=blocklist', 'comp=block&']) {
    fail = ({ url }) => (url.includes(comp) ? 400 : undefined)
    await expect(store('out.csv', ['0123456789abc'])).rejects.toThrow('400 (Refused)')
    expect(blobs.has('in/out.csv')).toBe(false)
  }
})
test('the signature is in no error, name or fact', async () => {
  fail = () => 403
  const errors: unknown[] = []
  for (const work of [
    () => fields('a.csv'),
    () => reader().resolve('*.csv'),
    () => store('x.csv', ['x']),
    () => fields('a.csv', reader(`http://127.0.0.1:1/lake?${sas}`)),
    () =>
      fields(
        'a.csv',
        reader(async () => `no address ${sas}`),
      ),
    async () => reader(`no address ${sas}`),
  ])
    errors.push(
      await work().then(
        () => 'no error',
        (cause: unknown) => cause,
      ),
    )
  fail = () => undefined
  errors.push(await reader().file?.('a.csv'), await reader().resolve('*.csv'))
  for (const each of errors) {
    expect(each).not.toBe('no error')
    const text = each instanceof Error ? `${each.message} ${each.stack} ${String(each.cause)}` : ''
    const all = text + JSON.stringify(each, Object.getOwnPropertyNames(each))
    expect(all).not.toMatch(/nter2|sig=/)
  }
})
