import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { printLocation } from '../base/errors.ts'
import type { Expression } from './ast.ts'
import { diagnosticError, parseExpression, parseExpressionAt } from './parser.ts'
import { printExpression } from './printer.ts'
import { withoutSpans } from './random-ast-for-tests.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 500)

function parse(text: string): Expression {
  const { ast, diagnostics } = parseExpression({ name: 'test', text })
  expect(diagnostics).toEqual([])
  return ast
}

function messages(text: string): string[] {
  const source = { name: 'test', text }
  return parseExpression(source).diagnostics.map(
    ({ message, span }) => `${message}\n${printLocation(source, span)}`,
  )
}

/** Every operator in parentheses. */
function grouped(node: Expression): string {
  if (node.kind === 'binary')
    return `(${grouped(node.left)} ${node.operator} ${grouped(node.right)})`
  if (node.kind === 'unary') return `(${node.operator} ${grouped(node.operand)})`
  return printExpression(node)
}

describe('precedence', () => {
  it.each([
    ['1+2&3', '((1 + 2) & 3)'],
    ['not 1=2', '(not (1 = 2))'],
    ['not a and b', '((not a) and b)'],
    ['a or b and c', '(a or (b and c))'],
    ['a xor b or c', '((a xor b) or c)'],
    ['a-b-c', '((a - b) - c)'],
    ['a-b*c/d', '(a - ((b * c) / d))'],
    ['-a*b', '((- a) * b)'],
    ['a - -b', '(a - (- b))'],
    ['a&b=c&d', '((a & b) = (c & d))'],
    ["a like 'x*' and b", "((a like 'x*') and b)"],
    ['a bitand b = c', '((a bitand b) = c)'],
    ['a bitor b bitand c', '(a bitor (b bitand c))'],
    ['1 << 2 + 3', '(1 << (2 + 3))'],
    ['bitnot a + b', '((bitnot a) + b)'],
    ['1 + not a = b', '(1 + (not (a = b)))'],
    ['a <> b <= c', '((a <> b) <= c)'],
    ['(a+b)*c', '((a + b) * c)'],
    ['a precedes b follows c', '((a precedes b) follows c)'],
  ])('%s', (text, expected) => {
    expect(grouped(parse(text))).toBe(expected)
  })
})

describe('names and literals', () => {
  it.each([
    ['=Sales', 'bare', 'Sales'],
    ['"Sales ""net"""', 'double', 'Sales "net"'],
    ['[Sales ]] [x]', 'bracket', 'Sales ] [x'],
    ['`a b`', 'backtick', 'a b'],
    ['%Key_1.x#', 'bare', '%Key_1.x#'],
    ['@3', 'bare', '@3'],
    ['@1:10', 'bare', '@1:10'],
    ['@11:nT', 'bare', '@11:nT'],
    ['Größe', 'bare', 'Größe'],
    ['売上', 'bare', '売上'],
  ])('%s', (text, quote, name) => {
    expect(parse(text)).toMatchObject({ kind: 'field', quote, name })
  })

  it.each([
    ['1.5', 1.5],
    ['.5', 0.5],
    ['1e3', 1000],
    ["'it''s'", "it's"],
    ["/* a */ 'x' // end", 'x'],
  ])('%s', (text, value) => {
    expect(parse(text)).toMatchObject({ kind: 'literal', value })
  })

  it('lets a function name end in #', () => {
    expect(parse("Date#('1','D')")).toMatchObject({ kind: 'call', name: 'Date#' })
  })
})

describe('qualifiers', () => {
  it('takes them in any order', () => {
    expect(parse('Sum(DISTINCT {1} TOTAL <Region, [My Month]> Sales)')).toMatchObject({
      distinct: true,
      total: { fields: ['Region', 'My Month'] },
      set: { kind: 'set-entity', identifier: { type: 'all' } },
      args: [{ name: 'Sales' }],
    })
  })

  it('reads ALL as {1} TOTAL', () => {
    const all = withoutSpans(parse('Sum(ALL Sales)'))
    expect(all).toEqual(withoutSpans(parse('Sum({1} TOTAL Sales)')))
  })

  it('knows a field from a qualifier', () => {
    expect(parse('Sum(Total)')).toMatchObject({ args: [{ kind: 'field', name: 'Total' }] })
    expect(parse('Aggr(NODISTINCT Max(x), d)')).toMatchObject({ distinct: false })
  })

  it('reads structured parameters of Aggr', () => {
    expect(parse('Aggr(Sum(V), (Month, (TEXT, DESCENDING)), ([B], (NUMERIC)), (C))')).toMatchObject(
      {
        args: [
          {},
          {
            kind: 'sort-spec',
            dimension: { name: 'Month' },
            criteria: [{ type: 'text', ordering: 'descending' }],
          },
          { kind: 'sort-spec', criteria: [{ type: 'numeric', ordering: 'ascending' }] },
          { kind: 'field', name: 'C' },
        ],
      },
    )
  })
})

describe('sets', () => {
  it.each([
    ['1-$', { kind: 'set-binary', operator: '-' }],
    ['$1', { identifier: { type: 'back', steps: 1 } }],
    ['$0', { identifier: { type: 'current' } }],
    ['$_2', { identifier: { type: 'forward', steps: 2 } }],
    ['[My bookmark]', { identifier: { type: 'name', name: 'My bookmark' } }],
    ['<>', { identifier: null, modifiers: [] }],
    ['A+B*C', { operator: '+', right: { operator: '*' } }],
    ['-$', { kind: 'set-complement' }],
    ['<Year=, Month>', { modifiers: [{ elements: null }, { field: 'Month', elements: null }] }],
    ['<A=B>', { modifiers: [{ elements: { kind: 'element-field', state: null, field: 'B' } }] }],
    [
      '<A=[My State]::B>',
      { modifiers: [{ elements: { state: { type: 'name', name: 'My State' }, field: 'B' } }] },
    ],
    ['<A=$::A-$1::A>', { modifiers: [{ elements: { kind: 'element-binary' } }] }],
    ['$<A-=-{x}>', { modifiers: [{ operator: '-=', elements: { kind: 'element-complement' } }] }],
    [
      '<Cust = P({1<P={W}>} Cust) - {a}>',
      {
        modifiers: [
          {
            elements: {
              operator: '-',
              left: { kind: 'element-function', name: 'P', field: 'Cust' },
            },
          },
        ],
      },
    ],
  ])('{%s}', (set, expected) => {
    expect(parse(`Sum({${set}} x)`)).toMatchObject({ set: expected })
  })

  it('reads values of every form', () => {
    const text = `Sum({<F={2014, -1.5, 2018-07-08, 1/2/2019, New York, 'it''s', "a ""b""", [x*], $(=f(a,'}'))}>} x)`
    expect(parse(text)).toMatchObject({
      set: {
        modifiers: [
          {
            elements: {
              items: [
                { type: 'bare', number: 2014 },
                { type: 'bare', number: -1.5 },
                { type: 'bare', text: '2018-07-08', number: null },
                { type: 'bare', text: '1/2/2019', number: null },
                { type: 'bare', text: 'New York' },
                { type: 'literal', text: "it's" },
                { type: 'search', text: 'a "b"' },
                { type: 'search', text: 'x*' },
                { type: 'bare', text: "$(=f(a,'}'))" },
              ],
            },
          },
        ],
      },
    })
  })

  it('reads an outer set up to the end of its parentheses', () => {
    expect(parse('{<Y={1}>} Sum(A)/Count(B)')).toMatchObject({
      kind: 'outer-set',
      body: { operator: '/' },
    })
    expect(parse('({1} Sum(A)) + 1')).toMatchObject({ operator: '+', left: { kind: 'outer-set' } })
  })
})

describe('diagnostics', () => {
  it('shows where', () => {
    expect(messages('Sum(A) +')).toEqual([
      'Expected a value, a field or a function, but found the end\ntest:1:9\n1 | Sum(A) +\n            ^',
    ])
    expect(messages("Sum(A\n+ 'x)")).toEqual([
      "This quote is not closed; end it with '\ntest:2:3\n2 | + 'x)\n      ^^^",
      "Expected ), but found the end\ntest:2:6\n2 | + 'x)\n         ^",
    ])
    expect(messages('a b')).toEqual([
      'Expected an operator or the end, but found b\ntest:1:3\n1 | a b\n      ^',
    ])
    expect(messages('Sum({1<F={a, b')[0]).toContain('This value list is not closed; end it with }')
    expect(messages('Sum({2} x)')[0]).toContain('A set begins with 1')
    expect(messages('')[0]).toContain('found the end')
    expect(messages('$(x)')[0]).toContain('left unexpanded')
  })

  it('reports several mistakes at once', () => {
    expect(messages('f(,1) + g(2').length).toBe(2)
  })

  it('becomes an error', () => {
    const source = { name: 'm', text: '1 +' }
    const [first] = parseExpression(source).diagnostics
    expect(first && diagnosticError(first, source).code).toBe('expression-syntax')
  })

  it.each([
    ['parentheses', '('.repeat(200_000)],
    ['minus', '-'.repeat(200_000)],
    ['calls', 'f('.repeat(100_000)],
    ['a chain', `1${'+1'.repeat(100_000)}`],
    ['sets', `Sum({${'('.repeat(100_000)}`],
    ['complements', `Sum({<A=${'-'.repeat(100_000)}`],
    ['P()', `Sum({<A=${'P({<A='.repeat(50_000)}`],
    ['arguments', `f(${'1,'.repeat(1_100_000)}`],
    ['values', `Sum({<A={${'1,'.repeat(1_100_000)}}>} x)`],
  ])('stops at a limit: %s', (_, text) => {
    const started = performance.now()
    const { diagnostics } = parseExpression({ name: 'test', text })
    expect(diagnostics.length).toBeGreaterThan(0)
    expect(performance.now() - started).toBeLessThan(5000)
  })

  it('reads 990 levels', () => {
    parse(`${'('.repeat(990)}1${')'.repeat(990)}`)
    parse(`1${'+1'.repeat(990)}`)
    printExpression(parse(`${'f('.repeat(990)}1${')'.repeat(990)}`))
  })
})

describe('inside a script', () => {
  const stops = new Set(['as', 'from', 'where', 'then', 'asc', 'desc'])
  it.each([
    ['a+b AS c', 'a+b '],
    ['Sum(a, b), c', 'Sum(a, b)'],
    ["If(x,';',')');", "If(x,';',')')"],
    ['From FROM t', 'From '],
    ['(a as b) as c', '(a as b) '],
    ['a) b', 'a'],
    ['a = 1 then', 'a = 1 '],
    ['a // as\n desc', 'a // as\n '],
    ['a $!? as', 'a $!? '],
  ])('%s', (text, read) => {
    const { end } = parseExpressionAt({ name: 'test', text: `  ${text}` }, 2, stops)
    expect(text.slice(0, end - 2)).toBe(read)
  })

  it('keeps to its end', () => {
    const text = 'a + b + c'
    const part = parseExpressionAt({ name: 'test', text }, 0, stops, { end: 5 })
    expect(part.end).toBe(5)
    expect(part.diagnostics).toEqual([])
  })
})

describe('any text', () => {
  const pieces = fc.array(
    fc.oneof(
      fc.constantFrom(
        ...['Sum(', ')', '{', '}', '<', '>', '=', '$', '1', ',', '-', '/', '*', "'", '"', '[', ']'],
        ...[
          'TOTAL ',
          'DISTINCT ',
          'P(',
          'E(',
          ' and ',
          ' not ',
          'x',
          '/*',
          '*/',
          '//',
          '\n',
          ';',
          '`',
        ],
        ...['Aggr((', '(NUMERIC,', '$_1', '+=', '😀', '<>'],
      ),
      fc.string({ maxLength: 3 }),
    ),
    { maxLength: 60 },
  )
  it('never throws', () => {
    fc.assert(
      fc.property(pieces, (parts) => {
        const text = parts.join('')
        const { ast, diagnostics } = parseExpression({ name: 'test', text })
        const printed = printExpression(ast)
        if (diagnostics.length > 0) return
        expect(withoutSpans(parse(printed))).toEqual(withoutSpans(ast))
      }),
      { seed, numRuns: numRuns * 10 },
    )
  })
})
