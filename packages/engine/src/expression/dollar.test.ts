import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LichenError } from '../base/errors.ts'
import { defaultFormatSettings } from '../value/format-settings.ts'
import { type DollarOptions, expandDollars } from './dollar.ts'

const variables = new Map(
  Object.entries({
    v: 'Sales',
    n: '1,234.5',
    computed: '=1+1',
    inner: 'Sum($(v))',
    sum: 'Sum($1)*$2/$0',
    nested: '=$1 + $(v)',
    loop: 'x$(loop)',
    name: 'v',
  }),
)

const options: DollarOptions = {
  variable: (name) => variables.get(name),
  evaluate: (expression) =>
    expression === 'null' ? null : expression === '3.5' ? 3.5 : `<${expression}>`,
  settings: defaultFormatSettings,
  include: (path, required) => `[${path}${required ? '!' : ''}]`,
}

function code(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof LichenError) return error.code
  }
  return 'none'
}

describe('expandDollars', () => {
  it.each([
    ['Sum($(v))', 'Sum(Sales)'],
    ['$(unknown)!', '!'],
    ['$(#n)', '1234.5'],
    ['$(#v) $(#unknown)', '0 0'],
    ['$(#=3.5)', '3.5'],
    ['$(computed)', '<1+1>'],
    ['$(inner)', 'Sum(Sales)'],
    ['$(sum(a,2))', 'Sum(a)*2/2'],
    ['$(sum(a))', 'Sum(a)*$2/1'],
    ['$(sum(a,2,3))', 'Sum(a)*2/3'],
    ['$(sum)', 'Sum($1)*$2/$0'],
    ['$(nested(7))', '<7 + Sales>'],
    ['$($(name))', 'Sales'],
    ['$(=Max($(v)))', '<Max(Sales)>'],
    ["$(=Concat(x,')'))", "<Concat(x,')')>"],
    ['$(=null)', ''],
    ['\'$(v)\' "$(v)"', '\'Sales\' "Sales"'],
    ['$(v', '$(v'],
    ['$(a $(v)', '$(a Sales'],
    ['price $ (v)', 'price $ (v)'],
    ['$(Include=lib://x/y.qvs)$(must_include=z)', '[lib://x/y.qvs][z!]'],
  ])('%s', (text, expected) => {
    expect(expandDollars(text, options)).toBe(expected)
  })

  it('takes the text of a computed variable in a script', () => {
    expect(expandDollars('$(computed)', { ...options, context: 'script' })).toBe('=1+1')
  })

  it('keeps comments of a script', () => {
    const text = "a $(v) // $(v)\n/* $(v) */ 'http://$(v)'"
    expect(expandDollars(text, { ...options, keepComments: true })).toBe(
      "a Sales // $(v)\n/* $(v) */ 'http://Sales'",
    )
  })

  it('ends in a typed error', () => {
    expect(code(() => expandDollars('$(loop)', options))).toBe('budget-exceeded')
    expect(code(() => expandDollars('$(v)'.repeat(1001), options))).toBe('budget-exceeded')
    expect(code(() => expandDollars('$('.repeat(100_000), options))).toBe('budget-exceeded')
    const big = { ...options, variable: () => 'x'.repeat(1_000_000) }
    expect(code(() => expandDollars('$(a)'.repeat(20), big))).toBe('budget-exceeded')
    const doubling = { ...options, variable: (name: string) => `$(${name}x)$(${name}x)` }
    expect(code(() => expandDollars('$(a)', doubling))).toBe('budget-exceeded')
  })

  it('expands 1000', () => {
    expect(expandDollars('$(v)'.repeat(1000), options)).toBe('Sales'.repeat(1000))
  })

  it('throws nothing but its own errors', () => {
    const seed = Number(process.env.LICHEN_SEED ?? 20261124)
    const piece = fc.constantFrom(
      '$(',
      ')',
      '(',
      'v',
      'sum',
      ',',
      '=',
      '#',
      "'",
      '"',
      '[',
      '//',
      '/*',
      '$1',
      '\n',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (parts) => {
        expect(['none', 'budget-exceeded']).toContain(
          code(() => expandDollars(parts.join(''), { ...options, keepComments: true })),
        )
      }),
      { seed, numRuns: Number(process.env.LICHEN_RUNS ?? 500) },
    )
  })
})
