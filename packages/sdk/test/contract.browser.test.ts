import { afterAll, describe, expect, it } from 'vitest'
import { connect } from '../src/index.ts'
import { describeContract } from './contract.ts'
import { remoteFace } from './faces.ts'

function engineWorker(): Worker {
  return new Worker(new URL('./engine-worker.ts', import.meta.url), { type: 'module' })
}

describe('an engine in a Web Worker', () => {
  const worker = engineWorker()
  afterAll(() => worker.terminate())
  describeContract(() => remoteFace(worker, () => {}))
})

describe('a Web Worker', () => {
  it('that does not start rejects what is asked of it', async () => {
    const program = URL.createObjectURL(new Blob(["throw new Error('broken')"]))
    const engine = connect(new Worker(program))
    await expect(engine.createApp({ tables: {} })).rejects.toMatchObject({
      code: 'cancelled',
      details: { reason: 'ended' },
    })
  })

  it('that is terminated rejects what is asked of it', async () => {
    const worker = engineWorker()
    const engine = connect(worker)
    const app = await engine.createApp({ tables: { T: [{ A: 1 }] } })
    worker.terminate()
    await expect(app.evaluate('Sum(A)')).rejects.toMatchObject({ details: { reason: 'ended' } })
  })
})
