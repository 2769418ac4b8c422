import enigma from 'enigma.js'
import schema from 'enigma.js/schemas/12.2027.0.json' with { type: 'json' }
import { afterAll, expect, it } from 'vitest'
import { portSocket } from '../src/index.ts'

type Api = Awaited<ReturnType<ReturnType<typeof enigma.create>['open']>>

const worker = new Worker(new URL('./engine-worker.ts', import.meta.url), { type: 'module' })
afterAll(() => worker.terminate())

const script = `
Orders:
LOAD * INLINE [
CustomerId, ProductId, Amount
a, p, 10
a, q, 20
b, p, 30
];
Customers:
LOAD * INLINE [
CustomerId, Region
a, North
b, South
d, West
];
Products:
LOAD * INLINE [
ProductId, Category
p, Home
q, Garden
];
`

async function call<T>(api: Api, method: string, ...params: unknown[]): Promise<T> {
  const run: unknown = Reflect.get(api, method)
  if (typeof run !== 'function') throw new Error(`The schema has no ${method}`)
  return run.apply(api, params)
}

interface Layout {
  readonly qListObject?: Pages
  readonly qHyperCube?: Pages
}

interface Pages {
  readonly qDataPages: readonly {
    readonly qMatrix: readonly (readonly { readonly qText: string; readonly qState: string }[])[]
  }[]
}

/** The rows of the first page, each with its cells joined by `show`. */
async function rows(object: Api, show: (cell: { qText: string; qState: string }) => string) {
  const { qListObject, qHyperCube } = await call<Layout>(object, 'getLayout')
  const matrix = (qListObject ?? qHyperCube)?.qDataPages[0]?.qMatrix ?? []
  return matrix.map((cells) => cells.map(show).join(' '))
}

const page = [{ qTop: 0, qLeft: 0, qWidth: 2, qHeight: 10 }]
const byText = [{ qSortByAscii: 1 }]

it('an unmodified enigma.js works with an engine in a Web Worker', async () => {
  const session = enigma.create({
    schema,
    url: 'ws://worker/app/SessionApp_x',
    createSocket: portSocket(worker),
  } as unknown as Parameters<typeof enigma.create>[0])
  const doc = await call<Api>(await session.open(), 'getActiveDoc')
  await call(doc, 'setScript', script)
  expect(await call<boolean>(doc, 'doReload')).toBe(true)
  const regions = await call<Api>(doc, 'createSessionObject', {
    qInfo: { qType: 'listbox' },
    qListObjectDef: {
      qDef: { qFieldDefs: ['Region'], qSortCriterias: byText },
      qInitialDataFetch: page,
    },
  })
  const chart = await call<Api>(doc, 'createSessionObject', {
    qInfo: { qType: 'barchart' },
    qHyperCubeDef: {
      qDimensions: [{ qDef: { qFieldDefs: ['Region'], qSortCriterias: byText } }],
      qMeasures: [{ qDef: { qDef: 'Sum(Amount)' } }],
      qInterColumnSortOrder: [0, 1],
      qInitialDataFetch: page,
    },
  })
  const states = () => rows(regions, ({ qText, qState }) => `${qText}:${qState}`)
  const bars = () => rows(chart, ({ qText }) => qText)
  expect(await states()).toEqual(['North:O', 'South:O', 'West:O'])
  expect(await bars()).toEqual(['North 30', 'South 30', 'West 0'])

  let changed = 0
  chart.on('changed', () => {
    changed += 1
  })
  await call(await call<Api>(doc, 'getField', 'Category'), 'select', 'Garden')
  expect(changed).toBe(1)
  expect(await states()).toEqual(['North:O', 'South:X', 'West:X'])
  expect(await bars()).toEqual(['North 20'])

  await call(doc, 'back')
  expect(changed).toBe(2)
  expect(await states()).toEqual(['North:O', 'South:O', 'West:O'])
  await session.close()
})
