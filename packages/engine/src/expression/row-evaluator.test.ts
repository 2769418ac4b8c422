import { describe, expect, it } from 'vitest'
import { ExpressionError } from '../base/errors.ts'
import type { FunctionPorts } from '../functions/ports.ts'
import { Dual, type Value } from '../value/dual.ts'
import { defaultFormatSettings } from '../value/format-settings.ts'
import { parseExpression } from './parser.ts'
import { type CompiledRowExpression, compileRowExpression, type RowScope } from './row-evaluator.ts'

const fields = ['A', 'B', 'Text', 'Day', 'Nothing']
const record: readonly Value[] = [2, 3, 'abc', new Dual('Mon', 1), null]
const before: readonly Value[] = [20, 30, 'x', 5, 1]

const ports: FunctionPorts = {
  peek: (field, row, table) => `${field}/${row}/${table ?? ''}`,
  exists: (field, value) => field === 'A' && value === 2,
  applyMap: (map, value) => ({ found: map === 'm', value: `${map}:${value}` }),
  recNo: () => 7,
}

const scope: RowScope = {
  fieldIndex: (name) => {
    const index = fields.indexOf(name)
    return index === -1 ? undefined : index
  },
  fieldNames: fields,
  context: { settings: defaultFormatSettings, clock: { now: () => 46000 }, ports },
  previousRow: () => ({ field: (index) => before[index] ?? null }),
}

function compile(text: string, changes: Partial<RowScope> = {}): CompiledRowExpression {
  const source = { name: 'test', text }
  const { ast, diagnostics } = parseExpression(source)
  expect(diagnostics).toEqual([])
  return compileRowExpression(ast, { ...scope, ...changes }, source)
}

function evaluate(text: string, changes: Partial<RowScope> = {}): Value {
  return compile(text, changes).evaluate({ field: (index) => record[index] ?? null })
}

function failure(text: string, changes: Partial<RowScope> = {}): string {
  try {
    compile(text, changes)
  } catch (error) {
    if (error instanceof ExpressionError) return `${error.code}: ${error.message}`
    throw error
  }
  return 'none'
}

describe('operators', () => {
  it.each<[string, Value]>([
    ['A + B * 2', 8],
    ['1+2&3', '33'],
    ['not 1=2', -1],
    ['1/0', null],
    ["'2' + 3", 5],
    ['Text + 1', null],
    ['Nothing + 1', null],
    ['Day + 1', 2],
    ['-A', -2],
    ['-0', 0],
    ['A & Nothing & B', '23'],
    ['Nothing & Nothing', null],
    ['Day & A', 'Mon2'],
    ["'1 ' < ' 2'", -1],
    ["'a' = 'A'", 0],
    ["'b' > 'a'", -1],
    ['Day = 1', -1],
    ['Nothing = Nothing', null],
    ['Nothing <> Nothing', null],
    ['A <> Nothing', -1],
    ['A = Nothing', 0],
    ['Nothing >= A', 0],
    ['not Nothing', -1],
    ['Nothing or A', -1],
    ['Text and A', 0],
    ['A xor B', 0],
    ["Text like 'A*'", -1],
    ["Text like '?b'", 0],
    ["'11' precedes '2'", -1],
    ["'11' follows '2'", 0],
    ['6 bitand 3', 2],
    ['6 bitor 3', 7],
    ['6 bitxor 3', 5],
    ['bitnot 0', -1],
    ['1 << 4', 16],
    ['-16 >> 2', -4],
    ['1 << 40', 0],
    ['1 << -1', null],
    ['Text bitand 1', null],
  ])('%s', (text, expected) => {
    expect(evaluate(text)).toEqual(expected)
  })
})

describe('functions', () => {
  it.each<[string, Value]>([
    ["If(A > 1, 'yes', 'no')", 'yes'],
    ["If(Nothing, 'yes')", null],
    ["Alt(Text, Day, 'z')", new Dual('Mon', 1)],
    ["Alt(Text, Nothing, 'z')", 'z'],
    ['Coalesce(Nothing, Text)', 'abc'],
    ["Pick(A, 'x', 'y')", 'y'],
    ["Pick(9, 'x', 'y')", null],
    ['Upper(Text)', 'ABC'],
    ['Peek(A)', 'A/-1/'],
    ["Peek('A', 0, T)", 'A/0/T'],
    ['Exists(A)', -1],
    ["Exists('A', B)", 0],
    ['ApplyMap(m, A)', 'm:2'],
    ['Previous(A + B)', 50],
    ['A - Previous(A)', -18],
    ['RecNo()', 7],
  ])('%s', (text, expected) => {
    expect(evaluate(text)).toEqual(expected)
  })

  it('evaluates only the branch that counts', () => {
    let calls = 0
    const replace: RowScope['replace'] = (call) =>
      call.name === 'Counted' ? () => (calls += 1) : undefined
    evaluate('If(1, 2, Counted())', { replace })
    evaluate('Pick(1, 2, Counted())', { replace })
    evaluate('Coalesce(1, Counted())', { replace })
    evaluate('Alt(1, Counted())', { replace })
    expect(calls).toBe(0)
    evaluate('If(0, 2, Counted())', { replace })
    expect(calls).toBe(1)
  })

  it('has no previous record on the first', () => {
    expect(evaluate('Previous(A)', { previousRow: () => null })).toBe(null)
  })

  it('asks for aggregations and variables', () => {
    expect(evaluate('Sum(A) + 1', { aggregateSlot: () => () => 41 })).toBe(42)
    expect(
      evaluate('x + A', { variable: ({ name }) => (name === 'x' ? () => 5 : undefined) }),
    ).toBe(7)
  })

  it('reports what a value depends on', () => {
    expect(compile('B + A + B')).toMatchObject({ fields: [1, 0], pure: true })
    expect(compile('RecNo() + A')).toMatchObject({ fields: [0], pure: false })
    expect(compile('Previous(A)').pure).toBe(false)
  })
})

describe('errors', () => {
  it.each([
    ['Txt & A', 'field-not-found: There is no field [Txt] here; did you mean [Text]?\ntest:1:1'],
    ['Upperr(Text)', 'expression-invalid: There is no function Upperr(); did you mean Upper()?'],
    ['Summ(A)', 'expression-invalid: There is no function Summ(); did you mean Sum()?'],
    ['Upper()', 'expression-invalid: Upper() takes 1 argument, but 0 were given: Upper('],
    ['Sum(A)', 'expression-invalid: Sum() aggregates records'],
    ['Upper(DISTINCT Text)', 'expression-invalid: Upper() takes no set'],
    ['Exists(X)', 'field-not-found: There is no field [X] here'],
    ['{1} A', 'expression-invalid: A set or a sort order'],
  ])('%s', (text, message) => {
    expect(failure(text)).toContain(message)
  })
})
