import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectError, expectTables, run } from '../run-for-tests.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 100)

describe('AUTONUMBER', () => {
  it('makes integers of values, the same in all tables that have the field', () =>
    expectTables(
      `
      A: LOAD * INLINE [
      k, v
      x|1, 5
      y|1, 6
      x|1, 7
      ];
      B: LOAD * INLINE [
      k, w
      y|1, 8
      z|1, 9
      ];
      AUTONUMBER k;
    `,
      `
      A: k|v
      1|5
      2|6
      1|7
      B: k|w
      2|8
      3|9
    `,
    ))

  it('numbers each field by itself, or those of a namespace together', async () => {
    const table = `
      T: LOAD * INLINE [
      a, b, other
      x, y, x
      y, z, z
      ];`
    await expectTables(
      `${table}\nAUTONUMBER a, b;`,
      `
      T: a|b|other
      1|1|x
      2|2|z
    `,
    )
    await expectTables(
      `${table}\nAUTONUMBER "?" USING keys; AUTONUMBER other USING keys;`,
      `
      T: a|b|other
      1|2|1
      2|3|3
    `,
    )
    await expectTables(
      `${table}\nAUTONUMBER *;`,
      `
      T: a|b|other
      1|1|1
      2|2|2
    `,
    )
  })

  it('leaves NULL, passes over what no row has, and takes equal numbers for one value', () =>
    expectTables(
      `
      T: LOAD If(RecNo() = 2, Null(), If(RecNo() = 3, Dual('one', 1), RecNo() & '')) AS n AUTOGENERATE 4 WHERE RecNo() > 0;
      AUTONUMBER n;
    `,
      `
      T: n
      1
      -
      2
      3
    `,
    ))

  it('gives numbers their tags, and names a field there is not', async () => {
    const { model } = await run("T: LOAD 'x' AS k AUTOGENERATE 1; TAG k WITH 'own'; AUTONUMBER k;")
    expect(model.fields[0]?.tags).toEqual(['$numeric', '$integer', 'own'])
    await expectError(
      'T: LOAD 1 AS k AUTOGENERATE 1; AUTONUMBER n;',
      `
      There is no field "n"; fields so far: "k"
      script:1:43
      1 | T: LOAD 1 AS k AUTOGENERATE 1; AUTONUMBER n;
                                                    ^
    `,
    )
  })

  it('keeps apart what was apart, and together what was together', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('a', 'b', 'c', 'dd', '1', '2', '1.0'), { minLength: 1 }),
        async (cells) => {
          const script = `T: LOAD * INLINE [\nk\n${cells.join('\n')}\n]; U: LOAD k AS before, k RESIDENT T; DROP TABLE T; AUTONUMBER k;`
          const { model } = await run(script)
          const [before, after] = [...(model.tables[0]?.columns.values() ?? [])]
          const codes = cells.map((_, row) => before?.codeAt(row))
          const order = [...new Set(codes)]
          const texts = model.fields.find(({ name }) => name === 'k')?.symbols
          expect(cells.map((_, row) => texts?.textAt((after?.codeAt(row) ?? 0) - 1))).toEqual(
            codes.map((code) => String(order.indexOf(code) + 1)),
          )
        },
      ),
      { seed, numRuns },
    ))
})
