import { createServer } from 'node:http'
import { type App, LichenError } from '@lichen/engine'
import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest'
import {
  ConnectionError,
  connect,
  portSocket,
  type RemoteApp,
  type RemoteCubeResult,
  type RemoteEngine,
  type RemotePivotResult,
} from '../src/index.ts'
import { serveApps, serveQix } from '../src/worker.ts'

const tables = {
  Orders: [
    { Region: 'North', Amount: 10 },
    { Region: 'South', Amount: 32 },
  ],
}

let channel: MessageChannel
let engine: RemoteEngine

beforeEach(() => {
  channel = new MessageChannel()
  serveApps(channel.port1)
  engine = connect(channel.port2)
})

afterEach(() => {
  engine.close()
  channel.port1.close()
})

async function failure(work: Promise<unknown>): Promise<LichenError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason) => reason,
  )
  if (error instanceof LichenError) return error
  throw new Error(`Not an error of the engine: ${error}`)
}

describe('the types of a connected app', () => {
  it('know the fields of the tables given', async () => {
    const app = await engine.createApp({ tables, title: 'Sales' })
    expectTypeOf(app).toEqualTypeOf<RemoteApp<'Region' | 'Amount'>>()
    expectTypeOf(app.field).parameter(0).toEqualTypeOf<'Region' | 'Amount' | `=${string}`>()
    expectTypeOf(app.field('Region').select).returns.toEqualTypeOf<Promise<boolean>>()
    // @ts-expect-error: no such field in the tables
    app.field('Nowhere')
    expectTypeOf<typeof app.fields>().toEqualTypeOf<Promise<readonly ('Region' | 'Amount')[]>>()
    expectTypeOf(app.subscribe).returns.toEqualTypeOf<Promise<() => Promise<void>>>()
    expectTypeOf(app.cube({}).read).returns.toEqualTypeOf<Promise<RemoteCubeResult>>()
    expectTypeOf(app.pivot({}).read).returns.toEqualTypeOf<Promise<RemotePivotResult>>()
    expectTypeOf<typeof app extends RemoteApp ? true : false>().toEqualTypeOf<true>()
    expectTypeOf<Parameters<RemoteApp['field']>>().toEqualTypeOf<Parameters<App['field']>>()
    expectTypeOf<Parameters<RemoteApp['cube']>>().toEqualTypeOf<Parameters<App['cube']>>()
    expectTypeOf<Parameters<RemoteApp['pivot']>>().toEqualTypeOf<Parameters<App['pivot']>>()
    expectTypeOf<NonNullable<Parameters<typeof app.evaluate>[1]>['signal']>().toEqualTypeOf<
      AbortSignal | undefined
    >()
  })
})

describe('calls', () => {
  it('are carried out in the order they were made', async () => {
    const app = await engine.createApp({ tables })
    const region = app.field('Region')
    const answers = await Promise.all([
      app.evaluate('Sum(Amount)'),
      region.select(['South']),
      app.evaluate('Sum(Amount)'),
      region.clear(),
      app.evaluate('Sum(Amount)'),
    ])
    expect(answers.map((answer) => (typeof answer === 'boolean' ? answer : answer.number))).toEqual(
      [42, true, 32, true, 42],
    )
  })

  it('refuse what cannot be sent', async () => {
    const cell = (() => 1) as unknown as number
    const error = await failure(engine.createApp({ tables: { T: [{ A: cell }] } }))
    expect(error.code).toBe('invalid-argument')
    expect(error.message).toContain('cannot be sent')
    const reader = { open: () => undefined }
    const options = { tables, reader }
    expect((await failure(engine.createApp(options))).code).toBe('invalid-argument')
  })

  it('of a closed app are refused', async () => {
    const app = await engine.createApp({ tables })
    let told = 0
    await app.subscribe(() => {
      told += 1
    })
    await app.close()
    expect((await failure(app.evaluate('1'))).code).toBe('not-found')
    expect((await failure(app.field('Region').clear())).code).toBe('not-found')
    expect(told).toBe(0)
  })
})

describe('listeners', () => {
  it('have run when the call that caused them resolves', async () => {
    const app = await engine.createApp({ tables })
    const totals: (number | undefined)[] = []
    const cube = app.cube({ dimensions: ['Region'], measures: ['Sum(Amount)'] })
    await cube.subscribe((result) => totals.push(result.totals[0]?.number))
    for (const region of ['North', 'South', 'North']) {
      const before = totals.length
      await app.field('Region').select([region])
      expect(totals).toHaveLength(before + 1)
    }
    expect(totals).toEqual([42, 10, 32, 10])
  })

  it.each(['cube', 'pivot'] as const)(
    'can page the newest four results of their %s',
    async (kind) => {
      const app = await engine.createApp({ tables })
      const results: (RemoteCubeResult | RemotePivotResult)[] = []
      const measures = ['Sum(Amount)']
      const listener = (result: RemoteCubeResult | RemotePivotResult): void => {
        results.push(result)
      }
      if (kind === 'cube') await app.cube({ dimensions: ['Region'], measures }).subscribe(listener)
      else await app.pivot({ rows: ['Region'], measures }).subscribe(listener)
      for (let change = 0; change < 4; change++)
        await app.field('Region').toggle([change % 2 === 0 ? 'North' : 'South'])
      expect(results).toHaveLength(5)
      for (const result of results.slice(1)) expect(await result.page()).toHaveLength(result.rows)
      const old = await failure(results[0]?.page() ?? Promise.resolve())
      expect(old.code).toBe('cancelled')
      expect(old.message).toContain('read the table again')
    },
  )

  it('keep results of cubes and pivot tables apart', async () => {
    const app = await engine.createApp({ tables })
    const cube = app.cube({ dimensions: ['Region'], measures: ['Sum(Amount)'] })
    const pivot = app.pivot({ rows: ['Region'], measures: ['Sum(Amount)'] })
    const table = await cube.read()
    const first = await pivot.read()
    for (let time = 0; time < 4; time++) await pivot.read()
    expect(await table.page()).toHaveLength(2)
    expect((await failure(first.page())).code).toBe('cancelled')
  })

  it('are not called after the end of their subscription', async () => {
    const app = await engine.createApp({ tables })
    const rows: number[] = []
    const stop = await app.pivot({ rows: ['Region'] }).subscribe((result) => {
      rows.push(result.rows)
    })
    const changed = app.field('Region').select(['North'])
    await Promise.all([changed, stop()])
    expect(rows).toEqual([2])
  })

  it('of two connections to one worker are apart', async () => {
    const other = connect(channel.port2)
    const app = await engine.createApp({ tables })
    const apart = await other.createApp({ tables })
    let told = 0
    await app.subscribe(() => {
      told += 1
    })
    await apart.field('Region').select(['North'])
    expect(told).toBe(0)
    expect(await app.evaluate('Sum(Amount)')).toMatchObject({ number: 42 })
    other.close()
    await app.field('Region').select(['North'])
    expect(told).toBe(1)
  })
})

describe('signals', () => {
  it('aborted while the script runs stop it', async () => {
    const aborting = new AbortController()
    const loads = 'LOAD 1 as A AUTOGENERATE 1;\n'.repeat(3)
    const server = createServer((_, response) => {
      aborting.abort()
      setTimeout(() => response.end('A\n1\n'), 20)
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    const worker = new MessageChannel()
    serveApps(worker.port1, { libraries: { data: `http://127.0.0.1:${address.port}/` } })
    const reading = connect(worker.port2)
    const script = `LOAD * FROM [lib://data/a.csv] (txt, embedded labels, delimiter is ',');\n${loads}`
    try {
      const error = await failure(reading.createApp({ script, signal: aborting.signal }))
      expect(error.code).toBe('cancelled')
      const app = await reading.createApp({ script })
      expect(await app.evaluate('Sum(A)')).toMatchObject({ number: 4 })
    } finally {
      reading.close()
      server.close()
    }
  })
})

describe('the end of a connection', () => {
  it('rejects what is under way and what comes later', async () => {
    const app = await engine.createApp({ tables })
    const pending = failure(app.evaluate('Sum(Amount)'))
    engine.close()
    engine.close()
    expect(await pending).toBeInstanceOf(ConnectionError)
    expect(await pending).toMatchObject({ code: 'cancelled', details: { reason: 'closed' } })
    expect(await failure(app.field('Region').values())).toBeInstanceOf(ConnectionError)
    expect(await failure(engine.createApp({ tables }))).toBeInstanceOf(ConnectionError)
  })

  it('is noticed when the other side ends', async () => {
    const { port1, port2 } = new MessageChannel()
    port1.addEventListener('message', ({ data }) => data.port.close())
    port1.start()
    const ended = await failure(connect(port2).createApp({ tables }))
    expect(ended).toBeInstanceOf(ConnectionError)
    expect(ended.details).toEqual({ reason: 'ended' })
    port1.close()
  })

  it('is noticed when the worker does not start', async () => {
    const listeners: (() => void)[] = []
    const broken = connect({
      postMessage() {},
      addEventListener: (_, listener) => listeners.push(listener),
    })
    const pending = failure(broken.createApp({ tables }))
    for (const listener of listeners) listener()
    expect((await pending).details).toEqual({ reason: 'ended' })
  })
})

it('one port serves apps and QIX', async () => {
  serveQix(channel.port1)
  const socket = portSocket(channel.port2)('ws://worker/app/engineData')
  const answer = new Promise<string>((resolve) => {
    socket.onmessage = ({ data }) => {
      if (data.includes('"id":1')) resolve(data)
    }
  })
  socket.onopen = () =>
    socket.send(
      JSON.stringify({ jsonrpc: '2.0', id: 1, handle: -1, method: 'GetDocList', params: [] }),
    )
  const app = await engine.createApp({ tables })
  expect(await app.evaluate('Sum(Amount)')).toMatchObject({ number: 42 })
  expect(JSON.parse(await answer)).toMatchObject({ result: { qDocList: [] } })
  socket.close()
})
