import { describe, expect, test } from 'vitest'
import type { PivotHeading } from '../hypercube/pivot-headings.ts'
import { createApp } from './app.ts'
import type { PivotOptions, PivotResult } from './pivot.ts'

const script = `
Sales: LOAD * INLINE [
Region, City, Year, Amount
North, Oslo, 2023, 10
North, Oslo, 2024, 20
North, Bergen, 2024, 5
South, Rome, 2023, 7
South, Rome, 2024, 8
South, Bari, 2023, 1
];`

/** Headings as indented lines, `+` where something inside is not shown. */
function outline(headings: readonly PivotHeading[], depth = 0): string[] {
  return headings.flatMap(({ cell, canExpand, isExpanded, children }) => [
    `${'  '.repeat(depth)}${cell.text}${canExpand && !isExpanded ? ' +' : ''}`,
    ...outline(children, depth + 1),
  ])
}

function texts(table: PivotResult): (string | null)[][] {
  return table.page().map((row) => row.map((cell) => cell?.text ?? null))
}

async function read(options: PivotOptions, own = script): Promise<PivotResult> {
  const app = await createApp({ script: own })
  return app.pivot(options).read()
}

describe('pivot table', () => {
  test('dimensions in rows and columns; no cell where there is no record', async () => {
    const table = await read({
      rows: ['Region', 'City'],
      columns: ['Year'],
      measures: ['Sum(Amount)'],
    })
    expect(outline(table.rowHeadings)).toEqual([
      'North',
      '  Bergen',
      '  Oslo',
      'South',
      '  Bari',
      '  Rome',
    ])
    expect(outline(table.columnHeadings)).toEqual(['2023', '2024'])
    expect(texts(table)).toEqual([
      [null, '5'],
      ['10', '20'],
      ['1', null],
      ['7', '8'],
    ])
    expect([table.rows, table.columns]).toEqual([4, 2])
    expect(table.dimensions.map(({ cubeCardinal }) => cubeCardinal)).toEqual([2, 4, 2])
    expect([table.measures[0]?.min, table.measures[0]?.max]).toEqual([1, 20])
  })

  test('totals are evaluated over their records', async () => {
    const table = await read({
      rows: ['Region', { definition: 'City', totalLabel: 'All cities' }],
      columns: ['Year'],
      measures: ['Max(Amount)'],
      totals: 'after',
    })
    expect(outline(table.rowHeadings)).toEqual([
      'North',
      '  Bergen',
      '  Oslo',
      '  All cities',
      'South',
      '  Bari',
      '  Rome',
      '  All cities',
      'Totals',
    ])
    expect(texts(table)).toEqual([
      [null, '5', '5'],
      ['10', '20', '20'],
      ['10', '20', '20'],
      ['1', null, '1'],
      ['7', '8', '8'],
      ['7', '8', '8'],
      ['10', '20', '20'],
    ])
  })

  test('headings that are not expanded show the whole of their value', async () => {
    const app = await createApp({ script })
    const [north = -1] = app
      .pivot({ rows: ['Region'] })
      .read()
      .rowHeadings.map(({ cell }) => cell.element)
    const table = app
      .pivot({
        rows: ['Region', 'City'],
        measures: ['Sum(Amount)', 'Count(DISTINCT City)'],
        expanded: { rows: { mode: 'only', paths: [[north]] } },
      })
      .read()
    expect(outline(table.rowHeadings)).toEqual(['North', '  Bergen', '  Oslo', 'South +'])
    expect(outline(table.columnHeadings)).toEqual(['Sum(Amount)', 'Count(DISTINCT City)'])
    expect(texts(table)).toEqual([
      ['5', '1'],
      ['30', '1'],
      ['16', '2'],
    ])
    const other = app
      .pivot({
        rows: ['Region', 'City'],
        measures: ['Sum(Amount)'],
        expanded: { rows: { mode: 'except', paths: [[north]] } },
      })
      .read()
    expect(outline(other.rowHeadings)).toEqual(['North +', 'South', '  Bari', '  Rome'])
  })

  test('measures as headings of rows', async () => {
    const table = await read({
      rows: ['Region'],
      columns: ['Year'],
      measures: ['Sum(Amount)', { definition: 'Count(Amount)', label: 'n' }],
      measuresIn: 'rows',
    })
    expect(outline(table.rowHeadings)).toEqual([
      'North',
      '  Sum(Amount)',
      '  n',
      'South',
      '  Sum(Amount)',
      '  n',
    ])
    expect(texts(table)).toEqual([
      ['10', '25'],
      ['1', '2'],
      ['8', '8'],
      ['2', '1'],
    ])
  })

  test('follows selections, and a table without records has no cells', async () => {
    const app = await createApp({ script })
    const pivot = app.pivot({ rows: ['Region'], columns: ['Year'], measures: ['Sum(Amount)'] })
    app.field('City').select(['Rome'])
    expect(outline(pivot.read().rowHeadings)).toEqual(['South'])
    expect(texts(pivot.read())).toEqual([['7', '8']])
    const none = app.pivot({ rows: ['Region'], measures: ['Sum(Amount)'], condition: '1=2' }).read()
    expect([none.rows, none.columns, none.page()]).toEqual([0, 0, []])
  })

  test('a measure in error shows NULL and says why', async () => {
    const table = await read({ rows: ['Region'], measures: ['Sum(Amount)', 'Summ(Amount)'] })
    expect(table.measures[1]?.error?.message).toContain('Did you mean')
    expect(texts(table)).toEqual([
      ['35', '-'],
      ['16', '-'],
    ])
  })
})

describe('inter-record functions in pivot tables', () => {
  const both = { rows: ['Region', 'City'], columns: ['Year'] } as const
  const cells = async (measure: string, options: PivotOptions = both): Promise<unknown> =>
    texts(await read({ ...options, measures: [measure] }))

  test('Before and After look at the columns beside, First and Last at those at the ends', async () => {
    // A cell without records is NULL for its neighbours and shows nothing itself.
    expect(await cells('Before(Sum(Amount))')).toEqual([
      [null, '-'],
      ['-', '10'],
      ['-', null],
      ['-', '7'],
    ])
    expect(await cells('After(Sum(Amount))')).toEqual([
      [null, '-'],
      ['20', '-'],
      ['-', null],
      ['8', '-'],
    ])
    expect(await cells('First(Sum(Amount))')).toEqual([
      [null, '-'],
      ['10', '10'],
      ['1', null],
      ['7', '7'],
    ])
    expect(await cells('RangeSum(Before(Sum(Amount), 0, 2))')).toEqual([
      [null, '5'],
      ['10', '30'],
      ['1', null],
      ['7', '15'],
    ])
  })

  test('Above stays within the values of the outer dimensions, in its column', async () => {
    expect(await cells('Above(Sum(Amount))')).toEqual([
      [null, '-'],
      ['-', '5'],
      ['-', null],
      ['1', '-'],
    ])
    expect(await cells('Above(TOTAL Sum(Amount))')).toEqual([
      [null, '-'],
      ['-', '5'],
      ['10', null],
      ['1', '-'],
    ])
  })

  test('numbers of rows, columns and dimensions', async () => {
    expect(await cells('RowNo() & "/" & NoOfRows()'.replaceAll('"', "'"))).toEqual([
      [null, '1/2'],
      ['2/2', '2/2'],
      ['1/2', null],
      ['2/2', '2/2'],
    ])
    expect(await cells("ColumnNo() & '/' & NoOfColumns()")).toEqual([
      [null, '2/2'],
      ['1/2', '2/2'],
      ['1/2', null],
      ['1/2', '2/2'],
    ])
    const withTotals: PivotOptions = { rows: ['Region'], columns: ['Year'], totals: 'after' }
    expect(await cells("Dimensionality() & '/' & SecondaryDimensionality()", withTotals)).toEqual([
      ['1/1', '1/1', '1/0'],
      ['1/1', '1/1', '1/0'],
      ['0/1', '0/1', '0/0'],
    ])
  })

  test('Rank ranks the rows of a column, HRank the columns of a row; totals have none', async () => {
    const withTotals: PivotOptions = { rows: ['Region'], columns: ['Year'], totals: 'after' }
    expect(await cells('Rank(Sum(Amount))', withTotals)).toEqual([
      ['1', '1', '1'],
      ['2', '2', '2'],
      ['-', '-', '-'],
    ])
    expect(await cells('HRank(Sum(Amount))', withTotals)).toEqual([
      ['2', '1', '-'],
      ['1-2', '1-2', '-'],
      ['2', '1', '-'],
    ])
  })

  test('Top in totals is the first row of the segment they are over, with TOTAL that of the column', async () => {
    const months = `Values: LOAD * INLINE [
Month, Grp, Val
1, A, 1
1, B, 2
2, A, 3
2, B, 4
3, A, 5
3, B, 6
];`
    const table = await read(
      {
        rows: ['Month', 'Grp'],
        measures: ['Sum(Val)', 'Top(Sum(Val))', 'Top(TOTAL Sum(Val))', 'Bottom(Sum(Val), 2)'],
        totals: 'after',
      },
      months,
    )
    // https://help.qlik.com/en-US/qlikview/May2023/Subsystems/Client/Content/QV_QlikView/Examples%20of%20Chart%20Inter%20Record%20functions.htm
    expect(texts(table)).toEqual([
      ['1', '1', '1', '1'],
      ['2', '1', '1', '1'],
      ['3', '1', '-', '1'],
      ['3', '3', '1', '3'],
      ['4', '3', '1', '3'],
      ['7', '3', '-', '3'],
      ['5', '5', '1', '5'],
      ['6', '5', '1', '5'],
      ['11', '5', '-', '5'],
      ['21', '-', '1', '-'],
    ])
    const across = await read(
      { rows: ['Grp'], columns: ['Month'], measures: ['Last(Sum(Val))'], totals: 'after' },
      months,
    )
    expect(texts(across)).toEqual([
      ['5', '5', '5', '5'],
      ['6', '6', '6', '6'],
      ['11', '11', '11', '11'],
    ])
  })

  test('outside of pivot tables a row has one column and HRank is NULL', async () => {
    const app = await createApp({ script })
    const page = app
      .cube({
        dimensions: ['Region'],
        measures: ['HRank(Sum(Amount))', 'Before(Sum(Amount))', 'ColumnNo()', 'NoOfColumns()'],
      })
      .page()
    expect(page.map((row) => row.map(({ text }) => text))).toEqual([
      ['North', '-', '-', '1', '1'],
      ['South', '-', '-', '1', '1'],
    ])
  })
})
