import { createApp } from '@lichen/engine'
import { connect, type EngineTarget } from '../src/index.ts'
import type { Face } from './contract/face.ts'

/** The engine in this thread. */
export function nativeFace(): Face {
  return {
    openTables: async (tables) => createApp({ tables }),
    openScript: (options) => createApp(options),
    close() {},
  }
}

/** An engine at the other end of a port. */
export function remoteFace(target: EngineTarget, closed: () => void): Face {
  const engine = connect(target)
  return {
    openTables: (tables) => engine.createApp({ tables }),
    openScript: (options) => engine.createApp(options),
    close() {
      engine.close()
      closed()
    },
  }
}
