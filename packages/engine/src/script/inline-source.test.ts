import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectTables, run } from './run-for-tests.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 100)

describe('INLINE', () => {
  it('takes the items of a format clause', () =>
    expectTables(
      `
      T: LOAD * INLINE [
      not read
      a;b
      # nor this
      1;"x;y"
      2;'z'
      ] (txt, delimiter is ';', header is 1 lines, comment is '#', explicit labels);
      U: LOAD @2 AS second, @1 AS first INLINE [
      1||x
      2||'y
      ] (delimiter is '||', no labels, no quotes);
      V: LOAD * INLINE [
      c  d
      1    2
      ] (delimiter is spaces);
    `,
      `
      T: a|b
      1|x;y
      2|z
      U: second|first
      x|1
      'y|2
      V: c|d
      1|2
    `,
    ))

  it('keeps outer blanks with Verbatim, and knows NULL among them', async () => {
    const { model } = await run(`
      SET Verbatim = 1; SET NullInterpret = none;
      T: LOAD a & '!' AS a, IsNull(b) AS b, c + 1 AS c INLINE [
a,b,c
 x , none, 2 
 y ,some, 3
];`)
    const texts = model.fields.map(({ symbols }) =>
      Array.from({ length: symbols.count }, (_, symbol) => symbols.textAt(symbol)),
    )
    expect(texts).toEqual([
      [' x !', ' y !'],
      ['-1', '0'],
      ['3', '4'],
    ])
  })

  it('gives the cells that were written', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell(), cell(), cell()), { minLength: 1, maxLength: 20 }),
        async (rows) => {
          const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`
          const data = rows.map((row) => row.map(quoted).join(',')).join('\n')
          const { model } = await run(`T: LOAD * INLINE [\na,b,c\n${data}\n];`)
          const columns = [...(model.tables[0]?.columns ?? [])]
          const read = rows.map((_, row) =>
            columns.map(([field, column]) =>
              model.fields[field]?.symbols.textAt(column.codeAt(row) - 1),
            ),
          )
          expect(read).toEqual(rows)
        },
      ),
      { seed, numRuns },
    ))
})

/** Texts that no format variable reads as a number and that no blank surrounds. */
function cell(): fc.Arbitrary<string> {
  return fc
    .array(fc.constantFrom('a', 'ß', '"', "'", ',', ' ', '\n', '/', '€'), { maxLength: 8 })
    .map((signs) => `q${signs.join('')}q`)
}
