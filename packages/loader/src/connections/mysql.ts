import {
  type CancellationToken,
  type Catalogue,
  type Connection,
  type ConnectionFactory,
  type FormatSettings,
  type OpenSource,
  throwIfCancelled,
} from '@lichen/engine'
import type { Connection as Client, FieldPacket } from 'mysql2'
import { standardCatalogue } from './catalogue.ts'
import {
  type CellReading,
  dates,
  exactNumbers,
  floatNumbers,
  hexOf,
  texts,
  times,
  timestamps,
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

/** Where a MySQL or MariaDB database is and who reads it. */
export interface MysqlOptions {
  /** `mysql://user:password@host:port/database`, in place of the parts. */
  readonly address?: string
  readonly host?: string
  /** Default 3306. */
  readonly port?: number
  readonly database?: string
  readonly user?: string
  readonly password?: string
  /** TLS, as Node's TLS takes it. Default none. */
  readonly tls?: { readonly ca?: string; readonly rejectUnauthorized?: boolean }
  /** Milliseconds until a connection counts as failed; default 10,000. */
  readonly timeout?: number
  /** Each statement in a transaction that cannot write; default true. Give the user SELECT only all the same. */
  readonly readOnly?: boolean
}

/**
 * A MySQL or MariaDB database for scripts, by the package `mysql2`. Results are streamed. Integers and decimals are numbers, beyond 2^53 text; dates,
 * times and timestamps are serial days as the database shows them, without a shift for zones; what is no day, such as 0000-00-00 or 25:00:00, is
 * text; TINYINT(1) is the number it holds; binary values are hexadecimal text; everything else is text. A result that is not read to its end costs
 * the session: the next statement has a new one.
 *
 * @example
 * const connections = namedConnections({ shop: mysql({ host: 'localhost', database: 'shop', user: 'reader', password }) })
 * @throws LoadError `script-failed` with the message of the server; `source-unsupported` when the package is missing
 */
export function mysql(options: MysqlOptions): ConnectionFactory {
  return async (name, cancellation) => {
    const { createConnection } = await driver('mysql2', () => import('mysql2'))
    const secrets: Secrets = [options.password, ...secretsOfAddress(options.address)]
    const connect = async (token: CancellationToken): Promise<Client> => {
      const client = createConnection(configOf(options))
      client.on('error', () => undefined)
      try {
        await unlessCancelled(
          done((end) => client.connect(end)),
          token,
          () => client.destroy(),
        )
      } catch (cause) {
        client.destroy()
        throw refused(name, cause, secrets)
      }
      return client
    }
    return new MysqlConnection(
      name,
      await connect(cancellation),
      connect,
      options.readOnly ?? true,
      secrets,
    )
  }
}

function configOf(
  options: MysqlOptions,
): Parameters<typeof import('mysql2').createConnection>[0] & object {
  const { address, host, port, database, user, password, tls, timeout = 10_000 } = options
  return {
    connectTimeout: timeout,
    dateStrings: true,
    supportBigNumbers: true,
    jsonStrings: true,
    rowsAsArray: true,
    // Parsers without generated code; files of this machine are never sent.
    disableEval: true,
    flags: ['-LOCAL_FILES'],
    ...(address === undefined ? {} : { uri: address }),
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(database === undefined ? {} : { database }),
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(tls === undefined ? {} : { ssl: tls }),
  }
}

function done(work: (end: (error: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    work((error) => (error === null || error === undefined ? resolve() : reject(error)))
  })
}

/** Bits are a number as far as they fit. */
const bits: CellReading = {
  shows: 'number',
  read: (cell) =>
    cell instanceof Uint8Array ? exactNumbers.read(BigInt(`0x${hexOf(cell) || '0'}`)) : Number.NaN,
}

/** By the type of the wire: https://dev.mysql.com/doc/dev/mysql-server/latest/field__types_8h.html */
const readings: Readonly<Record<number, CellReading>> = {
  0: exactNumbers,
  1: exactNumbers,
  2: exactNumbers,
  3: exactNumbers,
  4: floatNumbers,
  5: floatNumbers,
  7: timestamps,
  8: exactNumbers,
  9: exactNumbers,
  10: dates,
  11: times,
  12: timestamps,
  13: exactNumbers,
  16: bits,
  246: exactNumbers,
}

class MysqlConnection implements Connection {
  readonly description: string
  #client: Client | undefined
  readonly #connect: (token: CancellationToken) => Promise<Client>
  readonly #readOnly: boolean
  readonly #secrets: Secrets
  #open: ResultPages | undefined

  constructor(
    name: string,
    client: Client,
    connect: (token: CancellationToken) => Promise<Client>,
    readOnly: boolean,
    secrets: Secrets,
  ) {
    this.description = name
    this.#client = client
    this.#connect = connect
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
    const client = this.#client ?? (await this.#connect(cancellation))
    this.#client = client
    const failed = (cause: unknown): Error => refused(this.description, cause, this.#secrets)
    const drop = (): void => {
      client.destroy()
      if (this.#client === client) this.#client = undefined
    }
    const ended = async (): Promise<void> => {
      if (this.#readOnly) await done((end) => client.query('COMMIT', end))
    }
    try {
      if (this.#readOnly) {
        // What ends the transaction, as CREATE does, finds a session that cannot write either.
        await done((end) => client.query('SET SESSION TRANSACTION READ ONLY', end))
        await done((end) => client.query('START TRANSACTION READ ONLY', end))
      }
      const pages = new StreamPages(client, text, drop, ended, failed)
      await unlessCancelled(pages.started, cancellation, drop)
      this.#open = pages
      return openResult(pages, settings)
    } catch (cause) {
      if (this.#client === client) await ended().catch(() => undefined)
      throw failed(cause)
    }
  }

  describe(
    what: Catalogue,
    settings: FormatSettings,
    cancellation: CancellationToken,
  ): Promise<OpenSource> {
    const types =
      'SELECT DISTINCT data_type AS `TYPE_NAME` FROM information_schema.columns ORDER BY data_type'
    return this.query(standardCatalogue(what, '`', types), settings, cancellation)
  }

  async close(): Promise<void> {
    await this.#open?.close()
    const client = this.#client
    this.#client = undefined
    if (client !== undefined) await done((end) => client.end(end))
  }
}

/** Rows as the server sends them; the server waits while a page is full. */
class StreamPages implements ResultPages {
  columns: ResultPages['columns'] = []
  /** Settled when the columns are known or the statement is carried out. */
  readonly started: Promise<void>
  readonly #client: Client
  readonly #drop: () => void
  readonly #ended: () => Promise<void>
  readonly #failed: (cause: unknown) => Error
  #rows: unknown[][] = []
  #error: unknown
  #over = false
  #closed = false
  /** Called when a page is full or the result is over. */
  #wake: () => void = () => {}

  constructor(
    client: Client,
    text: string,
    drop: () => void,
    ended: () => Promise<void>,
    failed: (cause: unknown) => Error,
  ) {
    this.#client = client
    this.#drop = drop
    this.#ended = ended
    this.#failed = failed
    this.started = new Promise((resolve, reject) => {
      client
        .query(text)
        // A procedure may give several results; the first is the one that is read.
        .once('fields', (fields: readonly FieldPacket[] | undefined) => {
          this.columns = (fields ?? []).map(columnOf)
          resolve()
        })
        .on('result', (row: unknown, result: number) => {
          if (result !== 0 || !Array.isArray(row)) return
          this.#rows.push(row)
          if (this.#rows.length < pageRows) return
          client.pause()
          this.#wake()
        })
        .on('error', (error: unknown) => {
          this.#error = error
          this.#over = true
          reject(error)
          this.#wake()
        })
        .on('end', () => {
          this.#over = true
          resolve()
          this.#wake()
        })
    })
    this.started.catch(() => undefined)
  }

  async next(cancellation: CancellationToken): Promise<ResultPage | undefined> {
    if (this.#rows.length < pageRows && !this.#over) {
      const full = new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      this.#client.resume()
      await unlessCancelled(full, cancellation, this.#drop)
    }
    if (this.#error !== undefined) throw this.#failed(this.#error)
    const rows = this.#rows
    this.#rows = []
    return rows.length === 0 ? undefined : pageOfRows(rows)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    if (this.#over) await this.#ended().catch(() => undefined)
    else this.#drop()
  }
}

function columnOf({ name, columnType }: FieldPacket): ResultPages['columns'][number] {
  return { name, ...(readings[columnType ?? -1] ?? texts) }
}
