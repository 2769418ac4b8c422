import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createApp } from './app.ts'
import type { CubeOptions } from './cube.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)

const sales = Array.from({ length: 60 }, (_, row) => ({
  Region: `r${row % 5}`,
  Product: `p${(row * 7) % 11}`,
  Amount: (row * 13) % 17,
}))

let time = 45_000
const open = (enabled: boolean) =>
  createApp({ tables: { sales }, clock: { now: () => time }, cubes: { enabled } })

const measured = (...measures: string[]): CubeOptions<'Region' | 'Product' | 'Amount'> => ({
  dimensions: ['Region'],
  measures,
})

describe('cubes that are kept', () => {
  const app = open(true)
  const computed = (options: CubeOptions<'Region' | 'Product' | 'Amount'>) =>
    app.session.cube(app.cube(options).definition)

  it('are the same for equal selections, whatever lay between', () => {
    const before = computed(measured('Sum(Amount)'))
    app.field('Product').select(['p3'])
    const selected = computed(measured('Sum(Amount)'))
    expect(selected).not.toBe(before)
    app.back()
    expect(computed(measured('Sum(Amount)'))).toBe(before)
    app.forward()
    expect(computed(measured('Sum(Amount)'))).toBe(selected)
    expect(app.memory().usage.cubes).toBe(before.bytes + selected.bytes)
    app.session.forgetInferences()
    expect(app.memory().usage.cubes).toBe(0)
    app.clear()
  })

  it.each(['Sum(Amount) + Now(1)', 'Sum(Amount) + Rand()', 'Sum({$1} Amount)', 'Today(1)'])(
    'do not hold what passes: %s',
    (measure) => {
      expect(computed(measured(measure))).not.toBe(computed(measured(measure)))
    },
  )

  it('show the time of each reading', () => {
    const cube = app.cube({ measures: ['Now(1)'] })
    const first = cube.read().totals[0]?.number
    time += 1
    expect(cube.read().totals[0]?.number).toBe((first ?? 0) + 1)
  })

  it('follow variables, bookmarks and new data', () => {
    const total = (measure: string) => app.cube({ measures: [measure] }).read().totals[0]?.number
    app.setVariable('vFactor', '2')
    const doubled = total('Sum(Amount) * $(vFactor)')
    app.setVariable('vFactor', '4')
    expect(total('Sum(Amount) * $(vFactor)')).toBe((doubled ?? 0) * 2)
    app.setVariable('vFactor', '')
    const one = total('Count(Amount)')
    app.document.loadTables({ sales: sales.slice(0, 10) })
    expect(total('Count(Amount)')).toBe(10)
    expect(one).toBe(60)
  })

  it('make later pages of the selections they were computed for, and of their own time', () => {
    const fresh = open(true)
    const attributed = (attribute: string): CubeOptions<'Region' | 'Product' | 'Amount'> => ({
      dimensions: [{ definition: 'Region', attributes: [attribute] }],
      measures: ['Sum(Amount)'],
    })
    const numbers = (
      pages: readonly (readonly { attributes?: readonly { number: number }[] }[])[],
    ) => pages.map(([cell]) => cell?.attributes?.[0]?.number)
    const held = fresh.cube(attributed('Sum(Amount)')).read()
    fresh.field('Product').select(['p3'])
    const late = numbers(held.page())
    fresh.clear()
    fresh.session.forgetInferences()
    expect(late).toEqual(numbers(fresh.cube(attributed('Sum(Amount)')).read().page()))

    const timed = fresh.cube(attributed('Max(Now(1))'))
    const [first] = numbers(timed.read().page())
    time += 1
    expect(numbers(timed.read().page())[0]).toBe((first ?? 0) + 1)
  })

  it('can be read by others after one reader gave up', () => {
    const { signal, abort } = flag()
    const cube = app.cube(measured('Avg(Amount)'))
    const { rows } = cube.read({ signal })
    abort()
    expect(cube.read().page()).toHaveLength(rows)
    expect(() => app.cube(measured('Max(Amount)')).read({ signal })).toThrow('cancelled')
  })
})

function flag() {
  let aborted = false
  return {
    signal: {
      get aborted() {
        return aborted
      },
    },
    abort: () => {
      aborted = true
    },
  }
}

it(`cache on equals cache off (seed ${seed})`, () => {
  const expressions = [
    'Sum(Amount)',
    'Count(DISTINCT Product)',
    'Sum({1} Amount)',
    'Sum({$1} Amount)',
    'Sum({s<Region=>} Amount)',
    'GetSelectedCount(Region)',
    'Sum(TOTAL Amount)',
  ] as const
  const step = fc.oneof(
    fc.record({ select: fc.constantFrom('r0', 'r1', 'r4'), state: fc.constantFrom('$', 's') }),
    fc.record({ product: fc.constantFrom('p1', 'p2', 'p9') }),
    fc.constantFrom('back' as const, 'forward' as const, 'clear' as const),
  )
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
      const apps = [open(true), open(false)] as const
      for (const one of apps) one.addState('s')
      for (const taken of steps) {
        const [kept, anew] = apps.map((one) => {
          if (taken === 'back') one.back()
          else if (taken === 'forward') one.forward()
          else if (taken === 'clear') one.clear()
          else if ('product' in taken) one.field('Product').toggle([taken.product])
          else one.field('Region', taken.state).toggle([taken.select])
          return expressions.map((measure) =>
            ['$', 's'].map((state) => one.cube({ ...measured(measure), state }).page()),
          )
        })
        expect(kept).toEqual(anew)
      }
    }),
    { seed, numRuns: 60 },
  )
})
