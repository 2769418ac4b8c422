import { CompletionContext } from '@codemirror/autocomplete'
import { EditorState } from '@codemirror/state'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { completionSource } from './completion.ts'
import { loadScript } from './language.ts'
import { type PlaceKind, placeAt } from './place.ts'

/** The cursor stands at `|`. */
function cut(marked: string): { state: EditorState; pos: number } {
  const pos = marked.indexOf('|')
  const doc = marked.slice(0, pos) + marked.slice(pos + 1)
  return { state: EditorState.create({ doc, extensions: [loadScript()] }), pos }
}

const source = completionSource({
  functions: [{ name: 'Left', signature: 'Left(text, n)', meaning: 'first n characters' }],
  tables: ['Old Table'],
  fields: async () => ['Order Date'],
  variables: ['vHost'],
  connections: ['lib://data/'],
})

async function offered(marked: string, explicit = true): Promise<readonly string[]> {
  const { state, pos } = cut(marked)
  const result = await source(new CompletionContext(state, pos, explicit))
  return result?.options.map(({ label }) => label) ?? []
}

test.each<[marked: string, kind: PlaceKind, word: string]>([
  ['|', 'statement', ''],
  ['LO|', 'statement', 'LO'],
  ['LOAD 1;\nIF a THEN\n  TR|', 'statement', 'TR'],
  ['LO|\n\nT:\nLOAD 1;', 'statement', 'LO'],
  ['T:\nLEFT |', 'load', ''],
  ['T:\nLEFT jo|', 'load', 'jo'],
  ['LOAD Le| FROM x;', 'expression', 'Le'],
  ['LOAD a,\n  |', 'expression', ''],
  ['LOAD a WHERE |', 'expression', ''],
  ['LOAD [Or|', 'field', '[Or'],
  ['LOAD 1 AS x|', 'field', 'x'],
  ['LOAD a RESIDENT T|', 'table', 'T'],
  ['LOAD a RESIDENT [My T|', 'table', '[My T'],
  ['JOIN (|', 'table', ''],
  ['DROP TABLES a, |', 'table', ''],
  ['DROP TA|', 'clause', 'TA'],
  ['LOAD a FROM |', 'path', ''],
  ['LOAD a FROM [lib|]', 'path', '[lib'],
  ['LOAD a FROM [x] (q|', 'format', 'q'],
  ['LET a = v|', 'control', 'v'],
  ['IF v|', 'control', 'v'],
  ['CALL s|', 'sub', 's'],
  ['SET |', 'variable', ''],
  ["LOAD 'a $(v|", 'variable', 'v'],
  ['TRACE $(|', 'variable', ''],
  ['LOAD $(|', 'variable', ''],
  ['LOAD $(v|)', 'variable', 'v'],
  ["LOAD 'a|'", 'none', "'a"],
  ['// a|', 'none', '// a'],
  ['/* a|', 'none', '/* a'],
  ['LOAD * INLINE [\na|', 'none', 'a'],
  ['REM a|', 'none', 'a'],
  ['SQL SELECT a FR|', 'sql', 'FR'],
])('%s', (marked, kind, word) => {
  const { state, pos } = cut(marked)
  const place = placeAt(state, pos)
  expect([place.kind, state.sliceDoc(place.from, pos)]).toEqual([kind, word])
})

test('functions stand in expressions with their parameters', async () => {
  const { state, pos } = cut('LOAD Le|')
  const result = await source(new CompletionContext(state, pos, false))
  expect(result?.options.find(({ label }) => label === 'Left')).toMatchObject({
    detail: '(text, n)',
    info: 'first n characters',
  })
  expect(await offered('Le|')).not.toContain('Left')
})

test('names of the script and of the caller are offered, written as the script needs them', async () => {
  const script = `SET vPath = x;
[My Table]:
LOAD * INLINE [
Region, Amount Due
];
SUB Show(name)
END SUB
`
  expect(await offered(`${script}LOAD |`)).toEqual(
    expect.arrayContaining(['Region', '[Amount Due]', '[Order Date]', 'WHERE', 'GROUP BY']),
  )
  expect(await offered(`${script}LOAD a RESIDENT |`)).toEqual(['[My Table]', '[Old Table]'])
  expect(await offered(`${script}LOAD '$(|`, false)).toEqual(
    expect.arrayContaining(['vPath', 'vHost']),
  )
  expect(await offered(`${script}CALL |`)).toEqual(['Show'])
  expect(await offered('LOAD x FROM |')).toEqual(['lib://data/'])
})

test('the word under way is no name of its own, and nothing is offered where nothing was typed', async () => {
  expect(await offered('LOAD Reg|')).not.toContain('Reg')
  expect(await offered('LOAD Reg, Reg|')).toContain('Reg')
  expect(await offered('LOAD |', false)).toEqual([])
})

test('a place is found at every offset of any script', () => {
  const piece = fc.constantFrom(
    "'",
    '"',
    '[',
    ']',
    '$(',
    ')',
    ';',
    '\n',
    ' ',
    'LOAD',
    'T:',
    'SET a=',
    'x',
    '//',
    '/*',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (parts) => {
      const state = EditorState.create({ doc: parts.join('') })
      for (let pos = 0; pos <= state.doc.length; pos++) {
        const { from } = placeAt(state, pos)
        expect(from).toBeGreaterThanOrEqual(0)
        expect(from).toBeLessThanOrEqual(pos)
      }
    }),
  )
})
