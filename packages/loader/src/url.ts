import {
  type CancellationToken,
  LichenError,
  LoadError,
  type TableReader,
  throwIfCancelled,
} from '@lichen/engine'
import { type ByteSource, bytesSource } from './byte-source.ts'
import type { FormatEntry } from './format.ts'
import { createReader } from './reader.ts'
import { parseSourcePath } from './source-path.ts'

export interface UrlReaderOptions {
  /** The address relative paths are below, e.g. `https://host/data/`. Without it they are refused. */
  readonly root?: string
  /** Addresses by the name after `lib://`. */
  readonly libs?: Readonly<Record<string, string>>
  /** Sent with every request, e.g. an authorization. */
  readonly headers?: Readonly<Record<string, string>>
  readonly fetch?: typeof globalThis.fetch
  readonly formats?: readonly FormatEntry[]
  /** Most bytes of one file; default 1 GiB, since the file is held in memory. */
  readonly maxBytes?: number
  readonly cancellation?: CancellationToken
}

/**
 * Reads over HTTP below the addresses given and nothing else: a path cannot leave them, a redirect is an error, wildcards are refused.
 * @throws LoadError `source-not-found`, `source-unsupported`, `budget-exceeded`; AccessError
 */
export function urlReader(options: UrlReaderOptions): TableReader {
  const libraries = new Map(
    Object.entries(options.libs ?? {}).map(([name, base]) => [name.toLowerCase(), base]),
  )
  const maxBytes = options.maxBytes ?? 2 ** 30
  const addressOf = (path: string): string => {
    const { library, segments, wildcard } = parseSourcePath(path)
    if (wildcard)
      throw new LoadError(
        'source-unsupported',
        `${path}: files behind an address cannot be listed; name each file`,
      )
    const base = library === undefined ? options.root : libraries.get(library.toLowerCase())
    if (base === undefined) throw new LoadError('source-not-found', `${path}: no such connection`)
    return `${base.replace(/\/+$/, '')}/${segments.map((segment) => encoded(segment, path)).join('/')}`
  }
  const reader = createReader({
    ...(options.formats === undefined ? {} : { formats: options.formats }),
    maxBytes,
    find: async (path) => [await download(path, addressOf(path), maxBytes, options)],
  })
  return {
    ...reader,
    async resolve(path) {
      addressOf(path)
      return [path]
    },
  }
}

function encoded(segment: string, path: string): string {
  try {
    return encodeURIComponent(segment)
  } catch (error) {
    throw new LoadError('source-not-found', `${path} is not well-formed Unicode`, { cause: error })
  }
}

async function download(
  path: string,
  address: string,
  maxBytes: number,
  options: UrlReaderOptions,
): Promise<ByteSource> {
  const request = options.fetch ?? globalThis.fetch
  try {
    const response = await request(address, { headers: { ...options.headers }, redirect: 'error' })
    if (!response.ok) {
      await response.body?.cancel()
      throw new LoadError(
        'source-not-found',
        `${path} was not delivered: the server answered ${response.status}`,
      )
    }
    const bytes = await bodyOf(path, response, maxBytes, options.cancellation)
    return bytesSource(path, bytes, timeOf(response.headers.get('last-modified')))
  } catch (error) {
    if (error instanceof LichenError) throw error
    throw new LoadError(
      'source-not-found',
      `${path} could not be fetched: the server is not reachable, redirects or does not allow this page`,
      { cause: error },
    )
  }
}

function timeOf(header: string | null): number | undefined {
  const time = header === null ? Number.NaN : Date.parse(header)
  return Number.isNaN(time) ? undefined : time
}

async function bodyOf(
  path: string,
  response: Response,
  maxBytes: number,
  cancellation: CancellationToken | undefined,
): Promise<Uint8Array> {
  const reader = response.body?.getReader()
  if (reader === undefined) return new Uint8Array(0)
  const parts: Uint8Array[] = []
  let total = 0
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      if (cancellation !== undefined) throwIfCancelled(cancellation)
      total += next.value.length
      if (total > maxBytes)
        throw new LoadError(
          'budget-exceeded',
          `${path} has more than the ${maxBytes} bytes allowed; split it or raise maxBytes`,
        )
      parts.push(next.value)
    }
  } catch (error) {
    await reader.cancel().catch(() => undefined)
    throw error
  }
  const bytes = new Uint8Array(total)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
