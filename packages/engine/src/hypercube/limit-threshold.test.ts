import { describe, expect, test } from 'vitest'
import { environmentOf } from '../../test/oracle/environment.ts'
import { loadView } from '../../test/oracle/load.ts'
import type { DimensionLimit } from './definition.ts'
import { computeCube } from './straight.ts'

const view = loadView([
  {
    name: 'Sales',
    fields: ['Cust', 'Amount'],
    rows: [
      ['a', 1],
      ['b', 2],
    ],
  },
])

const counted = { mode: 'counted', count: 2, from: 'largest', others: true } as const

function cubeOf(limit: DimensionLimit) {
  const dimensions = [{ definition: 'Cust', limit }]
  return computeCube({ dimensions, measures: [{ definition: 'Sum(Amount)' }] }, environmentOf(view))
}

describe('limits that mean nothing', () => {
  test.each<[string, object, RegExp]>([
    ['count', { ...counted, count: 1.5 }, /dimension Cust has count 1\.5\. Give a whole number/],
    ['count', { ...counted, count: -1 }, /count -1/],
    ['count', { ...counted, count: Number.NaN }, /count NaN\. Give a number or an expression/],
    ['from', { ...counted, from: 'top' }, /from top\. Use one of largest smallest first/],
    [
      'value',
      { mode: 'exact', compare: '>', value: Number.POSITIVE_INFINITY, others: true },
      /value Infinity/,
    ],
    ['value', { mode: 'exact', compare: '>', others: true }, /value undefined/],
    [
      'compare',
      { mode: 'exact', compare: '=', value: 1, others: true },
      /compare =\. Use one of >= > <= </,
    ],
    [
      'percent',
      { mode: 'relative', compare: '>', percent: Number.NaN, others: true },
      /percent NaN/,
    ],
    ['from', { mode: 'accumulated', compare: '>', value: 1, others: true }, /from undefined/],
    ['within', { ...counted, within: 'each' }, /within each\. Use one of outer all/],
    ['mode', { mode: 'top', others: true }, /unknown mode\. Use counted, exact/],
  ])('%s: %j', (_, limit, message) => {
    const read = () => cubeOf(limit as DimensionLimit)
    expect(read).toThrow(message)
    expect(read).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
  })

  test.each([
    ['Only(Nothing)', 'field-not-found'],
    ['1 +', 'expression-syntax'],
    ["'two'", 'invalid-argument'],
    ['Null()', 'invalid-argument'],
    ['-1', 'invalid-argument'],
  ])('the expression %s is the error of the dimension', (count, code) => {
    const cube = cubeOf({ ...counted, count })
    expect(cube.dimensions[0]?.error?.code).toBe(code)
    expect(cube.page(0, 0, 2, 9).map((row) => row.map(({ text }) => text).join(' '))).toEqual([
      '- 3',
    ])
  })
})
