import type { CubeCell } from '@lichen/engine'
import { expect, it } from 'vitest'
import { blocksNotIn } from './blocks.ts'
import { app, cities, found, inYear, places, table } from './charts.ts'
import { app as first } from './first-lines.ts'
import { report, total } from './reload.ts'
import { app as second } from './states-and-cube.ts'

it.each(['../../README.md', '../../../../README.md'])(
  'the code of %s is code that runs here',
  (path) => {
    const files = [
      './charts.ts',
      './first-lines.ts',
      './states-and-cube.ts',
      './threads.ts',
      './reload.ts',
    ]
    const here = (file: string): URL => new URL(file, import.meta.url)
    expect(blocksNotIn(here(path), ['ts', 'js'], files.map(here))).toEqual([])
  },
)

it('and starts threads and stops them', () => import('./threads.ts'))

it('and gives what its comments say', () => {
  expect(first.evaluate('Sum(Amount)').number).toBe(5)
  expect(second.field('Region').values()).toMatchObject([
    { text: 'EU', state: 'selected' },
    { text: 'US', state: 'alternative' },
  ])
})

it('and makes the charts its comments tell of', () => {
  const inside = table.rowHeadings.map(({ cell, children }) => [
    cell.text,
    ...children.map((child) => child.cell.text),
  ])
  expect(inside).toEqual([['EU', 'Oslo', 'Rome', 'Totals'], ['US', 'Reno', 'Totals'], ['Totals']])
  expect(table.columnHeadings.map(({ cell }) => cell.text)).toEqual(['2023', '2024', 'Totals'])
  expect(texts(table.page(0, 2))).toEqual([
    ['10', null, '10'],
    [null, '20', '20'],
  ])
  expect(inYear).toBe(27)
  expect(texts(cities.page())).toEqual([
    ['Rome', '20'],
    ['Others', '17'],
  ])
  expect(texts(places.page())).toEqual([
    ['EU', '30'],
    ['US', '7'],
  ])
  app.field('Region').select(['EU'])
  expect(texts(places.page())).toEqual([
    ['Oslo', '10'],
    ['Rome', '20'],
  ])
  expect(found).toEqual({
    fields: ['Region', 'Amount', 'Day'],
    functions: ['Sum', 'Max'],
    variables: ['vRate'],
    sets: [],
    unknown: [],
  })
})

function texts(page: readonly (readonly (CubeCell | null)[])[]): (string | null)[][] {
  return page.map((row) => row.map((cell) => cell?.text ?? null))
}

it('and tells of a reload what its comments say', () => {
  expect(report?.statements).toMatchObject([{ line: 1, rows: 2, bytes: 0 }])
  expect(report?.lineage.find(({ field }) => field === 'Amount')?.from).toEqual([
    { source: 'INLINE', field: 'Price' },
    { source: 'INLINE', field: 'Pieces' },
  ])
  expect(total).toBe(32)
})
