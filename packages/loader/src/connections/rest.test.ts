import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createApp, defaultFormatSettings, namedConnections, neverCancelled } from '@lichen/engine'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RestOptions, rest } from './rest.ts'
import { type ReadResult, readAll } from './sql-for-tests.ts'

interface Asked {
  readonly url: string
  readonly method: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

let server: Server
let base: string
const asked: Asked[] = []
/** What the service answers, by path. */
const services = new Map<
  string,
  (query: URLSearchParams, answer: ServerResponse, asked: Asked) => unknown
>()

beforeAll(async () => {
  server = createServer((request, answer) => void serve(request, answer)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
})
afterAll(async () => {
  server.close()
  await once(server, 'close')
})

async function serve(request: IncomingMessage, answer: ServerResponse): Promise<void> {
  let body = ''
  for await (const piece of request) body += String(piece)
  const url = new URL(request.url ?? '/', base)
  const facts = {
    url: `${url.pathname}${url.search}`,
    method: request.method ?? '',
    headers: request.headers,
    body,
  }
  asked.push(facts)
  const document = services.get(url.pathname)?.(url.searchParams, answer, facts)
  if (document === undefined) answer.end()
  else answer.end(typeof document === 'string' ? document : JSON.stringify(document))
}

/** The result of a statement for the service at a path. */
async function ask(
  sql: string,
  path: string,
  options: Partial<RestOptions> = {},
): Promise<ReadResult> {
  asked.length = 0
  const connection = await rest({ url: base + path, ...options })('api', neverCancelled)
  return readAll(connection, sql)
}

const numbers = (from: number, to: number): { n: number }[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => ({ n: from + i }))

describe('records', () => {
  test('flat: the document, its first array, a path, chosen fields', async () => {
    services.set('/a', () => '[{"a":1,"b":{"c":[1]}},{"a":true,"d":9007199254740993}]')
    expect(await ask('SELECT * FROM root', '/a')).toMatchObject({
      fields: ['a', 'b', 'd'],
      rows: [
        [1, '{"c":[1]}', null],
        [-1, null, '9007199254740993'],
      ],
    })
    services.set('/b', () => ({ total: 2, data: { items: [{ a: 1 }] }, list: [{ a: 2 }] }))
    expect((await ask('SELECT * FROM root', '/b')).rows).toEqual([[2]])
    expect((await ask('SELECT * FROM root', '/b', { root: 'data.items' })).rows).toEqual([[1]])
    expect(await ask('SELECT a AS x, b.c AS y FROM "data.items"', '/b')).toMatchObject({
      fields: ['x', 'y'],
      rows: [[1, null]],
    })
    expect((await ask('SELECT a FROM absent', '/b')).rows).toEqual([])
  })

  test('nested: rows and keys of the connector', async () => {
    services.set('/n', () => ({
      total: 2,
      orders: [
        { id: 'x', lines: [{ sku: 1 }, { sku: 2 }], tags: ['new', 'big'] },
        { id: 'y', customer: { name: 'Ann' }, lines: [] },
      ],
    }))
    const { fields, rows } = await ask(
      `SELECT "total", "__KEY_root",
        (SELECT "id" AS "order", "__KEY_orders", "__FK_orders",
          (SELECT "sku", "__FK_lines" FROM "lines" FK "__FK_lines"),
          (SELECT "@Value" AS "tag", "__FK_tags" FROM "tags" FK "__FK_tags" ArrayValueAlias "tag"),
          (SELECT "name", "__FK_customer" FROM "customer" FK "__FK_customer")
        FROM "orders" PK "__KEY_orders" FK "__FK_orders")
      FROM JSON (wrap on) "root" PK "__KEY_root"`,
      '/n',
    )
    expect(fields).toEqual([
      'total',
      '__KEY_root',
      'order',
      '__KEY_orders',
      '__FK_orders',
      'sku',
      '__FK_lines',
      'tag',
      '__FK_tags',
      'name',
      '__FK_customer',
    ])
    const _ = null
    expect(rows).toEqual([
      [2, 1, _, _, _, _, _, _, _, _, _],
      [_, _, 'x', 1, 1, _, _, _, _, _, _],
      [_, _, _, _, _, 1, 1, _, _, _, _],
      [_, _, _, _, _, 2, 1, _, _, _, _],
      [_, _, _, _, _, _, _, 'new', 1, _, _],
      [_, _, _, _, _, _, _, 'big', 1, _, _],
      [_, _, 'y', 2, 1, _, _, _, _, _, _],
      [_, _, _, _, _, _, _, _, _, 'Ann', 2],
    ])
    expect((await ask('SELECT "id" FROM JSON (wrap off) "orders"', '/n')).rows).toEqual([
      ['x'],
      ['y'],
    ])
    services.set('/r', () => '[{"id":1,"__proto__":{"id":3}},{"id":2}]')
    expect((await ask('SELECT "id", "toString" FROM JSON (wrap on) "root"', '/r')).rows).toEqual([
      [1, null],
      [2, null],
    ])
  })

  test('a script as the connector writes it', async () => {
    services.set('/s', () => ({
      items: [
        { id: 1, name: 'A' },
        { id: 2, name: 'B' },
      ],
    }))
    const app = await createApp({
      script: `
        LIB CONNECT TO 'api';
        LET page = 7;
        RestConnectorMasterTable:
        SQL SELECT
          "__KEY_root",
          (SELECT "id", "name", "__FK_items" FROM "items" FK "__FK_items")
        FROM JSON (wrap on) "root" PK "__KEY_root"
        WITH CONNECTION (URL "${base}/s", QUERY "page" "$(page)", HTTPHEADER "X-Key" "my-key");
        [items]:
        LOAD [id], [name], [__FK_items] AS [__KEY_root] RESIDENT RestConnectorMasterTable WHERE NOT IsNull([__FK_items]);
        DROP TABLE RestConnectorMasterTable;`,
      connections: namedConnections({ api: rest({ url: `${base}/other` }) }),
    })
    expect(app.evaluate("Concat(id & name & __KEY_root, ',')")).toMatchObject({ text: '1A1,2B1' })
    expect(asked.at(-1)).toMatchObject({ url: '/s?page=7', headers: { 'x-key': 'my-key' } })
  })
})

describe('requests', () => {
  test('query, headers and body of the connection and of the statement', async () => {
    services.set('/q', () => [])
    await ask(
      'SELECT a FROM root WITH CONNECTION (QUERY "b" "x""&y", QUERY "a" "2", HTTPHEADER "X-One" "1", BODY "{""q"": 1}")',
      '/q?z=0',
      { query: { a: '1' }, headers: { Authorization: 'Bearer top-secret', 'x-one': '0' } },
    )
    expect(asked).toMatchObject([
      {
        url: '/q?z=0&a=2&b=x%22%26y',
        method: 'POST',
        body: '{"q": 1}',
        headers: { authorization: 'Bearer top-secret', 'x-one': '1' },
      },
    ])
  })

  test('the headers of the connection stay with its server', async () => {
    services.set('/h', () => [])
    const elsewhere = base.replace('127.0.0.1', 'localhost')
    const sent: (readonly [string, string | undefined])[] = []
    const options: RestOptions = {
      url: `${base}/h`,
      allow: [new URL(base).host, new URL(elsewhere).host],
      headers: { authorization: 'top-secret' },
      fetch: async (address, init) => {
        sent.push([String(address), new Headers(init?.headers).get('authorization') ?? undefined])
        return new Response('[]')
      },
    }
    const connection = await rest(options)('api', neverCancelled)
    await readAll(connection, `SELECT a FROM root WITH CONNECTION (URL "${elsewhere}/h")`)
    await readAll(connection, 'SELECT a FROM root')
    expect(sent).toEqual([
      [`${elsewhere}/h`, undefined],
      [`${base}/h`, 'top-secret'],
    ])
  })
})

describe('paging', () => {
  test('by page number, until a page is empty', async () => {
    services.set('/page', (query) => {
      const page = Number(query.get('p'))
      return { data: numbers(page * 2, Math.min(5, page * 2 + 2)) }
    })
    const { rows } = await ask('SELECT n FROM root', '/page', {
      paging: { kind: 'page', parameter: 'p', start: 0 },
    })
    expect(rows.flat()).toEqual([0, 1, 2, 3, 4])
    expect(asked.map(({ url }) => url)).toEqual([0, 1, 2, 3].map((page) => `/page?p=${page}`))
  })

  test('by offset and limit, until fewer come', async () => {
    services.set('/offset', (query) => {
      const from = Number(query.get('skip'))
      return numbers(from, Math.min(5, from + Number(query.get('take'))))
    })
    const { rows } = await ask('SELECT n FROM root', '/offset', {
      paging: { kind: 'offset', offset: 'skip', limit: 'take', size: 2 },
    })
    expect(rows.flat()).toEqual([0, 1, 2, 3, 4])
    expect(asked.length).toBe(3)
  })

  test('by a cursor, a link and a header', async () => {
    services.set('/cursor', (query) => {
      const at = Number(query.get('after') ?? 0)
      return { data: numbers(at, at + 1), meta: { next: at < 2 ? at + 1 : null } }
    })
    const cursor = await ask('SELECT "n", "__FK_data" FROM "data"', '/cursor', {
      paging: { kind: 'cursor', path: 'meta.next', parameter: 'after' },
    })
    expect(cursor.rows.map(([n]) => n)).toEqual([0, 1, 2])
    services.set('/next', (query) => {
      const at = Number(query.get('at') ?? 0)
      return { data: numbers(at, at + 1), next: at < 2 ? `?at=${at + 1}` : '' }
    })
    const next = await ask('SELECT n FROM data', '/next', {
      paging: { kind: 'next', path: 'next' },
    })
    expect(next.rows.flat()).toEqual([0, 1, 2])
    services.set('/link', (query, answer) => {
      const at = Number(query.get('at') ?? 0)
      if (at < 2)
        answer.setHeader('link', `</link?at=0>; rel="first", <${base}/link?at=${at + 1}>; rel=next`)
      return numbers(at, at + 1)
    })
    const link = await ask('SELECT n FROM root', '/link', { paging: { kind: 'link' } })
    expect(link.rows.flat()).toEqual([0, 1, 2])
  })

  test('keys go on from page to page', async () => {
    services.set('/keys', (query) => {
      const page = Number(query.get('p'))
      return { items: page > 2 ? [] : [{ id: page }] }
    })
    const { rows } = await ask(
      'SELECT "__KEY_root", (SELECT "id", "__FK_items" FROM "items" FK "__FK_items") FROM JSON (wrap on) "root" PK "__KEY_root"',
      '/keys',
      { paging: { kind: 'page', parameter: 'p' } },
    )
    expect(rows).toEqual([
      [1, null, null],
      [null, 1, 1],
      [2, null, null],
      [null, 2, 2],
      [3, null, null],
    ])
  })

  test('has an end', async () => {
    services.set('/again', () => ({ data: [{ n: 1 }], next: `${base}/again` }))
    const paging = { kind: 'next', path: 'next' } as const
    await expect(ask('SELECT n FROM data', '/again', { paging })).rejects.toMatchObject({
      code: 'source-malformed',
    })
    services.set('/on', (query) => numbers(0, 1 + Number(query.get('p'))))
    const byPage = { kind: 'page', parameter: 'p' } as const
    await expect(
      ask('SELECT n FROM root', '/on', { paging: byPage, maxPages: 3 }),
    ).rejects.toMatchObject({ code: 'budget-exceeded' })
    expect(asked.length).toBe(3)
    services.set('/away', () => ({ data: [], next: 'http://example.com/x' }))
    await expect(ask('SELECT n FROM data', '/away', { paging })).rejects.toMatchObject({
      code: 'access-denied',
    })
  })
})

describe('what goes wrong', () => {
  test('is told without what was sent', async () => {
    services.set('/401', (_, answer) => {
      answer.statusCode = 401
      return { error: 'top-secret is wrong' }
    })
    services.set('/moved', (_, answer) => {
      answer.writeHead(302, { location: '/a?top-secret' })
      return undefined
    })
    services.set('/text', () => 'no JSON, top-secret')
    services.set('/big', () => numbers(0, 1_000))
    services.set('/cut', (_, answer) => {
      answer.setHeader('content-length', '100')
      answer.write('[1')
      answer.destroy()
      return undefined
    })
    const cases: readonly (readonly [string, string, string, Partial<RestOptions>?])[] = [
      ['/401', 'source-not-found', 'api was not delivered: the server answered 401'],
      ['/moved', 'access-denied', 'redirects'],
      ['/text', 'source-malformed', 'api: the answer is not JSON'],
      ['/big', 'budget-exceeded', 'maxBytes', { maxBytes: 1_000 }],
      ['/cut', 'source-not-found', 'api could not be fetched'],
    ]
    for (const [path, code, words, options] of cases) {
      const error = await ask('SELECT n FROM root', path, {
        headers: { authorization: 'top-secret' },
        query: { key: 'top-secret' },
        ...options,
      }).then(
        () => undefined,
        (cause: unknown) => cause,
      )
      expect(error, path).toMatchObject({ code })
      expect(String(error)).toContain(words)
      expect(String(error)).not.toContain('top-secret')
      expect(String(error)).not.toContain(base)
    }
  })

  test('other hosts are not asked, and a server nobody hears is told', async () => {
    await expect(
      ask('SELECT a FROM root WITH CONNECTION (URL "http://example.com/")', '/a'),
    ).rejects.toMatchObject({ code: 'access-denied' })
    expect(asked.length).toBe(0)
    const silent = await rest({ url: 'http://127.0.0.1:1/' })('api', neverCancelled)
    await expect(readAll(silent, 'SELECT a FROM root')).rejects.toThrow('api could not be fetched')
    expect(() => rest({ url: 'nowhere' })).toThrow('no address')
  })

  test('a waiting request ends when it is cancelled', async () => {
    services.set('/slow', (_, answer) => {
      answer.write('[')
      token.cancelled = true
      return undefined
    })
    const token = { cancelled: false }
    const connection = await rest({ url: `${base}/slow` })('api', neverCancelled)
    await expect(
      connection.query('SELECT a FROM root', defaultFormatSettings, token),
    ).rejects.toMatchObject({ code: 'cancelled' })
  })

  const mistakes: readonly (readonly [string, string])[] = [
    ['UPDATE x', 'where it should have SELECT'],
    ['SELECT a', 'the end where it should have FROM'],
    ['SELECT a FROM JSON (wrap) "root"', 'where it should have OFF'],
    ['SELECT * FROM JSON (wrap on) "root"', 'field names'],
    ['SELECT a FROM XML "root"', 'JSON; XML and CSV'],
    ['SELECT (SELECT a FROM b) FROM c', 'JSON (wrap on)'],
    ['SELECT a FROM root WITH CONNECTION (KEY "top-secret")', 'URL, QUERY, HTTPHEADER or BODY'],
    ['SELECT a FROM root WITH CONNECTION (QUERY "k" "v") top-secret', 'something else'],
    ['SELECT a FROM root WITH CONNECTION (URL "top-secret")', 'is no address'],
    [`SELECT ${'(SELECT '.repeat(200)}`, 'at most 100'],
  ]
  for (const [sql, words] of mistakes)
    test(sql.slice(0, 60), async () => {
      const error = await ask(sql, '/a').then(
        () => undefined,
        (cause: unknown) => cause,
      )
      expect(error).toMatchObject({ code: 'script-failed' })
      expect(String(error)).toContain(words)
      expect(String(error)).not.toContain('top-secret')
    })
})
