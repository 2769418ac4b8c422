import { expect, it } from 'vitest'
import { parseExpression } from './parser.ts'
import { callsOf, fieldsOf, setsOf } from './visit.ts'

const { ast } = parseExpression({
  name: 'test',
  text: '{1} Sum({<Y={1}>} A * B) / -Count(TOTAL <D> A) + Aggr(Max(C), (D, (TEXT)))',
})

it('finds fields in the order of the text', () => {
  expect(fieldsOf(ast).map(({ name }) => name)).toEqual(['A', 'B', 'A', 'C', 'D'])
})

it('finds calls, outer ones first', () => {
  expect(callsOf(ast).map(({ name }) => name)).toEqual(['Sum', 'Count', 'Aggr', 'Max'])
})

it('finds sets', () => {
  expect(setsOf(ast).length).toBe(2)
})
