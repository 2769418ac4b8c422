import { Text } from '@codemirror/state'
import { expect, test } from 'vitest'
import { marksOf } from './linter.ts'

const doc = Text.of(['LOAD a', 'FORM b;'])
const problem = (start: number, end: number) => ({ message: 'm', span: { start, end } })
const places = (...spans: readonly [number, number][]): [number, number][] =>
  marksOf(
    doc,
    spans.map(([start, end]) => problem(start, end)),
  ).map(({ from, to }) => [from, to])

test('marks lie in the document, in order, and can be seen', () => {
  expect(places([7, 11], [0, 4])).toEqual([
    [0, 4],
    [7, 11],
  ])
  expect(places([3, 3])).toEqual([[3, 4]])
  expect(places([14, 14])).toEqual([[13, 14]])
  expect(places([-1, 2])).toEqual([[0, 2]])
  expect(places([99, 120])).toEqual([[13, 14]])
  expect(marksOf(Text.empty, [problem(0, 1)])).toMatchObject([{ from: 0, to: 0 }])
})

test('a problem is an error unless told otherwise', () => {
  expect(marksOf(doc, [problem(0, 1)])[0]?.severity).toBe('error')
  expect(marksOf(doc, [{ ...problem(0, 1), severity: 'warning' }])[0]?.severity).toBe('warning')
})
