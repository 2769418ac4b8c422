import {
  type CancellationToken,
  LichenError,
  LoadError,
  neverCancelled,
  type TableReader,
} from '@lichen/engine'
import type { FormatEntry } from './format.ts'
import { answerTo, defaultTimeout, type HttpManner } from './http-answer.ts'
import { httpSource } from './http-source.ts'
import { createReader } from './reader.ts'
import { parseSourcePath } from './source-path.ts'

/** How files of servers are fetched. */
export interface FetchOptions {
  /** Sent with every request to the server named, not to one it redirects to; e.g. an authorization. */
  readonly headers?: Readonly<Record<string, string>>
  readonly fetch?: typeof globalThis.fetch
  readonly formats?: readonly FormatEntry[]
  /** Most bytes of one file; default 8 GiB. A file of a server that sends no parts is held in memory and has at most 1 GiB. */
  readonly maxBytes?: number
  /** Milliseconds a server may send nothing; default 30,000. */
  readonly timeout?: number
  /** Most redirects followed, within what is allowed; default 0. A page cannot follow any. */
  readonly redirects?: number
}

export interface UrlReaderOptions extends FetchOptions {
  /** The address relative paths are below, e.g. `https://host/data/`. Without it they are refused. */
  readonly root?: string
  /** Addresses by the name after `lib://`. */
  readonly libs?: Readonly<Record<string, string>>
}

const maxHeldBytes = 2 ** 30

/** Packed on the way, a file would have neither a size nor ranges. Pages send what they like all the same. */
const identity = { 'accept-encoding': 'identity' }

/**
 * Reads over HTTP below the addresses given and nothing else: a path cannot leave them, wildcards are refused. Where the server sends parts, only
 * the bytes needed are read; text is never held whole.
 * @throws LoadError `source-not-found`, `source-unsupported`, `source-malformed`, `budget-exceeded`; AccessError
 */
export function urlReader(options: UrlReaderOptions): TableReader {
  const libraries = new Map(
    Object.entries(options.libs ?? {}).map(([name, base]) => [name.toLowerCase(), folderOf(base)]),
  )
  const root = options.root === undefined ? undefined : folderOf(options.root)
  const bases = [...libraries.values(), ...(root === undefined ? [] : [root])]
  const addressOf = (path: string): string => {
    const { library, segments, wildcard } = parseSourcePath(path)
    if (wildcard)
      throw new LoadError(
        'source-unsupported',
        `${path}: files behind an address cannot be listed; name each file`,
      )
    const base = library === undefined ? root : libraries.get(library.toLowerCase())
    if (base === undefined) throw new LoadError('source-not-found', `${path}: no such connection`)
    return base + segments.map((segment) => encodedSegment(segment, path)).join('/')
  }
  const allows = ({ origin, pathname }: URL): boolean =>
    bases.some((base) => `${origin}${pathname}`.startsWith(base))
  return addressReader((path) => ({ name: path, address: addressOf(path) }), allows, options)
}

/** A reader of the address each path stands for. `name` is shown in errors. */
export function addressReader(
  placeOf: (path: string) => { readonly name: string; readonly address: string },
  allows: HttpManner['allows'],
  options: FetchOptions,
): TableReader {
  const { headers = {}, maxBytes = 8 * 2 ** 30, formats } = options
  const manner: HttpManner = {
    fetch: options.fetch ?? ((...request) => globalThis.fetch(...request)),
    timeout: options.timeout ?? defaultTimeout,
    redirects: options.redirects ?? 0,
    allows,
  }
  const readerWith = (token: CancellationToken): TableReader =>
    createReader({
      ...(formats === undefined ? {} : { formats }),
      maxBytes,
      async find(path) {
        const { name, address } = placeOf(path)
        const source = await httpSource({
          name,
          maxHeld: Math.min(maxBytes, maxHeldBytes),
          ask: (method, asked, cancellation = token) =>
            answerTo(
              name,
              { method, address, headers: { ...identity, ...asked }, credentials: headers },
              manner,
              cancellation,
            ),
        })
        return [source]
      },
    })
  return {
    ...cancellable(readerWith),
    async resolve(path) {
      placeOf(path)
      return [path]
    },
  }
}

/** A reader whose requests end with the token of the call they are made for, also where a format reads without one. */
export function cancellable(readerWith: (token: CancellationToken) => TableReader): TableReader {
  return {
    ...readerWith(neverCancelled),
    open: (path, clause, settings, token) => readerWith(token).open(path, clause, settings, token),
    openTail: async (path, clause, settings, token, from) =>
      readerWith(token).openTail?.(path, clause, settings, token, from),
  }
}

/** A segment of a path as part of an address. @throws LoadError `source-not-found` */
export function encodedSegment(segment: string, path: string): string {
  try {
    return encodeURIComponent(segment).replace(
      /[!'()*]/g,
      (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
    )
  } catch {
    throw new LoadError('source-not-found', `${path} is not well-formed Unicode`)
  }
}

/** The address of a folder, ending in a slash; a page may give it relative to its own. @throws LichenError `invalid-argument` */
function folderOf(base: string): string {
  const page = 'location' in globalThis ? globalThis.location.href : undefined
  if (!URL.canParse(base, page))
    throw new LichenError(
      'invalid-argument',
      'A root or library is no address; write https://host/',
    )
  return `${new URL(base, page).href.replace(/\/+$/, '')}/`
}
