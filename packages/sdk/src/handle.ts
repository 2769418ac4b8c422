import type { Connection, Controls } from './connection.ts'
import type { Reply, WireControls } from './protocol.ts'

type Service = Parameters<Parameters<Connection['call']>[0]>[0]

/** An object with the members named. They are typed by the native ones; what the port brings has no type of its own. */
export function handle<Handle extends object>(
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

/** Sends the arguments of a call, with what stands in for a signal and a progress listener among them. */
export function send(
  connection: Connection,
  given: readonly unknown[],
  call: (service: Service, sent: readonly unknown[]) => Promise<Reply<unknown>>,
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

export function withoutControls<Options extends Controls>(
  options: Options,
): Omit<Options, keyof Controls> {
  const { signal, onProgress, ...others } = options
  return others
}

function isControls(argument: unknown): argument is Controls {
  return (
    typeof argument === 'object' &&
    argument !== null &&
    ('signal' in argument || 'onProgress' in argument)
  )
}
