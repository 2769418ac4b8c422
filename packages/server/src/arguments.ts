import { parseArgs } from 'node:util'
import { LichenError } from '@lichen/engine'

export interface ServeArguments {
  readonly command: 'serve'
  readonly host: string
  readonly port: number
  readonly data: string | undefined
  /** Folders by the name after `lib://`. */
  readonly libs: Readonly<Record<string, string>>
  /** Addresses by the name after LIB CONNECT TO. */
  readonly connect: Readonly<Record<string, string>>
  /** Scripts may write below `data` and the folders of `libs`. */
  readonly writable: boolean
  /** Where saved apps lie. */
  readonly apps: string
  /** Allowed browser origins; undefined = loopback only. */
  readonly origins: readonly string[] | undefined
  /** Threads beside the main one for scans of many rows; undefined = as many as there are further processors. */
  readonly threads: number | undefined
  readonly jwt:
    | { readonly publicKeyFile: string; readonly issuer: string; readonly audience: string }
    | undefined
}

export interface RunArguments {
  readonly command: 'run'
  /** A file, or `-` for standard input. */
  readonly script: string
  readonly data: string | undefined
  /** Folders by the name after `lib://`. */
  readonly libs: Readonly<Record<string, string>>
  /** Addresses by the name after LIB CONNECT TO. */
  readonly connect: Readonly<Record<string, string>>
  readonly evaluations: readonly string[]
  readonly json: boolean
}

export interface HelpArguments {
  readonly command: 'help'
}

export const usage = `lichen serve [--host 127.0.0.1] [--port 9076] [--data DIR] [--lib NAME=DIR …] [--connect NAME=ADDRESS …]
             [--writable] [--apps DIR] [--origin O …] [--threads N] [--jwt-public-key FILE.pem --jwt-issuer I --jwt-audience A]
lichen run SCRIPT|- [--data DIR] [--lib NAME=DIR …] [--connect NAME=ADDRESS …]
             [--eval EXPR …] [--json]
`

/** @throws LichenError `invalid-argument` */
export function readArguments(
  argv: readonly string[],
): ServeArguments | RunArguments | HelpArguments {
  const { values, positionals } = parse(argv)
  const [command, ...rest] = positionals
  if (values.help === true || command === undefined || command === 'help')
    return { command: 'help' }
  if (command === 'serve') return serveArguments(values, rest)
  if (command === 'run') {
    const [script, ...more] = rest
    if (script === undefined || more.length > 0)
      throw wrong('lichen run takes one script file, or - for standard input')
    return {
      command: 'run',
      script,
      data: values.data,
      libs: namedValues('--lib NAME=DIR', values.lib),
      connect: namedValues('--connect NAME=ADDRESS', values.connect),
      evaluations: values.eval ?? [],
      json: values.json ?? false,
    }
  }
  throw wrong(`Unknown command "${command}"; there are serve and run`)
}

const options = {
  host: { type: 'string' },
  port: { type: 'string' },
  data: { type: 'string' },
  lib: { type: 'string', multiple: true },
  connect: { type: 'string', multiple: true },
  writable: { type: 'boolean' },
  apps: { type: 'string' },
  origin: { type: 'string', multiple: true },
  threads: { type: 'string' },
  'jwt-public-key': { type: 'string' },
  'jwt-issuer': { type: 'string' },
  'jwt-audience': { type: 'string' },
  eval: { type: 'string', multiple: true },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

type Parsed = ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>

function parse(argv: readonly string[]): Parsed {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true })
  } catch (cause) {
    throw wrong(cause instanceof Error ? cause.message : 'Unreadable arguments')
  }
}

function serveArguments(values: Parsed['values'], rest: readonly string[]): ServeArguments {
  if (rest.length > 0) throw wrong(`lichen serve takes options only, not "${rest.join(' ')}"`)
  const port = Number(values.port ?? 9076)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw wrong('--port is a number from 0 to 65535')
  const threads = values.threads === undefined ? undefined : Number(values.threads)
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 0 && threads <= 256))
    throw wrong('--threads is a number from 0 to 256')
  const host = values.host ?? '127.0.0.1'
  const key = values['jwt-public-key']
  const issuer = values['jwt-issuer']
  const audience = values['jwt-audience']
  if (
    (key ?? issuer ?? audience) !== undefined &&
    (key === undefined || issuer === undefined || audience === undefined)
  ) {
    throw wrong('--jwt-public-key, --jwt-issuer and --jwt-audience belong together')
  }
  const jwt =
    key === undefined || issuer === undefined || audience === undefined
      ? undefined
      : { publicKeyFile: key, issuer, audience }
  if (jwt === undefined && !isLoopback(host)) {
    throw wrong(
      `Without a JWT key only loopback is served, not ${host}; give --jwt-public-key, --jwt-issuer and --jwt-audience`,
    )
  }
  return {
    command: 'serve',
    host,
    port,
    data: values.data,
    libs: namedValues('--lib NAME=DIR', values.lib),
    connect: namedValues('--connect NAME=ADDRESS', values.connect),
    writable: values.writable ?? false,
    apps: values.apps ?? '.lichen/apps',
    origins: values.origin,
    threads,
    jwt,
  }
}

/** Values by name. The texts are not repeated in errors: they may hold passwords. */
function namedValues(
  form: string,
  given: readonly string[] = [],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    given.map((text) => {
      const [, name, value] = /^([^=/\\]+)=(.+)$/.exec(text) ?? []
      if (name === undefined || value === undefined) throw wrong(`It is ${form}`)
      return [name, value] as const
    }),
  )
}

/** Whether a host name or address means this machine. */
export function isLoopback(host: string): boolean {
  return (
    host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)
  )
}

function wrong(message: string): LichenError {
  return new LichenError('invalid-argument', message)
}
