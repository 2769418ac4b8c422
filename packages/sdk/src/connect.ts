import type { CubeOptions, FieldNames, TablesInput } from '@lichen/engine'
import { transfer } from 'comlink'
import { Connection, type Controls, type EngineTarget } from './connection.ts'
import { appMembers, cubeMembers, fieldMembers, type PlainApp, type PlainCube } from './members.ts'
import type { Reply, WireControls, WireCreate } from './protocol.ts'
import type { Remote, RemoteApp, RemoteCube, RemoteEngine, RemoteField } from './remote.ts'
import { wireTables } from './wire-table.ts'

/**
 * The engine in a worker, or at the other end of a port, that runs `serveApps`: the native face with promises. Errors are those of
 * the engine, with class and code. An AbortSignal stops work under way where shared memory is available (a cross-origin isolated page);
 * elsewhere it is seen when the worker next awaits something, such as a file.
 */
export function connect(target: EngineTarget): RemoteEngine {
  const connection = new Connection(target)

  function createApp<const Tables extends TablesInput>(options: {
    readonly tables: Tables
  }): Promise<RemoteApp<FieldNames<Tables>>>
  function createApp(options: Controls & { readonly script: string }): Promise<RemoteApp>
  async function createApp(
    options: { readonly tables: TablesInput } | (Controls & { readonly script: string }),
  ): Promise<RemoteApp> {
    if (!('tables' in options))
      return remoteApp(
        connection,
        await connection.controlled(options, (service, controls) =>
          service.createApp({ ...withoutControls(options), ...controls }),
        ),
      )
    const { tables, transfer: buffers } = wireTables(options.tables)
    const wire: WireCreate = transfer({ ...options, tables }, [...buffers])
    return remoteApp(connection, await connection.call((service) => service.createApp(wire)))
  }

  return { createApp, close: () => connection.close() }
}

function withoutControls<Options extends Controls>(
  options: Options,
): Omit<Options, keyof Controls> {
  const { signal, onProgress, ...others } = options
  return others
}

function remoteApp(connection: Connection, app: number): RemoteApp {
  const plain = handle<Remote<PlainApp>>(appMembers, (member, given) =>
    send(connection, given, (service, sent) => service.app(app, member, sent)),
  )
  const others: Pick<RemoteApp, 'field' | 'cube' | 'subscribe' | 'close'> = {
    field: (name, state) => remoteField(connection, app, name, state),
    cube: (options) => remoteCube(connection, app, options),
    subscribe: (listener) =>
      connection.subscribe(listener, (service, id) => service.subscribe(app, id)),
    close: () => connection.call((service) => service.closeApp(app)),
  }
  return Object.assign(plain, others)
}

function remoteField(
  connection: Connection,
  app: number,
  name: string,
  state: string | undefined,
): RemoteField {
  return handle(fieldMembers, (member, given) =>
    send(connection, given, (service, sent) => service.field(app, { name, state }, member, sent)),
  )
}

function remoteCube(connection: Connection, app: number, options: CubeOptions): RemoteCube {
  const cube = connection.newId()
  const plain = handle<Remote<PlainCube>>(cubeMembers, (member, given) =>
    send(connection, given, (service, sent) => service.cube(app, options, member, sent)),
  )
  const others: Pick<RemoteCube, 'read' | 'subscribe'> = {
    read: async (controls = {}) =>
      connection.result(
        await connection.controlled(controls, (service, sent) =>
          service.read(app, options, cube, sent),
        ),
      ),
    subscribe: (listener) =>
      connection.subscribeResults(listener, (service, id) =>
        service.subscribeCube(app, options, id),
      ),
  }
  return Object.assign(plain, others)
}

type Send = Parameters<Connection['call']>[0]

/** Sends the arguments of a call, with what stands in for a signal and a progress listener among them. */
function send(
  connection: Connection,
  given: readonly unknown[],
  call: (service: Parameters<Send>[0], sent: readonly unknown[]) => Promise<Reply<unknown>>,
): Promise<unknown> {
  const at = given.findIndex(isControls)
  const controls = given[at]
  if (!isControls(controls)) return connection.call((service) => call(service, given))
  return connection.controlled(controls, (service, wire: WireControls) =>
    call(
      service,
      given.map((argument, index) =>
        index === at ? { ...withoutControls(controls), ...wire } : argument,
      ),
    ),
  )
}

function isControls(argument: unknown): argument is Controls {
  return (
    typeof argument === 'object' &&
    argument !== null &&
    ('signal' in argument || 'onProgress' in argument)
  )
}

/** An object with the members named. They are typed by the native ones; what the port brings has no type of its own. */
function handle<Handle extends object>(
  members: Readonly<Record<string, 'method' | 'value'>>,
  call: (member: string, given: readonly unknown[]) => Promise<unknown>,
): Handle {
  const object = {}
  for (const [member, kind] of Object.entries(members))
    Object.defineProperty(
      object,
      member,
      kind === 'method'
        ? { enumerable: true, value: (...given: unknown[]) => call(member, given) }
        : { get: () => call(member, []) },
    )
  return object as Handle
}
