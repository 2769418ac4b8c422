import type {
  CreateFromScript,
  CreateFromTables,
  CubeDimensionInfo,
  CubeMeasureInfo,
  ReloadOptions,
  TablesInput,
} from '@lichen/engine'
import type { Chart, ChartKind, PlainResult } from './charts.ts'
import type { WireError } from './wire-error.ts'
import type { WireTable } from './wire-table.ts'

/** An error is an answer: comlink would reduce a thrown one to its message. */
export type Reply<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: WireError }

export type ProgressEvent = Parameters<NonNullable<ReloadOptions['onProgress']>>[0]

/** `flag[0]` is 1 after the abort. In shared memory the page sets it itself; otherwise `abort(id)` sets the worker's copy. */
export interface WireSignal {
  readonly id: number
  readonly flag: Int32Array
}

/** `onProgress` is the number the page knows its listener by. */
export interface WireControls {
  readonly signal?: WireSignal
  readonly onProgress?: number
}

type Portable<Options> = Omit<
  Options,
  'tables' | 'reader' | 'writer' | 'logger' | 'clock' | 'opener' | 'signal' | 'onProgress'
>

export type WireCreate =
  | (Portable<CreateFromTables<TablesInput>> & {
      readonly tables: Readonly<Record<string, WireTable>>
    })
  | (Portable<CreateFromScript> & WireControls)

export type WireInfo<Info> = Omit<Info, 'error'> & { readonly error?: WireError }

/** A result with the worker's number of it in place of `page`. */
export interface WireResult<Kind extends ChartKind = ChartKind> {
  readonly id: number
  readonly kind: Kind
  readonly plain: PlainResult<Kind>
  readonly dimensions: readonly WireInfo<CubeDimensionInfo>[]
  readonly measures: readonly WireInfo<CubeMeasureInfo>[]
}

export interface FieldPlace {
  readonly name: string
  readonly state: string | undefined
}

/** What the worker answers. Apps and results are numbered by the worker; subscriptions, charts, listeners and signals by the page. */
export interface EngineService {
  createApp(options: WireCreate): Promise<Reply<number>>
  app(app: number, member: string, given: readonly unknown[]): Promise<Reply<unknown>>
  field(
    app: number,
    place: FieldPlace,
    member: string,
    given: readonly unknown[],
  ): Promise<Reply<unknown>>
  chart(
    app: number,
    chart: Chart,
    member: string,
    given: readonly unknown[],
  ): Promise<Reply<unknown>>
  read(app: number, chart: Chart, id: number, controls: WireControls): Promise<Reply<WireResult>>
  result(result: number, member: string, given: readonly unknown[]): Promise<Reply<unknown>>
  /** The page forgot the result. */
  release(result: number): void
  subscribe(app: number, subscription: number): Promise<Reply<void>>
  subscribeChart(app: number, chart: Chart, subscription: number): Promise<Reply<void>>
  stop(subscription: number): Promise<Reply<void>>
  abort(signal: number): void
  closeApp(app: number): Promise<Reply<void>>
  close(): void
}

/**
 * What the page is told. It travels on the same port as the answers, ahead of the answer to the call that caused it: when `select` has
 * resolved, the listeners have run.
 */
export interface PageEvents {
  changed(subscription: number): void
  result(subscription: number, result: WireResult): void
  progress(listener: number, event: ProgressEvent): void
  /** The worker holds this lock while it serves the connection. */
  alive(lock: string): void
}
