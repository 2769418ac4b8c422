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
      '4:1 BINARY must be the first statement of the script; load single tables with STORE … (qvd) and LOAD',
      '5:1 The IF is not closed; END IF is missing',
      '5:4 Expected THEN on the line of the condition, found the end of the statement',
    ])
  })

  it('reports ten of ten mistakes', () => {
    expect(
      problems(`Sales: LOAD Yeer(date) AS y, Left(a) AS l FROM sales.csv;
LOAD Sum(Lenn(a)) AS s RESIDENT Sales GROUP BY b;
LOAD a FORM Sales;
DROP TABLE Sals;
Calendar: DECLARE FIELD DEFINITION FIELDS Monat($1) AS m;
DERIVE FIELDS OrderDate USING Calendar;
SEMANTIC LOAD a RESIDENT Sales;
LET x = Avrg(1);
IF Nu() > 1 THEN
SLEEP Tiem();
END IF
STAR IST *;`),
    ).toEqual([
      '1:13 There is no function Yeer(); did you mean Year()?',
      '1:30 Left() takes 2 arguments, but 1 was given: Left(text, n)',
      '2:10 There is no function Lenn(); did you mean Len()?',
      '3:8 Expected an operator or the end, but found FORM',
      '4:12 No statement makes a table "Sals"; tables of the script: "Sales", "sales", "Sales-1"',
      '5:43 There is no function Monat()',
      '6:15 Expected FROM after DERIVE FIELDS, found "OrderDate"',
      '7:1 SEMANTIC: fields that lead from record to record are not built; load the relation as a table, or expand it with HIERARCHY or HIERARCHYBELONGSTO',
      '8:9 There is no function Avrg(); did you mean Avg()?',
      '9:4 There is no function Nu(); did you mean Num()?',
      '10:7 There is no function Tiem()',
      '12:6 Expected IS after STAR, found "IST"',
    ])
  })

  it('warns of tables only when all names are known', () => {
    const warned = (text: string): readonly (string | undefined)[] =>
      checkScript({ name: 'script', text }).map(({ severity }) => severity)
    expect(warned('A: LOAD 1 AS a AUTOGENERATE 1; STORE B INTO b.qvd; DROP TABLES A, C;')).toEqual([
      'warning',
      'warning',
    ])
    expect(
      warned('LOAD 1 AS a INLINE [a\n1]; LEFT JOIN (INLINE01) LOAD 1 AS b FROM x.csv;'),
    ).toEqual([])
    expect(warned('$(t): LOAD 1 AS a AUTOGENERATE 1; DROP TABLE B;')).toEqual([])
    expect(warned('SUB s\nEND SUB\nCALL s; DROP TABLE B;')).toEqual([])
    expect(warned('T: ADD LOAD 1 AS a AUTOGENERATE 1; DROP TABLE B;')).toEqual([])
    expect(warned('A: LOAD 1 AS a AUTOGENERATE 1; RENAME TABLE A TO B; DROP TABLE B;')).toEqual([])
  })

  it('tells a LOAD that has nothing to read from', () => {
    expect(problems('LOAD a, b;\nTRACE x;\nLOAD a;\nLOAD b FROM x.csv;')).toEqual([
      '1:1 This LOAD has no source, and no LOAD follows that it could read; add FROM, INLINE, RESIDENT or AUTOGENERATE',
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
