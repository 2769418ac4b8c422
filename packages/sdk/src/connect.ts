import type { FieldNames, TablesInput } from '@lichen/engine'
import { transfer } from 'comlink'
import { Connection, type Controls, type EngineTarget } from './connection.ts'
import { handle, send, withoutControls } from './handle.ts'
import { appMembers, fieldMembers, type PlainApp } from './members.ts'
import type { WireCreate } from './protocol.ts'
import type { Remote, RemoteApp, RemoteEngine, RemoteField } from './remote.ts'
import { remoteChart } from './remote-chart.ts'
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

function remoteApp(connection: Connection, app: number): RemoteApp {
  const plain = handle<Remote<PlainApp>>(appMembers, (member, given) =>
    send(connection, given, (service, sent) => service.app(app, member, sent)),
  )
  const others: Pick<RemoteApp, 'field' | 'cube' | 'pivot' | 'subscribe' | 'close'> = {
    field: (name, state) => remoteField(connection, app, name, state),
    cube: (options) => remoteChart(connection, app, { kind: 'cube', options }),
    pivot: (options) => remoteChart(connection, app, { kind: 'pivot', options }),
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
