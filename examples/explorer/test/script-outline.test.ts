import { Text } from '@codemirror/state'
import { marksOf, outlineOf } from '@lichen/sdk/codemirror'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkScript } from '../../../packages/engine/src/script/check.ts'
import { splitScript } from '../../../packages/engine/src/script/split.ts'

/** What decides where statements end, closed in itself: texts that hold the signs of others, on one line and on several. */
const pieces = [
  ';',
  '\n',
  ' ',
  '\t',
  'LOAD a, b',
  'Table:',
  ' [My Table] :',
  ' "It""s":',
  "'it''s; // no'",
  "'over\nlines;'",
  '"a;b"',
  '"a\n;b"',
  '[a;b]',
  '[a]]\n;b]',
  '`x;y`',
  '// rest; \'of " line\n',
  "/* a; \n ' b */",
  '/**/',
  'lib://data/x.csv',
  '[lib://data/x;y.csv]',
  'INLINE [\na;b, \' " //\n1\n]',
  'inline\n "a;""b\n1"',
  'MyINLINE [x]',
  'x.inline [x]',
  'INLINE /* c */ [a;]',
  'SET v = ',
  'LET v = 1',
  'v = 2',
  'SET',
  'REM it is; ',
  "REM it's\n anything;",
  "TRACE don't // $(v) ;",
  'TRACE a\n b;',
  'IF a = 1 THEN',
  "IF a = ' THEN",
  'IF "then" = 1 then',
  'IF x /* \n */',
  'ELSEIF b THEN',
  'ELSE',
  'END IF',
  'ENDIF',
  'end',
  'FOR i = 1 TO 3',
  'FOR EACH f IN \'a;b\', "c"',
  'NEXT i',
  'SUB s (a, b)',
  'EndSub',
  'CALL s(1, 2)',
  'DO WHILE x',
  'LOOP',
  'SWITCH x',
  "CASE 'a', 'b'",
  'DEFAULT',
  'END SWITCH',
  'EXIT SCRIPT WHEN x',
  '$(v)',
  '$(Include=[x;y].txt)',
  '$(must_include=lib://d/(a).qvs);',
  "$(=f('a', (b)))",
  "'$(v) ; $(x'",
  '(',
  ')',
  '/',
  '*',
  'a::b',
  '5INLINE',
  'é_1',
]

/** What END ends is not told behind a label, where it is no control clause. */
const withoutEnded = (keyword: string): string => keyword.replace(/^END.*/, 'END')

test('a script is cut into the statements of the engine, unless a quote stays open', () => {
  let compared = 0
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...pieces), fc.constantFrom('', ' ', '\n', ';')), {
        maxLength: 25,
        size: 'max',
      }),
      (parts) => {
        const script = parts.flat().join('')
        const { statements, openAtEnd } = outlineOf(Text.of(script.split('\n')))
        if (openAtEnd) return
        compared += 1
        expect(
          statements.map(({ from, to, keyword }) => [from, to, withoutEnded(keyword)]),
          script,
        ).toEqual(
          splitScript(script).statements.map(({ start, end, keyword }) => [
            start,
            end,
            withoutEnded(keyword),
          ]),
        )
      },
    ),
    { numRuns: 4000 },
  )
  expect(compared).toBeGreaterThan(2000)
})

test('all mistakes that the engine sees are marked at once', () => {
  const text = 'LOAD a +;\nDROP TBLE b;\nIF a THEN\nTRACE ok;\nLOAD * INLINE [a'
  const doc = Text.of(text.split('\n'))
  const marks = marksOf(doc, checkScript({ name: 'script', text }))
  expect([...new Set(marks.map(({ from }) => doc.lineAt(from).number))]).toEqual([1, 2, 3, 5])
  for (const { from, to, message } of marks) {
    expect(to).toBeGreaterThan(from)
    expect(message).not.toBe('')
  }
})
