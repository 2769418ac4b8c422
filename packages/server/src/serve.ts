import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { AccessError, type Logger, silentLogger } from '@lichen/engine'
import { acceptQix, type ConnectionTarget, connectionTarget } from '@lichen/engine/qix'
import { folderReader, folderWriter } from '@lichen/loader/node'
import { type WebSocket, WebSocketServer } from 'ws'
import { AppStore } from './app-store.ts'
import { scriptConnections } from './connections.ts'
import { Library } from './host.ts'
import { localDeveloper, tokenAuthentication, type User } from './identity.ts'
import { scriptFolders } from './script-folders.ts'
import { refuseUpgrade } from './upgrade-guard.ts'

export interface ServeOptions {
  readonly host: string
  /** 0 = any free port. */
  readonly port: number
  /** What `lib://data/` means; without it scripts read no files. */
  readonly data?: string
  /** Further folders by the name after `lib://`. */
  readonly libs?: Readonly<Record<string, string>>
  /** Addresses by the name after LIB CONNECT TO, as `connectionTo` takes them. */
  readonly connect?: Readonly<Record<string, string>>
  /** STORE writes below these folders; else scripts write nothing. */
  readonly writable?: boolean
  /** Where saved apps lie. */
  readonly apps: string
  readonly origins?: readonly string[]
  readonly jwt?: {
    readonly publicKeyFile: string
    readonly issuer: string
    readonly audience: string
  }
  readonly limits?: Partial<ServeLimits>
  readonly logger?: Logger
}

export interface ServeLimits {
  /** Bytes of one message from a client. */
  readonly messageBytes: number
  /** Bytes waiting for a slow reader before it is cut off. */
  readonly bufferedBytes: number
  readonly connections: number
  readonly connectionsPerUser: number
  readonly sessionAppsPerUser: number
}

export const defaultServeLimits: ServeLimits = {
  messageBytes: 8 * 1024 * 1024,
  bufferedBytes: 64 * 1024 * 1024,
  connections: 2000,
  connectionsPerUser: 200,
  sessionAppsPerUser: 100,
}

export interface Serving {
  /** `ws://HOST:PORT` */
  readonly url: string
  readonly port: number
  /** Refuses new connections, says goodbye to the open ones (close code 1001) and ends. */
  stop(): Promise<void>
}

/** Answers QIX at `/app/…` and `GET /health` until stopped. @throws AccessError for a JWT key that cannot be used */
export async function serve(options: ServeOptions): Promise<Serving> {
  const limits = { ...defaultServeLimits, ...options.limits }
  const logger = options.logger ?? silentLogger
  const authenticate =
    options.jwt === undefined ? localDeveloper : await tokenAuthentication(options.jwt)
  const folders = scriptFolders(options)
  const library = new Library({
    store: new AppStore(options.apps),
    reader: folders === undefined ? undefined : folderReader(folders),
    connections: scriptConnections(options.connect),
    writer: folders !== undefined && options.writable === true ? folderWriter(folders) : undefined,
    maxSessionApps: limits.sessionAppsPerUser,
  })
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: limits.messageBytes,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has('lichen') ? 'lichen' : false),
  })
  const perUser = new Map<string, number>()

  const http = createServer(
    { maxHeaderSize: 16 * 1024, headersTimeout: 10_000 },
    (request, response) => {
      const health = request.method === 'GET' && request.url === '/health'
      response.writeHead(health ? 200 : 404, {
        'content-type': 'application/json',
        'x-content-type-options': 'nosniff',
      })
      response.end(JSON.stringify(health ? { status: 'ok' } : { error: 'not found' }))
    },
  )

  http.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    admit(request)
      .then(({ user, target }) => {
        sockets.handleUpgrade(request, socket, head, (client) => connect(client, user, target))
      })
      .catch((error: unknown) => {
        const refusal =
          error instanceof Refusal
            ? error
            : new Refusal(error instanceof AccessError ? 401 : 500, 'Refused')
        logger.log('warn', 'upgrade refused', { status: refusal.status, reason: refusal.message })
        refuse(socket, refusal)
      })
  })

  async function admit(
    request: IncomingMessage,
  ): Promise<{ user: User; target: ConnectionTarget }> {
    const reason = refuseUpgrade(request, { origins: options.origins, host: options.host })
    if (reason !== undefined) throw new Refusal(403, reason)
    const target = connectionTarget(request.url ?? '')
    if (target === undefined) throw new Refusal(404, 'Nothing is served there')
    const client = request.headers['user-agent']
    const known = await authenticate(request)
    const user = client === undefined ? known : { ...known, client }
    if (sockets.clients.size >= limits.connections)
      throw new Refusal(503, 'The server has as many connections as it takes')
    if ((perUser.get(user.id) ?? 0) >= limits.connectionsPerUser)
      throw new Refusal(429, 'The user has as many connections as one may have')
    return { user, target }
  }

  function connect(client: WebSocket, user: User, target: ConnectionTarget): void {
    perUser.set(user.id, (perUser.get(user.id) ?? 0) + 1)
    const { host, release } = library.accessFor(user)
    const listener = acceptQix(
      host,
      target,
    )({
      send: (text) => {
        client.send(text)
        if (client.bufferedAmount > limits.bufferedBytes)
          client.close(1013, 'The client reads too slowly')
      },
      close: (code, reason) => client.close(code, reason),
    })
    client.on('message', (data, isBinary) => {
      if (isBinary) client.close(1003, 'Messages are text')
      else listener.message(String(data))
    })
    // A client that breaks the protocol is closed by ws with the fitting code.
    client.on('error', ({ message }) =>
      logger.log('warn', 'connection failed', { reason: message }),
    )
    client.on('close', () => {
      const left = (perUser.get(user.id) ?? 1) - 1
      if (left === 0) perUser.delete(user.id)
      else perUser.set(user.id, left)
      listener.closed()
      release()
    })
  }

  await listen(http, options)
  const { port } = http.address() as AddressInfo
  return {
    url: `ws://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    port,
    stop: () => stop(http, sockets),
  }
}

/** Why an upgrade was refused, as an HTTP status. */
class Refusal extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

function refuse(socket: Duplex, refusal: Refusal): void {
  socket.once('finish', () => socket.destroy())
  socket.end(
    `HTTP/1.1 ${refusal.status} ${refusal.message}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  )
}

function listen(http: Server, options: ServeOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', reject)
    http.listen(options.port, options.host, () => {
      http.off('error', reject)
      resolve()
    })
  })
}

/** Clients get two seconds to answer the goodbye. */
async function stop(http: Server, sockets: WebSocketServer): Promise<void> {
  const closed = new Promise<void>((resolve) => http.close(() => resolve()))
  sockets.close()
  for (const client of sockets.clients) client.close(1001, 'The server is stopping')
  const cut = setTimeout(() => {
    for (const client of sockets.clients) client.terminate()
    http.closeAllConnections()
  }, 2000)
  await closed
  clearTimeout(cut)
}
