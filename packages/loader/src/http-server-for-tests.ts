import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as it came in. */
export interface Received {
  readonly method: string
  /** Path and query, undecoded. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export interface TestServer {
  /** `http://127.0.0.1:port` */
  readonly origin: string
  readonly received: Received[]
  close(): Promise<void>
}

/** A server on the loopback; every request is read whole before it is answered. */
export async function startServer(
  answer: (request: Received, response: ServerResponse) => void | Promise<void>,
): Promise<TestServer> {
  const received: Received[] = []
  const server = createServer((incoming, response) => {
    void receivedOf(incoming).then((request) => {
      received.push(request)
      return answer(request, response)
    })
  })
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle))
  return { origin: `http://127.0.0.1:${portOf(server)}`, received, close: () => closed(server) }
}

/** Answers a GET or HEAD as a server of files does, with ranges. */
export function sendFile(
  { method, headers }: Received,
  response: ServerResponse,
  content: Uint8Array,
  extra: Readonly<Record<string, string>> = {},
): void {
  const asked = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '')
  const [start, end] =
    asked === null ? [0, content.length] : [Number(asked[1]), Number(asked[2]) + 1]
  response.writeHead(asked === null ? 200 : 206, {
    'accept-ranges': 'bytes',
    'content-length': end - start,
    ...(asked === null ? {} : { 'content-range': `bytes ${start}-${end - 1}/${content.length}` }),
    ...extra,
  })
  response.end(method === 'HEAD' ? undefined : content.subarray(start, end))
}

async function receivedOf(incoming: IncomingMessage): Promise<Received> {
  const parts: Buffer[] = []
  for await (const part of incoming) parts.push(part)
  const headers = Object.entries(incoming.headers).map(
    ([name, value]) => [name, Array.isArray(value) ? value.join(',') : (value ?? '')] as const,
  )
  return {
    method: incoming.method ?? '',
    url: incoming.url ?? '',
    headers: Object.fromEntries(headers),
    body: Buffer.concat(parts),
  }
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise<void>((settle) => server.close(() => settle()))
}
