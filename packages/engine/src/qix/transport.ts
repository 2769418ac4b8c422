/** What a QIX session needs of the wire: text frames, whole messages. Implemented over WebSocket, MessagePort and in process. */
export interface Transport {
  send(text: string): void
  /** 1000 = normal; see RFC 6455 section 7.4 for the others. */
  close(code: number, reason: string): void
}

/**
 * The socket members that enigma.js uses; objects of this shape are what its `createSocket` option must return.
 * Source: https://github.com/qlik-oss/enigma.js/blob/master/docs/api.md
 */
export interface ClientSocket {
  readonly OPEN: number
  readyState: number
  send(text: string): void
  close(code?: number, reason?: string): void
  onopen: (() => void) | null
  onmessage: ((event: { data: string }) => void) | null
  onclose: ((event: { code: number; reason: string }) => void) | null
  onerror: ((event: unknown) => void) | null
}

/** The server's end of a connection: told of messages and of the end. */
export interface ConnectionListener {
  message(text: string): void
  closed(): void
}

/** Gives each new connection its listener. */
export type Acceptor = (transport: Transport) => ConnectionListener

const states = { connecting: 0, open: 1, closed: 3 }

/** A socket whose other end is in this process. Opens and delivers in later microtasks, in order, as a network would. */
export function inProcessSocket(accept: Acceptor): ClientSocket {
  let listener: ConnectionListener | undefined
  const later = (work: () => unknown): void => void Promise.resolve().then(work)
  const socket: ClientSocket = {
    OPEN: states.open,
    readyState: states.connecting,
    onopen: null,
    onmessage: null,
    onclose: null,
    onerror: null,
    send(text) {
      later(() => {
        if (socket.readyState === states.open) listener?.message(text)
      })
    },
    close(code = 1000, reason = '') {
      end(code, reason)
    },
  }
  const end = (code: number, reason: string): void => {
    if (socket.readyState === states.closed) return
    socket.readyState = states.closed
    later(() => {
      listener?.closed()
      socket.onclose?.({ code, reason })
    })
  }
  later(() => {
    if (socket.readyState === states.closed) return
    socket.readyState = states.open
    socket.onopen?.()
    listener = accept({
      send: (data) =>
        later(() => socket.readyState === states.open && socket.onmessage?.({ data })),
      close: end,
    })
  })
  return socket
}

/** What is used of a MessagePort (or Worker), so that no DOM type is needed. */
export interface PortLike {
  postMessage(message: unknown): void
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
  removeEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
  start?(): void
}

/** Frames on a port: text either way, or the end of the connection. `lichen` tells them from other traffic on the same port. */
type PortFrame =
  | { readonly lichen: 'open'; readonly url: string }
  | { readonly lichen: 'text'; readonly text: string }
  | { readonly lichen: 'close'; readonly code: number; readonly reason: string }

function frameOf(data: unknown): PortFrame | undefined {
  if (typeof data !== 'object' || data === null || !('lichen' in data)) return undefined
  if (data.lichen === 'open')
    return { lichen: 'open', url: 'url' in data && typeof data.url === 'string' ? data.url : '' }
  if (data.lichen === 'text' && 'text' in data && typeof data.text === 'string')
    return { lichen: 'text', text: data.text }
  if (data.lichen === 'close' && 'code' in data && typeof data.code === 'number')
    return { lichen: 'close', code: data.code, reason: '' }
  return undefined
}

/** A socket for enigma.js over a port whose other end runs `servePort`; `url` tells it what to open, as on a WebSocket. */
export function portSocket(port: PortLike, url: string): ClientSocket {
  const post = (frame: PortFrame): void => port.postMessage(frame)
  const socket: ClientSocket = {
    OPEN: states.open,
    readyState: states.connecting,
    onopen: null,
    onmessage: null,
    onclose: null,
    onerror: null,
    send: (text) => post({ lichen: 'text', text }),
    close(code = 1000, reason = '') {
      if (socket.readyState === states.closed) return
      post({ lichen: 'close', code, reason })
      end(code, reason)
    },
  }
  const receive = ({ data }: { data: unknown }): void => {
    const frame = frameOf(data)
    if (frame?.lichen === 'open' && socket.readyState === states.connecting) {
      socket.readyState = states.open
      socket.onopen?.()
    } else if (frame?.lichen === 'text') socket.onmessage?.({ data: frame.text })
    else if (frame?.lichen === 'close') end(frame.code, frame.reason)
  }
  const end = (code: number, reason: string): void => {
    socket.readyState = states.closed
    port.removeEventListener('message', receive)
    void Promise.resolve().then(() => socket.onclose?.({ code, reason }))
  }
  port.addEventListener('message', receive)
  port.start?.()
  post({ lichen: 'open', url })
  return socket
}

/** Answers `portSocket` at the other end of a port: one connection after another. */
export function servePort(port: PortLike, acceptorFor: (url: string) => Acceptor): void {
  let listener: ConnectionListener | undefined
  port.addEventListener('message', ({ data }) => {
    const frame = frameOf(data)
    if (frame?.lichen === 'open') {
      port.postMessage({ lichen: 'open', url: frame.url })
      listener = acceptorFor(frame.url)({
        send: (text) => port.postMessage({ lichen: 'text', text }),
        close: (code, reason) => port.postMessage({ lichen: 'close', code, reason }),
      })
    } else if (frame?.lichen === 'text') listener?.message(frame.text)
    else if (frame?.lichen === 'close') {
      listener?.closed()
      listener = undefined
    }
  })
  port.start?.()
}
