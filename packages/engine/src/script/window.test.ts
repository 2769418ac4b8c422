import { describe, it } from 'vitest'
import { expectError, expectTables } from './run-for-tests.ts'

const staff = `
  T: LOAD * INLINE [
  e, d, y, s
  a, IT, 1, 10
  b, IT, 2, 20
  c, HR, 1, 30
  d, IT, 3, 40
  e, HR, 2, 30
  ];
`

describe('Window', () => {
  it('adds what is aggregated per partition to every row', () =>
    expectTables(
      `${staff}
      R: NOCONCATENATE LOAD e, Window(Sum(s), d) AS sum, Round(Window(Avg(s))) + 1 AS avg, Window(Count(DISTINCT s), d, y > 1) AS n,
        Window(s, d) AS only RESIDENT T WHERE e <> 'z';
      DROP TABLE T;`,
      `
      R: e|sum|avg|n|only
      a|70|27|1|-
      b|70|27|2|-
      c|60|27|1|30
      d|70|27|2|-
      e|60|27|1|30
      `,
    ))

  it('sorts, filters and slides', () =>
    expectTables(
      `${staff}
      R: NOCONCATENATE LOAD e, Window(Concat(e, '', -y), d, 'DESC', y) AS c, Window(Sum(s), d, 'ASC', y, y > 1) AS f,
        Window(Sum(s), d, 'ASC', y, 1, -1, 0) AS two, Window(Sum(s), d, 'asc', y, 1, Unbounded(), 0) AS running RESIDENT T;
      DROP TABLE T;`,
      `
      R: e|c|f|two|running
      a|dba|60|10|10
      b|dba|60|30|30
      c|ec|30|30|30
      d|dba|60|60|70
      e|ec|30|60|60
      `,
    ))

  it('ranks', () =>
    expectTables(
      `${staff}
      R: NOCONCATENATE LOAD e, Window(WRank(), d, 'DESC', s) AS r, Window(WRank(1, 1)) AS same, Window(WRank(4), d, 'ASC', s) AS up RESIDENT T;
      DROP TABLE T;`,
      `
      R: e|r|same|up
      a|3|1|1
      b|2|1|2
      c|1-2|1|1
      d|1|1|3
      e|1-2|1|2
      `,
    ))

  it('works above a preceding LOAD and beside SubField', () =>
    expectTables(
      `
      R: LOAD *, Window(Sum(v), SubField(k, '-', 1)) AS t;
      LOAD SubField(l, ',') AS v, k INLINE [
      l;k
      1,2;a-x
      5;a-y
      ] (delimiter is ';');`,
      `
      R: v|k|t
      1|a-x|8
      2|a-x|8
      5|a-y|8
      `,
    ))

  it('refuses what it cannot mean', async () => {
    await expectError(
      `${staff} R: LOAD Window(Sum(s) + y) AS x RESIDENT T;`,
      `
      Window(): the field "y" has to stand inside an aggregation
      script:9:10
      9 |  R: LOAD Window(Sum(s) + y) AS x RESIDENT T;
                   ^^^^^^^^^^^^^^^^^^
      `,
    )
  })
})
