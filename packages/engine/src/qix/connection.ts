import type { Document, Json } from '../app/document.ts'
import { dispatch, type Request } from './dispatch.ts'
import { QixError, wireError } from './error-codes.ts'
import { Handles } from './handles.ts'
import type { ConnectionTarget, QixHost } from './host.ts'
import { isObject } from './json.ts'
import type { Caller, Result } from './methods/method.ts'
import { OpenApp } from './open-app.ts'
import { ReloadProgress } from './reload-progress.ts'
import type { ConnectionListener, Transport } from './transport.ts'

export interface ConnectionLimits {
  /** UTF-16 units of one message. */
  readonly maxMessage: number
  /** Requests under way at once. */
  readonly maxPending: number
}

export const defaultConnectionLimits: ConnectionLimits = {
  maxMessage: 16 * 1024 * 1024,
  maxPending: 1000,
}

/** WebSocket close codes: RFC 6455 section 7.4.1. */
const closeCodes = { policy: 1008, tooBig: 1009, internal: 1011 }

/**
 * One client: JSON-RPC 2.0 with handles over a transport. Requests are answered in the order they come, except that those which take
 * their time (a reload, opening an app) let later ones pass.
 */
export class QixConnection implements ConnectionListener, Caller {
  readonly host: QixHost
  readonly address: ConnectionTarget
  readonly handles: Handles = new Handles()
  readonly progress: ReloadProgress = new ReloadProgress()
  readonly #transport: Transport
  readonly #limits: ConnectionLimits
  readonly #pending = new Map<string | number, { cancelled: boolean }>()
  /** Messages that came before the target was open. */
  #waiting: string[] | undefined
  #app: OpenApp | undefined
  #inRequest = false
  #pushPlanned = false
  #ended = false

  constructor(
    host: QixHost,
    target: ConnectionTarget,
    transport: Transport,
    limits: ConnectionLimits = defaultConnectionLimits,
  ) {
    this.host = host
    this.address = target
    this.#transport = transport
    this.#limits = limits
    if (target.kind === 'session-app') void this.#openSessionApp(target.name)
    else this.#greet()
  }

  get app(): OpenApp | undefined {
    return this.#app
  }

  use(document: Document, isSessionApp: boolean): OpenApp {
    if (this.#app !== undefined && this.#app.document !== document)
      throw new QixError('app-already-open', 'App already open', this.#app.document.id)
    this.#app ??= new OpenApp(document, this.host, {
      handles: this.handles,
      isSessionApp,
      notify: () => this.#planPush(),
    })
    return this.#app
  }

  cancel(request: number | 'all'): void {
    for (const [id, token] of this.#pending)
      if (request === 'all' || id === request) token.cancelled = true
  }

  message(text: string): void {
    if (this.#ended) return
    if (text.length > this.#limits.maxMessage)
      this.#end(closeCodes.tooBig, 'The message is too big')
    else if (this.#waiting === undefined) this.#receive(text)
    else if (this.#waiting.length >= this.#limits.maxPending)
      this.#end(closeCodes.policy, 'Too many requests at once')
    else this.#waiting.push(text)
  }

  closed(): void {
    if (this.#ended) return
    this.#ended = true
    this.cancel('all')
    this.#app?.close()
  }

  async #openSessionApp(name: string): Promise<void> {
    this.#waiting = []
    try {
      const document = await this.host.sessionDocument(name)
      if (this.#ended) return
      this.use(document, true)
    } catch (error) {
      this.#end(closeCodes.internal, wireError(error).message.slice(0, 100))
      return
    }
    const waiting = this.#waiting
    this.#waiting = undefined
    this.#greet()
    for (const text of waiting) this.message(text)
  }

  #greet(): void {
    this.#send({
      jsonrpc: '2.0',
      method: 'OnConnected',
      params: { qSessionState: 'SESSION_CREATED' },
    })
  }

  #receive(text: string): void {
    const parsed = requestOf(text)
    const refusal = 'error' in parsed ? parsed.error : this.#refusal(parsed.id)
    if (refusal !== undefined || 'error' in parsed) {
      this.#send({ jsonrpc: '2.0', id: parsed.id, error: wireError(refusal) })
      return
    }
    const { id } = parsed
    const token = { cancelled: false }
    this.#pending.set(id, token)
    this.#inRequest = true
    try {
      const result = dispatch(this, parsed, token)
      if (result instanceof Promise) void this.#later(id, result)
      else this.#reply(id, { result })
    } catch (error) {
      this.#fail(id, error)
    } finally {
      this.#inRequest = false
    }
  }

  async #later(id: string | number, result: Promise<Result>): Promise<void> {
    try {
      this.#reply(id, { result: await result })
    } catch (error) {
      this.#fail(id, error)
    }
  }

  #fail(id: string | number, error: unknown): void {
    this.#reply(id, { error: wireError(error) })
  }

  #refusal(id: string | number): QixError | undefined {
    if (this.#pending.size >= this.#limits.maxPending)
      return new QixError('aborted', `More than ${this.#limits.maxPending} requests at once`)
    if (this.#pending.has(id))
      return new QixError('invalid-request', 'The id is that of a request under way', 'id')
    return undefined
  }

  #reply(
    id: string | number,
    outcome: { readonly result: Result } | { readonly error: Json },
  ): void {
    this.#pending.delete(id)
    this.#send({ jsonrpc: '2.0', id, ...outcome, ...this.#changes() })
  }

  #changes(): { change?: readonly number[]; close?: readonly number[] } {
    const { change = [], close = [] } = this.#app?.takeChanges() ?? {}
    return { ...(change.length === 0 ? {} : { change }), ...(close.length === 0 ? {} : { close }) }
  }

  /** Changes that no reply can carry are pushed; those of a request under way go with its reply. */
  #planPush(): void {
    if (this.#inRequest || this.#pushPlanned) return
    this.#pushPlanned = true
    void Promise.resolve().then(() => {
      this.#pushPlanned = false
      const changes = this.#ended || this.#pending.size > 0 ? {} : this.#changes()
      if (Object.keys(changes).length > 0) this.#send({ jsonrpc: '2.0', ...changes })
    })
  }

  #send(message: { readonly [key: string]: unknown }): void {
    if (!this.#ended) this.#transport.send(JSON.stringify(message))
  }

  #end(code: number, reason: string): void {
    if (this.#ended) return
    this.closed()
    this.#transport.close(code, reason)
  }
}

/** Checks the form of a request; members that are not of JSON-RPC are passed over. */
function requestOf(
  text: string,
): Request | { readonly error: QixError; readonly id: string | number | null } {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return { error: new QixError('parse-error', 'Parse error'), id: null }
  }
  if (!isObject(parsed))
    return { error: new QixError('invalid-request', 'A request is one JSON object'), id: null }
  const { id, handle = -1, method, params } = parsed
  if (typeof id !== 'number' && typeof id !== 'string')
    return { error: new QixError('invalid-request', 'A request needs an id', 'id'), id: null }
  if (typeof method !== 'string')
    return { error: new QixError('invalid-request', 'A request needs a method', 'method'), id }
  if (typeof handle !== 'number' || !Number.isInteger(handle))
    return {
      error: new QixError('invalid-request', 'The handle must be a whole number', 'handle'),
      id,
    }
  return { id, handle, method, params }
}
