import { describe, it } from 'vitest'
import { expectTables } from '../run-for-tests.ts'

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

describe('values as they are stored', () => {
  it('NULL becomes a value, MAP USING applies last, NullInterpret makes NULL', () =>
    expectTables(
      `
      SET NullInterpret = '?';
      M: MAPPING LOAD * INLINE [
      x, y
      1, one
      ];
      MAP n, b USING M;
      NULLASVALUE b;
      SET NullValue = '<none>';
      T: LOAD v AS n, If(v = 1, Null(), v) AS b INLINE [
      v
      1
      ?
      2
      ];
      `,
      `
      T: n|b
      one|<none>
      -|<none>
      2|2
      `,
    ))

  it('GENERIC makes a table per attribute', () =>
    expectTables(
      `
      G: GENERIC LOAD * INLINE [
      o, a, v
      ball, color, red
      ball, size, 10
      box, color, black
      ];
      `,
      `
      G.color: o|color
      ball|red
      box|black
      G.size: o|size
      ball|10
      `,
    ))

  it('DISTINCT counts before a join, fields are renamed by a map', () =>
    expectTables(
      `
      T: LOAD * INLINE [
      k, a
      1, x
      1, y
      ];
      LEFT JOIN LOAD DISTINCT k, k * 10 AS b RESIDENT T;
      M: MAPPING LOAD 'b' AS f, 'bee' AS t AUTOGENERATE 1;
      RENAME FIELDS USING M;
      `,
      `
      T: k|a|bee
      1|x|10
      1|y|10
      `,
    ))
})

it('a label may stand after a prefix', () =>
  expectTables(
    `
    T: FIRST 1 LOAD RecNo() AS a AUTOGENERATE 2;
    NOCONCATENATE [U u]: LOAD a RESIDENT T;
    `,
    `
    T: a
    1
    U u: a
    1
    `,
  ))

describe('a LOAD that fails', () => {
  it('leaves nothing behind when the script goes on', () =>
    expectTables(
      `
      SET ErrorMode = 0;
      T: LOAD 1 AS a AUTOGENERATE 1;
      LOAD a RESIDENT Nope;
      CONCATENATE (T) LOAD Peek(1, 2, 3, 4) AS a AUTOGENERATE 5;
      U: NOCONCATENATE LOAD a + 1 AS a RESIDENT T;
      `,
      `
      T: a
      1
      U: a
      2
      `,
    ))
})
