import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import enigma from 'enigma.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { portSocket } from './index.ts'
import { serveQix } from './worker.ts'

const schema: object = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve('enigma.js/schemas/12.2027.0.json'), 'utf8'),
)

type Session = ReturnType<typeof enigma.create>
type Api = Awaited<ReturnType<Session['open']>>

let channel: MessageChannel
const sessions: Session[] = []

beforeEach(() => {
  channel = new MessageChannel()
  serveQix(channel.port1)
})

afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.close()))
  channel.port1.close()
  channel.port2.close()
})

async function connect(path: string): Promise<{ session: Session; global: Api }> {
  const session = enigma.create({
    schema,
    url: `ws://worker${path}`,
    createSocket: portSocket(channel.port2),
  } as unknown as Parameters<typeof enigma.create>[0])
  sessions.push(session)
  return { session, global: await session.open() }
}

async function call<T>(api: Api, method: string, ...params: unknown[]): Promise<T> {
  const run: unknown = Reflect.get(api, method)
  if (typeof run !== 'function') throw new Error(`The schema has no ${method}`)
  return run.apply(api, params)
}

const script = `Orders:
LOAD * INLINE [
Customer, Amount
a, 10
b, 32
];
Customers:
LOAD * INLINE [
Customer, Region
a, North
b, South
];
`

describe('an engine behind a port', () => {
  it('answers enigma.js and reports changes', async () => {
    const { global } = await connect('/app/SessionApp_x')
    const doc = await call<Api>(global, 'getActiveDoc')
    await call(doc, 'setScript', script)
    expect(await call<boolean>(doc, 'doReload')).toBe(true)
    const total = await call<Api>(doc, 'createSessionObject', {
      qInfo: { qType: 'kpi' },
      total: { qValueExpression: 'Sum(Amount)' },
    })
    expect(await call<object>(total, 'getLayout')).toMatchObject({ total: 42 })
    let changed = 0
    total.on('changed', () => {
      changed += 1
    })
    await call(await call<Api>(doc, 'getField', 'Region'), 'select', 'South')
    expect(changed).toBe(1)
    expect(await call<object>(total, 'getLayout')).toMatchObject({ total: 32 })
  })

  it('keeps a session app from one connection to the next', async () => {
    const first = await connect('/app/SessionApp_x')
    const before = await call<Api>(first.global, 'getActiveDoc')
    await call(before, 'setScript', script)
    await call(before, 'doReload')
    await first.session.close()
    const { global } = await connect('/app/SessionApp_x')
    const after = await call<Api>(global, 'getActiveDoc')
    expect(await call<string>(after, 'evaluate', 'Sum(Amount)')).toBe('42')
  })

  it('gives every new session app a name of its own', async () => {
    const named = await connect('/app/SessionApp_2')
    await named.session.close()
    const { session, global } = await connect('/app/engineData')
    const one = await call<Api>(global, 'createSessionApp')
    await session.close()
    const other = await call<Api>((await connect('/app/engineData')).global, 'createSessionApp')
    expect(new Set([one.id, other.id, 'SessionApp_2']).size).toBe(3)
  })

  it('saves nothing and knows no other app', async () => {
    const { global } = await connect('/app/engineData')
    await expect(call(global, 'openDoc', 'nowhere')).rejects.toMatchObject({ code: 1003 })
    await expect(call(global, 'createApp', 'Sales')).rejects.toMatchObject({ code: 5 })
    expect(await call<object[]>(global, 'getDocList')).toEqual([])
  })
})
