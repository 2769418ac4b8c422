import { describe, expect, test, vi } from 'vitest'
import { App, createApp } from './app.ts'
import type { CubeResult } from './cube.ts'

const script = (amount: number) => `
Sales:
LOAD * INLINE [
Region, Amount
North, 10
South, ${amount}
];
`

const total = { measures: ['Sum(Amount) * Alt($(factor), 1)'] }
const totalOf = (result: CubeResult | undefined) => result?.page(0, 1)[0]?.[0]?.number

async function opened(): Promise<App> {
  return createApp({ script: script(20) })
}

describe('subscribe', () => {
  test('tells of selections', async () => {
    const app = await opened()
    const listener = vi.fn()
    app.subscribe(listener)
    app.field('Region').select(['South'])
    expect(listener).toHaveBeenCalledTimes(1)
  })

  test('tells of a reload once, when the new data can be read', async () => {
    const app = await opened()
    const sums: (number | null)[] = []
    app.subscribe(() => sums.push(app.evaluate('Sum(Amount)').number))
    await app.reload(script(30))
    expect(sums).toEqual([40])
  })

  test('tells of a variable', async () => {
    const app = await opened()
    const listener = vi.fn()
    app.subscribe(listener)
    app.setVariable('factor', '2')
    expect(listener).toHaveBeenCalledTimes(1)
  })

  test('hands a cube over now, after selections, a reload and a variable', async () => {
    const app = await opened()
    app.setVariable('factor', '1')
    const totals: unknown[] = []
    app.cube(total).subscribe((result) => totals.push(totalOf(result)))
    app.field('Region').select(['South'])
    await app.reload(script(30))
    app.setVariable('factor', '2')
    expect(totals).toEqual([30, 20, 30, 60])
  })

  test('leaves a document whose generic objects change alone', async () => {
    const app = await opened()
    const listener = vi.fn()
    app.subscribe(listener)
    app.document.events.emit('content', { ids: ['chart'], kind: 'object' })
    expect(listener).not.toHaveBeenCalled()
  })

  test('ends when told to, and the ties to the document end with close', async () => {
    const app = await opened()
    const stopped = vi.fn()
    const closed = vi.fn()
    app.subscribe(stopped)()
    app.cube(total).subscribe(stopped)()
    app.subscribe(closed)
    app.close()
    stopped.mockClear()
    app.setVariable('factor', '2')
    await app.reload()
    expect(stopped).not.toHaveBeenCalled()
    expect(closed).not.toHaveBeenCalled()
  })
})

describe('field', () => {
  test('reads the states of all its values at once', async () => {
    const app = await opened()
    app.field('Region').select(['South'])
    const inference = vi.spyOn(app.session, 'inference')
    expect(app.field('Region').values()).toEqual([
      { text: 'North', number: null, state: 'alternative' },
      { text: 'South', number: null, state: 'selected' },
    ])
    expect(app.field('Amount').search('1*')).toEqual([
      { text: '10', number: 10, state: 'excluded' },
    ])
    expect(inference).toHaveBeenCalledTimes(2)
  })
})

test('two apps of one document have their own selections', async () => {
  const app = await opened()
  const other = new App(app.document)
  const listener = vi.fn()
  other.subscribe(listener)
  app.field('Region').select(['South'])
  expect(listener).not.toHaveBeenCalled()
  app.setVariable('factor', '2')
  expect(listener).toHaveBeenCalledTimes(1)
})

describe('what listeners and states are', () => {
  const open = () => createApp({ tables: { T: [{ a: 1 }, { a: 2 }] } })

  test('a listener that throws keeps no other from being told', () => {
    const app = open()
    const told: number[] = []
    app.subscribe(() => {
      throw new Error('mine')
    })
    app.subscribe(() => told.push(1))
    expect(() => app.field('a').select([1])).toThrow('mine')
    expect(told).toEqual([1])
    expect(app.field('a').counts().selected).toBe(1)
  })

  test('a closed app tells nobody', () => {
    const app = open()
    let told = 0
    app.subscribe(() => {
      told += 1
    })
    app.close()
    app.field('a').select([1])
    expect(told).toBe(0)
  })

  test('an expression in a state that does not exist is refused', () => {
    expect(() => open().evaluate('Sum(a)', { state: 'Other' })).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    )
  })
})

test('the memory report counts what selections leave behind', () => {
  const rows = Array.from({ length: 10_000 }, (_, at) => ({ id: at, group: at % 7 }))
  const app = createApp({ tables: { T: rows } })
  const before = app.memory().usage.inferences ?? Number.NaN
  app.field('group').select([3])
  app.field('id').counts()
  expect(app.memory().usage.inferences).toBeGreaterThan(before)
  app.session.forgetInferences()
  expect(app.memory().usage.inferences).toBe(0)
  expect(app.memory().usage.rowMemory).toBeGreaterThan(0)
})
