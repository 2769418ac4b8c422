import { describe, expect, it } from 'vitest'
import { parseStatement } from './parse-statement.ts'
import type { Statement } from './statement.ts'

function parsed(text: string): Statement {
  const { statement, diagnostics } = parseStatement(text)
  expect(diagnostics).toEqual([])
  if (statement === undefined) throw new Error('no statement')
  return statement
}

const message = (text: string): string | undefined => parseStatement(text).diagnostics[0]?.message

describe('statements on fields', () => {
  it('are parsed', () => {
    expect(parsed('AutoNumber a, "b*" USING ns')).toMatchObject({
      kind: 'autonumber',
      fields: [{ text: 'a' }, { text: 'b*', quoted: true }],
      namespace: { text: 'ns' },
    })
    expect(parsed('STAR IS')).toMatchObject({ kind: 'star', symbol: undefined })
    expect(parsed("Star is 'a b'")).toMatchObject({ symbol: 'a b' })
    expect(parsed('Search Exclude [*ID]')).toMatchObject({
      kind: 'search',
      included: false,
      fields: [{ text: '*ID' }],
    })
    expect(parsed("DERIVE FIELDS FROM EXPLICIT TAGS ('$date','x') USING C")).toMatchObject({
      from: 'tags',
      tags: ['$date', 'x'],
      using: { text: 'C' },
    })
    expect(parsed('DERIVE FIELD FROM IMPLICIT TAG USING C')).toMatchObject({ from: 'definition' })
    expect(parsed('WHEN a = 1 SLEEP 5')).toMatchObject({
      kind: 'guarded',
      statement: { kind: 'sleep' },
    })
    expect(parsed('DIRECTORY [lib://a b/]')).toMatchObject({ path: 'lib://a b/' })
    expect(parsed('Star = 3')).toMatchObject({ kind: 'let', name: 'Star' })
    expect(parsed('Info = 3')).toMatchObject({ kind: 'let', name: 'Info' })
  })

  it('take a field definition apart', () => {
    expect(
      parsed(
        "C: DECLARE FIELD DEFINITION TAGGED ('$date', 'd') PARAMETERS p = 1 + 1, q = 'x' FIELDS Year($1, p) AS Y TAGGED '$year', $1 AS [Own Name]",
      ),
    ).toMatchObject({
      kind: 'declare',
      name: { text: 'C' },
      tags: ['$date', 'd'],
      parameters: [{ name: { text: 'p' }, value: { text: '1 + 1' } }, { name: { text: 'q' } }],
      fields: [
        { expression: { text: 'Year($1, p)' }, name: { text: 'Y' }, tags: ['$year'] },
        { expression: { text: '$1' }, name: { text: 'Own Name' }, tags: [] },
      ],
    })
    expect(parsed('D: DECLARE DEFINITION USING C WITH p = 4')).toMatchObject({
      using: { text: 'C' },
      parameters: [{ name: { text: 'p' }, value: { text: '4' } }],
    })
  })

  it('say what is missing', () => {
    expect(message('DECLARE FIELD DEFINITION FIELDS $1 AS a')).toBe(
      'A field definition has its name before DECLARE: Name: DECLARE …',
    )
    expect(message('C: DECLARE FIELD DEFINITION FIELDS $1')).toBe(
      'Expected AS and a name after the expression, found the end of the statement',
    )
    expect(message('SEARCH a')).toBe('Expected EXCLUDE or INCLUDE after SEARCH, found "a"')
    expect(message('EXECUTE')).toBe('Expected a command after EXECUTE')
    expect(message('x: STAR IS *')).toBe('Expected LOAD after the label, found "STAR"')
  })
})
