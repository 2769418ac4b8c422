import type { IncomingMessage } from 'node:http'
import { isLoopback } from './arguments.ts'

export interface GuardOptions {
  /** Exactly these browser origins; undefined = loopback origins only. */
  readonly origins: readonly string[] | undefined
  /** The address that was bound; with loopback only loopback Host headers are answered, which stops DNS rebinding. */
  readonly host: string
}

/**
 * Whether an upgrade may go on; otherwise why not. A request without an Origin header is not a browser's.
 * CORS does not cover WebSockets, so this is the only check: https://datatracker.ietf.org/doc/html/rfc6455#section-10.2
 */
export function refuseUpgrade(request: IncomingMessage, options: GuardOptions): string | undefined {
  const hostName = hostOf(`http://${request.headers.host ?? ''}`)
  if (hostName === undefined) return 'The Host header is missing or malformed'
  if (isLoopback(options.host) && !isLoopback(hostName))
    return 'The Host header is not a loopback name'
  const { origin } = request.headers
  if (origin === undefined) return undefined
  if (options.origins !== undefined)
    return options.origins.includes(origin) ? undefined : 'This origin is not allowed'
  const originHost = hostOf(origin)
  return originHost !== undefined && isLoopback(originHost)
    ? undefined
    : 'Only loopback origins are allowed'
}

function hostOf(url: string): string | undefined {
  try {
    const { hostname } = new URL(url)
    return hostname === '' ? undefined : hostname
  } catch {
    return undefined
  }
}
