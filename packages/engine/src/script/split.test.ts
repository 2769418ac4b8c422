import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blocksOf } from './blocks.ts'
import { parseControl } from './parse-control.ts'
import { parseStatement } from './parse-statement.ts'
import { splitScript } from './split.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 300)

function cut(text: string): string[] {
  return splitScript(text).statements.map(
    (raw) => `${raw.keyword}|${raw.text.replace(/\s+/g, ' ')}`,
  )
}

describe('splitScript', () => {
  it('ends regular statements at semicolons, quotes and brackets aside', () => {
    expect(cut(`SET M='Jan;Feb'; LOAD [a;b], "c;d" FROM [x;y.csv] (delimiter is ';');`)).toEqual([
      `SET|SET M='Jan;Feb'`,
      `LOAD|LOAD [a;b], "c;d" FROM [x;y.csv] (delimiter is ';')`,
    ])
  })

  it('ends control statements with their line, IF with THEN', () => {
    expect(
      cut(
        'IF a=1 THEN; DROP TABLE x; END IF;\nfor i = 1 to 3\nlet b = 2;\nnext i\nc = 5\nCALL f(1)',
      ),
    ).toEqual([
      'IF|IF a=1 THEN',
      'DROP|DROP TABLE x',
      'END IF|END IF',
      'FOR|for i = 1 to 3',
      'LET|let b = 2',
      'NEXT|next i',
      '=|c = 5',
      'CALL|CALL f(1)',
    ])
  })

  it('blanks comments but not paths, quotes or INLINE data', () => {
    expect(
      cut(
        "REM a LOAD b; /* x; */ T: // note; here\nLOAD a, 'http://x' FROM lib://data/a.csv; LOAD * INLINE [\na // no 'comment'\n];",
      ),
    ).toEqual([
      "LOAD|T: LOAD a, 'http://x' FROM lib://data/a.csv",
      "LOAD|LOAD * INLINE [ a // no 'comment' ]",
    ])
  })

  it('keeps offsets', () => {
    const text = '/* é */ LOAD a /* b */ FROM c;'
    const [raw] = splitScript(text).statements
    expect(text.slice(raw?.start, raw?.end)).toBe('LOAD a /* b */ FROM c')
    expect(raw?.text).toBe('LOAD a         FROM c')
  })

  it('takes an include for a statement of its own', () => {
    expect(cut('$(Must_Include=lib://a/b.qvs)\nLOAD 1 as a AUTOGENERATE 1')).toEqual([
      '$|$(Must_Include=lib://a/b.qvs)',
      'LOAD|LOAD 1 as a AUTOGENERATE 1',
    ])
  })

  it('reports what is not closed', () => {
    const messages = (text: string) => splitScript(text).diagnostics.map((each) => each.message)
    expect(messages("LOAD 'a FROM b")).toEqual(["This ' is not closed"])
    expect(messages('LOAD * INLINE [a')).toEqual(['The data of INLINE is not closed: ] is missing'])
    expect(messages('LOAD 1; /* x')).toEqual(['This comment is not closed: */ is missing'])
  })
})

describe('blocksOf', () => {
  const structure = (text: string) =>
    blocksOf(splitScript(text).statements).diagnostics.map((each) => each.message)
  it('names what does not fit', () => {
    expect(structure('IF a THEN\nFOR i=1 to 2\nEND IF')).toEqual([
      'END IF does not close the FOR; NEXT is missing',
      'The FOR is not closed; NEXT is missing',
      'The IF is not closed; END IF is missing',
    ])
    expect(structure('ELSE\nNEXT')).toEqual(['ELSE stands outside an IF', 'NEXT closes nothing'])
  })
})

describe('any text', () => {
  const words = [
    'LOAD',
    'FROM',
    'INLINE',
    '[',
    ']',
    "'",
    '"',
    '`',
    '(',
    ')',
    '{',
    ',',
    ';',
    '\n',
    '*',
    'AS',
    'a',
    '1',
    '=',
    'IF',
    'THEN',
    'FOR',
    'EACH',
    'IN',
    'NEXT',
    'SET',
    'LET',
    'T:',
    '$(',
    '/*',
    '*/',
    '//',
    'WHERE',
    'GROUP',
    'BY',
    'JOIN',
    'RENAME',
    'FIELD',
    'TO',
    'SUB',
    'EXIT',
    'WHEN',
    'CROSSTABLE',
    'é',
  ]
  it('is split and parsed without throwing', () => {
    const scripts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.constantFrom(...words), { maxLength: 60 }).map((list) => list.join(' ')),
    )
    fc.assert(
      fc.property(scripts, (text) => {
        const { statements } = splitScript(text)
        blocksOf(statements)
        for (const raw of statements) {
          expect(raw.text.length).toBe(raw.end - raw.start)
          parseStatement(raw.text)
          parseControl(raw.text)
        }
      }),
      { seed, numRuns },
    )
  })

  it('is split in bounded time', () => {
    for (const piece of ['[', "'", '/*', 'IF (', 'a:', '$(', '"a', 'LOAD [']) {
      const start = performance.now()
      const { statements } = splitScript(piece.repeat(40_000))
      for (const raw of statements.slice(0, 100)) parseStatement(raw.text)
      expect(performance.now() - start).toBeLessThan(2000)
    }
  })
})
