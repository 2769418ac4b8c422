import type { Document, Json } from '../../app/document.ts'
import type { CancellationToken } from '../../base/cancellation.ts'
import type { Handles, Target } from '../handles.ts'
import type { ConnectionTarget, QixHost } from '../host.ts'
import type { OpenApp } from '../open-app.ts'
import type { Params } from '../params.ts'
import type { ReloadProgress } from '../reload-progress.ts'

/** What a method may need of its connection. */
export interface Caller {
  readonly host: QixHost
  readonly handles: Handles
  readonly progress: ReloadProgress
  /** What the address of the connection names. */
  readonly address: ConnectionTarget
  /** The document that is open, if any. */
  readonly app: OpenApp | undefined
  /** Opens a document on this connection. @throws QixError `app-already-open` when another is open */
  use(document: Document, isSessionApp: boolean): OpenApp
  /** Cancels a request that is under way, by its JSON-RPC id. */
  cancel(request: number | 'all'): void
}

/** One call of a method. */
export interface Call<Context> {
  readonly caller: Caller
  readonly target: Context
  readonly params: Params
  readonly cancellation: CancellationToken
}

/** A call on the app or something in it. */
export interface AppCall<Context extends Target> extends Call<Context> {
  readonly app: OpenApp
}

export type Result = { readonly [key: string]: Json }

/** A method: parameter names in the order of the schema, and what it does. */
export interface Method<C> {
  readonly params: readonly string[]
  readonly run: (call: C) => Result | Promise<Result>
}

export type MethodTable<C> = Readonly<Record<string, Method<C>>>

/** A method as one line of a table. */
export function method<C>(params: string, run: (call: C) => Result | Promise<Result>): Method<C> {
  return { params: params === '' ? [] : params.split(' '), run }
}

export const done: Result = {}
export const returned = (qReturn: Json): Result => ({ qReturn })
export const success = (qSuccess: boolean): Result => ({ qSuccess })
