import { describe, expect, it } from 'vitest'
import { LichenError } from '../base/errors.ts'
import type { TableReader } from './reader.ts'
import { expectError, expectTables, run } from './run-for-tests.ts'

describe('LOAD', () => {
  it('reads INLINE: labels, quotes, missing cells, delimiter', () =>
    expectTables(
      `
      T:
      LOAD * INLINE [
        A, B
        1, "x, y"
        'it''s'
        , z
      ];
      LOAD a, b & '!' AS c INLINE "
      a;b
      1;2,5
      " (delimiter is ';');
      `,
      `
      T: A|B
      1|x, y
      it's|
      |z
      INLINE01: a|c
      1|2,5!
      `,
    ))

  it('generates, filters on source fields, renames and computes', () =>
    expectTables(
      `
      T:
      LOAD n * 2 AS twice, n WHERE Mod(n, 2) = 1;
      LOAD RecNo() AS n AUTOGENERATE 5;
      R: NOCONCATENATE LOAD twice AS t, n RESIDENT T WHERE twice > 2 ORDER BY n DESC;
      `,
      `
      T: twice|n
      2|1
      6|3
      10|5
      R: t|n
      10|5
      6|3
      `,
    ))

  it('repeats by WHILE and SubField, takes FIRST and DISTINCT', () =>
    expectTables(
      `
      W: LOAD 10 * IterNo() AS w AUTOGENERATE 1 WHILE IterNo() <= 3;
      S: LOAD SubField(a, ',') AS x, SubField(b, '/') AS y INLINE [
      a;b
      1,2;p/q
      ] (delimiter is ';');
      F: FIRST 2 LOAD RecNo() AS f AUTOGENERATE 9;
      D: LOAD DISTINCT Mod(RecNo(), 2) AS d AUTOGENERATE 5;
      `,
      `
      W: w
      10
      20
      30
      S: x|y
      1|p
      1|q
      2|p
      2|q
      F: f
      1
      2
      D: d
      1
      0
      `,
    ))

  it('sees rows stored before: Peek, Previous, Exists, RowNo', () =>
    expectTables(
      `
      P: LOAD v, Previous(v) AS before, v + If(IsNull(Peek('sum')), 0, Peek('sum')) AS sum, RowNo() AS r INLINE [
      v
      1
      2
      3
      ];
      E: LOAD k WHERE NOT Exists(k);
      LOAD * INLINE [
      k
      a
      b
      a
      ];
      `,
      `
      P: v|before|sum|r
      1|-|1|1
      2|1|3|2
      3|2|6|3
      E: k
      a
      b
      `,
    ))

  it('groups', () =>
    expectTables(
      `
      T: LOAD * INLINE [
      g, v, t
      a, 1, x
      b, 2, y
      a, 3, x
      ];
      G: LOAD g, Sum(v) AS s, Count(DISTINCT t) AS c, Concat(v, '+') & '!' AS l, Max(v) - Min(v) AS d RESIDENT T GROUP BY g;
      A: LOAD Sum(v * 10) AS total, FirstValue(v) AS f RESIDENT T;
      N: LOAD Count(v) AS none RESIDENT T WHERE v > 9;
      `,
      `
      T: g|v|t
      a|1|x
      b|2|y
      a|3|x
      G: g|s|c|l|d
      a|4|1|1+3!|2
      b|2|1|2!|0
      A: total|f
      60|1
      N: none
      0
      `,
    ))

  it('maps', () =>
    expectTables(
      `
      M: MAPPING LOAD * INLINE [
      from, to
      1, one
      2, two
      1, uno
      ];
      T: LOAD ApplyMap('M', k, 'other') AS a, MapSubString('M', k & 'x2') AS s, k INLINE [
      k
      1
      3
      ];
      `,
      `
      T: a|s|k
      one|onextwo|1
      other|3xtwo|3
      `,
    ))
})

const pair = `
  A: LOAD * INLINE [
  k, a
  1, aa
  2, cc
  3, ee
  ];
`
const partner = `LOAD * INLINE [
  k, b
  1, xx
  4, yy
  ];
`

describe('tables', () => {
  it('are appended when the fields are the same', () =>
    expectTables(
      `${pair} B: LOAD 'zz' AS a, 9 AS k AUTOGENERATE 1; CONCATENATE LOAD 7 AS k, 1 AS c AUTOGENERATE 1; N: NOCONCATENATE LOAD k, a RESIDENT A WHERE k = 9; DROP TABLE A;`,
      `
      N: k|a
      9|zz
    `,
    ))

  it('are joined', async () => {
    await expectTables(
      `${pair} JOIN ${partner}`,
      `
      A: k|a|b
      1|aa|xx
      2|cc|-
      3|ee|-
      4|-|yy
    `,
    )
    await expectTables(
      `${pair} INNER JOIN (A) ${partner}`,
      `
      A: k|a|b
      1|aa|xx
    `,
    )
    await expectTables(
      `${pair} LEFT JOIN ${partner}`,
      `
      A: k|a|b
      1|aa|xx
      2|cc|-
      3|ee|-
    `,
    )
    await expectTables(
      `${pair} RIGHT JOIN ${partner}`,
      `
      A: k|a|b
      1|aa|xx
      4|-|yy
    `,
    )
    await expectTables(
      `${pair} LEFT JOIN LOAD * INLINE [
      c
      p
      q
      ] WHERE c = 'q';`,
      `
      A: k|a|c
      1|aa|q
      2|cc|q
      3|ee|q
    `,
    )
  })

  it('do not match NULL keys', () =>
    expectTables(
      `T: LOAD Null() AS k, 1 AS a AUTOGENERATE 1; JOIN LOAD Null() AS k, 2 AS b AUTOGENERATE 1;`,
      `
      T: k|a|b
      -|1|-
      -|-|2
    `,
    ))

  it('are kept apart', async () => {
    await expectTables(
      `${pair} B: INNER KEEP ${partner}`,
      `
      A: k|a
      1|aa
      B: k|b
      1|xx
    `,
    )
    await expectTables(
      `${pair} B: LEFT KEEP ${partner} DROP TABLE A;`,
      `
      B: k|b
      1|xx
    `,
    )
  })

  it('are turned by CROSSTABLE, matched by INTERVALMATCH', () =>
    expectTables(
      `
      X: CROSSTABLE (Month, Sales, 1) LOAD * INLINE [
      n, Jan, Feb
      p, 10, 20
      ];
      V: LOAD * INLINE [
      v
      1
      5
      ];
      I: INTERVALMATCH (v) LOAD * INLINE [
      lo, hi
      0, 1
      1, 4
      ];
      `,
      `
      X: n|Month|Sales
      p|Jan|10
      p|Feb|20
      V: v
      1
      5
      I: v|lo|hi
      1|0|1
      1|1|4
      `,
    ))

  it('are renamed, dropped, qualified', () =>
    expectTables(
      `
      ${pair}
      RENAME FIELD a TO b;
      RENAME TABLE A TO B;
      QUALIFY *; UNQUALIFY k;
      Q: LOAD * INLINE [
      k, x
      1, 2
      ];
      UNQUALIFY *;
      ALIAS old AS new;
      C: LOAD * INLINE [
      old, gone
      1, 2
      ];
      DROP FIELD gone FROM C;
      `,
      `
      B: k|b
      1|aa
      2|cc
      3|ee
      Q: k|Q.x
      1|2
      C: new
      1
      `,
    ))
})

describe('variables and control flow', () => {
  it('SET keeps text, LET evaluates', async () => {
    const { variables } = await run(`
      SET a = 'x;y'; SET b = 1+2; LET c = 1+2; LET d = c * 2; e = 'f' & d
      SET g = ; LET h = '$(b)'; SET MUL = '$1*$2'; LET m = $(MUL(3,7)); SET n = $(MUL(10));
    `)
    expect(Object.fromEntries(variables)).toEqual({
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
      'T: LOAD 1 AS a AUTOGENERATE 1;\n  STORE T INTO t.qvd;',
      `
      STORE is not built yet
      script:2:3
      2 |   STORE T INTO t.qvd;
            ^^^^^
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

  it('refuse section access before anything is loaded', async () => {
    let read = 0
    const error = await expectError(
      'T: LOAD 1 AS a AUTOGENERATE 1;\nSection Access;\nLOAD * INLINE [\nACCESS\nADMIN\n];',
      `
      This script uses SECTION ACCESS, which this build cannot apply; nothing was loaded
      script:2:1
      2 | Section Access;
          ^^^^^^^^^^^^^^
    `,
      {
        onProgress: () => {
          read += 1
        },
      },
    )
    expect(error.code).toBe('section-access-unavailable')
    expect(read).toBe(0)
  })

  it('refuse section access that only an expansion brings', async () => {
    const error = await run("LET s = 'Section' & ' Access';\n$(s);").catch(
      (cause: unknown) => cause,
    )
    expect(error).toMatchObject({ code: 'section-access-unavailable' })
  })
})
