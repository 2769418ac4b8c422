import { describe, expect, it } from 'vitest'
import { expectError, expectTables, run } from '../run-for-tests.ts'

const calendar = `
  Calendar:
  DECLARE FIELD DEFINITION TAGGED '$date'
    PARAMETERS first = 1, sign = '/'
    FIELDS
      Year($1) AS Year TAGGED ('$axis', '$year'),
      Num(Month($1)) & sign & first AS Month,
      Date($1 + 1, 'YYYY-MM-DD') AS Next TAGGED '$date';
`
const orders = `
  SET DateFormat='YYYY-MM-DD';
  Orders: LOAD * INLINE [
  id, OrderDate
  1, 2012-03-12
  2, 2013-01-02
  3, 2012-03-12
  4,
  ];
`

describe('DERIVE', () => {
  it('adds a column to the table of the field, with what was loaded at the end', () =>
    expectTables(
      `
      ${calendar} ${orders}
      DERIVE FIELDS FROM FIELDS OrderDate USING Calendar;
      CONCATENATE (Orders) LOAD 5 AS id, Date(41640) AS OrderDate AUTOGENERATE 1;
    `,
      `
      Orders: id|OrderDate|OrderDate.Calendar.Year|OrderDate.Calendar.Month|OrderDate.Calendar.Next
      1|2012-03-12|2012|3/1|2012-03-13
      2|2013-01-02|2013|1/1|2013-01-03
      3|2012-03-12|2012|3/1|2012-03-13
      4||-|/1|-
      5|2014-01-01|2014|1/1|2014-01-02
    `,
    ))

  it('gives a field of several tables a table of its values', () =>
    expectTables(
      `
      D: DECLARE FIELD DEFINITION FIELDS $1 * 10 AS Ten;
      A: LOAD * INLINE [
      k, a
      1, x
      2, y
      ];
      B: LOAD * INLINE [
      k, b
      2, z
      3, z
      ];
      DERIVE FIELDS FROM k USING D;
    `,
      `
      A: k|a
      1|x
      2|y
      B: k|b
      2|z
      3|z
      k.D: k|k.D.Ten
      1|10
      2|20
      3|30
    `,
    ))

  it('finds fields by tags, also those that follow from values', async () => {
    const names = async (derive: string): Promise<readonly string[]> => {
      const { model } = await run(`
        ${calendar} ${orders}
        X: LOAD 'a' AS Text, 41000 AS Tagged, Date(41000) AS Day AUTOGENERATE 1;
        TAG Tagged WITH 'mine';
        ${derive}`)
      return model.fields.map(({ name }) => name).filter((name) => name.endsWith('.Year'))
    }
    expect(
      await names("DERIVE FIELDS FROM EXPLICIT TAGS ('mine', 'none') USING Calendar;"),
    ).toEqual(['Tagged.Calendar.Year'])
    expect(await names('DERIVE FIELDS FROM IMPLICIT TAG USING Calendar;')).toEqual([
      'Day.Calendar.Year',
    ])
  })

  it('tags what it derives', async () => {
    const { model } = await run(
      `${calendar} ${orders} DERIVE FIELDS FROM FIELDS OrderDate USING Calendar;`,
    )
    const tags = (name: string): readonly string[] | undefined =>
      model.fields.find((field) => field.name === `OrderDate.Calendar.${name}`)?.tags
    expect(tags('Year')).toEqual(['$numeric', '$integer', '$derived', '$axis', '$year'])
    expect(tags('Month')).toContain('$date')
  })

  it('uses a definition with other parameters', () =>
    expectTables(
      `
      ${calendar}
      Fiscal: DECLARE FIELD DEFINITION USING Calendar WITH first = 4;
      ${orders}
      DERIVE FIELDS FROM FIELDS OrderDate USING Fiscal;
      DROP FIELD id;
    `,
      `
      Orders: OrderDate|OrderDate.Fiscal.Year|OrderDate.Fiscal.Month|OrderDate.Fiscal.Next
      2012-03-12|2012|3/4|2012-03-13
      2013-01-02|2013|1/4|2013-01-03
      2012-03-12|2012|3/4|2012-03-13
      |-|/4|-
    `,
    ))

  it('derives anew in a partial reload', async () => {
    const full = `
      D: DECLARE FIELD DEFINITION FIELDS $1 AS Same, $1 * 2 AS Twice;
      T: LOAD 1 AS n AUTOGENERATE 1;
      DERIVE FIELDS FROM FIELDS n USING D;`
    const present = await run(full)
    await expectTables(
      `${full} T: ADD LOAD 5 AS n AUTOGENERATE 1;`,
      `
      T: n|n.D.Same|n.D.Twice
      1|1|2
      5|5|10
    `,
      { present, partial: true },
    )
  })

  it('stays in data that another script loads by BINARY', async () => {
    const { model, sectionAccess } = await run(
      'D: DECLARE FIELD DEFINITION FIELDS $1 * 2 AS Twice; T: LOAD 1 AS n AUTOGENERATE 1; DERIVE FIELDS FROM n USING D;',
    )
    const { model: loaded } = await run('BINARY;', { present: { model, sectionAccess } })
    expect(loaded.fields.map(({ name }) => name)).toEqual(['n', 'n.D.Twice'])
    expect(loaded.fields[1]?.tags).not.toContain('$derived')
  })

  it('names mistakes', async () => {
    await expectError(
      'D: DECLARE FIELD DEFINITION FIELDS Yeer($1) AS Year;',
      `
      There is no function Yeer(); did you mean Year()?
      script:1:36
      1 | D: DECLARE FIELD DEFINITION FIELDS Yeer($1) AS Year;
                                             ^^^^
    `,
    )
    await expectError(
      'DERIVE FIELDS FROM FIELDS a USING D;',
      `
      There is no field definition "D"; DECLARE it before. So far: none
      script:1:35
      1 | DERIVE FIELDS FROM FIELDS a USING D;
                                            ^
    `,
    )
    await expectError(
      'D: DECLARE FIELD DEFINITION FIELDS $1 AS a GROUPS a;',
      `
      Groups of derived fields are not built; make a drill-down dimension of the fields
      script:1:44
      1 | D: DECLARE FIELD DEFINITION FIELDS $1 AS a GROUPS a;
                                                     ^^^^^^
    `,
    )
  })
})
