import type { CancellationToken } from '../base/cancellation.ts'
import { LoadError } from '../base/errors.ts'
import type { FormatSettings } from '../value/format-settings.ts'
import type { OpenSource } from './reader.ts'

/** The word before CONNECT; `CONNECT TO` alone is `odbc`. */
export type ConnectionKind = 'lib' | 'odbc' | 'oledb' | 'custom'

/** What SQLTABLES, SQLCOLUMNS and SQLTYPES ask for. */
export type Catalogue = 'tables' | 'columns' | 'types'

/**
 * A database or service a script is connected to. The script asks one thing at a time: a query ends, or is given up, before the next begins.
 *
 * @example
 * const numbers: Connection = {
 *   description: 'numbers',
 *   query: async () => ({
 *     fields: ['n'],
 *     async *batches(fields) {
 *       const values = Float64Array.of(1, 2, 3)
 *       yield { rows: 3, columns: fields.map(() => ({ kind: 'numbers', values, format: null })) }
 *     },
 *   }),
 * }
 */
export interface Connection {
  /** What people are shown of it, as by `ConnectString()` and in lineage; never a password or an address that holds one. */
  readonly description: string
  /**
   * Sends a statement as it is written and opens its result. A statement without a result gives a source without fields, which has been carried
   * out. Dates of the result are shown by the patterns of `settings`. Messages of the server are passed on without secrets.
   * @throws LoadError `script-failed` when the server refuses the statement; LichenError `cancelled`
   */
  query(
    text: string,
    settings: FormatSettings,
    cancellation: CancellationToken,
  ): Promise<OpenSource>
  /** For SQLTABLES, SQLCOLUMNS and SQLTYPES, which are refused without it. */
  describe?(
    what: Catalogue,
    settings: FormatSettings,
    cancellation: CancellationToken,
  ): Promise<OpenSource>
  /** Called once, at DISCONNECT, at the next CONNECT or when the script ends in any way. */
  close?(): Promise<void>
}

/** How a host gives scripts its databases: `LIB CONNECT TO 'name'` and the older forms open one. */
export interface Connections {
  /**
   * `name` is the whole text after CONNECT TO without its quotes.
   * @throws LoadError `source-not-found` when the host has no such connection
   */
  open(name: string, kind: ConnectionKind, cancellation: CancellationToken): Promise<Connection>
}

/** Opens the connection that a host has under `name`. */
export type ConnectionFactory = (
  name: string,
  cancellation: CancellationToken,
) => Connection | Promise<Connection>

/**
 * Connections by name, without regard to case. A connect string of an existing script, such as `DSN=Sales;UID=sa;PWD=…`, finds the one named like
 * the whole text, else like its DSN, else like its first part; nothing else of it is used, so that user and password are always the host's own.
 *
 * @example
 * const connections = namedConnections({
 *   crm: postgres({ host: 'db.example.com', database: 'crm', user: 'reader', password }),
 *   plan: sqlite({ file: '/data/plan.db' }),
 * })
 * await createApp({ script: "LIB CONNECT TO 'crm'; Orders: SQL SELECT * FROM orders;", connections })
 */
export function namedConnections(
  factories: Readonly<Record<string, ConnectionFactory>>,
): Connections {
  const byName = new Map(
    Object.entries(factories).map(([name, factory]) => [name.toLowerCase(), { name, factory }]),
  )
  return {
    async open(text, _kind, cancellation) {
      for (const candidate of candidateNames(text)) {
        const found = byName.get(candidate.toLowerCase())
        if (found !== undefined) return found.factory(found.name, cancellation)
      }
      // The text is not repeated: it may hold a password.
      throw new LoadError(
        'source-not-found',
        "There is no connection of that name; write LIB CONNECT TO 'name' with the name of a connection the host gives scripts",
      )
    },
  }
}

function candidateNames(text: string): string[] {
  const parts = text.split(';').map((part) => part.trim())
  const dsn = parts.find((part) => /^dsn\s*=/i.test(part))
  const afterSign = (part: string): string => part.replace(/^[^=]*=\s*/, '')
  const [first = ''] = parts
  return [text.trim(), ...(dsn === undefined ? [] : [afterSign(dsn)]), first, afterSign(first)]
}
