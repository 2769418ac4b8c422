import type { Chart, ChartKind } from './charts.ts'
import type { Connection, Controls } from './connection.ts'
import { handle, send } from './handle.ts'
import { chartMembers, type PlainCharts, resultMembers } from './members.ts'
import type { WireResult } from './protocol.ts'
import type { Remote } from './remote.ts'
import { type ReceivedResult, type RemotePages, receivedResult } from './wire-result.ts'

/** How results are asked for. */
interface Reading<Kind extends ChartKind> {
  readonly read: (controls?: Pick<Controls, 'signal'>) => Promise<ReceivedResult<Kind>>
  readonly subscribe: (
    listener: (result: ReceivedResult<Kind>) => void,
  ) => Promise<() => Promise<void>>
}

/** A cube or a pivot table of an app, a handle at once: its options travel with every call. */
export function remoteChart<Kind extends ChartKind>(
  connection: Connection,
  app: number,
  chart: Chart<Kind>,
): Remote<PlainCharts[Kind]> & Reading<Kind> {
  const id = connection.newId()
  const plain = handle<Remote<PlainCharts[Kind]>>(chartMembers[chart.kind], (member, given) =>
    send(connection, given, (service, sent) => service.chart(app, chart, member, sent)),
  )
  const received = (wire: WireResult): ReceivedResult<Kind> =>
    remoteResult(connection, chart.kind, wire)
  const reading: Reading<Kind> = {
    read: async (controls = {}) =>
      received(
        await connection.controlled(controls, (service, sent) =>
          service.read(app, chart, id, sent),
        ),
      ),
    subscribe: (listener) =>
      connection.subscribeResults(
        (wire) => listener(received(wire)),
        (service, subscription) => service.subscribeChart(app, chart, subscription),
      ),
  }
  return Object.assign(plain, reading)
}

function remoteResult<Kind extends ChartKind>(
  connection: Connection,
  kind: Kind,
  wire: WireResult,
): ReceivedResult<Kind> {
  const pages = handle<RemotePages<Kind>>(resultMembers, (member, given) =>
    connection.call((service) => service.result(wire.id, member, given)),
  )
  connection.releaseWith(pages.page, wire.id)
  return receivedResult(kind, wire, pages)
}
