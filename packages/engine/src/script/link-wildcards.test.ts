import { describe, expect, it } from 'vitest'
import { expectTables, run } from './run-for-tests.ts'

describe('STAR IS', () => {
  it('links a star to all values its table lists, without more rows', () =>
    expectTables(
      `
      STAR IS *;
      Rights: LOAD * INLINE [
      user, region
      ann, north
      bob, *
      cid, south
      ];
      STAR IS;
      Plain: LOAD * INLINE [
      mark, text
      *, a
      ];
    `,
      `
      Rights: user|$Wild Rights.region
      ann|north
      bob|*
      cid|south
      Plain: mark|text
      *|a
      $Wild Rights.region: $Wild Rights.region|region
      north|north
      *|north
      south|south
      *|south
    `,
    ))

  it('follows renamed fields and tables, and hides its key', async () => {
    const { model } = await run(`
      STAR IS '%';
      T: LOAD * INLINE [
      f, g
      1, a
      %, b
      ];
      RENAME FIELD f TO h; RENAME TABLE T TO U;
    `)
    const key = model.fields.find(({ name }) => name === '$Wild U.h')
    expect(key?.tags).toEqual(expect.arrayContaining(['$hidden', '$star=%']))
    expect(model.fields.map(({ name }) => name)).toContain('h')
  })

  it('does nothing where no star was loaded', () =>
    expectTables(
      "STAR IS *; T: LOAD 'a' AS f AUTOGENERATE 1;",
      `
      T: f
      a
    `,
    ))
})

const customers = `
  SET OtherSymbol=+;
  Customers: LOAD * INLINE [
  CustomerID, Name
  1, ABC Inc.
  2, XYZ Inc.
  3, ACME INC
  +, Undefined
  ];
  Orders: LOAD * INLINE [
  CustomerID, OrderID
  1, 1234
  3, 1243
  5, 1248
  7, 1299
  ];
`

describe('OtherSymbol', () => {
  it('links to the values the table has not listed, as documented', () =>
    expectTables(
      customers,
      `
      Customers: $Wild Customers.CustomerID|Name
      1|ABC Inc.
      2|XYZ Inc.
      3|ACME INC
      +|Undefined
      Orders: CustomerID|OrderID
      1|1234
      3|1243
      5|1248
      7|1299
      $Wild Customers.CustomerID: $Wild Customers.CustomerID|CustomerID
      1|1
      2|2
      3|3
      +|5
      +|7
    `,
    ))

  it('disregards values listed after it', async () => {
    const { model } = await run(`
      SET OtherSymbol=+;
      T: LOAD * INLINE [
      x, y
      +, other
      a, own
      ];
      U: LOAD * INLINE [
      x, z
      a, 1
      b, 2
      ];
    `)
    const link = model.tables.find(({ name }) => name === '$Wild T.x')
    expect(link?.rows).toBe(3)
  })

  it('is taken apart again for a partial reload', async () => {
    const present = await run(customers)
    await expectTables(
      `${customers} SET OtherSymbol=+;
       Customers: ADD LOAD * INLINE [
       CustomerID, Name
       4, New
       ];`,
      `
      Customers: $Wild Customers.CustomerID|Name
      1|ABC Inc.
      2|XYZ Inc.
      3|ACME INC
      +|Undefined
      4|New
      Orders: CustomerID|OrderID
      1|1234
      3|1243
      5|1248
      7|1299
      $Wild Customers.CustomerID: $Wild Customers.CustomerID|CustomerID
      1|1
      2|2
      3|3
      4|4
      +|5
      +|7
      +|4
    `,
      { present, partial: true },
    )
  })
})
