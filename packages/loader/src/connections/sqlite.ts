import {
  type CancellationToken,
  type Catalogue,
  type Connection,
  type ConnectionFactory,
  type FormatSettings,
  LoadError,
  type OpenSource,
  throwIfCancelled,
} from '@lichen/engine'
import type { Database, Statement } from 'better-sqlite3'
import {
  type Cell,
  type CellColumn,
  type CellReading,
  dates,
  exactNumbers,
  floatNumbers,
  texts,
  times,
  timestamps,
} from './column-cells.ts'
import {
  noResult,
  openResult,
  pageOfRows,
  type ResultPage,
  type ResultPages,
} from './result-pages.ts'
import { driver, refused } from './server-error.ts'

/** A SQLite database in a file. */
export interface SqliteOptions {
  readonly file: string
  /** Opened for reading, and only statements that give a result; default true. */
  readonly readOnly?: boolean
  /** Milliseconds to wait while another program writes; default 5,000. */
  readonly timeout?: number
}

/**
 * A SQLite database for scripts, by the package `better-sqlite3`. Results are stepped through, page by page. Values are what SQLite has stored:
 * integers beyond 2^53 are text, BLOBs hexadecimal text; text in columns declared DATE, TIME, DATETIME or TIMESTAMP is a serial day where it can be
 * read as ISO 8601.
 *
 * @example
 * const connections = namedConnections({ plan: sqlite({ file: '/data/plan.db' }) })
 * @throws LoadError `script-failed` with the message of SQLite; `source-unsupported` when the package is missing
 */
export function sqlite(options: SqliteOptions): ConnectionFactory {
  return async (name, cancellation) => {
    const { default: DatabaseOf } = await driver('better-sqlite3', () => import('better-sqlite3'))
    throwIfCancelled(cancellation)
    const { file, readOnly = true, timeout = 5_000 } = options
    try {
      const database = new DatabaseOf(file, { readonly: readOnly, fileMustExist: true, timeout })
      database.defaultSafeIntegers(true)
      return new SqliteConnection(name, database, readOnly)
    } catch (cause) {
      throw refused(name, cause, [])
    }
  }
}

/** Steps between looks at the clock: enough that looking costs nothing. */
const stepRows = 8_192

class SqliteConnection implements Connection {
  readonly description: string
  readonly #database: Database
  readonly #readOnly: boolean
  #open: ResultPages | undefined

  constructor(name: string, database: Database, readOnly: boolean) {
    this.description = name
    this.#database = database
    this.#readOnly = readOnly
  }

  async query(
    text: string,
    settings: FormatSettings,
    cancellation: CancellationToken,
  ): Promise<OpenSource> {
    await this.#open?.close()
    throwIfCancelled(cancellation)
    try {
      const statement = this.#database.prepare<unknown[], unknown[]>(text)
      if (statement.reader) {
        if (this.#readOnly && !statement.readonly) throw notAllowed(this.description)
        this.#open = new StepPages(statement, this.description)
        return openResult(this.#open, settings)
      }
      // ATTACH has no result and would open any file of the machine.
      if (this.#readOnly) throw notAllowed(this.description)
      statement.run()
      return openResult(noResult, settings)
    } catch (cause) {
      throw refused(this.description, cause, [])
    }
  }

  describe(
    what: Catalogue,
    settings: FormatSettings,
    cancellation: CancellationToken,
  ): Promise<OpenSource> {
    return this.query(catalogue[what], settings, cancellation)
  }

  async close(): Promise<void> {
    await this.#open?.close()
    this.#database.close()
  }
}

function notAllowed(name: string): LoadError {
  return new LoadError(
    'script-failed',
    `${name} is read only; only statements that read are carried out`,
  )
}

const tables =
  "FROM sqlite_schema t WHERE t.type IN ('table', 'view') AND t.name NOT LIKE 'sqlite_%'"
const catalogue: Readonly<Record<Catalogue, string>> = {
  tables: `SELECT NULL AS "TABLE_CAT", NULL AS "TABLE_SCHEM", t.name AS "TABLE_NAME", upper(t.type) AS "TABLE_TYPE" ${tables} ORDER BY t.name`,
  columns: `SELECT NULL AS "TABLE_CAT", NULL AS "TABLE_SCHEM", t.name AS "TABLE_NAME", c.name AS "COLUMN_NAME", c.type AS "TYPE_NAME", c.cid + 1 AS "ORDINAL_POSITION", CASE c."notnull" WHEN 0 THEN 'YES' ELSE 'NO' END AS "IS_NULLABLE" ${tables.replace(' t ', ' t JOIN pragma_table_info(t.name) c ')} ORDER BY t.name, c.cid`,
  types: `SELECT column1 AS "TYPE_NAME" FROM (VALUES ('BLOB'), ('INTEGER'), ('NUMERIC'), ('REAL'), ('TEXT'))`,
}

class StepPages implements ResultPages {
  readonly columns: readonly CellColumn[]
  readonly #rows: IterableIterator<unknown[]>
  readonly #name: string
  /** Read ahead, since only values tell what is in a column of SQLite. */
  #first: readonly unknown[][] | undefined
  #over = false

  constructor(statement: Statement<unknown[], unknown[]>, name: string) {
    this.#rows = statement.raw().iterate()
    this.#name = name
    this.#first = this.#step()
    this.columns = statement.columns().map((column, index) => ({
      name: column.name,
      ...readingOf(column.type ?? '', this.#first?.find((row) => row[index] !== null)?.[index]),
    }))
  }

  async next(cancellation: CancellationToken): Promise<ResultPage | undefined> {
    throwIfCancelled(cancellation)
    // SQLite works in this thread: let others have a turn, and a cancellation come through.
    await new Promise((resolve) => setImmediate(resolve))
    const rows = this.#first ?? this.#step()
    this.#first = undefined
    return rows.length === 0 ? undefined : pageOfRows(rows)
  }

  #step(): unknown[][] {
    const rows: unknown[][] = []
    try {
      while (rows.length < stepRows && !this.#over) {
        const { done, value } = this.#rows.next()
        if (done === true) this.#over = true
        else rows.push(value)
      }
    } catch (cause) {
      this.#over = true
      throw refused(this.#name, cause, [])
    }
    return rows
  }

  async close(): Promise<void> {
    if (!this.#over) this.#rows.return?.()
    this.#over = true
  }
}

/** Any column of SQLite may hold any value: numbers are numbers, and text is a date only where its column is declared so. */
function readingOf(declared: string, first: unknown): CellReading {
  const shows = typeof first === 'string' ? shownBy(declared.toUpperCase()) : undefined
  if (shows !== undefined) return { shows: shows.shows, read: stored(shows) }
  const numeric = typeof first === 'bigint' || typeof first === 'number'
  return { shows: numeric ? 'number' : 'text', read: stored(texts) }
}

function shownBy(type: string): CellReading | undefined {
  if (type === 'DATE') return dates
  if (type === 'TIME') return times
  return /^(?:DATETIME|TIMESTAMP)/.test(type) ? timestamps : undefined
}

function stored(text: CellReading): (cell: unknown) => Cell {
  return (cell) => {
    if (typeof cell === 'bigint') return exactNumbers.read(cell)
    return typeof cell === 'number' ? floatNumbers.read(cell) : text.read(cell)
  }
}
