import type { ConnectionFactory } from '@lichen/engine'
import {
  writeArrow,
  writeDuckDb,
  writeParquet,
  writeQvd,
  writeSqlite,
  writeXlsx,
} from './binary-files.ts'
import type { Contender } from './contender.ts'
import type { Order } from './orders.ts'
import { ownFile, ownQuery } from './own.ts'
import type { Packages } from './peer-packages.ts'
import {
  apacheArrow,
  betterSqlite,
  cutting,
  duckDbObjects,
  duckDbTable,
  fastXmlParser,
  fastXmlPlacemarks,
  hyparquet,
  jsonParse,
  jsonParseLines,
  nodeHtmlParser,
  papaparse,
  pgQuery,
  sheetJs,
} from './peers.ts'
import { servePostgres } from './postgres-server.ts'
import {
  fixedColumns,
  writeCsv,
  writeFixed,
  writeHtml,
  writeJson,
  writeJsonLines,
  writeKml,
  writeXml,
} from './text-files.ts'

/** Where the orders are, and how to leave it. */
export interface Place {
  /** The path of a file, or the address of a server. */
  readonly place: string
  stop?(): Promise<void>
}

export interface Format {
  readonly name: string
  /** How many of the orders it is asked to hold. */
  readonly share: number
  /** Written or served below the folder, under a name of its own. @throws Error when a package is missing */
  prepare(orders: readonly Order[], folder: string, packages: Packages): Promise<Place>
  /** Ours first. */
  readonly contenders: readonly Contender[]
}

type Write = (orders: readonly Order[], path: string, packages: Packages) => Promise<void> | void

function file(
  name: string,
  extension: string,
  write: Write,
  contenders: readonly Contender[],
  share = 1,
): Format {
  return {
    name,
    share,
    async prepare(orders, folder, packages) {
      const place = `${folder}/orders.${extension}`
      await write(orders, place, packages)
      return { place }
    },
    contenders,
  }
}

const columnsCut = Object.fromEntries(
  fixedColumns.map(({ field, from, to }) => [field, `@${from}:${to}`]),
)

const postgresOf = async (): Promise<(place: string) => ConnectionFactory> => {
  const { postgres } = await import('@lichen/loader/postgres')
  return (address) => postgres({ address })
}
const sqliteOf = async (): Promise<(place: string) => ConnectionFactory> => {
  const { sqlite } = await import('@lichen/loader/sqlite')
  return (path) => sqlite({ file: path })
}
const duckDbOf = async (): Promise<(place: string) => ConnectionFactory> => {
  const { duckdb } = await import('@lichen/loader/duckdb')
  return (path) => duckdb({ file: path })
}

export const formats: readonly Format[] = [
  file('CSV', 'csv', writeCsv, [
    ownFile("(txt, utf8, embedded labels, delimiter is ',', msq)"),
    papaparse,
    duckDbTable('csv'),
  ]),
  file('fixed width', 'fix', writeFixed, [ownFile('(fix, utf8)', columnsCut), cutting]),
  file('JSON', 'json', writeJson, [ownFile('(json)', {}, 'texts'), jsonParse, duckDbTable('json')]),
  file('NDJSON', 'ndjson', writeJsonLines, [
    ownFile('(ndjson)', {}, 'texts'),
    jsonParseLines,
    duckDbTable('json'),
  ]),
  file('Parquet', 'parquet', writeParquet, [
    ownFile('(parquet)'),
    hyparquet,
    duckDbTable('parquet'),
  ]),
  file('Arrow', 'arrow', writeArrow, [ownFile('(arrow)'), apacheArrow]),
  file('QVD', 'qvd', writeQvd, [ownFile('(qvd)')]),
  file('SQLite', 'sqlite', writeSqlite, [ownQuery(sqliteOf), betterSqlite]),
  file('DuckDB', 'duckdb', writeDuckDb, [ownQuery(duckDbOf), duckDbObjects]),
  {
    name: 'PostgreSQL',
    share: 1,
    async prepare(orders, folder, packages) {
      const csv = `${folder}/postgres.csv`
      writeCsv(orders, csv)
      const { address, stop } = await servePostgres(csv, packages)
      return { place: address, stop }
    },
    contenders: [ownQuery(postgresOf), pgQuery],
  },
  file(
    'XLSX',
    'xlsx',
    writeXlsx,
    [ownFile('(ooxml, embedded labels, table is orders)'), sheetJs],
    0.25,
  ),
  file(
    'XML',
    'xml',
    writeXml,
    [ownFile('(XmlSimple, table is [orders/order])'), fastXmlParser],
    0.25,
  ),
  file(
    'HTML',
    'html',
    writeHtml,
    [ownFile('(html, utf8, embedded labels, table is @1)'), nodeHtmlParser],
    0.25,
  ),
  file('KML', 'kml', writeKml, [ownFile('(kml)', { note: 'Name' }), fastXmlPlacemarks], 0.25),
]
