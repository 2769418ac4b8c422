/** The part of @duckdb/node-api used here. */
export interface DuckDbPackage {
  readonly DuckDBInstance: {
    create(path: string, options?: Record<string, string>): Promise<Instance>
  }
}
interface Instance {
  connect(): Promise<DuckDbConnection>
  closeSync(): void
}
export interface DuckDbConnection {
  run(sql: string): Promise<unknown>
  runAndReadAll(sql: string): Promise<Reader>
  closeSync(): void
}
interface Reader {
  getRowObjectsJS(): Record<string, unknown>[]
}

/** The types of the orders as its readers of files take them. */
export const duckDbColumns: string =
  "{'id': 'INTEGER', 'day': 'DATE', 'region': 'VARCHAR', 'customer': 'VARCHAR', 'note': 'VARCHAR', 'price': 'DOUBLE', 'quantity': 'INTEGER', 'discount': 'DOUBLE'}"
