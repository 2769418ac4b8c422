import {
  type ClientSocket,
  inProcessSocket,
  type PortLike,
  portSocket as socketOverPort,
} from '@lichen/engine/qix'

export { connect } from './connect.ts'
export { ConnectionError, type EngineTarget } from './connection.ts'
export type {
  RemoteApp,
  RemoteCube,
  RemoteCubeResult,
  RemoteEngine,
  RemoteField,
  RemotePivot,
  RemotePivotResult,
} from './remote.ts'
export { type ClientSocket, inProcessSocket, type PortLike }

/** The `createSocket` option of enigma.js for an engine at the other end of a port, such as one in a Web Worker that runs `serveQix`. */
export function portSocket(port: PortLike): (url: string) => ClientSocket {
  return (url) => socketOverPort(port, url)
}
