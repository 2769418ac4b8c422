import type {
  App,
  AppCube,
  AppField,
  AppPivot,
  CreateFromScript,
  CreateFromTables,
  CubeOptions,
  CubeResult,
  FieldNames,
  PivotOptions,
  PivotResult,
  TablesInput,
} from '@lichen/engine'
import type { ResultMembers } from './charts.ts'

/** Members of `App` that are the engine itself and stay with it. */
type Inner = 'document' | 'session'

/** Options that are objects of the engine's own thread; a worker has its own. */
type InnerOption =
  | 'reader'
  | 'writer'
  | 'buffers'
  | 'connections'
  | 'execute'
  | 'logger'
  | 'clock'
  | 'opener'

/** What an argument of a native method is on this side of the port. */
export type Given<Argument> = Argument extends (...values: infer Values) => void
  ? (...values: { [Index in keyof Values]: Crossed<Values[Index]> }) => void
  : 'signal' extends keyof Argument
    ? Omit<Argument, 'signal'> & { readonly signal?: AbortSignal }
    : Argument

type Crossed<Result> = Result extends CubeResult
  ? RemoteCubeResult
  : Result extends PivotResult
    ? RemotePivotResult
    : Result extends () => void
      ? () => Promise<void>
      : Result

/** The members of a native object with promises of their results. */
export type Remote<Native> = {
  readonly [Member in keyof Native]: Native[Member] extends (...given: infer Args) => infer Result
    ? (...given: { [Index in keyof Args]: Given<Args[Index]> }) => Promise<Crossed<Awaited<Result>>>
    : Promise<Native[Member]>
}

/** `App` of the engine, in a worker. `field`, `cube` and `pivot` are handles at once; what is wrong with them is told by their first answer. */
export interface RemoteApp<Field extends string = string>
  extends Remote<Omit<App, Inner | 'fields' | 'field' | 'cube' | 'pivot'>> {
  readonly fields: Promise<App<Field>['fields']>
  field(name: Field | `=${string}`, state?: string): RemoteField
  cube(options: CubeOptions<Field>): RemoteCube
  pivot(options: PivotOptions<Field>): RemotePivot
}

/** `AppField` of the engine, in a worker. */
export interface RemoteField extends Remote<AppField> {}

/** `AppCube` of the engine, in a worker. */
export interface RemoteCube extends Remote<AppCube> {}

/** `AppPivot` of the engine, in a worker. */
export interface RemotePivot extends Remote<AppPivot> {}

/**
 * A computed table. `page` answers from this table, whatever was selected since. The worker keeps the newest four of a cube and of
 * a subscription; the page of an older one rejects with `cancelled`.
 */
export interface RemoteCubeResult
  extends Omit<CubeResult, ResultMembers>,
    Remote<Pick<CubeResult, ResultMembers>> {}

/** A computed pivot table, kept by the worker as the results of cubes are. */
export interface RemotePivotResult
  extends Omit<PivotResult, ResultMembers>,
    Remote<Pick<PivotResult, ResultMembers>> {}

/** An engine at the other end of a port. */
export interface RemoteEngine {
  /**
   * Opens an app over tables, which are copied to the worker: the caller keeps its own and may change them afterwards. Rows, columns and
   * Arrow tables give the same values as in the native `createApp`.
   * @throws LichenError `invalid-argument`
   */
  createApp<const Tables extends TablesInput>(
    options: Omit<CreateFromTables<TablesInput>, InnerOption | 'tables'> & {
      readonly tables: Tables
    },
  ): Promise<RemoteApp<FieldNames<Tables>>>
  /** Opens an app by running a load script; it reads the libraries the worker was given. @throws ScriptError */
  createApp(options: Given<Omit<CreateFromScript, InnerOption>>): Promise<RemoteApp>
  /** Closes all apps of this connection and rejects what is under way with a `ConnectionError`; the worker itself goes on. */
  close(): void
}
