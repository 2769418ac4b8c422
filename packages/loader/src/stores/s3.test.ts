import type { ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import {
  defaultFormatSettings,
  type FormatClause,
  neverCancelled,
  type StoredTable,
  type TableReader,
} from '@lichen/engine'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Received, sendFile, startServer, type TestServer } from '../http-server-for-tests.ts'
import { type S3ReaderOptions, type S3WriterOptions, s3Reader, s3Writer } from './s3.ts'
import { expectedSignature, isSigned } from './signature-for-tests.ts'

const noClause: FormatClause = { options: new Map() }
const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
const accessKeyId = 'AKIAIOSFODNN7EXAMPLE'
const sessionToken = 'token/with+signs=='
const secrets = [secretAccessKey, accessKeyId, sessionToken]

/** Examples of "Signature Calculations for the Authorization Header", Amazon S3 API Reference. */
test.each([
  [
    'GET',
    '/test.txt',
    { range: 'bytes=0-9' },
    'host;range;x-amz-content-sha256;x-amz-date',
    'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  ],
  [
    'GET',
    '/?lifecycle',
    {},
    'host;x-amz-content-sha256;x-amz-date',
    'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
  ],
  [
    'GET',
    '/?max-keys=2&prefix=J',
    {},
    'host;x-amz-content-sha256;x-amz-date',
    '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  ],
])('%s %s is signed as published', (method, url, extra, names, signature) => {
  const headers = {
    ...extra,
    host: 'examplebucket.s3.amazonaws.com',
    'x-amz-date': '20130524T000000Z',
    'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20130524/us-east-1/s3/aws4_request,SignedHeaders=${names}`,
  }
  const request = { method, url, headers, body: new Uint8Array(0) }
  expect(expectedSignature(request, secretAccessKey)).toBe(signature)
})

/** Objects by key, percent-encoded in the path as they came. */
const objects = new Map<string, Uint8Array>()
const uploads = new Map<string, Map<number, Uint8Array>>()
let fail: (request: Received) => number | undefined = () => undefined
let completeAnswer: string | undefined
let unsigned = 0
let server: TestServer

const xml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

function list(query: URLSearchParams, response: ServerResponse): void {
  const prefix = query.get('prefix') ?? ''
  const below = [...objects.keys()].filter((key) => key.startsWith(prefix)).sort()
  const entries = [
    ...new Set(
      below.map((key) => {
        const slash = key.indexOf('/', prefix.length)
        return slash === -1 ? key : key.slice(0, slash + 1)
      }),
    ),
  ]
  const start = Number(query.get('continuation-token') ?? 0)
  const page = entries.slice(start, start + 2)
  const more = start + 2 < entries.length
  const encode = (key: string): string => encodeURIComponent(key).replaceAll('%20', '+')
  const items = page.map((key) =>
    key.endsWith('/')
      ? `<CommonPrefixes><Prefix>${encode(key)}</Prefix></CommonPrefixes>`
      : `<Contents><Key>${encode(key)}</Key><LastModified>2024-05-17T06:30:00.000Z</LastModified><ETag>${xml('"1"')}</ETag><Size>${objects.get(key)?.length}</Size></Contents>`,
  )
  response.end(
    `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><EncodingType>url</EncodingType><IsTruncated>${more}</IsTruncated>${more ? `<NextContinuationToken>${start + 2}</NextContinuationToken>` : ''}${items.join('')}</ListBucketResult>`,
  )
}

function answer(request: Received, response: ServerResponse): void {
  const status = fail(request)
  const url = new URL(request.url, 'http://host')
  const { searchParams: query } = url
  const key = decodeURIComponent(url.pathname.replace(/^\/lake\//, ''))
  if (!isSigned(request, secretAccessKey)) unsigned++
  if (status !== undefined || !isSigned(request, secretAccessKey)) {
    response.writeHead(status ?? 403)
    return void response.end(
      request.method === 'HEAD'
        ? undefined
        : `<Error><Code>Refused</Code><AWSAccessKeyId>${accessKeyId}</AWSAccessKeyId><StringToSign>${secretAccessKey}</StringToSign></Error>`,
    )
  }
  const uploadId = query.get('uploadId')
  if (query.has('list-type')) return void list(query, response)
  if (query.has('uploads')) {
    const id = `u+/${uploads.size}`
    uploads.set(id, new Map())
    return void response.end(`<R><UploadId>${id}</UploadId></R>`)
  }
  if (uploadId !== null) {
    const parts = uploads.get(uploadId)
    const number = Number(query.get('partNumber'))
    if (request.method === 'PUT') {
      parts?.set(number, request.body)
      return void response.writeHead(200, { etag: `"part${number}"` }).end()
    }
    if (request.method === 'POST') {
      if (completeAnswer !== undefined) return void response.end(completeAnswer)
      const named = [...request.body.toString().matchAll(/<ETag>"part(\d+)"<\/ETag>/g)]
      objects.set(
        key,
        Buffer.concat(named.map(([, n]) => parts?.get(Number(n)) ?? new Uint8Array(0))),
      )
      response.end(
        '<CompleteMultipartUploadResult><ETag>"x"</ETag></CompleteMultipartUploadResult>',
      )
    } else response.writeHead(204).end()
    return void uploads.delete(uploadId)
  }
  if (request.method === 'PUT') {
    objects.set(key, request.body)
    return void response.end()
  }
  const content = objects.get(key)
  if (content === undefined) return void response.writeHead(404).end()
  sendFile(request, response, content, { etag: '"1"' })
}

beforeAll(async () => {
  server = await startServer(answer)
})
afterAll(() => server.close())
beforeEach(() => {
  objects.clear()
  uploads.clear()
  server.received.length = 0
  fail = () => undefined
  completeAnswer = undefined
  unsigned = 0
  for (const key of [
    'in/a.csv',
    'in/b +&é%.csv',
    'in/c.csv',
    'in/sub/d.csv',
    'in/sub/',
    'in/sub2/d.csv',
    'in/../x.csv',
    'in/bad\\name.csv',
    'in/star*.csv',
    'other/secret.csv',
  ])
    objects.set(key, Buffer.from('A,B\n1,2\n'))
})

const bucket = (): S3ReaderOptions => ({
  bucket: 'lake',
  region: 'eu-central-1',
  endpoint: server.origin,
  prefix: 'in',
  credentials: { accessKeyId, secretAccessKey },
  retries: 0,
})
const reader = (options: Partial<S3ReaderOptions> = {}): TableReader =>
  s3Reader({ ...bucket(), ...options })
const fields = async (path: string, from = reader()) =>
  (await from.open(path, noClause, defaultFormatSettings, neverCancelled)).fields

describe('reading', () => {
  test('signed, by any name', async () => {
    for (const path of ['a.csv', 'lib://lake/a.csv', 'b +&é%.csv', 'sub/d.csv'])
      expect(await fields(path)).toEqual(['A', 'B'])
    expect(unsigned).toBe(0)
    await expect(fields('none.csv')).rejects.toMatchObject({ code: 'source-not-found' })
  })
  test('temporary credentials are asked for each time', async () => {
    let calls = 0
    const credentials = async () => {
      calls++
      return { accessKeyId, secretAccessKey, sessionToken }
    }
    expect(await fields('a.csv', reader({ credentials }))).toEqual(['A', 'B'])
    expect(unsigned).toBe(0)
    expect(calls).toBe(server.received.length)
    expect(server.received[0]?.headers['x-amz-security-token']).toBe(sessionToken)
    expect(server.received[0]?.headers.authorization).toContain('x-amz-security-token')
  })
  test('parts are ranges', async () => {
    const packed = gzipSync('A\n1\n')
    objects.set('in/x.csv.gz', packed)
    expect(await fields('x.csv.gz')).toEqual(['A'])
    expect(server.received.map(({ headers }) => headers.range)).toEqual([
      undefined,
      `bytes=0-${packed.length - 1}`,
    ])
  })
  test('wildcards are listed page by page, without what no path can say', async () => {
    expect(await reader().resolve('lib://lake/*.csv')).toEqual([
      'lib://lake/a.csv',
      'lib://lake/b +&é%.csv',
      'lib://lake/c.csv',
    ])
    expect(await reader().resolve('sub*/?.csv')).toEqual(['sub/d.csv', 'sub2/d.csv'])
    expect(await reader().folders?.('*')).toEqual(['sub', 'sub2'])
    expect(await reader().resolve('none/*.csv')).toEqual([])
    expect(await reader({ prefix: '' }).resolve('other/*')).toEqual(['other/secret.csv'])
    expect(unsigned).toBe(0)
  })
  test('hosts by style', async () => {
    const asked: string[] = []
    const fetch = async (input: string | URL | Request): Promise<Response> => {
      asked.push(String(input))
      return new Response('', { status: 404 })
    }
    const amazon = { region: 'eu-west-1', prefix: '', fetch, retries: 0 }
    for (const options of [
      { ...amazon, bucket: 'plain' },
      { ...amazon, bucket: 'with.dots' },
      { ...amazon, bucket: 'plain', endpoint: 'https://store.example/base/' },
      { ...amazon, bucket: 'plain', endpoint: 'https://store.example', pathStyle: false },
    ])
      await expect(fields("a'(b).csv", s3Reader(options))).rejects.toThrow('404')
    expect(asked).toEqual([
      'https://plain.s3.eu-west-1.amazonaws.com/a%27%28b%29.csv',
      'https://s3.eu-west-1.amazonaws.com/with.dots/a%27%28b%29.csv',
      'https://store.example/base/plain/a%27%28b%29.csv',
      'https://plain.store.example/a%27%28b%29.csv',
    ])
  })
  test.each([
    ['.', 'https://x.example'],
    ['a/b', 'https://x.example'],
    ['', 'https://x.example'],
    ['a', 'nowhere'],
  ])('bucket %j at %j is refused', (name, endpoint) => {
    expect(() => reader({ bucket: name, endpoint })).toThrow(/malformed/)
  })
  test('a busy store is asked again', async () => {
    let times = 0
    fail = () => (times++ === 0 ? 503 : undefined)
    expect(await fields('a.csv', reader({ retries: 1 }))).toEqual(['A', 'B'])
    let broken = 0
    const fetch: typeof globalThis.fetch = async (...request) => {
      if (broken++ === 0) throw new TypeError('fetch failed')
      return globalThis.fetch(...request)
    }
    expect(await fields('a.csv', reader({ retries: 1, fetch }))).toEqual(['A', 'B'])
    fail = () => 503
    await expect(fields('a.csv', reader())).rejects.toMatchObject({ code: 'source-not-found' })
  })
  test('an answer that is no list is malformed', async () => {
    const fetch = async (): Promise<Response> => new Response('<html><body>Log in</html>')
    await expect(reader({ fetch }).resolve('*.csv')).rejects.toMatchObject({
      code: 'source-malformed',
    })
    const unending = async (): Promise<Response> =>
      new Response(
        '<L><IsTruncated>true</IsTruncated><NextContinuationToken>1</NextContinuationToken></L>',
      )
    await expect(reader({ fetch: unending }).resolve('*.csv')).rejects.toMatchObject({
      code: 'budget-exceeded',
    })
  })
})

const table: StoredTable = {
  name: 'T',
  rows: 0,
  fields: [],
  comment: '',
  settings: defaultFormatSettings,
}
const store = (path: string, content: readonly string[], options: Partial<S3WriterOptions> = {}) =>
  s3Writer({
    ...bucket(),
    partBytes: 10,
    formats: [
      {
        names: ['txt'],
        extensions: ['csv'],
        load: async () => ({
          async *write() {
            for (const each of content) {
              if (each === 'fail') throw new Error('halfway')
              yield new TextEncoder().encode(each)
            }
          },
        }),
      },
    ],
    ...options,
  }).store(path, noClause, table, neverCancelled)
const kept = (key: string): string | undefined => {
  const content = objects.get(key)
  return content === undefined ? undefined : Buffer.from(content).toString()
}

describe('writing', () => {
  test.each([
    ['nothing', [], ['PUT']],
    ['what fits a part', ['0123456789'], ['PUT']],
    ['two parts', ['01234', '567890'], ['POST', 'PUT', 'PUT', 'POST']],
    ['a long chunk', ['0123456789'.repeat(3)], ['POST', 'PUT', 'PUT', 'PUT', 'POST']],
  ] as const)('%s', async (_, content, methods) => {
    await store('lib://lake/out/é x.csv', content)
    expect(kept('in/out/é x.csv')).toBe(content.join(''))
    expect(server.received.map(({ method }) => method)).toEqual(methods)
    expect(unsigned).toBe(0)
    expect(uploads.size).toBe(0)
  })
  test.each([
    ['the table fails', ['0123456789abc', 'fail'], () => undefined],
    ['a part is refused', ['0123456789abcdefghijk'], ({ url }) => /=2&/.exec(url) && 403],
    ['the first is refused', ['0123456789abc'], ({ url }) => /=1&/.exec(url) && 500],
    [
      'the end is refused',
      ['0123456789abc'],
      ({ method, url }) => (method === 'POST' && url.includes('uploadId') ? 400 : undefined),
    ],
  ] as readonly (readonly [
    string,
    readonly string[],
    (request: Received) => number | null | undefined,
  ])[])('nothing is left when %s', async (_, content, refuse) => {
    fail = (request) => refuse(request) ?? undefined
    await expect(store('out.csv', content)).rejects.toThrow()
    expect(kept('in/out.csv')).toBeUndefined()
    expect(uploads.size).toBe(0)
  })
  test('an end that fails behind a good status is a failure', async () => {
    completeAnswer = '<Error><Code>InternalError</Code></Error>'
    await expect(store('out.csv', ['0123456789abc'])).rejects.toThrow(
      'out.csv was not written: the store answered InternalError',
    )
    expect(kept('in/out.csv')).toBeUndefined()
    expect(uploads.size).toBe(0)
  })
  test('only below the prefix, and one file', async () => {
    for (const path of ['../x.csv', '/x.csv', '*.csv', 'a/%2e%2e/x.csv'])
      await expect(store(path, ['x'])).rejects.toMatchObject({ code: 'access-denied' })
    expect(server.received).toEqual([])
  })
})

test('secrets are in no error, name or fact', async () => {
  fail = () => 403
  const credentials = { accessKeyId, secretAccessKey, sessionToken }
  const from = reader({ credentials })
  const seen: unknown[] = []
  for (const work of [
    () => fields('a.csv', from),
    () => from.resolve('*.csv'),
    () => store('x.csv', ['x'], { credentials }),
    () => store('x.csv', ['0123456789abc'], { credentials }),
    () => fields('a.csv', reader({ credentials, endpoint: 'http://127.0.0.1:1' })),
    () => fields('a\ud800.csv', from),
  ])
    seen.push(
      await work().then(
        () => 'no error',
        (cause: unknown) => cause,
      ),
    )
  fail = () => undefined
  seen.push(await from.file?.('a.csv'), await from.resolve('*.csv'), from)
  for (const each of seen) {
    expect(each).not.toBe('no error')
    const text = each instanceof Error ? `${each.message} ${each.stack} ${String(each.cause)}` : ''
    for (const secret of secrets)
      expect(text + JSON.stringify(each, Object.getOwnPropertyNames(each))).not.toContain(secret)
  }
  expect(String(seen[1])).toContain('403 (Refused)')
})
