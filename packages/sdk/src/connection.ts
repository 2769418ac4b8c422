import { LichenError } from '@lichen/engine'
import { expose, type Remote as Proxied, wrap } from 'comlink'
import { onceFree } from './liveness.ts'
import type {
  EngineService,
  PageEvents,
  ProgressEvent,
  Reply,
  WireControls,
  WireResult,
} from './protocol.ts'
import { receivedError } from './wire-error.ts'

/** What is used of a Worker, a Node worker or a MessagePort. */
export interface EngineTarget {
  postMessage(message: unknown, transfer?: readonly unknown[]): void
  addEventListener?(type: 'error', listener: () => void): void
}

/** The engine cannot answer any more; `details.reason` is `closed` by this page or `ended` at the other side. */
export class ConnectionError extends LichenError {
  constructor(reason: 'closed' | 'ended') {
    const message =
      reason === 'closed'
        ? 'The connection to the engine was closed; connect again'
        : 'The worker of the engine has ended or did not start; start one and connect again'
    super('cancelled', message, { details: { reason } })
  }
}

type Service = Proxied<EngineService>

/** Signal and progress listener as a caller gives them. */
export interface Controls {
  readonly signal?: AbortSignal
  readonly onProgress?: (event: ProgressEvent) => void
}

/** One port to an engine: calls under way, listeners, and how it ends. */
export class Connection {
  readonly #port: MessagePort
  readonly #service: Service
  readonly #pending = new Set<(error: LichenError) => void>()
  readonly #changes = new Map<number, () => void>()
  readonly #results = new Map<number, (result: WireResult) => void>()
  readonly #progress = new Map<number, (event: ProgressEvent) => void>()
  readonly #forgotten = new FinalizationRegistry((result: number) => this.#tell('release', result))
  readonly #watching = new AbortController()
  #lastId = 0
  #answered = false
  #ended: ConnectionError | undefined

  constructor(target: EngineTarget) {
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    this.#service = wrap<EngineService>(port1)
    expose(this.#events(), port1)
    port1.addEventListener('close', () => this.#end(new ConnectionError('ended')))
    target.addEventListener?.('error', () => {
      if (!this.#answered) this.#end(new ConnectionError('ended'))
    })
    // `lichen` tells the request from other traffic on the port, as in the frames of QIX.
    target.postMessage({ lichen: 'apps', port: port2 }, [port2])
  }

  /** Rejects with the error the engine threw, or a ConnectionError. */
  call<Value>(send: (service: Service) => Promise<Reply<Value>>): Promise<Value> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended)
    return new Promise((resolve, reject) => {
      this.#pending.add(reject)
      send(this.#service)
        .then(
          (reply) => {
            this.#answered = true
            if (reply.ok) resolve(reply.value)
            else reject(receivedError(reply.error))
          },
          (error) => reject(notSent(error)),
        )
        .finally(() => this.#pending.delete(reject))
    })
  }

  /** A call that can be aborted or reports progress. */
  async controlled<Value>(
    { signal, onProgress }: Controls,
    send: (service: Service, controls: WireControls) => Promise<Reply<Value>>,
  ): Promise<Value> {
    const id = this.newId()
    const flag = new Int32Array(sharedFlag() ?? new ArrayBuffer(4))
    if (signal?.aborted === true) flag[0] = 1
    const abort = (): void => {
      Atomics.store(flag, 0, 1)
      if (flag.buffer instanceof ArrayBuffer) this.#tell('abort', id)
    }
    signal?.addEventListener?.('abort', abort)
    if (onProgress !== undefined) this.#progress.set(id, onProgress)
    try {
      return await this.call((service) =>
        send(service, {
          ...(signal === undefined ? {} : { signal: { id, flag } }),
          ...(onProgress === undefined ? {} : { onProgress: id }),
        }),
      )
    } finally {
      signal?.removeEventListener?.('abort', abort)
      this.#progress.delete(id)
    }
  }

  subscribe(
    listener: () => void,
    send: (service: Service, subscription: number) => Promise<Reply<void>>,
  ): Promise<() => Promise<void>> {
    return this.#subscribe(this.#changes, listener, send)
  }

  subscribeResults(
    listener: (result: WireResult) => void,
    send: (service: Service, subscription: number) => Promise<Reply<void>>,
  ): Promise<() => Promise<void>> {
    return this.#subscribe(this.#results, listener, send)
  }

  /** Lets the worker forget a result when nothing here can ask for it any more. */
  releaseWith(holder: object, result: number): void {
    this.#forgotten.register(holder, result)
  }

  newId(): number {
    return ++this.#lastId
  }

  close(): void {
    if (this.#ended !== undefined) return
    this.#tell('close')
    this.#end(new ConnectionError('closed'))
  }

  async #subscribe<Listener>(
    listeners: Map<number, Listener>,
    listener: Listener,
    send: (service: Service, subscription: number) => Promise<Reply<void>>,
  ): Promise<() => Promise<void>> {
    const id = this.newId()
    listeners.set(id, listener)
    try {
      await this.call((service) => send(service, id))
    } catch (error) {
      listeners.delete(id)
      throw error
    }
    return async () => {
      if (listeners.delete(id)) await this.call((service) => service.stop(id))
    }
  }

  #events(): PageEvents {
    return {
      changed: (id) => deliver(this.#changes.get(id), undefined),
      result: (id, wire) => this.#handOver(this.#results.get(id), wire),
      progress: (id, event) => deliver(this.#progress.get(id), event),
      alive: (lock) =>
        onceFree(lock, this.#watching.signal, () => this.#end(new ConnectionError('ended'))),
    }
  }

  /** A result that comes after the end of its subscription is nobody's. */
  #handOver(listener: ((result: WireResult) => void) | undefined, wire: WireResult): void {
    if (listener === undefined) this.#tell('release', wire.id)
    else deliver(listener, wire)
  }

  /** Without an answer to wait for. */
  #tell(message: 'close'): void
  #tell(message: 'abort' | 'release', id: number): void
  #tell(message: 'close' | 'abort' | 'release', id: number = 0): void {
    if (this.#ended !== undefined) return
    const sent = message === 'close' ? this.#service.close() : this.#service[message](id)
    sent.catch(() => {})
  }

  #end(error: ConnectionError): void {
    if (this.#ended !== undefined) return
    this.#ended = error
    for (const reject of this.#pending) reject(error)
    for (const listeners of [this.#pending, this.#changes, this.#results, this.#progress])
      listeners.clear()
    this.#watching.abort()
    this.#port.close()
  }
}

/** Shared memory reaches a worker that is busy; browsers give it to cross-origin isolated pages only. */
function sharedFlag(): SharedArrayBuffer | undefined {
  const isolated = globalThis.crossOriginIsolated !== false
  return isolated && typeof SharedArrayBuffer === 'function' ? new SharedArrayBuffer(4) : undefined
}

/** A listener's error is the page's own: it goes where uncaught errors go, not to the engine. */
function deliver<Event>(listener: ((event: Event) => void) | undefined, event: Event): void {
  try {
    listener?.(event)
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}

function notSent(error: unknown): unknown {
  if (!(error instanceof DOMException) || error.name !== 'DataCloneError') return error
  return new LichenError(
    'invalid-argument',
    `An argument cannot be sent to the engine's worker: ${error.message}`,
    { cause: error },
  )
}
