import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import enigma from 'enigma.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import {
  type Api,
  call,
  cubeCells,
  type EnigmaConfig,
  type EnigmaSession,
  listBox,
  schema,
  script,
  states,
} from '../../engine/test/enigma-session.ts'
import { type ServeOptions, type Serving, serve } from './serve.ts'

let folder = ''
const servings: Serving[] = []
const sessions: EnigmaSession[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lichen-serve-'))
})

afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.close()))
  await Promise.all(servings.splice(0).map((serving) => serving.stop()))
  await rm(folder, { recursive: true })
})

async function start(more: Partial<ServeOptions> = {}): Promise<Serving> {
  const serving = await serve({ host: '127.0.0.1', port: 0, apps: folder, data: folder, ...more })
  servings.push(serving)
  return serving
}

async function connect(
  serving: Serving,
  path: string,
): Promise<{ session: EnigmaSession; global: Api }> {
  const session = enigma.create({
    schema,
    url: `${serving.url}${path}`,
    createSocket: (url: string) => new WebSocket(url),
  } as unknown as EnigmaConfig)
  sessions.push(session)
  return { session, global: await session.open() }
}

const barChart = {
  qInfo: { qType: 'barchart' },
  qHyperCubeDef: {
    qDimensions: [{ qDef: { qFieldDefs: ['Region'], qSortCriterias: [{ qSortByAscii: 1 }] } }],
    qMeasures: [{ qDef: { qDef: 'Sum(Amount)' } }],
    qInterColumnSortOrder: [0, 1],
    qInitialDataFetch: [{ qTop: 0, qLeft: 0, qWidth: 2, qHeight: 100 }],
  },
}

async function rows(chart: Api): Promise<string[]> {
  return (await cubeCells(chart)).map((row) => row.map(({ qText }) => qText).join(' '))
}

describe('enigma.js over a WebSocket', () => {
  it('writes files only where the server says that it may', async () => {
    const store = 'T: LOAD RecNo() AS a AUTOGENERATE 3; STORE T INTO [lib://out/t.csv] (txt);'
    const out = join(folder, 'out')
    await mkdir(out)
    for (const writable of [false, true]) {
      const serving = await start({ libs: { out }, writable })
      const { global } = await connect(serving, `/app/SessionApp_${writable}`)
      const doc = await call<Api>(global, 'getActiveDoc')
      await call(doc, 'setScript', store)
      expect(await call<boolean>(doc, 'doReload')).toBe(writable)
    }
    expect(await readFile(join(out, 't.csv'), 'utf8')).toContain('3')
  })

  it('loads, selects, is told of changes and goes back', async () => {
    const { global } = await connect(await start(), '/app/SessionApp_x/identity/me?reloadURI=x')
    const doc = await call<Api>(global, 'getActiveDoc')
    expect(doc.id).toBe('SessionApp_x')
    await call(doc, 'setScript', script)
    expect(await call<boolean>(doc, 'doReload')).toBe(true)
    const regions = await call<Api>(doc, 'createSessionObject', listBox('Region'))
    const categories = await call<Api>(doc, 'createSessionObject', listBox('Category'))
    const chart = await call<Api>(doc, 'createSessionObject', barChart)
    expect(await states(regions)).toEqual(['North:O', 'South:O', 'West:O'])
    expect(await rows(chart)).toEqual(['North 30', 'South 70', 'West 0'])
    expect(await call<string>(doc, 'evaluate', 'ComputerName()')).toBe(hostname())

    let changed = 0
    chart.on('changed', () => {
      changed += 1
    })
    const category = await call<Api>(doc, 'getField', 'Category')
    expect(await call<boolean>(category, 'selectValues', [{ qText: 'Garden' }], false, false)).toBe(
      true,
    )
    expect(changed).toBe(1)
    expect(await states(categories)).toEqual(['Garden:S', 'Home:A'])
    expect(await states(regions)).toEqual(['North:O', 'South:X', 'West:X'])
    expect(await rows(chart)).toEqual(['North 20'])

    await call(doc, 'back')
    expect(changed).toBe(2)
    const picked = ['/qListObjectDef', [0], false] as const
    expect(await call<boolean>(regions, 'selectListObjectValues', ...picked)).toBe(true)
    expect(changed).toBe(3)
    expect(await states(regions)).toEqual(['North:S', 'South:A', 'West:A'])
    expect(await rows(chart)).toEqual(['North 30'])
    expect(await call<string>(doc, 'evaluate', 'Sum(Amount)')).toBe('30')

    await call(doc, 'back')
    expect(await states(regions)).toEqual(['North:O', 'South:O', 'West:O'])
    expect(await rows(chart)).toEqual(['North 30', 'South 70', 'West 0'])
  })

  it('keeps the selections of two connections to a session app apart', async () => {
    const serving = await start()
    const one = await call<Api>(
      (await connect(serving, '/app/SessionApp_s')).global,
      'getActiveDoc',
    )
    const two = await call<Api>(
      (await connect(serving, '/app/SessionApp_s')).global,
      'getActiveDoc',
    )
    await call(one, 'setScript', script)
    await call(one, 'doReload')
    await call(await call<Api>(one, 'getField', 'Region'), 'select', 'North')
    expect(await call<string>(one, 'evaluate', 'Sum(Amount)')).toBe('30')
    expect(await call<string>(two, 'evaluate', 'Sum(Amount)')).toBe('100')
  })

  it('opens a saved app again after a restart', async () => {
    const before = await start()
    const first = await connect(before, '/app/engineData')
    const created = await call<{ qAppId?: string } | string>(first.global, 'createApp', 'Sales')
    const id = typeof created === 'string' ? created : (created.qAppId ?? '')
    const doc = await call<Api>(first.global, 'openDoc', id)
    await call(doc, 'setScript', script)
    expect(await call<boolean>(doc, 'doReload')).toBe(true)
    await call(doc, 'createObject', {
      ...barChart,
      qInfo: { qType: 'barchart', qId: 'chart' },
    })
    await call(doc, 'doSave')
    await first.session.close()
    await before.stop()

    const { global } = await connect(await start(), `/app/${id}`)
    expect(await call<object[]>(global, 'getDocList')).toMatchObject([{ qDocId: id }])
    const again = await call<Api>(global, 'openDoc', id)
    expect(await call<string>(again, 'getScript')).toBe(script)
    expect(await rows(await call<Api>(again, 'getObject', 'chart'))).toEqual([
      'North 30',
      'South 70',
      'West 0',
    ])
    expect(await call<boolean>(again, 'doReload')).toBe(true)
  })

  it('knows no app of another id', async () => {
    const { global } = await connect(await start(), '/app/nowhere')
    await expect(call(global, 'openDoc', 'nowhere')).rejects.toMatchObject({ code: 1003 })
    await expect(call(global, 'openDoc', 'SessionApp_nobody')).rejects.toMatchObject({ code: 1003 })
  })

  it('refuses a second app of the same name', async () => {
    const { global } = await connect(await start(), '/app/engineData')
    await call(global, 'createApp', 'Sales')
    await expect(call(global, 'createApp', 'Sales')).rejects.toMatchObject({ code: 1000 })
  })
})
