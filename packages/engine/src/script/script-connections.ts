import type { CancellationToken } from '../base/cancellation.ts'
import { LichenError } from '../base/errors.ts'
import type { FormatSettings } from '../value/format-settings.ts'
import type { Catalogue, Connection, ConnectionKind, Connections } from './connection.ts'
import type { OpenSource } from './reader.ts'

/** What a running script needs while it waits for a server. */
export interface ScriptWaiting {
  readonly settings: FormatSettings
  /** @throws LichenError `cancelled`, `budget-exceeded` */
  checkTime(): void
}

/** The connection a running script has, which the next CONNECT takes the place of. */
export class ScriptConnections {
  readonly #connections: Connections | undefined
  #current: Connection | undefined

  constructor(connections: Connections | undefined) {
    this.#connections = connections
  }

  /** Empty without a connection. */
  get description(): string {
    return this.#current?.description ?? ''
  }

  /** @throws LoadError `source-not-found`; LichenError `source-unsupported` */
  async connect(name: string, kind: ConnectionKind, waiting: ScriptWaiting): Promise<void> {
    await this.close()
    const connections = this.#connections
    if (connections === undefined)
      throw new LichenError(
        'source-unsupported',
        'This host gives scripts no connections; pass connections',
      )
    this.#current = await inTime(waiting, (token) => connections.open(name, kind, token))
  }

  /** Sends a statement to the database. @throws LichenError `source-not-found` before CONNECT, `script-failed` */
  query(text: string, waiting: ScriptWaiting): Promise<OpenSource> {
    const connection = this.#required()
    return inTime(waiting, (token) => connection.query(text, waiting.settings, token))
  }

  /** @throws LichenError `source-not-found` before CONNECT, `source-unsupported` */
  describe(what: Catalogue, waiting: ScriptWaiting): Promise<OpenSource> {
    const connection = this.#required()
    if (connection.describe === undefined)
      throw new LichenError(
        'source-unsupported',
        `The connection "${connection.description}" lists no ${what}; ask its catalogue by SQL SELECT`,
      )
    const describe = connection.describe.bind(connection)
    return inTime(waiting, (token) => describe(what, waiting.settings, token))
  }

  /** Never throws: what a server says at the end changes nothing about the data. */
  async close(): Promise<void> {
    const connection = this.#current
    this.#current = undefined
    await connection?.close?.().catch(() => undefined)
  }

  #required(): Connection {
    if (this.#current === undefined)
      throw new LichenError(
        'source-not-found',
        "No connection is open; write LIB CONNECT TO 'name' before",
      )
    return this.#current
  }
}

/** Waits for a server with a token that ends with the time of the script too. */
async function inTime<Result>(
  { checkTime }: ScriptWaiting,
  work: (token: CancellationToken) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(tokenWithin(checkTime))
  } catch (cause) {
    checkTime()
    throw cause
  }
}

/** Cancelled as soon as the check throws. */
export function tokenWithin(checkTime: () => void): CancellationToken {
  return {
    get cancelled() {
      try {
        checkTime()
        return false
      } catch {
        return true
      }
    },
  }
}
