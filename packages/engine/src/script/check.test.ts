import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { positionOf } from '../base/errors.ts'
import { checkScript } from './check.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 200)

function problems(text: string): string[] {
  return checkScript({ name: 'script', text }).map(({ message, span }) => {
    const { line, column } = positionOf(text, span.start)
    return `${line}:${column} ${message}`
  })
}

describe('checkScript', () => {
  it('finds nothing in a correct script', () => {
    expect(
      problems(
        "SET a = 'x;y';\nT: LOAD a & ';' AS b, Sum(c) FROM [x;y.csv] (txt) GROUP BY a;\nIF 1 THEN\nSTART = 2\nEND IF\n$(broken LOAD",
      ),
    ).toEqual([])
  })

  it('finds all mistakes at once', () => {
    expect(
      problems('LOAD a + AS b FROM x;\nFROB y;\nNEXT\nBINARY u;\nIF a\nSECTION ACCESS;'),
    ).toEqual([
      '1:9 Expected a value, a field or a function, but found the end',
      '2:1 Unknown statement "FROB"',
      '3:1 NEXT closes nothing',
      '4:1 BINARY is not built yet',
      '5:1 The IF is not closed; END IF is missing',
      '5:4 Expected THEN on the line of the condition, found the end of the statement',
      '6:1 This build cannot apply SECTION ACCESS; the script will not load',
    ])
  })

  it('never throws', () => {
    const words = [
      'LOAD ',
      'a',
      '+',
      '(',
      ')',
      '[',
      ']',
      "'",
      '"',
      ',',
      ';',
      '\n',
      ' AS ',
      ' FROM ',
      ' INLINE ',
      '{',
      '}',
      '<',
      'Sum(',
      ' LET ',
      '=',
      '$(',
      ' IF ',
      ' THEN ',
      ' WHERE ',
    ]
    const scripts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.constantFrom(...words), { maxLength: 80 }).map((list) => list.join('')),
    )
    fc.assert(
      fc.property(scripts, (text) => {
        for (const { span } of checkScript({ name: 'script', text }))
          expect(span.start).toBeLessThanOrEqual(text.length)
      }),
      { seed, numRuns },
    )
  })
})
