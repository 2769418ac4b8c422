import { describe, expect, test } from 'vitest'
import { createApp } from './app.ts'

const script = `
Orders: LOAD * INLINE [
Id, Day, Amount, Note
1, 2024-01-05, 10, a
2, 2024-02-10, 250, b
3, 2023-11-30, 99,
4, 2023-12-24, 101, a
5, , 7, c
];
Lines: LOAD * INLINE [
Id, Product
1, pen
2, pen
3, cup
4, cup
5, ink
];`

const open = () => createApp({ script })

const cells = (page: readonly (readonly { text: string }[])[]) =>
  page.map((row) => row.map(({ text }) => text))

describe('fields of expressions', () => {
  test('are selected, searched, locked and cleared like others', async () => {
    const app = await open()
    const size = app.field('=Floor(Amount/100)*100')
    expect(size.values().map(({ text }) => text)).toEqual(['0', '200', '100'])
    size.select([100, 200])
    expect(app.field('Product').counts()).toMatchObject({ optional: 2, excluded: 1 })
    expect(size.values().map(({ state }) => state)).toEqual(['alternative', 'selected', 'selected'])
    expect(cells(app.cube({ dimensions: ['Product'], measures: ['Sum(Amount)'] }).page())).toEqual([
      ['cup', '101'],
      ['pen', '250'],
    ])
    app.field('Product').select(['cup'])
    expect(app.field('= Floor(Amount/100)*100').counts()).toMatchObject({
      selected: 1,
      selectedExcluded: 1,
    })
    size.lock()
    expect(size.select([0])).toBe(false)
    size.unlock()
    size.clear()
    expect(size.selectSearch('>=100')).toBe(true)
    expect(app.evaluate('Sum(Amount)').number).toBe(101)
  })

  test('are what calculated dimensions group by, with elements that selections do not move', async () => {
    const app = await open()
    const cube = app.cube({
      dimensions: ["=If(Amount>100,'large','small')"],
      measures: ['Count(Id)'],
    })
    const before = cube.page()
    expect(cells(before)).toEqual([
      ['large', '2'],
      ['small', '3'],
    ])
    app.field("=If(Amount>100,'large','small')").select(['large'])
    const after = cube.page()
    expect(cells(after)).toEqual([['large', '2']])
    expect(after[0]?.[0]?.element).toBe(before[0]?.[0]?.element)
  })

  test('of several fields and with NULL', async () => {
    const app = await open()
    const field = app.field("=Note & '/' & Year(Day)")
    expect(field.values().map(({ text }) => text)).toEqual([
      'a/2024',
      'b/2024',
      '/2023',
      'a/2023',
      'c/',
    ])
    const years = app.cube({ dimensions: ['=Year(Day)'], measures: ['Sum(Amount)'] }).page()
    expect(cells(years)).toEqual([
      ['2023', '200'],
      ['2024', '260'],
      ['-', '7'],
    ])
  })

  test('keep their format and their order of values', async () => {
    const app = await open()
    const month = app.field("=Date(MonthStart(Day),'MMM YYYY')")
    expect(month.values().map(({ text, number }) => [text, number])).toEqual([
      ['Jan 2024', 45292],
      ['Feb 2024', 45323],
      ['Nov 2023', 45231],
      ['Dec 2023', 45261],
    ])
  })

  test('are in bookmarks and survive a reload by value', async () => {
    const app = await open()
    app.field('=Year(Day)').select([2023])
    app.createBookmark('old')
    app.clear()
    await app.reload(script.replace('99,', '1000,'))
    app.applyBookmark('old')
    expect(app.evaluate('Sum(Amount)').number).toBe(1101)
    await app.reload(script)
    expect(app.evaluate('Sum(Amount)').number).toBe(200)
    expect(app.evaluate('Sum({old} Amount)').number).toBe(200)
    // The field is gone: nothing is selected any more.
    await app.reload('T: LOAD * INLINE [\nAmount\n5\n];')
    expect(app.evaluate('Sum(Amount)').number).toBe(5)
  })

  test('are not listed, and others than of one table are no fields', async () => {
    const app = await open()
    const before = app.fields
    app.field('=Year(Day)').values()
    expect(app.fields).toEqual(before)
    const missing = expect.objectContaining({ code: 'field-not-found' })
    for (const text of ['=Product & Note', '=Id + 1', '=Rand()', '=1+1'])
      expect(() => app.field(text), text).toThrow(missing)
    expect(() => app.field('=Foo(Amount)')).toThrow('There is no function Foo')
    expect(() => app.field('=Sum(Amount)')).toThrow('Wrap it in Aggr')
  })
})
