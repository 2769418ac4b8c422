import { describe, expect, it } from 'vitest'
import { expectError, run, show } from './run-for-tests.ts'
import { decodeSectionAccess, encodeSectionAccess } from './section-access.ts'

const script = `
  SECTION ACCESS;
  Users:
  LOAD * INLINE [
    access, UserId, Region
    admin, boss,
    user, ann, North
  ];
  SECTION APPLICATION;
  Sales:
  LOAD * INLINE [
    REGION, Amount
    North, 1
    South, 2
  ];
`

describe('SECTION ACCESS', () => {
  it('keeps its tables apart, in upper case', async () => {
    const { model, sectionAccess } = await run(script)
    expect(show(model)).toBe('Sales: REGION|Amount\nNorth|1\nSouth|2')
    expect(sectionAccess).toEqual([
      {
        name: 'Users',
        fields: ['ACCESS', 'USERID', 'REGION'],
        rows: [
          ['ADMIN', 'BOSS', ''],
          ['USER', 'ANN', 'NORTH'],
        ],
      },
    ])
  })

  it('has a name space of its own: no concatenation, no association, no Exists', async () => {
    const { model, sectionAccess } = await run(`
      T: LOAD 'a' AS A, 1 AS B AUTOGENERATE 1;
      Section Access;
      T: LOAD 'b' AS A, 2 AS B AUTOGENERATE 1;
      T: LOAD 'c' AS A, 3 AS B AUTOGENERATE 1;
      LET tables = NoOfTables();
      Section Application;
      LET known = FieldIndex('A', 'B');
      T: LOAD 'd' AS A, 4 AS B AUTOGENERATE 1;
    `)
    expect(show(model)).toBe('T: A|B\na|1\nd|4')
    expect(sectionAccess).toEqual([
      {
        name: 'T',
        fields: ['A', 'B'],
        rows: [
          ['B', '2'],
          ['C', '3'],
        ],
      },
    ])
  })

  it('reads tables of the application, which cannot read its own', async () => {
    const { model, sectionAccess } = await run(`
      Staff: LOAD * INLINE [
        name, area
        ann, North
      ];
      SECTION ACCESS;
      MAPPING LOAD * INLINE [
        k, v
        ann, reader
      ];
      Rights: LOAD 'user' AS access, name AS userid, Null() AS omit RESIDENT Staff;
      DROP TABLE Staff;
      SECTION APPLICATION;
      Other: LOAD 1 AS one AUTOGENERATE 1;
    `)
    expect(show(model)).toBe('Other: one\n1')
    expect(sectionAccess).toEqual([
      { name: 'Rights', fields: ['ACCESS', 'USERID', 'OMIT'], rows: [['USER', 'ANN', null]] },
    ])
    await expectError(
      'SECTION ACCESS;\nR: LOAD 1 AS a AUTOGENERATE 1;\nSECTION APPLICATION;\nLOAD * RESIDENT R;',
      `
      There is no table "R"; tables so far: none
      script:4:17
      4 | LOAD * RESIDENT R;
                          ^
    `,
    )
  })

  it('is not bound by FORCE, and comes out of an expansion too', async () => {
    const { sectionAccess } = await run(`
      LET s = 'Section' & ' Access';
      FORCE CASE LOWER;
      $(s);
      R: LOAD 'Ann' AS UserId AUTOGENERATE 1;
    `)
    expect(sectionAccess).toEqual([{ name: 'R', fields: ['USERID'], rows: [['ANN']] }])
  })

  it('is saved as it is, and nothing else is taken for it', async () => {
    const { sectionAccess } = await run(script)
    expect(decodeSectionAccess(encodeSectionAccess(sectionAccess))).toEqual(sectionAccess)
    for (const damaged of ['', '{}', '[1]', '[{"name":"T","fields":["A"],"rows":[["x","y"]]}]'])
      expect(decodeSectionAccess(new TextEncoder().encode(damaged))).toBeUndefined()
  })
})
