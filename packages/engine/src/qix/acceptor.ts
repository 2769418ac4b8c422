import { type ConnectionLimits, defaultConnectionLimits, QixConnection } from './connection.ts'
import type { ConnectionTarget, QixHost } from './host.ts'
import type { Acceptor } from './transport.ts'

/** Answers QIX clients with what `host` offers its user. Every transport is a connection, and a session, of its own. */
export function acceptQix(
  host: QixHost,
  target: ConnectionTarget = { kind: 'global' },
  limits: ConnectionLimits = defaultConnectionLimits,
): Acceptor {
  return (transport) => new QixConnection(host, target, transport, limits)
}
