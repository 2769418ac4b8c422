import enigma from 'enigma.js'
import { afterEach, describe, expect, it } from 'vitest'
import { acceptQix, inProcessSocket, MemoryHost, portSocket, servePort } from '../src/qix/index.ts'
import {
  type Api,
  type Cell,
  call,
  cubeCells,
  type EnigmaConfig,
  listBox,
  schema,
  script,
  states,
} from './enigma-session.ts'

const sessions: { close(): unknown }[] = []

afterEach(async () => {
  for (const session of sessions.splice(0)) await session.close()
})

async function openGlobal(createSocket: () => object): Promise<Api> {
  const session = enigma.create({
    schema,
    url: 'ws://in-process/app/engineData',
    createSocket,
  } as EnigmaConfig)
  sessions.push(session)
  return session.open()
}

async function loaded(): Promise<{ global: Api; doc: Api }> {
  const accept = acceptQix(new MemoryHost())
  const global = await openGlobal(() => inProcessSocket(accept))
  const doc = await call<Api>(global, 'createSessionApp')
  await call(doc, 'setScript', script)
  expect(await call<boolean>(doc, 'doReload')).toBe(true)
  return { global, doc }
}

interface CubeLayout {
  readonly qHyperCube: {
    readonly qSize: object
    readonly qDataPages: { readonly qMatrix: Cell[][] }[]
    readonly qGrandTotalRow: Cell[]
    readonly qDimensionInfo: Record<string, unknown>[]
    readonly qMeasureInfo: Record<string, unknown>[]
  }
}

const barChart = {
  qInfo: { qType: 'barchart' },
  title: { qStringExpression: "='Total ' & Sum(Amount)" },
  qHyperCubeDef: {
    qDimensions: [
      { qDef: { qFieldDefs: ['Region'], cId: 'd1', qSortCriterias: [{ qSortByAscii: 1 }] } },
    ],
    qMeasures: [{ qDef: { qDef: 'Sum(Amount)', cId: 'm1' }, qSortBy: { qSortByNumeric: -1 } }],
    qInterColumnSortOrder: [0, 1],
    qInitialDataFetch: [{ qWidth: 17, qHeight: 500 }],
    custom: 5,
  },
}

async function rows(chart: Api): Promise<string[]> {
  return (await cubeCells(chart)).map((row) =>
    row.map(({ qText, qState }, column) => (column === 0 ? `${qText}:${qState}` : qText)).join(' '),
  )
}

describe('enigma.js', () => {
  it('reads the app and its fields', async () => {
    const { doc } = await loaded()
    const layout = await call<{ qHasData: boolean; qIsSessionApp: boolean; qLocaleInfo: object }>(
      doc,
      'getAppLayout',
    )
    expect(layout).toMatchObject({
      qHasData: true,
      qIsSessionApp: true,
      qLocaleInfo: { qDecimalSep: '.' },
    })
    const { qtr, qk } = await call<{ qtr: { qName: string }[]; qk: object[] }>(
      doc,
      'getTablesAndKeys',
      { qcx: 0, qcy: 0 },
      { qcx: 0, qcy: 0 },
      0,
      false,
      false,
    )
    expect(qtr.map(({ qName }) => qName)).toEqual(['Orders', 'Customers', 'Products'])
    expect(qk).toHaveLength(2)
    expect(await call<string>(doc, 'evaluate', 'Sum(Amount)')).toBe('100')
    expect(await call<object>(doc, 'checkExpression', 'Sum(Amont)')).toMatchObject({
      qErrorMsg: '',
      qBadFieldNames: [{ qFrom: 4, qCount: 5 }],
    })
  })

  it('selects in a list object and goes back', async () => {
    const { doc } = await loaded()
    const regions = await call<Api>(doc, 'createSessionObject', listBox('Region'))
    const categories = await call<Api>(doc, 'createSessionObject', listBox('Category'))
    expect(await states(regions)).toEqual(['North:O', 'South:O', 'West:O'])
    let changed = 0
    categories.on('changed', () => {
      changed += 1
    })
    expect(
      await call<boolean>(regions, 'selectListObjectValues', '/qListObjectDef', [1], true),
    ).toBe(true)
    expect(changed).toBe(1)
    expect(await states(regions)).toEqual(['South:S', 'North:A', 'West:A'])
    expect(await states(categories)).toEqual(['Home:O', 'Garden:X'])
    expect(await call<number>(doc, 'backCount')).toBe(1)
    await call(doc, 'back')
    expect(await states(categories)).toEqual(['Garden:O', 'Home:O'])
  })

  it('keeps rows and their order while a selection is modal', async () => {
    const { doc } = await loaded()
    const regions = await call<Api>(doc, 'createSessionObject', listBox('Region'))
    const chart = await call<Api>(doc, 'createSessionObject', barChart)
    await call(regions, 'beginSelections', ['/qListObjectDef'])
    await call(regions, 'selectListObjectValues', '/qListObjectDef', [1], true)
    expect(await states(regions)).toEqual(['North:A', 'South:S', 'West:A'])
    expect(await rows(chart)).toEqual(['South:S 70'])
    await call(regions, 'endSelections', false)
    expect(await call<number>(doc, 'backCount')).toBe(0)
    await call(chart, 'beginSelections', ['/qHyperCubeDef'])
    await call(chart, 'selectHyperCubeValues', '/qHyperCubeDef', 0, [0], false)
    expect(await rows(chart)).toContain('South:A 70')
    await call(chart, 'endSelections', true)
    expect(await rows(chart)).toEqual(['North:S 30'])
    expect(await call<number>(doc, 'backCount')).toBe(1)
  })

  it('lays out a hypercube', async () => {
    const { doc } = await loaded()
    const chart = await call<Api>(doc, 'createSessionObject', barChart)
    const layout = await call<CubeLayout & { title: string }>(chart, 'getLayout')
    expect(layout.title).toBe('Total 100')
    expect(layout.qHyperCube).toMatchObject({
      qMode: 'S',
      custom: 5,
      qEffectiveInterColumnSortOrder: [0, 1],
      qDimensionInfo: [
        {
          qFallbackTitle: 'Region',
          cId: 'd1',
          qGroupFieldDefs: ['Region'],
          qStateCounts: { qOption: 3 },
          qDimensionType: 'D',
        },
      ],
      qMeasureInfo: [{ qFallbackTitle: 'Sum(Amount)', cId: 'm1', qMax: 70 }],
      qGrandTotalRow: [{ qText: '100', qNum: 100, qElemNumber: -1 }],
    })
    expect(
      layout.qHyperCube.qDataPages[0]?.qMatrix
        .slice(0, 2)
        .map((row) => row.map(({ qText }) => qText)),
    ).toEqual([
      ['North', '30'],
      ['South', '70'],
    ])
    const pages = await call<{ qMatrix: Cell[][]; qArea: object }[]>(
      chart,
      'getHyperCubeData',
      '/qHyperCubeDef',
      [{ qTop: 1, qLeft: 1, qWidth: 9, qHeight: 1 }],
    )
    expect(pages[0]).toMatchObject({
      qMatrix: [[{ qText: '70', qNum: 70 }]],
      qArea: { qLeft: 1, qTop: 1, qWidth: 1, qHeight: 1 },
    })
    expect(
      await call<boolean>(
        chart,
        'rangeSelectHyperCubeValues',
        '/qHyperCubeDef',
        [{ qMeasureIx: 0, qRange: { qMin: 50, qMax: 99, qMinInclEq: true, qMaxInclEq: true } }],
        [],
        true,
      ),
    ).toBe(true)
    expect(await rows(chart)).toEqual(['South:S 70'])
  })

  it('shows what is selected', async () => {
    const { doc } = await loaded()
    const bar = await call<Api>(doc, 'createSessionObject', {
      qInfo: { qType: 'selections' },
      states: [{ qSelectionObjectDef: {} }],
    })
    const field = await call<Api>(doc, 'getField', '[Region]')
    expect(await call<boolean>(field, 'selectValues', [{ qText: 'South' }], false, false)).toBe(
      true,
    )
    const layout = await call<{ states: object[] }>(bar, 'getLayout')
    expect(layout.states).toMatchObject([
      {
        qSelectionObject: {
          qBackCount: 1,
          qSelections: [
            {
              qField: 'Region',
              qSelected: 'South',
              qTotal: 3,
              qSelectedFieldSelectionInfo: [{ qName: 'South' }],
            },
          ],
        },
      },
    ])
    await call(doc, 'lockAll')
    expect(await call<boolean>(field, 'clear')).toBe(false)
    await call(doc, 'unlockAll')
    await call(doc, 'clearAll', false)
    expect(await call<object>(bar, 'getLayout')).toMatchObject({
      states: [{ qSelectionObject: { qSelections: [] } }],
    })
  })

  it('searches a list', async () => {
    const { doc } = await loaded()
    const regions = await call<Api>(doc, 'createSessionObject', listBox('Region'))
    await call(regions, 'searchListObjectFor', '/qListObjectDef', 'so')
    expect(await states(regions)).toEqual(['South:O'])
    await call(regions, 'acceptListObjectSearch', '/qListObjectDef', true)
    expect(await states(regions)).toEqual(['South:S', 'North:A', 'West:A'])
  })

  it('resolves master items, variables and bookmarks', async () => {
    const { doc } = await loaded()
    await call(doc, 'createMeasure', {
      qInfo: { qType: 'measure', qId: 'm' },
      qMeasure: { qLabel: 'Sales', qDef: 'Sum(Amount) * $(factor)' },
      qMetaDef: { title: 'Sales' },
    })
    await call(doc, 'createDimension', {
      qInfo: { qType: 'dimension', qId: 'd' },
      qDim: { qGrouping: 'N', qFieldDefs: ['Category'], qFieldLabels: ['Kind'] },
      qMetaDef: { title: 'Kind' },
    })
    const variable = await call<Api>(doc, 'createSessionVariable', {
      qInfo: { qType: 'variable' },
      qName: 'factor',
      qDefinition: '2',
    })
    const chart = await call<Api>(doc, 'createSessionObject', {
      qInfo: { qType: 'table' },
      qHyperCubeDef: {
        qDimensions: [
          { qLibraryId: 'd', qDef: { qSortCriterias: [{ qSortByAscii: 1 }] } },
          { qLibraryId: 'gone', qDef: {} },
        ],
        qMeasures: [{ qLibraryId: 'm', qDef: {} }],
        qInitialDataFetch: [{ qWidth: 9, qHeight: 9 }],
      },
    })
    const { qHyperCube } = await call<CubeLayout>(chart, 'getLayout')
    expect(qHyperCube.qDimensionInfo).toMatchObject([
      { qFallbackTitle: 'Kind', qLibraryId: 'd' },
      { qError: { qErrorCode: 7001 } },
    ])
    expect(qHyperCube.qMeasureInfo).toMatchObject([{ qFallbackTitle: 'Sales' }])
    expect(await rows(chart)).toEqual(['Garden:O 40', 'Home:O 160'])
    await call(variable, 'setNumValue', 3)
    expect(await rows(chart)).toEqual(['Garden:O 60', 'Home:O 240'])
    const field = await call<Api>(doc, 'getField', 'Category')
    await call(field, 'select', 'Garden')
    const bookmark = await call<Api>(doc, 'createBookmark', {
      qInfo: { qType: 'bookmark' },
      qMetaDef: { title: 'Gardens' },
    })
    await call(doc, 'clearAll', false)
    expect(await call<boolean>(bookmark, 'apply')).toBe(true)
    expect(await rows(chart)).toEqual(['Garden:S 60'])
  })

  it('lays out a KPI, a wrong measure, a hidden column and a condition that fails', async () => {
    const { doc } = await loaded()
    const cube = (def: object): Promise<Api> =>
      call<Api>(doc, 'createSessionObject', {
        qInfo: { qType: 'kpi' },
        qHyperCubeDef: { qInitialDataFetch: [{ qWidth: 9, qHeight: 9 }], ...def },
      })
    const kpi = await cube({ qMeasures: [{ qDef: { qDef: 'Sum(Amount)' } }] })
    expect(await call<object>(kpi, 'getLayout')).toMatchObject({
      qHyperCube: { qSize: { qcx: 1, qcy: 1 }, qDataPages: [{ qMatrix: [[{ qNum: 100 }]] }] },
    })
    const wrong = await cube({
      qDimensions: [{ qDef: { qFieldDefs: ['Region'] } }],
      qMeasures: [{ qDef: { qDef: 'Sum(' } }],
    })
    expect(await call<object>(wrong, 'getLayout')).toMatchObject({
      qHyperCube: { qMeasureInfo: [{ qError: { qErrorCode: 7000 } }] },
    })
    const hidden = await cube({
      qDimensions: [{ qDef: { qFieldDefs: ['Region'] }, qCalcCondition: { qCond: { qv: '1=2' } } }],
      qMeasures: [{ qDef: { qDef: 'Sum(Amount)' } }],
    })
    expect(await call<object>(hidden, 'getLayout')).toMatchObject({
      qHyperCube: {
        qSize: { qcx: 1 },
        qDimensionInfo: [{ qError: { qErrorCode: 7005 } }],
        qEffectiveInterColumnSortOrder: [1],
      },
    })
    const unfulfilled = await cube({
      qMeasures: [{ qDef: { qDef: 'Sum(Amount)' } }],
      qCalcCondition: { qCond: { qv: '=Sum(Amount)<0' }, qMsg: { qv: 'no' } },
    })
    expect(await call<object>(unfulfilled, 'getLayout')).toMatchObject({
      qHyperCube: { qError: { qErrorCode: 7005 }, qCalcCondMsg: 'no', qSize: { qcy: 0 } },
    })
    const frequencies = await call<Api>(
      doc,
      'createSessionObject',
      listBox('Region', { qFrequencyMode: 'V' }),
    )
    const layout = await call<{
      qListObject: { qDataPages: { qMatrix: { qFrequency?: string }[][] }[] }
    }>(frequencies, 'getLayout')
    expect(layout.qListObject.qDataPages[0]?.qMatrix[0]?.[0]?.qFrequency).toBeDefined()
  })

  it('reports what is not there', async () => {
    const { doc } = await loaded()
    await expect(call(doc, 'getObject', 'FieldList')).rejects.toMatchObject({
      code: 2,
      message: 'Object not found',
    })
    await expect(call(doc, 'getField', 'Nowhere')).rejects.toMatchObject({ code: 2 })
  })

  it('works over a message port', async () => {
    const { port1, port2 } = new MessageChannel()
    servePort(port1, () => acceptQix(new MemoryHost()))
    const global = await openGlobal(() => portSocket(port2, 'app/engineData'))
    const doc = await call<Api>(global, 'createSessionApp')
    expect(await call<object>(doc, 'getAppLayout')).toMatchObject({ qIsSessionApp: true })
    port1.close()
  })
})
