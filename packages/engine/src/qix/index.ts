export { acceptQix } from './acceptor.ts'
export { type ConnectionLimits, defaultConnectionLimits } from './connection.ts'
export { connectionTarget } from './connection-target.ts'
export type { ConnectionTarget, DocumentEntry, QixHost } from './host.ts'
export { MemoryHost } from './memory-host.ts'
export {
  type Acceptor,
  type ClientSocket,
  type ConnectionListener,
  inProcessSocket,
  type PortLike,
  portSocket,
  servePort,
  type Transport,
} from './transport.ts'
