import * as arrow from 'apache-arrow'
import { tableFromArrays, tableFromJSON, vectorFromArray } from 'apache-arrow'
import { describe, expect, it } from 'vitest'
import { type Face, failure, openSales } from './face.ts'

export function describeTables(face: () => Face): void {
  describe('tables', () => {
    it('come as rows, the fields being the union of their keys', async () => {
      const app = await face().openTables({ T: [{ A: 1 }, { A: 2, B: 'x' }] })
      expect(await app.fields).toEqual(['A', 'B'])
      expect(await app.evaluate('Sum(A)')).toEqual({ text: '3', number: 3 })
      expect(await app.evaluate('Count(B)')).toEqual({ text: '1', number: 1 })
    })

    it('come as columns, typed or not, a view of a larger buffer among them', async () => {
      const large = Float64Array.from([100, 1, 2, 3, 100])
      const app = await face().openTables({
        T: {
          Name: ['x', 'y', 'z'],
          Price: large.subarray(1, 4),
          Count: Int32Array.from([10, 20, 30]),
        },
      })
      expect(await app.evaluate('Sum(Price)')).toMatchObject({ number: 6 })
      expect(await app.evaluate('Sum(Price * Count)')).toMatchObject({ number: 140 })
      expect(await app.evaluate('Only({<Price={2}>} Name)')).toMatchObject({ text: 'y' })
      expect(large).toEqual(Float64Array.from([100, 1, 2, 3, 100]))
    })

    it('come as Arrow tables, dates, times, decimals, integers and nulls as what they are', async () => {
      const day = Date.UTC(2024, 1, 29)
      const table = new arrow.Table({
        Name: vectorFromArray(['x', null, 'z'], new arrow.Utf8()),
        Day: vectorFromArray([day, null, day], new arrow.DateDay()),
        Moment: vectorFromArray(
          [new Date(day + 43_200_000), null, new Date(day)],
          new arrow.TimestampMillisecond(),
        ),
        Clock: vectorFromArray([21_600, null, 43_200], new arrow.TimeSecond()),
        Long: vectorFromArray([1n, 2n ** 60n, null], new arrow.Int64()),
        Flag: vectorFromArray([true, false, null], new arrow.Bool()),
        Part: vectorFromArray([0.5, null, 2.5], new arrow.Float64()),
      })
      const app = await face().openTables({ T: table })
      expect(await app.fields).toEqual(['Name', 'Day', 'Moment', 'Clock', 'Long', 'Flag', 'Part'])
      const shown = async (name: string): Promise<unknown> =>
        (await app.field(name).values()).map(({ text, number }) => [text, number])
      expect(await shown('Name')).toEqual([
        ['x', null],
        ['z', null],
      ])
      expect(await shown('Day')).toEqual([['2024-02-29', 45_351]])
      expect(await shown('Moment')).toEqual([
        ['2024-02-29 12:00:00', 45_351.5],
        ['2024-02-29 00:00:00', 45_351],
      ])
      expect(await shown('Clock')).toEqual([
        ['06:00:00', 0.25],
        ['12:00:00', 0.5],
      ])
      expect(await shown('Long')).toEqual([
        ['1', 1],
        ['1152921504606846976', null],
      ])
      expect(await shown('Flag')).toEqual([
        ['true', -1],
        ['false', 0],
      ])
      expect(await app.evaluate('Sum(Part)')).toMatchObject({ number: 3 })
      expect(await app.evaluate('NullCount(Part)')).toMatchObject({ number: 1 })
    })

    it('come as Arrow tables of numbers and dictionaries', async () => {
      const app = await face().openTables({
        Numbers: tableFromArrays({ N: Float64Array.from([1, 2, 3]), S: ['u', 'v', 'u'] }),
        Rows: tableFromJSON([
          { S: 'u', W: 10 },
          { S: 'v', W: 20 },
        ]),
      })
      expect(await app.evaluate('Sum(N * W)')).toMatchObject({ number: 80 })
    })

    it('are associated by their common fields', async () => {
      const app = await openSales(face())
      await app.field('Region').select(['South'])
      expect(await app.evaluate('Sum(Amount)')).toEqual({ text: '70', number: 70 })
    })

    it('refuse cells of no known kind, columns of two lengths and nested Arrow columns', async () => {
      const odd = { toString: () => 'odd' } as unknown as string
      expect(await failure(() => face().openTables({ T: [{ A: 'x' }, { A: odd }] }))).toMatchObject(
        {
          code: 'invalid-argument',
        },
      )
      const map = new Map() as unknown as string
      const refused = await failure(() => face().openTables({ T: [{ A: 'x' }, { A: map }] }))
      expect(refused.code).toBe('invalid-argument')
      expect(refused.details).toEqual({ table: 'T', field: 'A', row: 1 })
      const uneven = await failure(() => face().openTables({ T: { A: [1], B: [1, 2] } }))
      expect(uneven.message).toContain('column "B" has 2 values')
      const list = new arrow.List(new arrow.Field('item', new arrow.Int32()))
      const nested = new arrow.Table({ L: vectorFromArray([[1, 2], [3]], list) })
      const refusedList = await failure(() => face().openTables({ T: nested }))
      expect(refusedList.details).toEqual({ table: 'T', field: 'L', row: 0 })
    })
  })

  describe('values', () => {
    it('keep their kind', async () => {
      const app = await face().openTables({
        T: [
          { Text: '007', Day: new Date(Date.UTC(2024, 0, 1, 6)), Yes: true, Big: 2n ** 60n, N: 1 },
          { Text: '7', Day: null, Yes: false, Big: 5n, N: undefined },
          { Text: '', Day: new Date(Number.NaN), Yes: null, Big: null, N: Number.NaN },
        ],
      })
      expect(await app.field('Text').values()).toEqual([
        { text: '007', number: null, state: 'optional' },
        { text: '7', number: null, state: 'optional' },
        { text: '', number: null, state: 'optional' },
      ])
      expect(await app.field('Day').values()).toEqual([
        { text: '2024-01-01 06:00:00', number: 45_292.25, state: 'optional' },
      ])
      expect(await app.field('Yes').values()).toEqual([
        { text: 'true', number: -1, state: 'optional' },
        { text: 'false', number: 0, state: 'optional' },
      ])
      expect(await app.field('Big').values()).toEqual([
        { text: '1152921504606846976', number: null, state: 'optional' },
        { text: '5', number: 5, state: 'optional' },
      ])
      expect(await app.field('N').values()).toEqual([{ text: '1', number: 1, state: 'optional' }])
    })

    it('are null where an expression has none', async () => {
      const app = await openSales(face())
      expect(await app.evaluate('Null()')).toEqual({ text: null, number: null })
      expect(await app.evaluate("'a' & 'b'")).toEqual({ text: 'ab', number: null })
    })
  })
}
