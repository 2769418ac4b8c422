import { describe, expect, it } from 'vitest'
import { parseStatement } from './parse-statement.ts'
import type { Statement } from './statement.ts'

function parsed(text: string): Statement | undefined {
  const { statement, diagnostics } = parseStatement(text)
  expect(diagnostics.map((each) => each.message)).toEqual([])
  return statement
}

function load(text: string): Extract<Statement, { kind: 'load' }> {
  const statement = parsed(text)
  if (statement?.kind !== 'load') throw new Error('not a LOAD')
  return statement
}

function problem(text: string): string {
  const [first] = parseStatement(text).diagnostics
  return `${first?.message} @ ${text.slice(first?.span.start, first?.span.end)}`
}

describe('LOAD', () => {
  it('reads fields, source and clauses', () => {
    const statement = load(
      `[My T]: Left Join (X) LOAD DISTINCT *, Sum(a, b) AS "c d", [e f] FROM [lib://x/y.csv] (txt, utf8, delimiter is '\\t', embedded labels, header is 2 lines) WHERE a='from' and b>1 GROUP BY [e f], g`,
    )
    expect(statement.label?.text).toBe('My T')
    expect(statement.prefixes).toMatchObject([{ kind: 'join', side: 'left', table: { text: 'X' } }])
    expect(statement.distinct).toBe(true)
    expect(statement.fields).toMatchObject([
      { kind: 'all' },
      { expression: { text: 'Sum(a, b)' }, alias: { text: 'c d' } },
      { expression: { text: '[e f]' }, alias: undefined },
    ])
    expect(statement.source).toMatchObject({
      kind: 'from',
      path: { text: 'lib://x/y.csv' },
      clause: { format: 'txt' },
    })
    const options = statement.source.kind === 'from' ? [...statement.source.clause.options] : []
    expect(options).toEqual([
      ['utf8', true],
      ['delimiter', '\t'],
      ['embedded labels', true],
      ['header', '2 lines'],
    ])
    expect(statement.where?.text).toBe("a='from' and b>1")
    expect(statement.groupBy.map((each) => each.text)).toEqual(['[e f]', 'g'])
  })

  it('reads the other sources', () => {
    expect(load('LOAD a RESIDENT "T 1" ORDER BY a desc, b').orderBy).toMatchObject([
      { field: { text: 'a' }, descending: true },
      { field: { text: 'b' }, descending: false },
    ])
    expect(load('LOAD 1 as a AutoGenerate(3) WHILE IterNo()<3')).toMatchObject({
      source: { kind: 'autogenerate', rows: { text: '(3)' } },
      while: { text: 'IterNo()<3' },
    })
    expect(load("LOAD * INLINE [\na,b\n1,2\n] (delimiter is ';') WHERE a=1")).toMatchObject({
      source: { kind: 'inline', data: { text: '\na,b\n1,2\n' } },
      where: { text: 'a=1' },
    })
    expect(load('LOAD *').source.kind).toBe('preceding')
    expect(load('CrossTable (M, S, 2) LOAD * FROM x.csv').prefixes).toMatchObject([
      { kind: 'crosstable', qualifiers: 2 },
    ])
    expect(
      load('Inner Join IntervalMatch ( Time, k ) LOAD s, e RESIDENT O').prefixes,
    ).toMatchObject([
      { kind: 'join', side: 'inner' },
      { kind: 'intervalmatch', keys: [{ text: 'k' }] },
    ])
    expect(load('First (1) LOAD a FROM x').prefixes).toMatchObject([
      { kind: 'first', amount: { text: '(1)' } },
    ])
  })

  it('says what is missing', () => {
    expect(problem('LOAD a, FROM x')).toBe('Expected a field, found "FROM" @ FROM')
    expect(problem('LOAD (a FROM x')).toBe('A bracket in a field is not closed @ (a FROM x')
    expect(problem('Left LOAD a')).toBe('Expected JOIN or KEEP after LEFT @ LOAD')
    expect(problem('LOAD a RESIDENT x y')).toBe('Unexpected "y" after LOAD @ y')
  })
})

describe('other statements', () => {
  it('are read', () => {
    expect(parsed(`SET a='x'`)).toMatchObject({ kind: 'set', name: 'a', text: 'x' })
    expect(parsed(`SET a='x'&'y'`)).toMatchObject({ text: `'x'&'y'` })
    expect(parsed('Set vConcatenate = ')).toMatchObject({ text: '' })
    expect(parsed('LET b = 1 + 2')).toMatchObject({ kind: 'let', value: { text: '1 + 2' } })
    expect(parsed('b = 3')).toMatchObject({ kind: 'let', name: 'b' })
    expect(parsed('DROP FIELDS a, [b c] FROM T, U')).toMatchObject({
      kind: 'drop-fields',
      fields: [{ text: 'a' }, { text: 'b c' }],
      tables: [{ text: 'T' }, { text: 'U' }],
    })
    expect(parsed('RENAME FIELD a TO b, c TO d')).toMatchObject({
      kind: 'rename',
      pairs: [{ from: { text: 'a' } }, { to: { text: 'd' } }],
    })
    expect(parsed('QUALIFY *, "A*"')).toMatchObject({
      kind: 'qualify',
      fields: [{ text: '*' }, { text: 'A*' }],
    })
    expect(parsed('EXIT SCRIPT WHEN a=1')).toMatchObject({
      kind: 'exit',
      what: 'script',
      guard: { wanted: true },
    })
    expect(parsed('UNLESS a=1 DROP TABLE x')).toMatchObject({
      kind: 'guarded',
      guard: { wanted: false, condition: { text: 'a=1' } },
    })
    expect(parsed("CALL f('a', 2)")).toMatchObject({
      kind: 'call',
      arguments: [{ text: "'a'" }, { text: '2' }],
    })
    expect(parsed('STORE T INTO t.qvd')).toMatchObject({
      kind: 'store',
      table: { text: 'T' },
      fields: undefined,
      path: { text: 't.qvd' },
    })
    expect(
      parsed("STORE a, [b c] AS d FROM [T 1] INTO 'x y.txt' (txt, delimiter is '|')"),
    ).toMatchObject({
      kind: 'store',
      table: { text: 'T 1' },
      fields: [
        { field: { text: 'a' }, alias: { text: 'a' } },
        { field: { text: 'b c' }, alias: { text: 'd' } },
      ],
      path: { text: 'x y.txt' },
      clause: { format: 'txt' },
    })
    expect(parsed('STORE * FROM T INTO t')).toMatchObject({ kind: 'store', fields: undefined })
    expect(problem('STORE a b INTO t')).toBe(
      'Expected INTO after the table of STORE, found "b" @ b',
    )
    expect(parsed('BINARY [lib://a/b c.lichen]')).toMatchObject({
      kind: 'binary',
      path: { text: 'lib://a/b c.lichen' },
    })
    expect(parsed('Binary')).toMatchObject({ kind: 'binary', path: undefined })
    expect(parsed('SEMANTIC LOAD a')).toMatchObject({ kind: 'unsupported', statement: 'SEMANTIC' })
    expect(parsed('REPLACE ONLY MAP a, b* USING m')).toMatchObject({
      kind: 'map',
      prefix: { kind: 'replace', only: true },
      using: { text: 'm' },
    })
    expect(parsed('MAP a USING m')).toMatchObject({ kind: 'map', prefix: undefined })
    expect(problem('FROBNICATE x')).toBe('Unknown statement "FROBNICATE" @ FROBNICATE')
    expect(problem('DROP a')).toBe('Expected FIELDS or TABLE after DROP, found "a" @ a')
  })
})
