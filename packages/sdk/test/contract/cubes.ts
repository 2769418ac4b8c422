import { type CubeResult, ExpressionError } from '@lichen/engine'
import { describe, expect, it } from 'vitest'
import type { RemoteCubeResult } from '../../src/index.ts'
import { type Face, failure, openSales, texts } from './face.ts'

export function describeCubes(face: () => Face): void {
  describe('expressions', () => {
    it('say what is wrong with them, and where', async () => {
      const app = await openSales(face())
      expect(await app.check('Sum(Amount)')).toEqual([])
      const [first] = await app.check('Sum(Amount')
      expect(first).toMatchObject({ code: 'expression-syntax' })
      expect(first?.span.start).toBeTypeOf('number')
      const error = await failure(async () => app.evaluate('Sum(Amount) + Nope(1)'))
      expect(error).toBeInstanceOf(ExpressionError)
      expect(error).toMatchObject({ name: 'ExpressionError', code: 'expression-invalid' })
      expect(error instanceof ExpressionError && error.span.start).toBe(14)
      expect(error.message).toContain('^')
    })
  })

  describe('cubes', () => {
    it('group, sort, page and total', async () => {
      const app = await openSales(face())
      const cube = app.cube({
        dimensions: ['Region'],
        measures: ['Sum(Amount)', { definition: 'Count(Product)', label: 'Products' }],
        sort: [{ measure: 0, order: 'descending' }],
        suppressMissing: true,
      })
      expect((await cube.definition).columnSortOrder).toEqual([1, 0, 2])
      expect(texts(await cube.page(0, 2))).toEqual([
        ['South', '70', '2'],
        ['North', '30', '2'],
      ])
      const result = await cube.read()
      expect(result.dimensions).toMatchObject([{ label: 'Region', cubeCardinal: 4 }])
      expect(result.measures.map(({ label }) => label)).toEqual(['Sum(Amount)', 'Products'])
      expect(result.totals.map(({ number }) => number)).toEqual([100, 5])
      expect(texts(await result.page(2))).toHaveLength(result.rows - 2)
      expect(texts(await result.page())).toHaveLength(result.rows)
      expect(await result.page(1_000, 10)).toEqual([])
    })

    it('follow the selections, a result already read stays', async () => {
      const app = await openSales(face())
      const cube = app.cube({ dimensions: ['Product'], measures: ['Sum(Amount)'] })
      const before = await cube.read()
      await app.field('Region').select(['North'])
      expect(texts(await cube.page())).toEqual([
        ['p', '10'],
        ['q', '20'],
      ])
      expect(texts(await before.page())).toEqual([
        ['p', '40'],
        ['q', '20'],
        ['r', '40'],
      ])
    })

    it('suppress zero rows and sort by every criterion', async () => {
      const app = await openSales(face())
      const suppressed = app.cube({
        dimensions: ['Customer'],
        measures: ['Sum(Amount)'],
        suppressZero: true,
        sort: [{ dimension: 0, by: 'text', order: 'descending' }],
      })
      expect(texts(await suppressed.page())).toEqual([
        ['c', '40'],
        ['b', '30'],
        ['a', '30'],
      ])
      const sorted = app.cube({
        dimensions: ['=Upper(Product)'],
        measures: ['Sum(Amount)'],
        sort: [{ dimension: 0, by: 'expression', expression: 'Min(Amount)', order: 'descending' }],
      })
      expect((await sorted.page()).map(([product]) => product?.text)).toEqual(['Q', 'P', 'R'])
    })

    it('keep numbers without a value NaN and NULL apart', async () => {
      const app = await face().openTables({
        T: [
          { A: 'x', N: 1 },
          { A: 'y', N: null },
        ],
      })
      const page = await app.cube({ dimensions: ['A'], measures: ['Only(N)'] }).page()
      expect(page[1]?.[1]).toMatchObject({ text: '-', number: Number.NaN, isNull: true })
    })

    it('carry the error of a column as an ExpressionError', async () => {
      const app = await openSales(face())
      const { measures } = await app.cube({ dimensions: ['Region'], measures: ['Sum('] }).read()
      expect(measures[0]?.error).toBeInstanceOf(ExpressionError)
      expect(measures[0]?.error?.code).toBe('expression-syntax')
      expect(measures[0]?.error?.span.start).toBeTypeOf('number')
    })

    it('refuse a sort of a column they do not have', async () => {
      const app = await openSales(face())
      const misplaced = { dimensions: ['Region'], sort: [{ measure: 3 }] } as const
      const use = async (): Promise<unknown> => app.cube(misplaced).page()
      expect(await failure(use)).toMatchObject({ code: 'invalid-argument' })
    })
  })

  describe('subscriptions', () => {
    it('of an app tell of every change until stopped', async () => {
      const app = await openSales(face())
      let changes = 0
      const stop = await app.subscribe(() => {
        changes += 1
      })
      expect(changes).toBe(0)
      await app.field('Region').select(['South'])
      expect(changes).toBe(1)
      await app.back()
      expect(changes).toBe(2)
      await stop()
      await app.forward()
      await stop()
      expect(changes).toBe(2)
    })

    it('of a cube hand over the table now and after every change', async () => {
      const app = await openSales(face())
      const results: (CubeResult | RemoteCubeResult)[] = []
      const cube = app.cube({ dimensions: ['Region'], measures: ['Sum(Amount)'] })
      const stop = await cube.subscribe((result: CubeResult | RemoteCubeResult) => {
        results.push(result)
      })
      expect(results).toHaveLength(1)
      await app.field('Region').select(['South'])
      expect(results.map(({ rows }) => rows)).toEqual([4, 1])
      expect(results.map(({ totals }) => totals[0]?.number)).toEqual([100, 70])
      await stop()
      await app.clear()
      expect(results).toHaveLength(2)
      expect(texts((await results[1]?.page()) ?? [])).toEqual([['South', '70']])
      expect(texts((await results[0]?.page()) ?? [])).toHaveLength(4)
    })

    it('of a cube that cannot be made are refused', async () => {
      const app = await openSales(face())
      const misplaced = { dimensions: ['Region'], sort: [{ dimension: 1 }] } as const
      const use = async (): Promise<unknown> => app.cube(misplaced).subscribe(() => {})
      expect(await failure(use)).toMatchObject({ code: 'invalid-argument' })
    })
  })
}
