import { ExpressionError, type PivotHeading, type PivotResult } from '@lichen/engine'
import { describe, expect, it } from 'vitest'
import type { RemotePivotResult } from '../../src/index.ts'
import { type Face, failure, openSales } from './face.ts'

const byRegion = { rows: ['Region'], columns: ['Product'], measures: ['Sum(Amount)'] } as const

export function describePivots(face: () => Face): void {
  describe('pivot tables', () => {
    it('have headings in rows and columns, totals and cells where there are records', async () => {
      const app = await openSales(face())
      const pivot = app.pivot({ ...byRegion, rows: ['Region', 'Customer'], totals: 'after' })
      expect((await pivot.definition).rowHeadings).toEqual([0, 1])
      const table = await pivot.read()
      expect(outline(table.rowHeadings)).toEqual([
        ['East', [['e'], ['Totals']]],
        ['North', [['a'], ['Totals']]],
        ['South', [['b'], ['c'], ['Totals']]],
        ['West', [['d'], ['Totals']]],
        ['Totals'],
      ])
      // The customer without orders has no product.
      expect(
        table.columnHeadings.map(({ kind, cell, heading }) => [kind, cell.text, heading]),
      ).toEqual([
        ['value', 'p', 2],
        ['value', 'q', 2],
        ['value', 'r', 2],
        ['null', '-', 2],
        ['total', 'Totals', 2],
      ])
      expect([table.rows, table.columns]).toEqual([10, 5])
      expect(texts(await table.page(2, 3))).toEqual([
        ['10', '20', null, null, '30'],
        ['10', '20', null, null, '30'],
        ['30', null, null, null, '30'],
      ])
      expect(table.dimensions).toMatchObject([
        { label: 'Region', cubeCardinal: 4 },
        { label: 'Customer', cubeCardinal: 5 },
        { label: 'Product' },
      ])
      expect(table.measures).toMatchObject([{ label: 'Sum(Amount)', min: 0, max: 40 }])
    })

    it('page from any place, clipped to what is there', async () => {
      const table = await (await openSales(face())).pivot(byRegion).read()
      const whole = texts(await table.page())
      expect(whole).toHaveLength(table.rows)
      expect(texts(await table.page(1, 2))).toEqual(whole.slice(1, 3))
      expect(texts(await table.page(1, 2, 1, 2))).toEqual(
        whole.slice(1, 3).map((row) => row.slice(1, 3)),
      )
      expect(texts(await table.page(undefined, undefined, 2))).toEqual(
        whole.map((row) => row.slice(2)),
      )
      expect(await table.page(1_000, 10)).toEqual([])
    })

    it('show what is inside of the headings expanded', async () => {
      const app = await openSales(face())
      const { rowHeadings } = await app.pivot({ rows: ['Region'] }).read()
      const south = rowHeadings.find(({ cell }) => cell.text === 'South')?.cell.element ?? -1
      const table = await app
        .pivot({
          rows: ['Region', 'Customer'],
          measures: ['Sum(Amount)'],
          expanded: { rows: { mode: 'only', paths: [[south]] } },
        })
        .read()
      expect(outline(table.rowHeadings)).toEqual([
        ['East'],
        ['North'],
        ['South', [['b'], ['c']]],
        ['West'],
      ])
      expect(table.rowHeadings.map(({ canExpand, isExpanded }) => [canExpand, isExpanded])).toEqual(
        [
          [true, false],
          [true, false],
          [true, true],
          [true, false],
        ],
      )
    })

    it('follow the selections, a result already read stays', async () => {
      const app = await openSales(face())
      const pivot = app.pivot(byRegion)
      const before = await pivot.read()
      const cells = texts(await before.page())
      await app.field('Region').select(['North'])
      expect(texts(await (await pivot.read()).page())).toEqual([['10', '20']])
      expect(texts(await before.page())).toEqual(cells)
    })

    it('are empty while their condition does not hold', async () => {
      const app = await openSales(face())
      const table = await app.pivot({ ...byRegion, condition: 'Sum(Amount) < 50' }).read()
      expect([table.rows, table.columns, table.rowHeadings, await table.page()]).toEqual([
        0,
        0,
        [],
        [],
      ])
    })

    it('carry the error of a column as an ExpressionError', async () => {
      const app = await openSales(face())
      const { measures, dimensions } = await app
        .pivot({ rows: ['=Upper('], columns: ['Region'], measures: ['Sum(Amount)', 'Sum('] })
        .read()
      const [, broken] = measures
      expect(broken?.error).toBeInstanceOf(ExpressionError)
      expect(broken?.error).toMatchObject({ name: 'ExpressionError', code: 'expression-syntax' })
      expect(broken?.error?.span.start).toBeTypeOf('number')
      expect(dimensions[0]?.error).toBeInstanceOf(ExpressionError)
      expect(measures[0]?.error).toBeUndefined()
    })

    it('are not begun when aborted', async () => {
      const pivot = (await openSales(face())).pivot(byRegion)
      const signal = AbortSignal.abort()
      expect(await failure(async () => pivot.read({ signal }))).toMatchObject({ code: 'cancelled' })
      const { signal: quiet } = new AbortController()
      expect((await pivot.read({ signal: quiet })).rows).toBe(4)
    })

    it('of a state that is not there are refused by their first answer', async () => {
      const pivot = (await openSales(face())).pivot({ ...byRegion, state: 'nowhere' })
      expect(await failure(async () => pivot.read())).toMatchObject({ code: 'not-found' })
      expect(await failure(async () => pivot.subscribe(() => {}))).toMatchObject({
        code: 'not-found',
      })
    })

    it('hand over the table now and after every change to those who subscribe', async () => {
      const app = await openSales(face())
      const results: (PivotResult | RemotePivotResult)[] = []
      const pivot = app.pivot(byRegion)
      const stop = await pivot.subscribe((result: PivotResult | RemotePivotResult) => {
        results.push(result)
      })
      expect(results).toHaveLength(1)
      await app.field('Region').select(['South'])
      expect(results.map(({ rows, columns }) => [rows, columns])).toEqual([
        [4, 4],
        [1, 2],
      ])
      await stop()
      await app.clear()
      expect(results).toHaveLength(2)
      expect(texts((await results[1]?.page()) ?? [])).toEqual([['30', '40']])
      expect(await results[0]?.page()).toHaveLength(4)
    })
  })
}

type Outline = [text: string, inside?: Outline[]]

function outline(headings: readonly PivotHeading[]): Outline[] {
  return headings.map(({ cell, children }) =>
    children.length === 0 ? [cell.text] : [cell.text, outline(children)],
  )
}

function texts(
  page: readonly (readonly ({ readonly text: string } | null)[])[],
): (string | null)[][] {
  return page.map((row) => row.map((cell) => cell?.text ?? null))
}
