import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectError, expectTables, run, show } from '../run-for-tests.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 100)

const persons = `
  SET DateFormat='D/M/YYYY';
  Persons: LOAD * INLINE [
    Name, Number
    Jake, 3
    Jill, 2
    Steven, 3
  ];
`

describe('MERGE', () => {
  it('applies inserts, updates and deletes to a named table', async () => {
    const { variables } = await expectTables(
      `${persons}
      MERGE (ChangeDate, LastChange) ON Name CONCATENATE (Persons)
      LOAD * INLINE [
        Operation, ChangeDate, Name, Number
        Insert, 1/1/2021, Mary, 4
        Delete, 1/1/2021, Steven,
        Update, 2/1/2021, Jake, 5
      ];`,
      `
      Persons: Name|Number|ChangeDate
      Jill|2|-
      Mary|4|1/1/2021
      Jake|5|2/1/2021
    `,
    )
    expect(variables.get('LastChange')).toBe('44198')
  })

  it('finds the table with the fields behind the operation, or makes one', async () => {
    await expectTables(
      `${persons}
      MERGE ON Name LOAD * INLINE [
        o, Number, Name
        d, 0, Jake
        i, 9, Zoe
      ];
      New: MERGE (n) ON k LOAD * INLINE [
        o, n, k
        I, 2, a
        I, 1, a
        U, 1, b
        D, 2, b
      ];`,
      `
      Persons: Name|Number
      Jill|2
      Steven|3
      Zoe|9
      New: n|k
      2|a
    `,
    )
  })

  it('keeps what an update does not name, and not what an insert does not name', async () => {
    await expectTables(
      `T: LOAD * INLINE [
        k, a, b
        1, x, y
        2, x, y
      ];
      MERGE ON k CONCATENATE (T) LOAD * INLINE [
        o, k, b
        U, 1, new
        I, 2, new
        , 3, new
      ];`,
      `
      T: k|a|b
      1|x|new
      2|-|new
      3|-|new
    `,
    )
  })

  it('leaves out what is older than the row there is', async () => {
    await expectTables(
      `T: LOAD * INLINE [
        k, n, v
        1, 5, five
        2, 5, five
      ];
      MERGE (n) ON k LOAD * INLINE [
        o, k, n, v
        U, 1, 4, four
        D, 2, 6, six
        U, 1, 7, seven
        U, 1, 6, six
      ];`,
      `
      T: k|n|v
      1|7|seven
    `,
    )
  })

  it('takes several keys; a NULL among them equals nothing', async () => {
    await expectTables(
      `T: LOAD If(a = '', Null(), a) AS a, b, c INLINE [
        a, b, c
        x, 1, old
        x, 2, old
        , 1, old
      ];
      MERGE ON a, b LOAD o, If(a = '', Null(), a) AS a, b, c INLINE [
        o, a, b, c
        U, x, 2, new
        U, , 1, new
        D, , 1, new
      ];`,
      `
      T: a|b|c
      x|1|old
      -|1|old
      x|2|new
      -|1|new
    `,
    )
  })

  it('says what is wrong, and leaves the table as it was', async () => {
    await expectError(
      `T: LOAD 1 AS k AUTOGENERATE 1;\nMERGE ON k LOAD 'Upsert' AS o, 2 AS k AUTOGENERATE 1;`,
      `
      MERGE: the first field "o" says "Upsert"; it must say Insert, Update or Delete
      script:2:1
      2 | MERGE ON k LOAD 'Upsert' AS o, 2 AS k AUTOGENERATE 1;
          ^^^^^
    `,
    )
    await expectError(
      `MERGE ON key LOAD 'I' AS o, 2 AS k AUTOGENERATE 1;`,
      `
      MERGE: the LOAD gives no field "key"; it gives "o", "k"
      script:1:10
      1 | MERGE ON key LOAD 'I' AS o, 2 AS k AUTOGENERATE 1;
                   ^^^
    `,
    )
    await expectError(
      `T: LOAD 1 AS k AUTOGENERATE 1;\nMERGE ON k LEFT JOIN (T) LOAD 'I' AS o, 2 AS k AUTOGENERATE 1;`,
      `
      MERGE cannot stand with this prefix
      script:2:12
      2 | MERGE ON k LEFT JOIN (T) LOAD 'I' AS o, 2 AS k AUTOGENERATE 1;
                     ^^^^
    `,
    )
    const { model } = await run(
      `SET ErrorMode=0; T: LOAD 1 AS k AUTOGENERATE 1; MERGE ON k CONCATENATE (T) LOAD 'x' AS o, 1 AS k, 2 AS v AUTOGENERATE 1;
      MERGE ON k LOAD 'x' AS o, 1 AS k, 2 AS v AUTOGENERATE 1;`,
    )
    expect(show(model)).toBe('T: k\n1')
  })

  it('does what a walk over the changes does', async () => {
    const row = fc.record({
      o: fc.constantFrom('Insert', 'u', 'DELETE', ''),
      n: fc.integer({ min: 0, max: 4 }),
      k: fc.constantFrom('a', 'b', 'c'),
      v: fc.integer({ min: 0, max: 9 }),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(row, { selector: ({ k }) => k }),
        fc.array(row, { maxLength: 8 }),
        async (start, log) => {
          const inline = (
            rows: readonly (typeof start)[number][],
            fields: readonly ('o' | 'n' | 'k' | 'v' | 'w')[],
          ) =>
            `INLINE [\n${[fields, ...rows.map((each) => fields.map((field) => (field === 'w' ? 'kept' : each[field])))].map((cells) => cells.join(',')).join('\n')}\n]`
          const { model } = await run(
            `T: LOAD * ${inline(start, ['n', 'k', 'v', 'w'])};\nMERGE (n) ON k CONCATENATE (T) LOAD * ${inline(log, ['o', 'n', 'k', 'v'])};`,
          )
          expect(rowsOf(show(model))).toEqual(naive(start, log))
        },
      ),
      { seed, numRuns },
    )
  })
})

function rowsOf(shown: string): readonly string[] {
  return shown.split('\n').slice(1).sort()
}

function naive(
  start: readonly { readonly n: number; readonly k: string; readonly v: number }[],
  log: readonly {
    readonly o: string
    readonly n: number
    readonly k: string
    readonly v: number
  }[],
): readonly string[] {
  const rows = new Map(start.map(({ n, k, v }) => [k, { n, v, w: 'kept' }]))
  const inOrder = log.map((change, index) => ({ ...change, index }))
  inOrder.sort((left, right) => left.n - right.n || left.index - right.index)
  for (const { o, n, k, v } of inOrder) {
    const known = rows.get(k)
    if (known !== undefined && known.n > n) continue
    if (o === 'DELETE') rows.delete(k)
    else rows.set(k, { n, v, w: o === 'Insert' ? '-' : (known?.w ?? '-') })
  }
  return [...rows].map(([k, { n, v, w }]) => `${n}|${k}|${v}|${w}`).sort()
}
