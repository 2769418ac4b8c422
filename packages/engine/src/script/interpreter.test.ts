import { describe, expect, it } from 'vitest'
import { LichenError } from '../base/errors.ts'
import type { TableReader } from './reader.ts'
import { expectError, expectTables, run } from './run-for-tests.ts'

describe('variables and control flow', () => {
  it('SET keeps text, LET evaluates', async () => {
    const { variables } = await run(`
      SET a = 'x;y'; SET b = 1+2; LET c = 1+2; LET d = c * 2; e = 'f' & d
      SET g = ; LET h = '$(b)'; SET MUL = '$1*$2'; LET m = $(MUL(3,7)); SET n = $(MUL(10));
    `)
    expect(Object.fromEntries(variables)).toEqual({
      ScriptErrorCount: '0',
      a: 'x;y',
      b: '1+2',
      c: '3',
      d: '6',
      e: 'f6',
      h: '1+2',
      MUL: '$1*$2',
      m: '21',
      n: '10*$2',
    })
  })

  it('runs loops, branches and subroutines', async () => {
    const { log } = await run(`
      SUB add(x, out)
        LET out = out + x;
        EXIT SUB WHEN x = 2
        TRACE $(x) -> $(out);
      END SUB
      LET total = 0;
      FOR i = 1 TO 9 STEP 2
        EXIT FOR WHEN i = 7
        CALL add(i, total)
      NEXT i
      CALL add(2, total)
      FOR EACH w IN 'a', 1 + 1
        IF w = 'a' THEN
          TRACE first;
        ELSEIF w = 2 THEN
          TRACE second;
        ELSE
          TRACE never;
        END IF
      NEXT
      DO WHILE total < 13
        LET total = total + 1;
      LOOP
      SWITCH total
        CASE 1, 13
          TRACE thirteen;
        DEFAULT
          TRACE other;
      END SWITCH
      EXIT SCRIPT;
      TRACE never;
    `)
    expect(log).toEqual(['1 -> 1', '3 -> 4', '5 -> 9', 'first', 'second', 'thirteen'])
  })

  it('ends endless loops', async () => {
    const error = await expectError(
      'DO\nLOOP',
      `
      More than 100 statements were carried out; look for an endless loop
      script:1:1
      1 | DO
          ^^
    `,
      { limits: { maxStatements: 100 } },
    )
    expect(error.code).toBe('budget-exceeded')
  })
})

describe('files', () => {
  const reader: TableReader = {
    resolve: async (path) => (path.includes('*') ? ['lib://d/a.csv', 'lib://d/b.csv'] : [path]),
    async open(path) {
      if (path.endsWith('none.csv')) throw new LichenError('source-not-found', `No file "${path}"`)
      return {
        fields: ['f', 'g'],
        rows: 2,
        async *batches(fields) {
          const columns = [
            { kind: 'values' as const, values: [path.slice(8, 9), 'x'] },
            { kind: 'numbers' as const, values: Float64Array.of(1, Number.NaN), format: null },
          ]
          yield { rows: 2, columns: fields.flatMap((field) => columns[field] ?? []) }
        },
      }
    },
    readText: async (path) =>
      path === 'lib.qvs' ? 'SET included = yes;\nIF 1 THEN\nTRACE in;\nEND IF' : '',
  }

  it('are read, several by wildcard', async () => {
    const texts: string[] = []
    await expectTables(
      '$(Include=lib.qvs)\nT: LOAD g + 1 AS h, f FROM [lib://d/*.csv] (txt);',
      `
      T: h|f
      2|a
      -|x
      2|b
      -|x
    `,
      { reader, onProgress: ({ text }) => texts.push(text) },
    )
    expect(texts).toContain('T << a 2 Lines fetched')
  })

  it('are named when missing', () =>
    expectError(
      'LOAD *\nFROM none.csv;',
      `
      No file "none.csv"
      script:1:1
      1 | LOAD *
          ^^^^^^
    `,
      { reader },
    ))
})

describe('errors', () => {
  it('point to the place', async () => {
    await expectError(
      `T: LOAD 1 AS a AUTOGENERATE 1;\nLOAD Lenn(a) AS b RESIDENT T;`,
      `
      There is no function Lenn(); did you mean Len()?
      script:2:6
      2 | LOAD Lenn(a) AS b RESIDENT T;
               ^^^^
    `,
    )
    await expectError(
      `T: LOAD 1 AS a AUTOGENERATE 1;\nX: LOAD a,\n  c RESIDENT T;`,
      `
      There is no field [c] here; did you mean [a]?
      script:3:3
      3 |   c RESIDENT T;
            ^
    `,
    )
    await expectError(
      'SET a = 1;\nLOAD x RESIDENT Nope;',
      `
      There is no table "Nope"; tables so far: none
      script:2:17
      2 | LOAD x RESIDENT Nope;
                          ^^^^
    `,
    )
    await expectError(
      'SET t = Nope;\nLOAD x RESIDENT $(t);',
      `
      There is no table "Nope"; tables so far: none
      after expansion:1:17
      1 | LOAD x RESIDENT Nope
                          ^^^^
      script:2:1
      2 | LOAD x RESIDENT $(t);
          ^^^^^^^^^^^^^^^^^^^^
    `,
    )
    await expectError(
      'T: LOAD 1 AS a AUTOGENERATE 1;\n  BINARY t.app;',
      `
      BINARY must be the first statement of the script; load single tables with STORE … (qvd) and LOAD
      script:2:3
      2 |   BINARY t.app;
            ^^^^^^^^^^^^
    `,
    )
    await expectError(
      'T: LOAD 1 AS a AUTOGENERATE 1;\nLOAD a\n  FORM T;',
      `
      Expected an operator or the end, but found FORM; did you mean FROM?
      script:3:3
      3 |   FORM T;
            ^^^^
    `,
    )
    await expectError(
      'IF 1 THEN\nTRACE x;',
      `
      The IF is not closed; END IF is missing
      script:1:1
      1 | IF 1 THEN
          ^^^^^^^^^
    `,
    )
  })
})
