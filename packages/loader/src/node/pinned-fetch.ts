import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { Agent, type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps, Agent as SecureAgent } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { AccessError } from '@lichen/engine'
import { type AllowedAddresses, allowedAddresses } from '../allowed-addresses.ts'
import { isPrivateAddress } from './private-address.ts'

export interface PinnedFetchOptions {
  /** Hosts that may be asked, as for `webReader`; default: all public ones. */
  readonly allow?: readonly string[]
  /** Lets names and numbers lead into private networks and this machine: for an intranet. Then give `allow`. */
  readonly allowPrivate?: boolean
  /** All addresses of a host; default: the system's resolver. */
  readonly resolve?: (host: string) => Promise<readonly LookupAddress[]>
  /** Certificates of authorities to trust, PEM, instead of the usual ones. */
  readonly certificates?: string
}

/**
 * A `fetch` that cannot be led astray: a host is resolved once, all its addresses are checked, and the connection goes to an address that was
 * checked, under the host's own name and certificate. It follows no redirect: `redirect: 'manual'` gives the answer itself, otherwise one is an
 * error. Bodies that are sent are held in memory; answers are not unpacked.
 * @throws AccessError
 */
export function pinnedFetch(options: PinnedFetchOptions = {}): typeof globalThis.fetch {
  const { allowPrivate = false, certificates } = options
  const resolve = options.resolve ?? ((host: string) => lookup(host, { all: true }))
  const allows = options.allow === undefined ? isPlain : allowedAddresses(options.allow)
  const pinned = pinnedLookup(resolve, allowPrivate)
  const agent = new Agent({ keepAlive: true, lookup: pinned })
  const secureAgent = new SecureAgent({
    keepAlive: true,
    lookup: pinned,
    ...(certificates === undefined ? {} : { ca: certificates }),
  })
  return async (input, init) => {
    const address = new URL(input instanceof Request ? input.url : input)
    if (!allows(address)) throw refused()
    // A number is connected to without being looked up.
    const host = address.hostname.replace(/^\[(.*)\]$/, '$1')
    if (isIP(host) !== 0 && !allowPrivate && isPrivateAddress(host)) throw refused()
    const request = new Request(input, init)
    const body = new Uint8Array(await request.arrayBuffer())
    const secure = address.protocol === 'https:'
    const answer = await new Promise<IncomingMessage>((settle, fail) => {
      const sent = (secure ? requestHttps : requestHttp)(address, {
        method: request.method,
        headers: {
          ...Object.fromEntries(request.headers),
          ...(body.length > 0 || /^(?:PUT|POST)$/.test(request.method)
            ? { 'content-length': body.length }
            : {}),
        },
        agent: secure ? secureAgent : agent,
        signal: request.signal,
      })
      sent.on('response', settle).on('error', fail).end(body)
    })
    const response = responseOf(answer, request.method)
    if (request.redirect === 'manual' || !isRedirect(response.status)) return response
    answer.destroy()
    throw new AccessError('The server redirects, which is not followed')
  }
}

const isPlain: AllowedAddresses = ({ protocol, username, password }) =>
  /^https?:$/.test(protocol) && username === '' && password === ''

/** Connections ask it for addresses, and go to those it gives: nothing is resolved a second time. */
function pinnedLookup(
  resolve: (host: string) => Promise<readonly LookupAddress[]>,
  allowPrivate: boolean,
): LookupFunction {
  return (host, { all }, give) => {
    resolve(host).then(
      (addresses) => {
        const [first] = addresses
        const bad = !allowPrivate && addresses.some(({ address }) => isPrivateAddress(address))
        if (first === undefined || bad) give(refused(), '', 0)
        else if (all === true) give(null, [...addresses])
        else give(null, first.address, first.family)
      },
      (error: NodeJS.ErrnoException) => give(error, '', 0),
    )
  }
}

function responseOf(answer: IncomingMessage, method: string): Response {
  const status = answer.statusCode ?? 500
  const headers = new Headers()
  for (const [name, value] of Object.entries(answer.headersDistinct))
    for (const each of value ?? []) headers.append(name, each)
  const bodiless = method === 'HEAD' || [204, 205, 304].includes(status)
  if (bodiless) answer.resume()
  return new Response(bodiless ? null : webStream(answer), { status, headers })
}

/** The body as it comes; cancelling closes the connection. */
function webStream(answer: IncomingMessage): ReadableStream<Uint8Array> {
  const chunks: AsyncIterator<Uint8Array> = answer[Symbol.asyncIterator]()
  return new ReadableStream(
    {
      async pull(controller) {
        const next = await chunks.next()
        if (next.done === true) controller.close()
        else controller.enqueue(new Uint8Array(next.value))
      },
      async cancel() {
        answer.destroy()
        await chunks.return?.()
      },
    },
    { highWaterMark: 0 },
  )
}

function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status)
}

function refused(): AccessError {
  return new AccessError(
    'The host is not among those that may be asked, or leads into a private network',
  )
}
