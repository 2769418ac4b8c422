import { readFileSync } from 'node:fs'
import type * as ArrowPackage from 'apache-arrow'
import type DatabaseOf from 'better-sqlite3'
import type * as PgPackage from 'pg'
import { type Contender, type Loaded, loadedRows, loadedTable } from './contender.ts'
import { type DuckDbConnection, type DuckDbPackage, duckDbColumns } from './duckdb-package.ts'
import { type Figures, numberFields } from './figures.ts'
import { type OrderField, orderFields } from './orders.ts'
import { fixedColumns } from './text-files.ts'
import type { XlsxPackage } from './xlsx-package.ts'

type Row = { [Field in OrderField]?: unknown }

interface PapaPackage {
  parse(text: string, options: Readonly<Record<string, boolean>>): { readonly data: Row[] }
}

export const papaparse: Contender = {
  name: 'papaparse',
  ending: 'objects',
  open(packages) {
    const { parse } = packages<PapaPackage>('papaparse')
    const options = { header: true, dynamicTyping: true, skipEmptyLines: true }
    return (place) => loadedRows(parse(readFileSync(place, 'utf8'), options).data)
  },
}

/** What one writes by hand, since nobody has a package for it: the bytes cut, numbers made of those that are. */
export const cutting: Contender = {
  name: 'Buffer.toString',
  ending: 'objects',
  open() {
    const columns = fixedColumns.map((column) => ({
      ...column,
      isNumber: numberFields.includes(column.field),
    }))
    return (place) => {
      const bytes = readFileSync(place)
      const width = bytes.indexOf('\n') + 1
      const rows: Row[] = []
      for (let at = 0; at < bytes.length; at += width) {
        const row: Row = {}
        for (const { field, from, to, isNumber } of columns) {
          const text = bytes.toString('utf8', at + from - 1, at + to).trimEnd()
          row[field] = text === '' ? null : isNumber ? Number(text) : text
        }
        rows.push(row)
      }
      return loadedRows(rows)
    }
  },
}

export const jsonParse: Contender = {
  name: 'JSON.parse',
  ending: 'objects',
  open() {
    return (place) => {
      const rows: Row[] = JSON.parse(readFileSync(place, 'utf8'))
      return loadedRows(rows)
    }
  },
}

export const jsonParseLines: Contender = {
  name: 'JSON.parse of lines',
  ending: 'objects',
  open() {
    return (place) => {
      const lines = readFileSync(place, 'utf8').trimEnd().split('\n')
      return loadedRows(lines.map((line): Row => JSON.parse(line)))
    }
  },
}

interface XmlPackage {
  readonly XMLParser: new (
    options: Readonly<Record<string, unknown>>,
  ) => { parse(text: string): XmlDocument }
}
interface XmlDocument {
  readonly orders?: { readonly order: Row[] }
  readonly kml?: { readonly Document: { readonly Placemark: Placemark[] } }
}
interface Placemark {
  readonly name: string
  readonly ExtendedData: {
    readonly Data: readonly { readonly name: OrderField; readonly value: unknown }[]
  }
}

function fastXml(rowsOf: (document: XmlDocument) => Row[]): Contender {
  return {
    name: 'fast-xml-parser',
    ending: 'objects',
    open(packages) {
      const { XMLParser } = packages<XmlPackage>('fast-xml-parser')
      const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' })
      return (place) => loadedRows(rowsOf(parser.parse(readFileSync(place, 'utf8'))))
    },
  }
}

export const fastXmlParser: Contender = fastXml(({ orders }) => orders?.order ?? [])

export const fastXmlPlacemarks: Contender = fastXml(({ kml }) =>
  (kml?.Document.Placemark ?? []).map(({ name, ExtendedData: { Data } }) => {
    const row: Row = { note: name }
    for (const data of Data) row[data.name] = data.value
    return row
  }),
)

interface HtmlElement {
  readonly text: string
  readonly children: readonly HtmlElement[]
  querySelectorAll(selector: string): HtmlElement[]
}
interface HtmlPackage {
  parse(text: string): HtmlElement
}

export const nodeHtmlParser: Contender = {
  name: 'node-html-parser',
  ending: 'objects',
  open(packages) {
    const { parse } = packages<HtmlPackage>('node-html-parser')
    return (place) => {
      const [, ...lines] = parse(readFileSync(place, 'utf8')).querySelectorAll('tr')
      const rows = lines.map(({ children }) => {
        const row: Row = {}
        orderFields.forEach((field, at) => {
          row[field] = children[at]?.text
        })
        return row
      })
      return loadedRows(rows)
    }
  },
}

export const sheetJs: Contender = {
  name: '@e965/xlsx',
  ending: 'objects',
  open(packages) {
    const { read, utils } = packages<XlsxPackage>('@e965/xlsx')
    return (place) => {
      const { SheetNames, Sheets } = read(readFileSync(place), { dense: true })
      const sheet = Sheets[SheetNames[0] ?? '']
      return loadedRows(sheet === undefined ? [] : utils.sheet_to_json(sheet))
    }
  },
}

interface HyparquetPackage {
  asyncBufferFromFile(path: string): Promise<unknown>
  parquetReadObjects(options: {
    readonly file: unknown
    readonly compressors: unknown
  }): Promise<Row[]>
}

export const hyparquet: Contender = {
  name: 'hyparquet',
  ending: 'objects',
  open(packages) {
    const { asyncBufferFromFile, parquetReadObjects } = packages<HyparquetPackage>('hyparquet')
    const { compressors } = packages<{ compressors: unknown }>('hyparquet-compressors')
    return async (place) => {
      const file = await asyncBufferFromFile(place)
      return loadedRows(await parquetReadObjects({ file, compressors }))
    }
  },
}

/** To arrays of values, since a table of the package is no more than the bytes of the file. */
export const apacheArrow: Contender = {
  name: 'apache-arrow',
  ending: 'columns',
  open(packages) {
    const { tableFromIPC } = packages<typeof ArrowPackage>('apache-arrow')
    return (place) => {
      const table = tableFromIPC(readFileSync(place))
      const columns = new Map(
        orderFields.map((field) => [field, [...(table.getChild(field) ?? [])]] as const),
      )
      return loadedTable({ rows: table.numRows, column: (field) => columns.get(field) ?? [] })
    }
  },
}

export const betterSqlite: Contender = {
  name: 'better-sqlite3 all',
  ending: 'objects',
  open(packages) {
    const Database = packages<typeof DatabaseOf>('better-sqlite3')
    return (place) => {
      const database = new Database(place, { readonly: true })
      const rows = database.prepare<unknown[], Row>('SELECT * FROM orders').all()
      database.close()
      return loadedRows(rows)
    }
  },
}

export const pgQuery: Contender = {
  name: 'pg query',
  ending: 'objects',
  open(packages) {
    const { Client } = packages<typeof PgPackage>('pg')
    return async (place) => {
      const client = new Client({ connectionString: place })
      await client.connect()
      const { rows } = await client.query<Row>('SELECT * FROM orders')
      await client.end()
      return loadedRows(rows)
    }
  },
}

export const duckDbObjects: Contender = {
  name: 'DuckDB getRowObjectsJS',
  ending: 'objects',
  open(packages) {
    const { DuckDBInstance } = packages<DuckDbPackage>('@duckdb/node-api')
    return async (place) => {
      const instance = await DuckDBInstance.create(place, { access_mode: 'READ_ONLY' })
      const connection = await instance.connect()
      const rows = (await connection.runAndReadAll('SELECT * FROM orders')).getRowObjectsJS()
      connection.closeSync()
      instance.closeSync()
      return loadedRows(rows)
    }
  },
}

/** Into a table of DuckDB by one of its readers of files, with two threads: an engine beside ours, where the others give plain JavaScript. */
export function duckDbTable(reader: 'csv' | 'json' | 'parquet'): Contender {
  const options = { csv: `, header = true, columns = ${duckDbColumns}`, json: '', parquet: '' }
  return {
    name: `DuckDB read_${reader}`,
    ending: 'table',
    open(packages) {
      const { DuckDBInstance } = packages<DuckDbPackage>('@duckdb/node-api')
      return async (place): Promise<Loaded> => {
        const instance = await DuckDBInstance.create(':memory:', { threads: '2' })
        const connection = await instance.connect()
        await connection.run(
          `CREATE TABLE orders AS SELECT * FROM read_${reader}('${place}'${options[reader]})`,
        )
        return {
          figures: () => figuresOfTable(connection),
          close() {
            connection.closeSync()
            instance.closeSync()
          },
        }
      }
    },
  }
}

async function figuresOfTable(connection: DuckDbConnection): Promise<Figures> {
  const list = [
    ...orderFields.map(
      (field) =>
        `count(DISTINCT ${field}) AS ${field}_distinct, count(${field}) AS ${field}_filled`,
    ),
    ...numberFields.map((field) => `sum(${field}) AS ${field}_sum`),
  ]
  const result = await connection.runAndReadAll(
    `SELECT count(*) AS total, ${list.join(', ')} FROM orders`,
  )
  const row = result.getRowObjectsJS()[0] ?? {}
  const rows = Number(row.total)
  const columns = orderFields.map((field) => {
    const number = (what: string): number => Number(row[`${field}_${what}`])
    const counts = { distinct: number('distinct'), missing: rows - number('filled') }
    return [
      field,
      numberFields.includes(field) ? { ...counts, sum: number('sum') } : counts,
    ] as const
  })
  return { rows, columns: Object.fromEntries(columns) }
}
