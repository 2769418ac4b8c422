import type { Contender } from './contender.ts'
import { SqlContender, type SqlResult } from './sql-contender.ts'

/** The part of @duckdb/node-api used here; the package is not installed where the project is type-checked. */
interface NodeApi {
  readonly DuckDBInstance: {
    create(path: string, options: Record<string, string>): Promise<Instance>
  }
}
interface Instance {
  connect(): Promise<Connection>
}
interface Connection {
  runAndReadAll(sql: string): Promise<Reader>
  closeSync(): void
}
interface Reader {
  readonly currentRowCount: number
  readonly columnCount: number
  value(column: number, row: number): unknown
}

const nodeApi: string = '@duckdb/node-api'

export async function openDuckDb(threads: number): Promise<Contender> {
  const { DuckDBInstance }: NodeApi = await import(nodeApi)
  const instance = await DuckDBInstance.create(':memory:', { threads: String(threads) })
  const connection = await instance.connect()
  return new SqlContender({
    async query(sql): Promise<SqlResult> {
      const reader = await connection.runAndReadAll(sql)
      return {
        rows: reader.currentRowCount,
        columns: reader.columnCount,
        cell: (column, row) => reader.value(column, row),
      }
    },
    close: () => connection.closeSync(),
  })
}
