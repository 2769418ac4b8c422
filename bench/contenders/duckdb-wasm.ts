import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Contender } from './contender.ts'
import { SqlContender, type SqlResult } from './sql-contender.ts'

/** The part of @duckdb/duckdb-wasm used here. */
interface WasmApi {
  createDuckDB(bundles: object, logger: object, runtime: object): Promise<Database>
  readonly NODE_RUNTIME: object
  readonly VoidLogger: new () => object
}
interface Database {
  instantiate(): Promise<unknown>
  open(options: { readonly path: string }): void
  connect(): Connection
}
interface Connection {
  query(sql: string): Table
  close(): void
}
interface Table {
  readonly numRows: number
  readonly numCols: number
  getChildAt(column: number): { get(row: number): unknown } | null
}

const blocking: string = '@duckdb/duckdb-wasm/dist/duckdb-node-blocking.cjs'

/** One thread, as in a page without isolation. */
export async function openDuckDbWasm(): Promise<Contender> {
  const require = createRequire(import.meta.url)
  const path = require.resolve(blocking)
  const api: WasmApi = require(path)
  const module = join(dirname(path), 'duckdb-eh.wasm')
  const bundles = {
    mvp: { mainModule: join(dirname(path), 'duckdb-mvp.wasm'), mainWorker: '' },
    eh: { mainModule: module, mainWorker: '' },
  }
  const database = await api.createDuckDB(bundles, new api.VoidLogger(), api.NODE_RUNTIME)
  await database.instantiate()
  database.open({ path: ':memory:' })
  const connection = database.connect()
  return new SqlContender({
    query(sql): SqlResult {
      const table = connection.query(sql)
      const columns = Array.from({ length: table.numCols }, (_, at) => table.getChildAt(at))
      return {
        rows: table.numRows,
        columns: table.numCols,
        cell: (column, row) => columns[column]?.get(row) ?? null,
      }
    },
    close: () => connection.close(),
  })
}
