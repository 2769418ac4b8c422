import {
  AccessError,
  type CancellationToken,
  type Connection,
  type ConnectionFactory,
  type FormatSettings,
  LichenError,
  LoadError,
  type OpenSource,
} from '@lichen/engine'
import { allowedAddresses } from '../allowed-addresses.ts'
import {
  answerTo,
  defaultTimeout,
  type HttpAnswer,
  type HttpManner,
  refusal,
} from '../http-answer.ts'
import { parseJson } from '../json/cells.ts'
import { RestRows, recordsAt, valueAt } from './rest-rows.ts'
import { parseRestSelect, type RestRequest, type RestSelect } from './rest-select.ts'

/** How a service hands over what does not fit into one answer. */
export type Paging =
  /** Pages by number, from `start` (default 1), until one has no records. */
  | { readonly kind: 'page'; readonly parameter: string; readonly start?: number }
  /** Records from an offset on, `size` at a time, until fewer come. */
  | {
      readonly kind: 'offset'
      readonly offset: string
      readonly limit: string
      readonly size: number
    }
  /** Each answer has, at `path`, the value of the parameter that asks for the next one. */
  | { readonly kind: 'cursor'; readonly path: string; readonly parameter: string }
  /** Each answer has, at `path`, the address of the next one. */
  | { readonly kind: 'next'; readonly path: string }
  /** The header `Link` has the address of the next one: RFC 8288. */
  | { readonly kind: 'link' }

/** A service that answers in JSON. */
export interface RestOptions {
  readonly url: string
  /** Default GET, or POST where there is a body. */
  readonly method?: 'GET' | 'POST'
  /** Sent to the server of `url` only, e.g. an authorization. Never in errors. */
  readonly headers?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly body?: string
  /** Hosts that statements and next pages may name, as for `webReader`; default: that of `url`. */
  readonly allow?: readonly string[]
  /** Path of the records from the outside in, e.g. `data.items`; default: the document, or its first array. */
  readonly root?: string
  readonly paging?: Paging
  /** Most requests of one statement; default 1,000. */
  readonly maxPages?: number
  /** Most bytes of all answers to one statement; default 1 GiB. */
  readonly maxBytes?: number
  /** Milliseconds a server may send nothing; default 30,000. */
  readonly timeout?: number
  /** On a server `pinnedFetch`, so that an allowed name cannot lead into the private network. */
  readonly fetch?: typeof globalThis.fetch
}

/**
 * A REST service for scripts. Existing statements of the REST connector are understood, with their nested tables, keys and WITH CONNECTION
 * (`parseRestSelect`): each object is a row that has the fields of its own table only, `__KEY_…` numbers the rows of a table from 1, `__FK_…` is the
 * number of the row above. `SELECT * FROM root` gives the records flat, nested values as their JSON text. true is -1, false 0, integers past 2^53
 * are text. Nothing is asked twice, no redirect is followed.
 *
 * @example
 * const connections = namedConnections({
 *   orders: rest({
 *     url: 'https://api.example.com/orders',
 *     headers: { authorization: `Bearer ${token}` },
 *     root: 'data',
 *     paging: { kind: 'cursor', path: 'meta.next', parameter: 'cursor' },
 *   }),
 * })
 * // LIB CONNECT TO 'orders'; Orders: SQL SELECT id, customer.name AS customer FROM root;
 * @throws LoadError `source-not-found` for an answer that is no success, `source-malformed`, `budget-exceeded`, `script-failed` for a statement that
 * cannot be read; AccessError for an address that is not allowed and for redirects
 */
export function rest(options: RestOptions): ConnectionFactory {
  if (!URL.canParse(options.url))
    throw new LichenError('invalid-argument', 'The url of a REST connection is no address')
  const own = new URL(options.url)
  const allows = allowedAddresses(options.allow ?? [`${own.protocol}//${own.host}`])
  if (!allows(own))
    throw new LichenError('invalid-argument', 'The url of a REST connection is not on its list')
  const manner: HttpManner = {
    fetch: options.fetch ?? ((...request) => globalThis.fetch(...request)),
    timeout: options.timeout ?? defaultTimeout,
    redirects: 0,
    allows,
  }
  return (name) => new RestConnection(name, options, manner)
}

class RestConnection implements Connection {
  readonly description: string
  readonly #options: RestOptions
  readonly #manner: HttpManner

  constructor(name: string, options: RestOptions, manner: HttpManner) {
    this.description = name
    this.#options = options
    this.#manner = manner
  }

  async query(
    text: string,
    _settings: FormatSettings,
    cancellation: CancellationToken,
  ): Promise<OpenSource> {
    const select = parseRestSelect(text)
    const rows = new RestRows(select, this.description)
    try {
      for await (const { document, records } of this.#documents(select, cancellation))
        rows.add(document, records)
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause
      throw new LoadError('budget-exceeded', `${this.description}: the answer is nested too deep`)
    }
    return rows.open()
  }

  async *#documents(
    select: RestSelect,
    cancellation: CancellationToken,
  ): AsyncGenerator<{ readonly document: unknown; readonly records: readonly unknown[] }> {
    const { paging, root, maxPages = 1_000, maxBytes = 2 ** 30 } = this.#options
    const seen = new Set<string>()
    let next: URL | undefined = firstAddress(this.#options, select.request)
    let left = maxBytes
    for (let page = 0; next !== undefined; page++) {
      const address: URL = next
      if (page >= maxPages) throw this.#overBudget(`more than ${maxPages} pages; raise maxPages`)
      if (seen.has(address.href))
        throw new LoadError(
          'source-malformed',
          `${this.description}: a page names itself or an earlier one as the next`,
        )
      seen.add(address.href)
      const answer = await this.#ask(address, select.request, cancellation)
      const bytes = await this.#body(answer, left, cancellation)
      left -= bytes.length
      const document = this.#parsed(bytes)
      const records = root === undefined ? firstRecords(document) : recordsAt(document, root)
      yield { document, records }
      next =
        paging === undefined
          ? undefined
          : nextAddress(paging, address, document, records.length, answer)
    }
  }

  async #ask(
    address: URL,
    request: RestRequest,
    cancellation: CancellationToken,
  ): Promise<HttpAnswer> {
    const { url, headers = {}, body, method } = this.#options
    if (!this.#manner.allows(address))
      throw new AccessError(
        `${this.description}: the address is not among those this connection may ask`,
      )
    const sent = request.body ?? body
    const answer = await answerTo(
      this.description,
      {
        method: method ?? (sent === undefined ? 'GET' : 'POST'),
        address: address.href,
        headers: {
          accept: 'application/json',
          ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
          ...(address.origin === new URL(url).origin ? lowerCase(headers) : {}),
          ...lowerCase(Object.fromEntries(request.headers)),
        },
        ...(sent === undefined ? {} : { body: new TextEncoder().encode(sent) }),
      },
      this.#manner,
      cancellation,
    )
    if (!answer.ok) throw await refusal(this.description, answer)
    return answer
  }

  async #body(
    answer: HttpAnswer,
    limit: number,
    cancellation: CancellationToken,
  ): Promise<Uint8Array> {
    const parts: Uint8Array[] = []
    let total = 0
    for await (const part of answer.pieces(cancellation)) {
      total += part.length
      if (total > limit) throw this.#overBudget('more bytes than allowed; raise maxBytes')
      parts.push(part)
    }
    const bytes = new Uint8Array(total)
    let at = 0
    for (const part of parts) {
      bytes.set(part, at)
      at += part.length
    }
    return bytes
  }

  #parsed(bytes: Uint8Array): unknown {
    try {
      return bytes.length === 0 ? null : parseJson(bytes)
    } catch {
      throw new LoadError('source-malformed', `${this.description}: the answer is not JSON`)
    }
  }

  #overBudget(what: string): LoadError {
    return new LoadError('budget-exceeded', `${this.description} has ${what}`)
  }
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  )
}

function firstAddress(options: RestOptions, { address: own, query }: RestRequest): URL {
  const { paging } = options
  if (own !== undefined && !URL.canParse(own))
    throw new LoadError('script-failed', 'The URL of WITH CONNECTION is no address')
  const address = new URL(own ?? options.url)
  const set = (name: string, value: string | number): void =>
    address.searchParams.set(name, String(value))
  for (const [name, value] of Object.entries(options.query ?? {})) set(name, value)
  for (const [name, value] of query) set(name, value)
  if (paging?.kind === 'page') set(paging.parameter, paging.start ?? 1)
  if (paging?.kind === 'offset') {
    set(paging.offset, 0)
    set(paging.limit, paging.size)
  }
  return address
}

/** Undefined after the last page. */
function nextAddress(
  paging: Paging,
  address: URL,
  document: unknown,
  records: number,
  answer: HttpAnswer,
): URL | undefined {
  const advanced = (parameter: string, by: number): URL =>
    withParameter(address, parameter, Number(address.searchParams.get(parameter)) + by)
  switch (paging.kind) {
    case 'page':
      return records === 0 ? undefined : advanced(paging.parameter, 1)
    case 'offset':
      return records < paging.size ? undefined : advanced(paging.offset, paging.size)
    case 'cursor': {
      const cursor = valueAt(document, paging.path)
      if ((typeof cursor !== 'string' && typeof cursor !== 'number') || cursor === '')
        return undefined
      return withParameter(address, paging.parameter, cursor)
    }
    case 'next': {
      const next = valueAt(document, paging.path)
      return typeof next === 'string' && next !== '' ? resolved(next, address) : undefined
    }
    case 'link': {
      const next = linkTo('next', answer.headers.get('link') ?? '')
      return next === undefined ? undefined : resolved(next, address)
    }
  }
}

function withParameter(address: URL, name: string, value: string | number): URL {
  const next = new URL(address)
  next.searchParams.set(name, String(value))
  return next
}

function resolved(link: string, address: URL): URL {
  if (URL.canParse(link, address.href)) return new URL(link, address)
  throw new LoadError('source-malformed', 'The address of the next page cannot be read')
}

/** The target of a link of the header `Link`. */
function linkTo(relation: string, header: string): string | undefined {
  for (const [, target, parameters = ''] of header.matchAll(
    /<([^>]*)>((?:\s*;\s*[^,;"]+(?:"[^"]*")?)*)/g,
  )) {
    const names = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i.exec(parameters)
    if ((names?.[1] ?? names?.[2] ?? '').toLowerCase().split(/\s+/).includes(relation))
      return target
  }
  return undefined
}

/** The document when it is an array, else the first array in it, else the document as one record. */
function firstRecords(document: unknown): readonly unknown[] {
  if (Array.isArray(document)) return document
  if (typeof document !== 'object' || document === null) return []
  const found = Object.values(document).find((value) => Array.isArray(value))
  return Array.isArray(found) ? found : [document]
}
