import {
  AccessError,
  type CancellationToken,
  LichenError,
  LoadError,
  neverCancelled,
  throwIfCancelled,
} from '@lichen/engine'

/** One request. `headers` belong to the protocol; `credentials` are headers only the first server may see. */
export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  readonly address: string
  readonly headers?: Readonly<Record<string, string>>
  readonly credentials?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
}

/** How requests are sent. */
export interface HttpManner {
  readonly fetch: typeof globalThis.fetch
  /** Milliseconds a server may send nothing. */
  readonly timeout: number
  /** Redirects followed; each must lead to an address that `allows` is true for. */
  readonly redirects: number
  allows(address: URL): boolean
}

export const defaultTimeout = 30_000

/** Bytes a second that a server is trusted to take, on top of the timeout. */
const slowestUpload = 65_536
const tick = 100

/**
 * Sends a request and waits for the head of the answer. Errors name `name`, never the address, what was sent or what was answered.
 * @throws LoadError `source-not-found` when there is no answer, `budget-exceeded` after the timeout; AccessError for a redirect that may not be
 * followed; LichenError `cancelled`
 */
export async function answerTo(
  name: string,
  request: HttpRequest,
  manner: HttpManner,
  cancellation: CancellationToken = neverCancelled,
): Promise<HttpAnswer> {
  const { method, body } = request
  const timeout = manner.timeout + ((body?.length ?? 0) / slowestUpload) * 1000
  let address = new URL(request.address)
  let headers = { ...request.credentials, ...request.headers }
  for (let left = manner.redirects; ; left--) {
    throwIfCancelled(cancellation)
    const abort = new AbortController()
    const response = await patiently(
      { name, timeout, abort, cancellation },
      manner.fetch(address.href, {
        method,
        headers,
        redirect: 'manual',
        signal: abort.signal,
        ...(body === undefined ? {} : { body: Uint8Array.from(body) }),
      }),
    )
    const answer = new HttpAnswer(name, response, manner.timeout, abort)
    if (!isRedirect(response)) return answer
    await answer.discard()
    const next = target(response.headers.get('location'), address)
    if (left <= 0 || next === undefined || !manner.allows(next))
      throw new AccessError(
        `${name}: the server redirects, which is not followed; name the final address`,
      )
    if (next.origin !== address.origin) headers = { ...request.headers }
    address = next
  }
}

/** An answer whose body is read piece by piece, or discarded. */
export class HttpAnswer {
  readonly status: number
  readonly headers: Headers
  /** Whether a page asked another origin, which hides most headers from it. */
  readonly hidden: boolean
  readonly #name: string
  readonly #body: ReadableStreamDefaultReader<Uint8Array> | undefined
  readonly #timeout: number
  readonly #abort: AbortController
  #ended: boolean

  constructor(name: string, response: Response, timeout: number, abort: AbortController) {
    this.status = response.status
    this.headers = response.headers
    this.hidden = response.type === 'cors'
    this.#name = name
    this.#body = response.body?.getReader()
    this.#timeout = timeout
    this.#abort = abort
    this.#ended = response.body === null
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300
  }

  /** The pieces of the body as they come; a reader that stops early ends the exchange. @throws LoadError as `answerTo` */
  async *pieces(cancellation: CancellationToken = neverCancelled): AsyncGenerator<Uint8Array> {
    const wait = {
      name: this.#name,
      timeout: this.#timeout,
      abort: this.#abort,
      cancellation,
    }
    try {
      while (this.#body !== undefined) {
        throwIfCancelled(cancellation)
        const next = await patiently(wait, this.#body.read())
        if (next.done) {
          this.#ended = true
          return
        }
        if (next.value.length > 0) yield next.value
      }
    } finally {
      await this.discard()
    }
  }

  /** The whole body; undefined when it has more than `limit` bytes. @throws LoadError as `answerTo` */
  async atMost(limit: number): Promise<Uint8Array | undefined> {
    const parts: Uint8Array[] = []
    let total = 0
    for await (const part of this.pieces()) {
      total += part.length
      if (total > limit) return undefined
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

  /** The whole body. @throws LoadError as `answerTo`, `budget-exceeded` past `limit` bytes */
  async bytes(limit: number): Promise<Uint8Array> {
    return (await this.atMost(limit)) ?? tooLong(this.#name, limit)
  }

  /** A body of exactly `length` bytes. @throws LoadError as `answerTo`, `source-malformed` */
  async exactly(length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length)
    let at = 0
    for await (const part of this.pieces()) {
      if (at + part.length > length)
        throw new LoadError('source-malformed', `${this.#name}: the server sent more than asked`)
      bytes.set(part, at)
      at += part.length
    }
    if (at < length)
      throw new LoadError(
        'source-malformed',
        `${this.#name} ends early: ${at} of ${length} bytes came`,
      )
    return bytes
  }

  /** Ends the exchange; a connection whose answer was read to its end is kept. */
  async discard(): Promise<void> {
    if (this.#ended) return
    this.#ended = true
    await this.#body?.cancel().catch(() => undefined)
    this.#abort.abort()
  }
}

/** @throws LoadError `budget-exceeded` */
export function tooLong(name: string, limit: number): never {
  throw new LoadError(
    'budget-exceeded',
    `${name} has more than the ${limit} bytes allowed; split it or raise maxBytes`,
  )
}

/** A file that was not delivered. */
export async function refusal(name: string, answer: HttpAnswer): Promise<LoadError> {
  return new LoadError(
    'source-not-found',
    `${name} was not delivered: the server answered ${await statusOf(answer)}`,
  )
}

/** The status of a refusal and the code a store gives in its body, e.g. `403 (AccessDenied)`; no other word of it, since it may quote a key. */
export async function statusOf(answer: HttpAnswer): Promise<string> {
  const text = new TextDecoder().decode(await answer.bytes(65_536).catch(() => new Uint8Array()))
  const code = /<Code>(\w{1,64})<\/Code>/.exec(text)?.[1]
  return code === undefined ? String(answer.status) : `${answer.status} (${code})`
}

interface Wait {
  readonly name: string
  readonly timeout: number
  readonly abort: AbortController
  readonly cancellation: CancellationToken
}

/** Waits for one step of an exchange as long as its caller and the timeout allow. */
async function patiently<Result>(wait: Wait, step: Promise<Result>): Promise<Result> {
  const { name, timeout, abort, cancellation } = wait
  const began = Date.now()
  let timer: ReturnType<typeof setInterval> | undefined
  const givenUp = new Promise<never>((_, reject) => {
    timer = setInterval(
      () => {
        if (cancellation.cancelled) reject(new LichenError('cancelled', 'The work was cancelled'))
        else if (Date.now() - began >= timeout)
          reject(
            new LoadError(
              'budget-exceeded',
              `${name}: the server sent nothing for ${timeout} ms; raise the timeout`,
            ),
          )
        else return
        abort.abort()
      },
      Math.min(tick, timeout),
    )
  })
  try {
    return await Promise.race([step, givenUp])
  } catch (error) {
    if (error instanceof LichenError) throw error
    // The error of the runtime is not passed on: it may quote the address, and that may hold a signature.
    throw new LoadError(
      'source-not-found',
      `${name} could not be fetched: the server is not reachable, breaks off or does not allow this page${reasonOf(error)}`,
    )
  } finally {
    clearInterval(timer)
  }
}

/** The system's code of a failed connection, e.g. ` (ECONNREFUSED)`. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  if (!(cause instanceof Error && 'code' in cause)) return ''
  const code = String(cause.code)
  return /^[A-Z][A-Z_]{2,40}$/.test(code) ? ` (${code})` : ''
}

/** A page is not shown where a redirect leads: its type says that there was one. */
function isRedirect({ status, type }: Response): boolean {
  return type === 'opaqueredirect' || [301, 302, 303, 307, 308].includes(status)
}

function target(location: string | null, base: URL): URL | undefined {
  if (location === null || !URL.canParse(location, base.href)) return undefined
  return new URL(location, base)
}
