import { describe, expect, test } from 'vitest'
import { createApp } from './app.ts'

const script = `Sales: LOAD * INLINE [
Country, City, Shop, Day, Amount
NO, Oslo, O1, 2024-01-01, 1
NO, Oslo, O2, 2024-02-01, 2
NO, Bergen, B1, 2024-03-01, 4
IT, Rome, R1, 2023-01-01, 8
];`

const drillDown = {
  definition: 'Country',
  group: {
    kind: 'drill-down' as const,
    definitions: ['Country', 'City', 'Shop'],
    labels: ['Where'],
  },
}

describe('groups of dimensions', () => {
  test('a drill-down group shows the first level that leaves a choice', async () => {
    const app = await createApp({ script })
    const cube = app.cube({ dimensions: [drillDown], measures: ['Sum(Amount)'] })
    const shown = () => {
      const table = cube.read()
      const [info] = table.dimensions
      return [info?.label, info?.groupPosition, table.page().map(([cell]) => cell?.text)]
    }
    expect(shown()).toEqual(['Where', 0, ['IT', 'NO']])
    app.field('Country').select(['NO'])
    expect(shown()).toEqual(['City', 1, ['Bergen', 'Oslo']])
    app.field('City').select(['Oslo'])
    expect(shown()).toEqual(['Shop', 2, ['O1', 'O2']])
    // The last one stays, even with one value.
    app.field('Shop').select(['O2'])
    expect(shown()).toEqual(['Shop', 2, ['O2']])
    app.clear()
    expect(shown()).toEqual(['Where', 0, ['IT', 'NO']])
  })

  test('levels may be calculated; one in error is passed over', async () => {
    const app = await createApp({ script })
    const group = {
      kind: 'drill-down' as const,
      definitions: ['=Foo(Day)', '=Year(Day)', '=Month(Day)'],
    }
    const cube = app.cube({ dimensions: [{ definition: 'Day', group }], measures: ['Sum(Amount)'] })
    const texts = () => cube.page().map(([cell]) => cell?.text)
    expect(texts()).toEqual(['2023', '2024'])
    app.field('=Year(Day)').select([2024])
    expect(texts()).toEqual(['Jan', 'Feb', 'Mar'])
  })

  test('a cyclic group shows the active one', async () => {
    const app = await createApp({ script })
    const table = (active: number) =>
      app
        .cube({
          dimensions: [
            {
              definition: 'City',
              group: { kind: 'cyclic', definitions: ['City', 'Country'], active },
            },
          ],
          measures: ['Sum(Amount)'],
        })
        .page()
        .map(([cell]) => cell?.text)
    expect(table(0)).toEqual(['Bergen', 'Oslo', 'Rome'])
    expect(table(1)).toEqual(['IT', 'NO'])
    expect(table(7)).toEqual(['IT', 'NO'])
  })
})
