import { describe } from 'vitest'
import { serveApps } from '../src/worker.ts'
import type { Face } from './contract/face.ts'
import { describeContract } from './contract.ts'
import { nativeFace, remoteFace } from './faces.ts'

function overChannel(): Face {
  const { port1, port2 } = new MessageChannel()
  serveApps(port1)
  return remoteFace(port2, () => port2.close())
}

describe.each<[string, () => Face]>([
  ['native', nativeFace],
  ['over a port', overChannel],
])('an engine %s', (_, open) => describeContract(open))
