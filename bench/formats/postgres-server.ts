import { openAsBlob } from 'node:fs'
import type { Packages } from './peer-packages.ts'

/** The part of @electric-sql/pglite used here. */
interface PGlitePackage {
  readonly PGlite: { create(): Promise<Database> }
}
interface Database {
  exec(sql: string): Promise<unknown>
  query(
    sql: string,
    parameters: readonly unknown[],
    options: { readonly blob: Blob },
  ): Promise<unknown>
  close(): Promise<void>
}

/** The part of @electric-sql/pglite-socket used here. */
interface SocketPackage {
  readonly PGLiteSocketServer: new (options: {
    readonly db: Database
    readonly port: number
    readonly host: string
  }) => Server
}
interface Server {
  start(): Promise<void>
  stop(): Promise<void>
  /** Ends in the port. */
  getServerConn(): string
}

export interface PostgresServer {
  readonly address: string
  stop(): Promise<void>
}

/** PostgreSQL in this process with the orders of a CSV file in a table, open at a port of this machine to one connection at a time. @throws Error when it is not installed */
export async function servePostgres(csv: string, packages: Packages): Promise<PostgresServer> {
  const { PGlite } = packages<PGlitePackage>('@electric-sql/pglite')
  const { PGLiteSocketServer } = packages<SocketPackage>('@electric-sql/pglite-socket')
  const database = await PGlite.create()
  await database.exec(
    'CREATE TABLE orders (id integer PRIMARY KEY, day date, region text, customer text, note text, price double precision, quantity integer, discount double precision)',
  )
  await database.query("COPY orders FROM '/dev/blob' WITH (FORMAT csv, HEADER true)", [], {
    blob: await openAsBlob(csv),
  })
  await database.exec('ANALYZE orders')
  const server = new PGLiteSocketServer({ db: database, port: 0, host: '127.0.0.1' })
  await server.start()
  const port = Number(server.getServerConn().split(':').pop())
  return {
    address: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    async stop() {
      await server.stop()
      await database.close()
    },
  }
}
