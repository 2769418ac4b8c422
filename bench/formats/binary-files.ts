import { rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { createApp } from '@lichen/engine'
import { folderReader, folderWriter } from '@lichen/loader/node'
import type * as ArrowPackage from 'apache-arrow'
import type DatabaseOf from 'better-sqlite3'
import { type DuckDbPackage, duckDbColumns } from './duckdb-package.ts'
import { type Order, type OrderField, orderFields, serialDay } from './orders.ts'
import type { Packages } from './peer-packages.ts'
import { writeCsv } from './text-files.ts'
import type { SheetCell, XlsxPackage } from './xlsx-package.ts'

/** Writes the whole file with packages of others. @throws Error when one is missing */
export type WriteBinary = (
  orders: readonly Order[],
  path: string,
  packages: Packages,
) => Promise<void>

/** As spreadsheets keep a table: texts shared, dates as numbers with a format, packed. */
export const writeXlsx: WriteBinary = async (orders, path, packages) => {
  const { utils, write } = packages<XlsxPackage>('@e965/xlsx')
  const cell = (order: Order, field: OrderField): SheetCell => {
    if (field === 'day') return { t: 'n', v: serialDay(order.day), z: 'yyyy-mm-dd' }
    return order[field]
  }
  const sheet = utils.aoa_to_sheet(
    [[...orderFields], ...orders.map((order) => orderFields.map((field) => cell(order, field)))],
    { dense: true },
  )
  const book = utils.book_new(sheet, 'orders')
  await writeFile(path, write(book, { type: 'buffer', compression: true, bookSST: true }))
}

/** Dictionaries for texts that repeat, typed columns for the rest. */
export const writeArrow: WriteBinary = async (orders, path, packages) => {
  const arrow = packages<typeof ArrowPackage>('apache-arrow')
  const repeated = (): ArrowPackage.Dictionary =>
    new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32())
  const cells = <Field extends OrderField>(field: Field): Order[Field][] =>
    orders.map((order) => order[field])
  const table = new arrow.Table({
    id: arrow.vectorFromArray(cells('id'), new arrow.Int32()),
    day: arrow.vectorFromArray(
      orders.map(({ day }) => new Date(day)),
      new arrow.DateDay(),
    ),
    region: arrow.vectorFromArray(cells('region'), repeated()),
    customer: arrow.vectorFromArray(cells('customer'), repeated()),
    note: arrow.vectorFromArray(cells('note'), new arrow.Utf8()),
    price: arrow.vectorFromArray(cells('price'), new arrow.Float64()),
    quantity: arrow.vectorFromArray(cells('quantity'), new arrow.Int32()),
    discount: arrow.vectorFromArray(cells('discount'), new arrow.Float64()),
  })
  await writeFile(path, arrow.tableToIPC(table, 'file'))
}

/** Through a table of DuckDB, which is then written by the statement. */
async function throughDuckDb(
  orders: readonly Order[],
  path: string,
  packages: Packages,
  database: string,
  statement: string,
): Promise<void> {
  const { DuckDBInstance } = packages<DuckDbPackage>('@duckdb/node-api')
  const csv = `${path}.csv`
  writeCsv(orders, csv)
  const instance = await DuckDBInstance.create(database)
  try {
    const connection = await instance.connect()
    await connection.run(
      `CREATE TABLE orders AS SELECT * FROM read_csv('${csv}', header = true, columns = ${duckDbColumns})`,
    )
    await connection.run(statement)
    connection.closeSync()
  } finally {
    instance.closeSync()
    rmSync(csv)
  }
}

/** By DuckDB: snappy, dictionaries where they pay. */
export const writeParquet: WriteBinary = (orders, path, packages) =>
  throughDuckDb(orders, path, packages, ':memory:', `COPY orders TO '${path}' (FORMAT parquet)`)

export const writeDuckDb: WriteBinary = (orders, path, packages) =>
  throughDuckDb(orders, path, packages, path, 'CHECKPOINT')

/** By this engine, as nobody else's package writes QVD. */
export const writeQvd: WriteBinary = async (orders, path, packages) => {
  const parquet = `${path}.parquet`
  await writeParquet(orders, parquet, packages)
  const root = dirname(path)
  const app = await createApp({
    script: `orders: LOAD * FROM [${basename(parquet)}] (parquet); STORE orders INTO [${basename(path)}] (qvd);`,
    reader: folderReader({ root }),
    writer: folderWriter({ root }),
  })
  app.close()
  rmSync(parquet)
}

export const writeSqlite: WriteBinary = async (orders, path, packages) => {
  const database = new (packages<typeof DatabaseOf>('better-sqlite3'))(path)
  try {
    database.exec(
      'CREATE TABLE orders (id INTEGER PRIMARY KEY, day DATE, region TEXT, customer TEXT, note TEXT, price REAL, quantity INTEGER, discount REAL)',
    )
    const insert = database.prepare(
      `INSERT INTO orders VALUES (${orderFields.map((field) => `@${field}`).join(', ')})`,
    )
    database.transaction(() => {
      for (const order of orders) insert.run(order)
    })()
  } finally {
    database.close()
  }
}
