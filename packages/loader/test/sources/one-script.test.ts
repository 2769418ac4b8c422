import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { type App, createApp, namedConnections } from '@lichen/engine'
import Database from 'better-sqlite3'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { postgres } from '../../src/connections/postgres.ts'
import { rest } from '../../src/connections/rest.ts'
import { sqlite } from '../../src/connections/sqlite.ts'
import { folderReader, folderWriter } from '../../src/node/index.ts'
import { book, cell } from '../../src/xlsx/workbook-for-tests.ts'

/**
 * Seven sources, one model. By hand:
 *
 * | line | day        | shop, country | product at price | sold | returned | local | euro |
 * |------|------------|---------------|------------------|------|----------|-------|------|
 * | 1    | 2024-01-05 | S1, DE        | Tea at 5         | 3    | 0        | 15    | 15   |
 * | 2    | 2024-01-06 | S2, GB        | Pot at 20        | 1    | 0        | 20    | 24   |
 * | 3    | 2024-02-01 | S1, DE        | Pot at 20        | 2    | 1        | 20    | 20   |
 * | 4    | 2024-02-03 | S3, GB        | Tea at 5         | 4    | 2        | 10    | 12   |
 */
const script = `
SET DateFormat = 'YYYY-MM-DD';

// A QVD that an earlier step of the night has written.
Rates: LOAD * INLINE [
Currency, Rate
EUR, 1
GBP, 1.2
];
STORE Rates INTO [lib://data/rates.qvd] (qvd);
DROP TABLE Rates;

LIB CONNECT TO 'crm';
Returned: MAPPING SQL SELECT line, sum(pieces) AS pieces FROM returns GROUP BY line;

LIB CONNECT TO 'plan';
Countries:
LOAD code AS Country, name AS CountryName, currency AS Currency;
SQL SELECT code, name, currency FROM countries ORDER BY code;
LEFT JOIN (Countries) LOAD Currency, Rate FROM [lib://data/rates.qvd] (qvd);

RateOf: MAPPING LOAD Country, Rate RESIDENT Countries;

Shops: LOAD shop AS Shop, city AS City, country AS Country FROM [lib://data/shops.parquet] (parquet);
CountryOf: MAPPING LOAD Shop, Country RESIDENT Shops;

Products: LOAD product AS Product, name AS ProductName, price AS Price
FROM [lib://data/products.xlsx] (ooxml, embedded labels, table is Products);
PriceOf: MAPPING LOAD Product, Price RESIDENT Products;

Sales:
LOAD *, Kept * ApplyMap('PriceOf', Product) * ApplyMap('RateOf', ApplyMap('CountryOf', Shop)) AS Euro;
LOAD line AS Line, Date(day) AS Day, Month(day) AS Month, shop AS Shop, product AS Product,
     sold - ApplyMap('Returned', line, 0) AS Kept
FROM [lib://data/sales.csv] (txt, utf8, embedded labels, delimiter is ',', msq);

LIB CONNECT TO 'targets';
Targets:
LOAD country AS Country, target AS Target;
SQL SELECT * FROM root;
DISCONNECT;
`

let folder = ''
let database: PGlite
let postgresServer: PGLiteSocketServer
let service: Server
let app: App

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lichen-sources-'))
  await writeFile(
    join(folder, 'sales.csv'),
    'line,day,shop,product,sold\n1,2024-01-05,S1,P1,3\n2,2024-01-06,S2,P2,1\n3,2024-02-01,S1,P2,2\n4,2024-02-03,S3,P1,4\n',
  )
  const sheet = [
    ['product', 'name', 'price'].map((text) => cell(text)),
    [cell('P1'), cell('Tea'), cell(5)],
    [cell('P2'), cell('Pot'), cell(20)],
  ]
  const sheets = { Products: sheet.map((cells) => `<row>${cells.join('')}</row>`).join('') }
  await writeFile(join(folder, 'products.xlsx'), book({ sheets }))
  const shops = parquetWriteBuffer({
    columnData: [
      { name: 'shop', data: ['S1', 'S2', 'S3'] },
      { name: 'city', data: ['Berlin', 'London', 'Leeds'] },
      { name: 'country', data: ['DE', 'GB', 'GB'] },
    ],
  })
  await writeFile(join(folder, 'shops.parquet'), new Uint8Array(shops))

  const plan = new Database(join(folder, 'plan.db'))
  plan.exec(
    "CREATE TABLE countries (code TEXT, name TEXT, currency TEXT); INSERT INTO countries VALUES ('DE', 'Germany', 'EUR'), ('GB', 'Britain', 'GBP'), ('SE', 'Sweden', 'SEK')",
  )
  plan.close()

  database = await PGlite.create()
  await database.exec(
    'CREATE TABLE returns (line int, pieces int); INSERT INTO returns VALUES (3, 1), (4, 1), (4, 1)',
  )
  postgresServer = new PGLiteSocketServer({ db: database, port: 0, host: '127.0.0.1' })
  await postgresServer.start()
  const port = Number(postgresServer.getServerConn().split(':').pop())

  const pages = [[{ country: 'DE', target: 40 }], [{ country: 'GB', target: 30 }], []]
  service = createServer((request, answer) => {
    const page = Number(new URL(request.url ?? '/', 'http://localhost').searchParams.get('page'))
    answer.setHeader('content-type', 'application/json')
    answer.end(JSON.stringify({ items: pages[page - 1] ?? [] }))
  }).listen(0, '127.0.0.1')
  await once(service, 'listening')
  const address = service.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/targets`

  const libs = { data: folder }
  app = await createApp({
    script,
    reader: folderReader({ libs }),
    writer: folderWriter({ libs }),
    connections: namedConnections({
      crm: postgres({ host: '127.0.0.1', port, database: 'postgres', user: 'postgres' }),
      plan: sqlite({ file: join(folder, 'plan.db') }),
      targets: rest({ url, root: 'items', paging: { kind: 'page', parameter: 'page' } }),
    }),
  })
}, 60_000)

afterAll(async () => {
  app?.close()
  service?.close()
  await postgresServer?.stop()
  await database?.close()
  await rm(folder, { recursive: true })
})

const number = (expression: string): number | null => app.evaluate(expression).number

describe('one script over CSV, XLSX, Parquet, QVD, PostgreSQL, SQLite and REST', () => {
  it('gives the figures worked out by hand', () => {
    expect(number('Sum(Euro)')).toBe(71)
    expect(number("Sum({<Country={'DE'}>} Euro)")).toBe(35)
    expect(number("Sum({<Country={'GB'}>} Euro)")).toBe(36)
    expect(number("Sum({<Month={'Feb'}>} Euro)")).toBe(32)
    expect(number('Sum(Target)')).toBe(70)
    expect(number("Sum({<Country={'DE'}>} Euro) / Sum({<Country={'DE'}>} Target)")).toBe(0.875)
  })

  it('links the seven sources: one click reaches them all', () => {
    app.field('City').select(['Leeds'])
    expect(number('Sum(Euro)')).toBe(12)
    expect(number('Sum(Target)')).toBe(30)
    const possible = (field: string): string[] =>
      app
        .field(field)
        .values()
        .filter(({ state }) => state === 'optional' || state === 'selected')
        .map(({ text }) => text)
    expect(possible('ProductName')).toEqual(['Tea'])
    expect(possible('CountryName')).toEqual(['Britain'])
    expect(possible('Day')).toEqual(['2024-02-03'])
    app.field('City').clear()
  })

  it('tells where each figure comes from', () => {
    const from = (field: string): string[] =>
      (app.reloadReport?.lineage.find((each) => each.field === field)?.from ?? []).map(
        ({ source, field: name }) => `${source} ${name}`,
      )
    expect(from('CountryName')).toEqual(['plan name'])
    expect(from('Target')).toEqual(['targets target'])
    expect(from('Rate')).toEqual(['lib://data/rates.qvd Rate'])
    expect(from('Euro')).toEqual(
      expect.arrayContaining([
        'lib://data/sales.csv sold',
        'crm pieces',
        'lib://data/products.xlsx price',
        'lib://data/rates.qvd Rate',
      ]),
    )
  })
})
