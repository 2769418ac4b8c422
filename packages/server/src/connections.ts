import {
  type ConnectionFactory,
  type Connections,
  LichenError,
  namedConnections,
} from '@lichen/engine'
import { duckdb } from '@lichen/loader/duckdb'
import { mysql } from '@lichen/loader/mysql'
import { pinnedFetch } from '@lichen/loader/node'
import { postgres } from '@lichen/loader/postgres'
import { rest } from '@lichen/loader/rest'
import { sqlite } from '@lichen/loader/sqlite'

/**
 * The connection behind an address of the command line: `postgres://…`, `mysql://…` (also `mariadb://`), `sqlite:FILE`, `duckdb:FILE` or `https://…`.
 * Those of databases read only. `env:NAME` takes the address from the environment, where a password is not seen by others of the machine.
 * @throws LichenError `invalid-argument`
 */
export function connectionTo(
  name: string,
  given: string,
  environment: Readonly<Record<string, string | undefined>>,
): ConnectionFactory {
  const variable = /^env:(.+)$/.exec(given)?.[1]
  const address = variable === undefined ? given : environment[variable]
  if (address === undefined)
    throw new LichenError(
      'invalid-argument',
      `--connect ${name}: there is no environment variable ${variable}`,
    )
  const [, scheme = '', place = ''] = /^(\w+):(.*)$/s.exec(address) ?? []
  switch (scheme) {
    case 'postgres':
    case 'postgresql':
      return postgres({ address })
    case 'mysql':
      return mysql({ address })
    case 'mariadb':
      return mysql({ address: `mysql:${place}` })
    case 'sqlite':
      return sqlite({ file: place })
    case 'duckdb':
      return duckdb(place === ':memory:' ? {} : { file: place })
    case 'http':
    case 'https':
      return rest({ url: address, fetch: pinnedFetch() })
    default:
      // The address is not repeated: it may hold a password.
      throw new LichenError(
        'invalid-argument',
        `--connect ${name}: the address begins with none of postgres:, mysql:, mariadb:, sqlite:, duckdb:, https: and env:`,
      )
  }
}

/** The connections of a command line; undefined when there are none. @throws LichenError `invalid-argument` */
export function scriptConnections(
  addresses: Readonly<Record<string, string>> = {},
): Connections | undefined {
  const entries = Object.entries(addresses).map(
    ([name, address]) => [name, connectionTo(name, address, process.env)] as const,
  )
  return entries.length === 0 ? undefined : namedConnections(Object.fromEntries(entries))
}
