import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConnectionError, connect } from '../src/index.ts'
import { describeContract } from './contract.ts'
import { remoteFace } from './faces.ts'

/** Node loads no TypeScript in a thread, so the thread's program is bundled first. */
async function bundled(): Promise<URL> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    ssr: { noExternal: true, resolve: { conditions: ['@lichen/source', 'module', 'node'] } },
    build: {
      ssr: fileURLToPath(new URL('./engine-thread.ts', import.meta.url)),
      write: false,
      rollupOptions: { output: { inlineDynamicImports: true } },
    },
  })
  const [output] = Array.isArray(built) ? built : [built]
  const chunk = output !== undefined && 'output' in output ? output.output[0] : undefined
  if (chunk === undefined) throw new Error('The bundler gave no chunk')
  return new URL(`data:text/javascript,${encodeURIComponent(chunk.code)}`)
}

const longScript = 'LOAD RecNo() as A, Rand() as B AUTOGENERATE 100000000;'

describe('an engine in a thread', () => {
  let program: URL
  let worker: Worker
  beforeAll(async () => {
    program = await bundled()
    worker = new Worker(program)
  }, 60_000)
  afterAll(() => worker.terminate())

  describeContract(() => remoteFace(worker, () => {}))

  it('stops a script under way when its signal says so', async () => {
    const engine = connect(worker)
    const aborting = new AbortController()
    const opened = engine.createApp({ script: longScript, signal: aborting.signal })
    setTimeout(() => aborting.abort(), 50)
    await expect(opened).rejects.toMatchObject({ code: 'cancelled', details: {} })
    engine.close()
  })

  it('rejects what is under way when the thread ends', async () => {
    const ending = new Worker(program)
    const engine = connect(ending)
    const app = await engine.createApp({ tables: { T: [{ A: 1 }] } })
    const opened = engine.createApp({ script: longScript })
    const rejected = expect(opened).rejects.toBeInstanceOf(ConnectionError)
    await ending.terminate()
    await rejected
    await expect(app.evaluate('Sum(A)')).rejects.toMatchObject({ details: { reason: 'ended' } })
  })
})
