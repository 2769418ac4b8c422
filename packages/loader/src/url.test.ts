import { readFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import {
  defaultFormatSettings,
  type FormatClause,
  neverCancelled,
  type OpenSource,
  type TableReader,
} from '@lichen/engine'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { bytesSource } from './byte-source.ts'
import { answerTo } from './http-answer.ts'
import { type Received, sendFile, startServer, type TestServer } from './http-server-for-tests.ts'
import { httpSource } from './http-source.ts'
import { fileReader } from './reader.ts'
import { type UrlReaderOptions, urlReader } from './url.ts'

const noClause: FormatClause = { options: new Map() }
const csv = Buffer.from(`A,B\n${'1,2\n'.repeat(3000)}`)
const secret = 'hunter2'
const manner = { fetch: globalThis.fetch, timeout: 10_000, redirects: 0 }

let parquet: Buffer
let server: TestServer
let elsewhere: TestServer
let release: () => void = () => {}

const behaviours: Record<string, (request: Received, response: ServerResponse) => void> = {
  '/data/a.csv': (request, response) => sendFile(request, response, csv, { etag: '"1"' }),
  '/data/p.parquet': (request, response) => sendFile(request, response, parquet, { etag: '"1"' }),
  '/data/whole.parquet': ({ method }, response) => {
    response.writeHead(200, { 'content-length': parquet.length })
    response.end(method === 'HEAD' ? undefined : parquet)
  },
  '/data/liar.parquet': ({ method }, response) => {
    response.writeHead(200, { 'content-length': parquet.length, 'accept-ranges': 'bytes' })
    response.end(method === 'HEAD' ? undefined : parquet)
  },
  '/data/packed.csv': ({ method }, response) => {
    const packed = gzipSync(csv)
    response.writeHead(200, { 'content-length': packed.length, 'content-encoding': 'gzip' })
    response.end(method === 'HEAD' ? undefined : packed)
  },
  '/data/headless.parquet': ({ method }, response) => {
    response.writeHead(method === 'HEAD' ? 405 : 200)
    response.end(method === 'HEAD' ? undefined : parquet)
  },
  '/data/shifted.parquet': (request, response) =>
    sendFile(request, response, parquet, { 'content-range': `bytes 0-9/${parquet.length}` }),
  '/data/grown.parquet': ({ method, headers }, response) => {
    if (method === 'HEAD') return sendFile({ ...none, method, headers }, response, parquet)
    const [, start, end] = /=(\d+)-(\d+)/.exec(headers.range ?? '') ?? []
    response.writeHead(206, {
      'content-range': `bytes ${start}-${end}/${parquet.length}`,
    })
    response.end(Buffer.concat([parquet, parquet]))
  },
  '/data/short.parquet': (request, response) => {
    if (request.method === 'HEAD') return sendFile(request, response, parquet)
    const [, start, end] = /=(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? []
    response.writeHead(206, { 'content-range': `bytes ${start}-${end}/${parquet.length}` })
    response.end(parquet.subarray(Number(start), Number(start) + 5))
  },
  '/data/changing.parquet': (request, response) =>
    sendFile(request, response, parquet, { etag: `"${server.received.length}"` }),
  '/data/renewed.parquet': (request, response) =>
    sendFile(request, response, parquet, {
      'last-modified': new Date(server.received.length * 1000).toUTCString(),
    }),
  '/data/uncounted.csv': ({ method }, response) => {
    response.writeHead(200, method === 'HEAD' ? { 'content-length': 0 } : {})
    response.end(method === 'HEAD' ? undefined : csv)
  },
  '/data/broken.parquet': (request, response) => {
    if (request.method === 'HEAD') return sendFile(request, response, parquet)
    response.writeHead(500).end(`password=${secret}`)
  },
  '/data/cut.csv': ({ method }, response) => {
    response.writeHead(200, { 'content-length': csv.length })
    if (method === 'HEAD') response.end()
    else response.write(csv.subarray(0, 1000), () => response.destroy())
  },
  '/data/less.csv': (request, response) => {
    if (request.method === 'HEAD') sendFile(request, response, csv)
    else response.end(csv.subarray(0, 1000))
  },
  '/data/endless.json': ({ method }, response) => {
    if (method === 'HEAD') return void response.writeHead(405).end()
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536, 32)));
    }
    response.on('drain', more)
    more()
  },
  '/data/endless.csv': ({ method }, response) => {
    if (method === 'HEAD') return void response.writeHead(200, { 'content-length': 9 }).end()
    const more = (): void => {
      while (!response.destroyed && response.write('1,2\n'.repeat(10_000)));
    }
    response.on('drain', more)
    more()
  },
  '/data/silent.csv': () => {},
  '/data/stalled.csv': ({ method }, response) => {
    response.writeHead(200, { 'content-length': csv.length })
    if (method === 'HEAD') response.end()
    else response.write(csv.subarray(0, 6000))
  },
  '/data/slow.csv': ({ method }, response) => {
    response.writeHead(200, { 'content-length': csv.length })
    if (method === 'HEAD') return void response.end()
    response.write(csv.subarray(0, 6000))
    release = () => response.end(csv.subarray(6000))
  },
  '/data/inside.csv': (_, response) =>
    void response.writeHead(302, { location: '/data/a.csv' }).end(),
  '/data/loop.csv': (_, response) => void response.writeHead(302, { location: 'loop.csv' }).end(),
  '/data/outside.csv': (_, response) =>
    void response.writeHead(302, { location: '/secret/a.csv' }).end(),
  '/data/away.csv': (_, response) =>
    void response.writeHead(307, { location: `${elsewhere.origin}/lake/a.csv` }).end(),
}
const none: Received = { method: '', url: '', headers: {}, body: Buffer.alloc(0) }

beforeAll(async () => {
  parquet = await readFile(new URL('./parquet/fixtures/pages-v1.parquet', import.meta.url))
  server = await startServer((request, response) => {
    const behave = behaviours[request.url]
    if (behave === undefined) response.writeHead(404).end()
    else behave(request, response)
  })
  elsewhere = await startServer((request, response) => sendFile(request, response, csv))
})
afterAll(async () => {
  await server.close()
  await elsewhere.close()
})
beforeEach(() => {
  server.received.length = 0
  elsewhere.received.length = 0
})

const reader = (options: UrlReaderOptions = {}): TableReader =>
  urlReader({ root: `${server.origin}/data/`, ...options })
const open = (path: string, from = reader()): Promise<OpenSource> =>
  from.open(path, noClause, defaultFormatSettings, neverCancelled)
async function rowsOf(source: Promise<OpenSource>, token = neverCancelled): Promise<number> {
  let rows = 0
  for await (const batch of (await source).batches([0], token)) rows += batch.rows
  return rows
}
const asked = (): string[] =>
  server.received.map(({ method, headers }) => `${method} ${headers.range ?? ''}`.trim())

describe('ranges', () => {
  test('only the parts needed are asked for', async () => {
    const local = fileReader(new Map([['p.parquet', bytesSource('p.parquet', parquet)]]))
    const source = await open('p.parquet')
    expect(source.fields).toEqual((await open('p.parquet', local)).fields)
    expect(await rowsOf(Promise.resolve(source))).toBe(await rowsOf(open('p.parquet', local)))
    expect(asked()[0]).toBe('HEAD')
    expect(
      asked()
        .slice(1)
        .every((each) => each.startsWith('GET bytes=')),
    ).toBe(true)
  })
  test.each(['whole', 'liar', 'headless'])('a %s file is fetched once', async (name) => {
    expect(await rowsOf(open(`${name}.parquet`))).toBeGreaterThan(0)
    expect(asked().filter((each) => each.startsWith('GET'))).toHaveLength(1)
  })
  test.each([
    ['shifted', 'sent other bytes'],
    ['grown', 'sent more than asked'],
    ['short', 'ends early'],
    ['changing', 'changed while it was read'],
    ['renewed', 'changed while it was read'],
  ])('a %s answer is malformed', async (name, message) => {
    await expect(open(`${name}.parquet`)).rejects.toMatchObject({
      code: 'source-malformed',
      message: expect.stringContaining(message),
    })
  })
  test('a refusal is told without its words', async () => {
    const error = await open('broken.parquet').catch((cause: unknown) => cause)
    expect(error).toMatchObject({
      code: 'source-not-found',
      message: 'broken.parquet was not delivered: the server answered 500',
    })
  })
  test('size and time are asked for without the content', async () => {
    expect(await reader().file?.('a.csv')).toEqual({ bytes: csv.length, modified: undefined })
    expect(asked()).toEqual(['HEAD'])
  })
})

test('a look at the beginning does not fetch the rest', async () => {
  const file = {
    name: 'x',
    maxHeld: 1e9,
    ask: async (method: 'GET' | 'HEAD') => {
      const address = `${server.origin}/data/whole.parquet`
      return answerTo('x', { method, address }, { ...manner, allows: () => false })
    },
  }
  const source = await httpSource(file)
  for (const [start, end] of [
    [0, 4],
    [2, 100],
  ] as const)
    expect(await source.read(start, end)).toEqual(new Uint8Array(parquet.subarray(start, end)))
  expect(server.received).toHaveLength(2)
  expect(await source.read(0, 5000)).toEqual(new Uint8Array(parquet.subarray(0, 5000)))
  expect(await source.read(0, 4)).toEqual(new Uint8Array(parquet.subarray(0, 4)))
  expect(server.received).toHaveLength(3)
})

test('what other origins hide from a page is not guessed', async () => {
  const asked: string[] = []
  const fetch = async (_: string | URL | Request, init?: RequestInit): Promise<Response> => {
    asked.push(init?.method ?? '')
    // Packed on the way: the length is that of the packed form, and the header that says so is hidden.
    const response = new Response(csv, { headers: { 'content-length': '99' } })
    return Object.defineProperty(response, 'type', { value: 'cors' })
  }
  expect(await rowsOf(open('a.csv', reader({ fetch })))).toBe(3000)
  expect(asked).toEqual(['HEAD', 'GET'])
})

describe('streams', () => {
  test('text is read while it comes', async () => {
    const source = await open('slow.csv')
    expect(source.fields).toEqual(['A', 'B'])
    const rows = rowsOf(Promise.resolve(source))
    release()
    expect(await rows).toBe(3000)
    // One for the look by which the format is told, left where it suffices.
    expect(asked()).toEqual(['HEAD', 'GET', 'GET'])
  })
  test('what is packed on the way has the size of its content', async () => {
    expect(await rowsOf(open('packed.csv'))).toBe(3000)
    expect(await reader().file?.('packed.csv')).toMatchObject({ bytes: csv.length })
  })
  test('a size of nothing is not believed', async () => {
    expect(await rowsOf(open('uncounted.csv'))).toBe(3000)
  })
  test.each([
    ['cut.csv', 'source-not-found'],
    ['less.csv', 'source-malformed'],
    ['endless.csv', 'source-malformed'],
  ])('%s fails', async (path, code) => {
    await expect(rowsOf(open(path))).rejects.toMatchObject({ code })
  })
  test('what does not end is cut off', async () => {
    await expect(open('endless.json', reader({ maxBytes: 1 << 20 }))).rejects.toMatchObject({
      code: 'budget-exceeded',
    })
  })
  test.each(['silent.csv', 'stalled.csv'])('%s is given up', async (path) => {
    await expect(rowsOf(open(path, reader({ timeout: 20 })))).rejects.toMatchObject({
      code: 'budget-exceeded',
    })
  })
  test('cancelling ends a wait', async () => {
    const token = { cancelled: false }
    const rows = rowsOf(reader().open('stalled.csv', noClause, defaultFormatSettings, token), token)
    token.cancelled = true
    await expect(rows).rejects.toMatchObject({ code: 'cancelled' })
  })
})

describe('redirects', () => {
  const headers = { authorization: secret }
  test('none is followed unless allowed, and only inside', async () => {
    for (const path of ['inside.csv', 'loop.csv', 'outside.csv', 'away.csv'])
      await expect(open(path)).rejects.toMatchObject({ code: 'access-denied' })
    const following = reader({ redirects: 2 })
    expect((await open('inside.csv', following)).fields).toEqual(['A', 'B'])
    for (const path of ['loop.csv', 'outside.csv', 'away.csv'])
      await expect(open(path, following)).rejects.toMatchObject({ code: 'access-denied' })
    expect(elsewhere.received).toEqual([])
  })
  test('credentials stay with their server', async () => {
    const libs = { lake: `${elsewhere.origin}/lake` }
    await open('away.csv', reader({ redirects: 1, headers, libs }))
    expect(server.received[0]?.headers.authorization).toBe(secret)
    expect(elsewhere.received).not.toEqual([])
    for (const { headers: sent } of elsewhere.received)
      expect(JSON.stringify(sent)).not.toContain(secret)
  })
})

test('a server that is not there is told without its address', async () => {
  const error = await open('x.csv', urlReader({ root: 'http://127.0.0.1:1/hidden/' })).catch(
    (cause: unknown) => cause,
  )
  expect(error).toMatchObject({
    code: 'source-not-found',
    message: expect.stringMatching(/^x\.csv could not be fetched/),
  })
  expect(error).not.toHaveProperty('cause')
  expect(String(error)).not.toContain('hidden')
})
