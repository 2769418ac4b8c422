import {
  type CancellationToken,
  type Catalogue,
  type Connection,
  type ConnectionFactory,
  type FormatSettings,
  type OpenSource,
  throwIfCancelled,
} from '@lichen/engine'
import type { Client } from 'pg'
import type Cursor from 'pg-cursor'
import { standardCatalogue } from './catalogue.ts'
import {
  type CellReading,
  dates,
  exactNumbers,
  floatNumbers,
  texts,
  times,
  timestamps,
  truths,
} from './column-cells.ts'
import {
  openResult,
  pageOfRows,
  pageRows,
  type ResultPage,
  type ResultPages,
  unlessCancelled,
} from './result-pages.ts'
import { driver, refused, type Secrets, secretsOfAddress } from './server-error.ts'

/** Where a PostgreSQL database is and who reads it. */
export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`, in place of the parts. */
  readonly address?: string
  readonly host?: string
  /** Default 5432. */
  readonly port?: number
  readonly database?: string
  readonly user?: string
  readonly password?: string
  /** TLS: true checks the certificate against those of the system; an object is given to Node's TLS. Default none. */
  readonly tls?: boolean | { readonly ca?: string; readonly rejectUnauthorized?: boolean }
  /** Milliseconds until a connection counts as failed; default 10,000. */
  readonly timeout?: number
  /** Each statement in a transaction that cannot write; default true. Give the user SELECT only all the same: functions may do more. */
  readonly readOnly?: boolean
}

/**
 * A PostgreSQL database for scripts, by the packages `pg` and `pg-cursor`. Results are read by a cursor, page by page. Integers and decimals are
 * numbers, beyond 2^53 text; dates, times and timestamps are serial days as the database shows them, without a shift for zones; booleans are -1
 * and 0; bytea is hexadecimal text; everything else is text.
 *
 * @example
 * const connections = namedConnections({ crm: postgres({ host: 'db.example.com', database: 'crm', user: 'reader', password }) })
 * @throws LoadError `script-failed` with the message of the server; `source-unsupported` when a package is missing
 */
export function postgres(options: PostgresOptions): ConnectionFactory {
  return async (name, cancellation) => {
    const { default: pg } = await driver('pg', () => import('pg'))
    const { default: CursorOf } = await driver('pg-cursor', () => import('pg-cursor'))
    const secrets: Secrets = [options.password, ...secretsOfAddress(options.address)]
    const client = new pg.Client(configOf(options))
    // Without a listener a connection that breaks while idle would end the process.
    client.on('error', () => undefined)
    const drop = (): void => dropped(client)
    try {
      await unlessCancelled(client.connect(), cancellation, drop)
      await client.query('SET DateStyle TO ISO')
      // Lets the server notice a reader that is gone; older ones do not know the setting.
      await client.query("SET client_connection_check_interval TO '1s'").catch(() => undefined)
    } catch (cause) {
      drop()
      throw refused(name, cause, secrets)
    }
    return new PostgresConnection(
      name,
      client,
      (text) => new CursorOf(text, [], { rowMode: 'array', types: { getTypeParser: () => asIs } }),
      options.readOnly ?? true,
      secrets,
    )
  }
}

function configOf(options: PostgresOptions): ConstructorParameters<typeof Client>[0] {
  const { address, host, port, database, user, password, tls, timeout = 10_000 } = options
  return {
    connectionTimeoutMillis: timeout,
    application_name: 'lichen',
    ...(address === undefined ? {} : { connectionString: address }),
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(database === undefined ? {} : { database }),
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(tls === undefined ? {} : { ssl: tls }),
  }
}

const asIs = (value: string): string => value

/** Breaks the connection without waiting for the server. */
function dropped(client: Client): void {
  client.end().catch(() => undefined)
  client.connection.stream.destroy()
}

/** How the texts of a type are read, by its OID: https://www.postgresql.org/docs/current/catalog-pg-type.html */
const readings: Readonly<Record<number, CellReading>> = {
  16: truths,
  17: { shows: 'text', read: (cell) => String(cell).replace(/^\\x/, '') },
  20: exactNumbers,
  21: exactNumbers,
  23: exactNumbers,
  26: exactNumbers,
  700: floatNumbers,
  701: floatNumbers,
  1700: exactNumbers,
  1082: dates,
  1083: times,
  1266: times,
  1114: timestamps,
  1184: timestamps,
}

class PostgresConnection implements Connection {
  readonly description: string
  readonly #client: Client
  readonly #cursorOf: (text: string) => Cursor
  readonly #readOnly: boolean
  readonly #secrets: Secrets
  #open: ResultPages | undefined

  constructor(
    name: string,
    client: Client,
    cursorOf: (text: string) => Cursor,
    readOnly: boolean,
    secrets: Secrets,
  ) {
    this.description = name
    this.#client = client
    this.#cursorOf = cursorOf
    this.#readOnly = readOnly
    this.#secrets = secrets
  }

  async query(
    text: string,
    settings: FormatSettings,
    cancellation: CancellationToken,
  ): Promise<OpenSource> {
    await this.#open?.close()
    throwIfCancelled(cancellation)
    const stop = (): void => {
      this.#open = undefined
      dropped(this.#client)
    }
    const failed = (cause: unknown): Error => refused(this.description, cause, this.#secrets)
    try {
      if (this.#readOnly) await this.#client.query('BEGIN READ ONLY')
      const cursor = this.#client.query(this.#cursorOf(text))
      const { rows, fields } = await unlessCancelled(firstRows(cursor), cancellation, stop)
      const pages = new CursorPages(cursor, rows, fields, () => this.#ended(), stop, failed)
      this.#open = pages
      if (pages.columns.length === 0) await pages.close()
      return openResult(pages, settings)
    } catch (cause) {
      await this.#ended().catch(() => undefined)
      throw failed(cause)
    }
  }

  describe(
    what: Catalogue,
    settings: FormatSettings,
    cancellation: CancellationToken,
  ): Promise<OpenSource> {
    const types =
      'SELECT typname AS "TYPE_NAME" FROM pg_catalog.pg_type WHERE typtype = \'b\' AND typelem = 0 ORDER BY typname'
    return this.query(standardCatalogue(what, '"', types), settings, cancellation)
  }

  async close(): Promise<void> {
    await this.#open?.close()
    await this.#client.end()
  }

  /** COMMIT, not ROLLBACK: what a script SETs stays for its next statement. */
  async #ended(): Promise<void> {
    if (this.#readOnly) await this.#client.query('COMMIT')
  }
}

interface FirstRows {
  readonly rows: readonly unknown[][]
  readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[]
}

/** A small first page, so that a script sees its first rows early. */
const firstPage = 1024

function firstRows(cursor: Cursor): Promise<FirstRows> {
  return new Promise((resolve, reject) => {
    cursor.read(firstPage, (error, rows: readonly unknown[][], result) => {
      if (error !== null && error !== undefined) reject(error)
      else resolve({ rows, fields: result?.fields ?? [] })
    })
  })
}

class CursorPages implements ResultPages {
  readonly columns: ResultPages['columns']
  readonly #cursor: Cursor
  readonly #ended: () => Promise<void>
  readonly #stop: () => void
  readonly #failed: (cause: unknown) => Error
  #first: readonly unknown[][] | undefined
  #closed = false
  #over = false

  constructor(
    cursor: Cursor,
    first: readonly unknown[][],
    fields: FirstRows['fields'],
    ended: () => Promise<void>,
    stop: () => void,
    failed: (cause: unknown) => Error,
  ) {
    this.columns = fields.map(({ name, dataTypeID }) => ({
      name,
      ...(readings[dataTypeID] ?? texts),
    }))
    this.#cursor = cursor
    this.#first = first
    this.#ended = ended
    this.#stop = stop
    this.#failed = failed
  }

  async next(cancellation: CancellationToken): Promise<ResultPage | undefined> {
    try {
      const first = this.#first
      this.#first = undefined
      const rows: readonly unknown[][] =
        first ?? (await unlessCancelled(this.#cursor.read(pageRows), cancellation, this.#stop))
      return rows.length === 0 ? undefined : pageOfRows(rows)
    } catch (cause) {
      // A cursor that failed, or whose connection was dropped, has nothing left to end, and would wait for it for ever.
      this.#over = true
      throw this.#failed(cause)
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    if (!this.#over) await this.#cursor.close().catch(() => undefined)
    await this.#ended().catch(() => undefined)
  }
}
