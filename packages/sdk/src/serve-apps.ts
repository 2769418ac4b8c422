import {
  type App,
  createApp,
  LichenError,
  type ReloadOptions,
  type SignalOption,
  type TableReader,
} from '@lichen/engine'
import type { PortLike } from '@lichen/engine/qix'
import { urlReader } from '@lichen/loader'
import { expose, wrap } from 'comlink'
import type { Chart, ChartKind, Charts } from './charts.ts'
import { KeptResults } from './kept-results.ts'
import { holdLock } from './liveness.ts'
import { appMembers, chartMembers, fieldMembers, resultMembers } from './members.ts'
import type {
  EngineService,
  FieldPlace,
  PageEvents,
  Reply,
  WireControls,
  WireCreate,
  WireResult,
  WireSignal,
} from './protocol.ts'
import { wireError } from './wire-error.ts'
import { wireResult } from './wire-result.ts'
import { receivedTables } from './wire-table.ts'

export interface ServeAppsOptions {
  /** Library name → address of the folder behind `lib://<name>/`. */
  readonly libraries?: Readonly<Record<string, string>>
}

/** What is used of the `parentPort` of a Node worker. */
export interface ThreadPort {
  on(event: 'message', listener: (data: unknown) => void): unknown
}

/**
 * Runs the engine in this worker for pages that `connect` to it: any number of connections, each with a port of its own, beside `serveQix`
 * on the same port if wanted. Apps live until their page closes them or its connection.
 */
export function serveApps(port: PortLike | ThreadPort, options: ServeAppsOptions = {}): void {
  const reader = urlReader({ libs: options.libraries ?? {} })
  const receive = (data: unknown): void => {
    const connection = connectionPort(data)
    if (connection !== undefined) serveConnection(connection, reader)
  }
  if ('on' in port) port.on('message', receive)
  else {
    port.addEventListener('message', ({ data }) => receive(data))
    port.start?.()
  }
}

function connectionPort(data: unknown): MessagePort | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  if (!('lichen' in data) || data.lichen !== 'apps' || !('port' in data)) return undefined
  return data.port instanceof MessagePort ? data.port : undefined
}

/** The page is to know the lock before its first answer, so that it can tell an end from a long wait. */
function serveConnection(port: MessagePort, reader: TableReader): void {
  const events = wrap<PageEvents>(port)
  const service = new ConnectionService(reader, events, () => {
    release()
    port.close()
  })
  const release = holdLock((lock) => {
    expose(service, port)
    if (lock !== undefined) events.alive(lock)
  })
  port.addEventListener('close', () => service.close())
}

type Events = {
  readonly [Event in keyof PageEvents]: (...given: Parameters<PageEvents[Event]>) => unknown
}

/** What `AppCube` and `AppPivot` have in common. */
interface AppChart<Kind extends ChartKind> {
  read(options: SignalOption): Charts[Kind]['result']
  subscribe(listener: (result: Charts[Kind]['result']) => void): () => void
}

type OpenChart<Kind extends ChartKind> = (
  app: App,
  options: Charts[Kind]['options'],
) => AppChart<Kind>

const openers: { readonly [Kind in ChartKind]: OpenChart<Kind> } = {
  cube: (app, options) => app.cube(options),
  pivot: (app, options) => app.pivot(options),
}

function openChart<Kind extends ChartKind>(
  app: App,
  { kind, options }: Chart<Kind>,
): AppChart<Kind> {
  return openers[kind](app, options)
}

/** One page's apps with what belongs to them. */
class ConnectionService implements EngineService {
  readonly #reader: TableReader
  readonly #events: Events
  readonly #closePort: () => void
  readonly #apps = new Map<number, App>()
  readonly #results = new KeptResults<Charts[ChartKind]['result']>()
  readonly #subscriptions = new Map<number, { readonly app: number; readonly stop: () => void }>()
  readonly #flags = new Map<number, Int32Array>()
  #lastId = 0

  constructor(reader: TableReader, events: Events, closePort: () => void) {
    this.#reader = reader
    this.#events = events
    this.#closePort = closePort
  }

  createApp(options: WireCreate): Promise<Reply<number>> {
    if ('tables' in options)
      return this.#reply({}, () =>
        this.#open(
          createApp({ ...options, tables: receivedTables(options.tables), reader: this.#reader }),
        ),
      )
    const { signal, onProgress, ...others } = options
    return this.#reply(options, async (controls) =>
      this.#open(await createApp({ ...others, ...controls, reader: this.#reader })),
    )
  }

  app(app: number, member: string, given: readonly unknown[]): Promise<Reply<unknown>> {
    return this.#invoke(() => this.#app(app), appMembers, member, given)
  }

  field(
    app: number,
    place: FieldPlace,
    member: string,
    given: readonly unknown[],
  ): Promise<Reply<unknown>> {
    const field = () => this.#app(app).field(place.name, place.state)
    return this.#invoke(field, fieldMembers, member, given)
  }

  chart(
    app: number,
    chart: Chart,
    member: string,
    given: readonly unknown[],
  ): Promise<Reply<unknown>> {
    const open = () => openChart(this.#app(app), chart)
    return this.#invoke(open, chartMembers[chart.kind], member, given)
  }

  read(app: number, chart: Chart, id: number, given: WireControls): Promise<Reply<WireResult>> {
    return this.#reply(given, (controls) => {
      const result = openChart(this.#app(app), chart).read(controls)
      return this.#keep(app, id, chart.kind, result)
    })
  }

  result(result: number, member: string, given: readonly unknown[]): Promise<Reply<unknown>> {
    return this.#invoke(() => this.#results.get(result), resultMembers, member, given)
  }

  release(result: number): void {
    this.#results.release(result)
  }

  subscribe(app: number, subscription: number): Promise<Reply<void>> {
    return this.#reply({}, () => {
      const stop = this.#app(app).subscribe(() => void this.#events.changed(subscription))
      this.#subscriptions.set(subscription, { app, stop })
    })
  }

  subscribeChart(app: number, chart: Chart, subscription: number): Promise<Reply<void>> {
    return this.#reply({}, () => {
      const stop = openChart(this.#app(app), chart).subscribe((result) => {
        const wire = this.#keep(app, subscription, chart.kind, result)
        this.#events.result(subscription, wire)
      })
      this.#subscriptions.set(subscription, { app, stop })
    })
  }

  stop(subscription: number): Promise<Reply<void>> {
    return this.#reply({}, () => {
      this.#subscriptions.get(subscription)?.stop()
      this.#subscriptions.delete(subscription)
    })
  }

  abort(signal: number): void {
    const flag = this.#flags.get(signal)
    if (flag !== undefined) Atomics.store(flag, 0, 1)
  }

  closeApp(id: number): Promise<Reply<void>> {
    return this.#reply({}, () => this.#close(id))
  }

  close(): void {
    for (const id of [...this.#apps.keys()]) this.#close(id)
    this.#closePort()
  }

  #open(app: App): number {
    const id = ++this.#lastId
    this.#apps.set(id, app)
    return id
  }

  #close(id: number): void {
    for (const [subscription, { app, stop }] of this.#subscriptions) {
      if (app !== id) continue
      stop()
      this.#subscriptions.delete(subscription)
    }
    this.#results.releaseApp(id)
    this.#apps.get(id)?.close()
    this.#apps.delete(id)
  }

  #app(id: number): App {
    const app = this.#apps.get(id)
    if (app === undefined) throw new LichenError('not-found', 'The app is closed; create it again')
    return app
  }

  #keep(
    app: number,
    source: number,
    kind: ChartKind,
    result: Charts[ChartKind]['result'],
  ): WireResult {
    const id = ++this.#lastId
    this.#results.keep(id, { app, source, result })
    return wireResult(id, kind, result)
  }

  #invoke(
    target: () => object,
    members: Readonly<Record<string, unknown>>,
    member: string,
    given: readonly unknown[],
  ): Promise<Reply<unknown>> {
    const controls = given.find(isControls) ?? {}
    return this.#reply(controls, (received) => {
      if (!Object.hasOwn(members, member))
        throw new LichenError('invalid-argument', `There is no member "${member}" to call`)
      const object = target()
      const value: unknown = Reflect.get(object, member)
      if (typeof value !== 'function') return value
      const args = given.map((argument) =>
        isControls(argument) ? { ...argument, ...received } : argument,
      )
      return Reflect.apply(value, object, args)
    })
  }

  /** Works at once, so that calls are carried out in the order they were sent; only a reload goes on later. */
  async #reply<Value>(
    given: WireControls,
    work: (controls: Controls) => Value | Promise<Value>,
  ): Promise<Reply<Value>> {
    const { signal, onProgress } = given
    if (signal !== undefined) this.#flags.set(signal.id, signal.flag)
    try {
      const controls = {
        ...(signal === undefined ? {} : { signal: flagged(signal) }),
        ...(onProgress === undefined ? {} : { onProgress: this.#progressTo(onProgress) }),
      }
      return { ok: true, value: await work(controls) }
    } catch (error) {
      return { ok: false, error: wireError(error) }
    } finally {
      if (signal !== undefined) this.#flags.delete(signal.id)
    }
  }

  #progressTo(listener: number): NonNullable<ReloadOptions['onProgress']> {
    return (event) => void this.#events.progress(listener, event)
  }
}

type Controls = SignalOption & Pick<ReloadOptions, 'onProgress'>

function flagged({ flag }: WireSignal): NonNullable<SignalOption['signal']> {
  return {
    get aborted() {
      return Atomics.load(flag, 0) !== 0
    },
  }
}

function isControls(argument: unknown): argument is WireControls {
  return (
    typeof argument === 'object' &&
    argument !== null &&
    ('signal' in argument || 'onProgress' in argument)
  )
}
