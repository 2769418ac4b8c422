import fc from 'fast-check'
import { expect, test } from 'vitest'
import { startState } from './state.ts'
import { readToken, startLine } from './tokens.ts'

/** The tokens of a script that have a style, as `text:style`. */
function styled(script: string): string[] {
  return tokens(script).flatMap(({ text, style }) => (style === null ? [] : [`${text}:${style}`]))
}

function tokens(script: string): { text: string; style: string | null }[] {
  const state = startState()
  return script.split('\n').flatMap((string) => {
    const found: { text: string; style: string | null }[] = []
    const line = { string, pos: 0 }
    startLine(state)
    let empty = 0
    while (line.pos < string.length) {
      const at = line.pos
      const style = readToken(line, state)
      empty = line.pos === at ? empty + 1 : 0
      if (empty > 1 || line.pos < at || line.pos > string.length)
        throw new Error(`no way on at ${at} of ${string}`)
      if (line.pos > at) found.push({ text: string.slice(at, line.pos), style })
    }
    return found
  })
}

test.each<[script: string, expected: readonly string[]]>([
  [
    "SET a = 'x' & 1;",
    [
      'SET:keyword',
      'a:variableName.definition',
      '=:operator',
      "'x':string",
      '&:string',
      '1:number',
      ';:separator',
    ],
  ],
  [
    'LET a = Year(b) - 1;',
    [
      'LET:keyword',
      'a:variableName.definition',
      '=:operator',
      'Year:variableName.function',
      '(:paren',
      'b:variableName',
      '):paren',
      '-:operator',
      '1:number',
      ';:separator',
    ],
  ],
  [
    'T:\nLEFT JOIN ([My T]) LOAD a AS [b c], Left(d, 1) RESIDENT U',
    [
      'T::labelName',
      'LEFT:modifier',
      'JOIN:modifier',
      '(:paren',
      '[My T]:typeName',
      '):paren',
      'LOAD:keyword',
      'a:propertyName',
      'AS:keyword',
      '[b c]:propertyName.definition',
      ',:punctuation',
      'Left:variableName.function',
      '(:paren',
      'd:propertyName',
      ',:punctuation',
      '1:number',
      '):paren',
      'RESIDENT:keyword',
      'U:typeName',
    ],
  ],
  [
    "LOAD * FROM [lib://d/$(f).csv] (txt, delimiter is ';') WHERE not x like 'a*';",
    [
      'LOAD:keyword',
      '*:operator',
      'FROM:keyword',
      '[lib://d/:string.special',
      '$(f):macroName',
      '.csv]:string.special',
      '(:paren',
      'txt:attributeName',
      ',:punctuation',
      'delimiter:attributeName',
      'is:attributeName',
      "';':string",
      '):paren',
      'WHERE:keyword',
      'not:operatorKeyword',
      'x:propertyName',
      'like:operatorKeyword',
      "'a*':string",
      ';:separator',
    ],
  ],
  [
    'LOAD * INLINE [\nLOAD, // x\n] ;',
    [
      'LOAD:keyword',
      '*:operator',
      'INLINE:keyword',
      '[:bracket',
      'LOAD, // x:content',
      ']:bracket',
      ';:separator',
    ],
  ],
  [
    'SUB s(p)\nIF p = 1 THEN\nCALL s(2)\nEND IF\nEndSub',
    [
      'SUB:controlKeyword',
      's:variableName.function.definition',
      '(:paren',
      'p:variableName.definition',
      '):paren',
      'IF:controlKeyword',
      'p:variableName',
      '=:operator',
      '1:number',
      'THEN:controlKeyword',
      'CALL:controlKeyword',
      's:variableName.function',
      '(:paren',
      '2:number',
      '):paren',
      'END:controlKeyword',
      'IF:controlKeyword',
      'EndSub:controlKeyword',
    ],
  ],
  [
    "FOR EACH f IN 'a', $(=g('x'))\nNEXT f",
    [
      'FOR:controlKeyword',
      'EACH:controlKeyword',
      'f:variableName.definition',
      'IN:controlKeyword',
      "'a':string",
      ',:punctuation',
      '$(:macroName',
      '=:operator',
      'g:variableName.function',
      '(:paren',
      "'x':string",
      '):paren',
      '):macroName',
      'NEXT:controlKeyword',
      'f:variableName.definition',
    ],
  ],
  [
    "REM it's\nnothing; TRACE don't $(v);",
    [
      'REM:comment',
      "it's:comment",
      'nothing:comment',
      ';:comment',
      'TRACE:keyword',
      "don't :string",
      '$(v):macroName',
      ';:separator',
    ],
  ],
  [
    'SQL SELECT "a", count(*) FROM t WHERE b = \'c\';',
    [
      'SQL:keyword',
      'SELECT:keyword',
      '"a":propertyName',
      ',:punctuation',
      'count:name',
      '(:paren',
      '*:operator',
      '):paren',
      'FROM:keyword',
      't:name',
      'WHERE:keyword',
      'b:name',
      '=:operator',
      "'c':string",
      ';:separator',
    ],
  ],
  [
    '///$tab Main\n/* a\nb */ DROP FIELDS a, "b" FROM t;',
    [
      '///$tab Main:heading',
      '/* a:comment',
      'b */:comment',
      'DROP:keyword',
      'FIELDS:keyword',
      'a:propertyName',
      ',:punctuation',
      '"b":propertyName',
      'FROM:keyword',
      't:typeName',
      ';:separator',
    ],
  ],
  [
    'LOAD Group, Order, First FROM a.csv',
    [
      'LOAD:keyword',
      'Group:propertyName',
      ',:punctuation',
      'Order:propertyName',
      ',:punctuation',
      'First:propertyName',
      'FROM:keyword',
      'a.csv:string.special',
    ],
  ],
  [
    '$(Include=[lib://a/(b).qvs])\nx = 2',
    [
      '$:macroName',
      '(Include=[lib://a/(b).qvs]):macroName',
      'x:variableName.definition',
      '=:operator',
      '2:number',
    ],
  ],
])('%s', (script, expected) => {
  expect(styled(script)).toEqual(expected)
})

const hard = fc.constantFrom(
  ...[
    "'",
    '"',
    '[',
    ']',
    '`',
    '$(',
    '(',
    ')',
    '{',
    '}',
    ';',
    ':',
    '=',
    '//',
    '/*',
    '*/',
    '\n',
    '\r',
    ' ',
    '\u00a0',
    '\ufeff',
  ],
  ...[
    'LOAD',
    'INLINE',
    'SET',
    'LET',
    'REM',
    'TRACE',
    'IF',
    'THEN',
    'ELSE',
    'END',
    'SUB',
    'FROM',
    'STORE',
    'SQL',
    'AS',
    'lib:',
    '$',
    '$(include=',
    '///$tab',
    '1e5',
    '.',
    '-',
    ',',
    'é',
    '😀',
    '\ud800',
  ],
)

test('reading any text comes to its end and covers it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof({ weight: 4, arbitrary: hard }, fc.string({ unit: 'binary' })), {
        maxLength: 60,
        size: 'max',
      }),
      (parts) => {
        const script = parts.join('')
        expect(
          tokens(script)
            .map(({ text }) => text)
            .join(''),
        ).toBe(script.replaceAll('\n', ''))
      },
    ),
    { numRuns: 2000 },
  )
})

test('long lines of one sign are read in time', () => {
  for (const sign of ["'", '[', '$(', '(', 'a ', '/', '/*', '"$(', ';', 'a:', 'IF ', '=']) {
    const script = sign.repeat(20_000)
    const began = performance.now()
    for (const head of ['', 'LOAD ', "SET a='", 'IF '])
      expect(tokens(head + script).length).toBeGreaterThan(0)
    expect(performance.now() - began, sign).toBeLessThan(5_000)
  }
})
