import { describe, expect, it } from 'vitest'
import { createApp } from './app.ts'
import type { RehearsalOptions } from './rehearsal.ts'

const tables = () => ({
  Sales: Array.from({ length: 600 }, (_, row) => ({
    shop: row % 7,
    amount: (row * 37) % 100,
    'a ] field': row % 3,
  })),
  Shops: Array.from({ length: 7 }, (_, shop) => ({ shop, town: `Town ${shop % 3}` })),
})

/** An app whose idle work waits in a list until somebody does it. */
function withIdle(options: RehearsalOptions = {}) {
  const waiting: (() => void)[] = []
  const app = createApp({
    tables: tables(),
    indices: { whenIdle: null },
    rehearsal: { whenIdle: (work) => waiting.push(work), fewestRows: 1, ...options },
  })
  const step = (): boolean => {
    const work = waiting.shift()
    work?.()
    return work !== undefined
  }
  return { app, waiting, step }
}

const answersOf = (app: ReturnType<typeof withIdle>['app']) => {
  app.field('town').select(['Town 1'])
  return {
    shops: app.field('shop').values(),
    cube: app
      .cube({ dimensions: ['town'], measures: ['Sum(amount)', 'Count(DISTINCT shop)'] })
      .read()
      .page(0, 10),
  }
}

describe('a rehearsal', () => {
  it('ends by itself, keeps nothing and changes no answer', () => {
    const { app, step } = withIdle()
    let steps = 0
    expect(app.session.isRehearsing).toBe(true)
    while (step()) steps += 1
    expect(app.session.isRehearsing).toBe(false)
    expect(steps).toBeGreaterThan(20)
    expect(app.memory().usage).toMatchObject({ inferences: 0, cubes: 0 })
    expect(answersOf(app)).toEqual(answersOf(withIdle({ whenIdle: null }).app))
  })

  it('is over with the first selection, and begins anew with new data', () => {
    const { app, waiting, step } = withIdle()
    step()
    step()
    app.field('town').select(['Town 2'])
    step()
    expect(waiting).toEqual([])
    app.document.loadTables(tables())
    expect(waiting).toHaveLength(1)
    app.close()
    step()
    expect(waiting).toEqual([])
  })

  it('is left out for small tables, when it is not wanted, and for a view that had one', () => {
    expect(withIdle({ fewestRows: 601 }).waiting).toEqual([])
    expect(withIdle({ whenIdle: null }).waiting).toEqual([])
  })
})
