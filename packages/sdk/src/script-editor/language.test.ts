import { ensureSyntaxTree, foldable, getIndentation, indentUnit } from '@codemirror/language'
import { EditorState } from '@codemirror/state'
import { classHighlighter, highlightTree } from '@lezer/highlight'
import { expect, test } from 'vitest'
import { loadScript, scriptLanguage } from './language.ts'

const editor = (doc: string): EditorState =>
  EditorState.create({ doc, extensions: [loadScript(), indentUnit.of('  ')] })

/** The script as the editor would indent it, given without any indentation but inside quotes and data. */
function indented(script: string): string {
  const lines: string[] = []
  for (const text of script.split('\n')) {
    const before = lines.map((line) => `${line}\n`).join('')
    const columns = getIndentation(editor(before + text), before.length)
    lines.push(text === '' || columns === null ? text : ' '.repeat(columns) + text.trimStart())
  }
  return lines.join('\n')
}

const unindented = (script: string): string => script.replaceAll(/^ +/gm, '')

test('blocks and fields of LOAD are indented, clauses stand where LOAD does', () => {
  const script = `SUB Show(name)
  IF a = 1 THEN
    FOR i = 1 TO 3
      TRACE $(i);
    NEXT i
  ELSEIF b THEN
    x = 1
  ELSE
    DO WHILE x < 3
      x = x + 1
    LOOP
  END IF
  SWITCH x
    CASE 1
      CALL a
    CASE 2, 3
      CALL b
    DEFAULT
      CALL c
  END SWITCH
END SUB

Sales:
LEFT JOIN (T)
LOAD
  Region,
  If(Amount > 1,
    'a',
    Left(
      b
    )
  ) AS Size
FROM [lib://data/sales.csv] (txt)
WHERE Amount > 1
GROUP BY Region;
DROP TABLE T;`
  expect(indented(unindented(script))).toBe(script)
})

test('data, quotes and comments keep their columns', () => {
  const script = 'LOAD * INLINE [\n a\n   1\n];\nSET a = "\n  b";\n/*\n   c\n*/\nLOAD 1;'
  expect(indented(script)).toBe(script)
})

/** First and last line of what folds at each line. */
function folds(script: string): Record<number, number> {
  const state = editor(script)
  const found: Record<number, number> = {}
  for (let number = 1; number <= state.doc.lines; number++) {
    const { from, to } = state.doc.line(number)
    const fold = foldable(state, from, to)
    if (fold !== null) found[number] = state.doc.lineAt(fold.to).number
  }
  return found
}

test('sections, blocks with their branches, statements, data and comments fold', () => {
  const script = `///$tab First
T:
LOAD * INLINE [
a
];

///$tab Second
IF a THEN
  x = 1
  y = 2
ELSE
  z = 3
END IF
/* over
lines */
SUB s
  SWITCH x
  CASE 1
    LOAD 1;
  END SWITCH
END SUB`
  expect(folds(script)).toEqual({
    1: 5,
    2: 5,
    3: 5,
    7: 21,
    8: 10,
    11: 12,
    14: 15,
    16: 20,
    17: 19,
    18: 19,
  })
})

test('signs inside data and comments begin no fold', () => {
  expect(folds('LOAD * INLINE [\n///$tab No\nSUB a\n];')).toEqual({ 1: 4 })
  expect(folds('/*\n///$tab No\n*/')).toEqual({ 1: 3 })
})

test('every style is a tag that themes know', () => {
  const script = "T:\nLOAD a, Sum(b) AS c, 'x', 1 INLINE [\na\n];\nSET v = 'x'; // y\nIF v THEN"
  const state = editor(script)
  const tree = ensureSyntaxTree(state, state.doc.length, 10_000)
  const classes = new Set<string>()
  if (tree)
    highlightTree(tree, classHighlighter, (_from, _to, names) => {
      for (const name of names.split(' ')) classes.add(name)
    })
  for (const name of ['labelName', 'keyword', 'variableName', 'string', 'number', 'comment'])
    expect(classes).toContain(`tok-${name}`)
})

test('comments are toggled and brackets closed as in scripts', () => {
  expect(editor('').languageDataAt('commentTokens', 0)).toEqual([
    { line: '//', block: { open: '/*', close: '*/' } },
  ])
  expect(scriptLanguage.name).toBe('load script')
})
