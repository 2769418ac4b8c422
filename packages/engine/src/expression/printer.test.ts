import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseExpression } from './parser.ts'
import { printExpression } from './printer.ts'
import { expression, withoutSpans } from './random-ast-for-tests.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 500)

describe('printExpression', () => {
  it('prints what parses to the same tree', () => {
    fc.assert(
      fc.property(expression, (ast) => {
        const text = printExpression(ast)
        const parsed = parseExpression({ name: 'printed', text })
        expect(parsed.diagnostics, text).toEqual([])
        expect(withoutSpans(parsed.ast), text).toEqual(withoutSpans(ast))
      }),
      { seed, numRuns },
    )
  })

  it.each([
    [
      'sum( {1<A={"x*",2}>} distinct total<B> (a+b)*c )',
      'sum({1<A={"x*", 2}>} DISTINCT TOTAL <B> (a + b) * c)',
    ],
    ['not(a=b)', 'not a = b'],
    ['((a))-(b-c)', 'a - (b - c)'],
    ['Aggr(Sum(x),(M,(numeric,desc)))', 'Aggr(Sum(x), (M, (NUMERIC, DESCENDING)))'],
  ])('%s', (text, printed) => {
    expect(printExpression(parseExpression({ name: 'test', text }).ast)).toBe(printed)
  })
})
