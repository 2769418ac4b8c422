import { describe, expect, it } from 'vitest'
import { decodeUtf8 } from '../base/utf8.ts'
import type { TableReader } from './reader.ts'
import { expectError, expectTables, run } from './run-for-tests.ts'

/** Reads `a=1&b=2` as one record. */
const reader: TableReader = {
  resolve: async () => [],
  open: async () => Promise.reject(new Error('not asked')),
  async openBytes(_name, bytes) {
    const pairs = decodeUtf8(bytes)
      .split('&')
      .map((pair) => pair.split('='))
    return {
      fields: pairs.map(([name = '']) => name),
      async *batches(wanted) {
        yield {
          rows: 1,
          columns: wanted.map((field) => ({ kind: 'values', values: [pairs[field]?.[1] ?? ''] })),
        }
      },
    }
  },
}

describe('FROM_FIELD', () => {
  it('reads the values of a field as lines of delimited text', () =>
    expectTables(
      `
      S: LOAD * INLINE [
      line
      "k;v"
      "a;1"
      "b;2"
      "a;1"
      ];
      T: LOAD v, k FROM_FIELD (S, line) (txt, delimiter is ';');
      U: LOAD @1 AS x FROM_FIELD (S, line) (txt, delimiter is ';', no labels) WHERE @1 = 'b';
      DROP TABLE S;
    `,
      `
      T: v|k
      1|a
      2|b
      1|a
      U: x
      b
    `,
    ))

  it('reads each value as a document of other formats', () =>
    expectTables(
      `
      S: LOAD If(RecNo() = 2, Null(), If(RecNo() = 1, 'a=1&b=2', 'b=3&c=4')) AS doc AUTOGENERATE 3;
      T: LOAD c, b, a FROM_FIELD (S, doc) (json);
    `,
      `
      S: doc
      a=1&b=2
      -
      b=3&c=4
      T: c|b|a
      -|2|1
      4|3|-
    `,
      { reader },
    ))

  it('names what is missing', async () => {
    await expectError(
      'LOAD * FROM_FIELD (S, f);',
      `
      There is no table "S"; tables so far: none
      script:1:20
      1 | LOAD * FROM_FIELD (S, f);
                             ^
    `,
    )
    await expect(
      run("S: LOAD 'x' AS f AUTOGENERATE 1; LOAD * FROM_FIELD (S, g) (txt);"),
    ).rejects.toMatchObject({ code: 'field-not-found' })
    await expect(
      run("S: LOAD 'x' AS f AUTOGENERATE 1; LOAD * FROM_FIELD (S, f) (json);"),
    ).rejects.toMatchObject({ code: 'source-unsupported' })
  })
})
