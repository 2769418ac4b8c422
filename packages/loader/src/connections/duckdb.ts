import type {
  DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  DuckDBResult,
} from '@duckdb/node-api'
import {
  type CancellationToken,
  type Catalogue,
  type Connection,
  type ConnectionFactory,
  type FormatSettings,
  type OpenSource,
  throwIfCancelled,
} from '@lichen/engine'
import { standardCatalogue } from './catalogue.ts'
import {
  type Cell,
  type CellReading,
  exactNumbers,
  floatNumbers,
  hexOf,
  texts,
  times,
  timestamps,
  truths,
} from './column-cells.ts'
import {
  noResult,
  openResult,
  pageRows,
  type ResultPage,
  type ResultPages,
  unlessCancelled,
} from './result-pages.ts'
import { microsSerial } from './serial-text.ts'
import { driver, refused } from './server-error.ts'

/** A DuckDB database. */
export interface DuckdbOptions {
  /** A file; without it the database is in memory and empty. */
  readonly file?: string
  /** A file is opened for reading; default true. */
  readonly readOnly?: boolean
  /** Whether SQL may reach files and addresses of its own, as by read_csv or ATTACH; default false. It cannot be changed by SQL. */
  readonly externalAccess?: boolean
  /** Run first, with the host's rights, as to create views. */
  readonly setup?: readonly string[]
}

/**
 * A DuckDB database for scripts, by the package `@duckdb/node-api`. Results are streamed in chunks. Integers and decimals are numbers, beyond 2^53
 * text; dates, times and timestamps are serial days, those with a zone in UTC; booleans are -1 and 0; BLOBs are hexadecimal text; lists, structs,
 * UUIDs and the rest are text as DuckDB shows it.
 *
 * @example
 * const connections = namedConnections({ lake: duckdb({ file: '/data/lake.duckdb' }) })
 * @throws LoadError `script-failed` with the message of DuckDB; `source-unsupported` when the package is missing
 */
export function duckdb(options: DuckdbOptions = {}): ConnectionFactory {
  return async (name, cancellation) => {
    const { DuckDBInstance: InstanceOf, ResultReturnType } = await driver(
      '@duckdb/node-api',
      () => import('@duckdb/node-api'),
    )
    const { file, readOnly = true, externalAccess = false, setup = [] } = options
    try {
      const instance = await InstanceOf.create(file ?? ':memory:', {
        ...(readOnly && file !== undefined ? { access_mode: 'READ_ONLY' } : {}),
        autoinstall_known_extensions: 'false',
      })
      const connection = await instance.connect()
      throwIfCancelled(cancellation)
      await connection.run("SET TimeZone = 'UTC'")
      for (const statement of setup) await connection.run(statement)
      if (!externalAccess) await connection.run('SET enable_external_access = false')
      await connection.run('SET lock_configuration = true')
      return new DuckdbConnection(name, instance, connection, ResultReturnType.QUERY_RESULT)
    } catch (cause) {
      throw refused(name, cause, [])
    }
  }
}

class DuckdbConnection implements Connection {
  readonly description: string
  readonly #instance: DuckDBInstance
  readonly #connection: DuckDBConnection
  readonly #rowsFollow: DuckDBResult['returnType']
  #open: ResultPages | undefined

  constructor(
    name: string,
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    rowsFollow: DuckDBResult['returnType'],
  ) {
    this.description = name
    this.#instance = instance
    this.#connection = connection
    this.#rowsFollow = rowsFollow
  }

  async query(
    text: string,
    settings: FormatSettings,
    cancellation: CancellationToken,
  ): Promise<OpenSource> {
    await this.#open?.close()
    throwIfCancelled(cancellation)
    const stop = (): void => this.#connection.interrupt()
    try {
      const result = await unlessCancelled(this.#connection.stream(text), cancellation, stop)
      if (result.returnType !== this.#rowsFollow) return openResult(noResult, settings)
      this.#open = new ChunkPages(result, this.description, stop)
      return openResult(this.#open, settings)
    } catch (cause) {
      throw refused(this.description, cause, [])
    }
  }

  describe(
    what: Catalogue,
    settings: FormatSettings,
    cancellation: CancellationToken,
  ): Promise<OpenSource> {
    const types =
      'SELECT DISTINCT upper(logical_type) AS "TYPE_NAME" FROM duckdb_types() WHERE logical_type <> \'INVALID\' ORDER BY 1'
    return this.query(standardCatalogue(what, '"', types), settings, cancellation)
  }

  async close(): Promise<void> {
    await this.#open?.close()
    this.#connection.closeSync()
    this.#instance.closeSync()
  }
}

class ChunkPages implements ResultPages {
  readonly columns: ResultPages['columns']
  readonly #result: DuckDBResult
  readonly #name: string
  readonly #stop: () => void
  #over = false

  constructor(result: DuckDBResult, name: string, stop: () => void) {
    this.columns = result.columnNames().map((column, index) => ({
      name: column,
      ...readingOf(result.columnTypeId(index)),
    }))
    this.#result = result
    this.#name = name
    this.#stop = stop
  }

  async next(cancellation: CancellationToken): Promise<ResultPage | undefined> {
    const chunks: DuckDBDataChunk[] = []
    let rows = 0
    try {
      while (rows < pageRows && !this.#over) {
        const chunk = await unlessCancelled(this.#result.fetchChunk(), cancellation, this.#stop)
        if (chunk === null || chunk.rowCount === 0) this.#over = true
        else {
          chunks.push(chunk)
          rows += chunk.rowCount
        }
      }
    } catch (cause) {
      this.#over = true
      throw refused(this.#name, cause, [])
    }
    if (rows === 0) return undefined
    return { rows, column: (index) => chunks.flatMap((chunk) => chunk.getColumnValues(index)) }
  }

  async close(): Promise<void> {
    if (!this.#over) this.#stop()
    this.#over = true
  }
}

const shown: CellReading = { shows: 'text', read: String }
const dayMicros = 86_400_000_000
/** The driver shows it as a day. */
const infiniteDays = 2 ** 31 - 1

/** A value object of the driver that holds a count of units since 1970. What is infinite is the text DuckDB shows. */
function since1970(shows: CellReading['shows'], part: string, microsPerUnit: number): CellReading {
  return {
    shows,
    read(cell) {
      const count = partOf(cell, part)
      if (Math.abs(count) === infiniteDays) return count > 0 ? 'infinity' : '-infinity'
      return Number.isSafeInteger(count) ? microsSerial(count * microsPerUnit) : String(cell)
    },
  }
}

/** A number of a value object of the driver; NaN when it has no such part. */
function partOf(cell: unknown, part: string): number {
  return typeof cell === 'object' && cell !== null ? Number(Reflect.get(cell, part)) : Number.NaN
}

const decimals: CellReading = {
  shows: 'number',
  read(cell): Cell {
    const scaled = partOf(cell, 'value')
    return Number.isSafeInteger(scaled)
      ? scaled / 10 ** partOf(cell, 'scale')
      : exactNumbers.read(String(cell))
  },
}

const blobs: CellReading = {
  shows: 'text',
  read(cell) {
    const bytes: unknown =
      typeof cell === 'object' && cell !== null ? Reflect.get(cell, 'bytes') : undefined
    return bytes instanceof Uint8Array ? hexOf(bytes) : String(cell)
  },
}

/** By DuckDBTypeId: https://duckdb.org/docs/stable/clients/c/types */
const readings: Readonly<Record<number, CellReading>> = {
  1: truths,
  2: exactNumbers,
  3: exactNumbers,
  4: exactNumbers,
  5: exactNumbers,
  6: exactNumbers,
  7: exactNumbers,
  8: exactNumbers,
  9: exactNumbers,
  10: floatNumbers,
  11: floatNumbers,
  12: since1970('timestamp', 'micros', 1),
  13: since1970('date', 'days', dayMicros),
  14: { shows: 'time', read: (cell) => partOf(cell, 'micros') / dayMicros },
  16: exactNumbers,
  17: texts,
  18: blobs,
  19: decimals,
  20: since1970('timestamp', 'seconds', 1_000_000),
  21: since1970('timestamp', 'millis', 1_000),
  22: { shows: 'timestamp', read: (cell) => timestamps.read(String(cell)) },
  30: { shows: 'time', read: (cell) => times.read(String(cell)) },
  31: since1970('timestamp', 'micros', 1),
  32: exactNumbers,
  35: exactNumbers,
}

function readingOf(type: number): CellReading {
  return readings[type] ?? shown
}
