import { describe, expect, test } from 'vitest'
import { engineVersion } from '../base/version.ts'
import type { TableReader } from './reader.ts'
import { expectError, expectTables, run } from './run-for-tests.ts'

const records = 'LOAD * INLINE [\nN\n1\n2\n];'

describe('NoOfTables()', () => {
  test('counts what was loaded before, not the table being made', async () => {
    await expectTables(
      `A: ${records}
      B: LOAD N as M, NoOfTables() as Before RESIDENT A;
      C: LOAD NoOfTables() as Then AUTOGENERATE 1;
      LET after = NoOfTables();
      D: LOAD $(after) as After AUTOGENERATE 1;`,
      `A: N
      1
      2
      B: M|Before
      1|1
      2|1
      C: Then
      2
      D: After
      3`.replaceAll('      ', ''),
    )
  })
  test('counts a table that the LOAD adds to', async () => {
    await expectTables(
      `A: LOAD 0 as T AUTOGENERATE 1;
      LOAD NoOfTables() as T AUTOGENERATE 1;
      JOIN (A) LOAD NoOfTables() as J AUTOGENERATE 1;`,
      `A: T|J
      0|1
      1|1`.replaceAll('      ', ''),
    )
  })
})

test('a script knows the version and that it has no connection', async () => {
  const { variables } = await run(
    "LET version = EngineVersion(); LET connection = '<' & ConnectString() & '>';",
  )
  expect(variables.get('version')).toBe(engineVersion)
  expect(variables.get('connection')).toBe('<>')
})

test('an empty text has no parts and leaves its record as it is', async () => {
  await expectTables(
    `P: LOAD Id, SubField(Parts, ';') as Part INLINE [
      Id, Parts
      1, a;b
      2,
      3, ;
    ];`,
    `P: Id|Part
    1|a
    1|b
    2|-
    3|
    3|`.replaceAll('    ', ''),
  )
})

describe('files', () => {
  let asked: string[] = []
  const reader = (bytes: number): TableReader => ({
    resolve: (path) => Promise.resolve([path]),
    open: () =>
      Promise.resolve({
        fields: ['N'],
        async *batches(fields) {
          yield { rows: 2, columns: fields.map(() => ({ kind: 'values', values: [1, 2] })) }
        },
      }),
    async file(path) {
      asked.push(path)
      return { bytes: bytes + asked.length }
    },
  })

  test('are asked for once a statement and anew in the next', async () => {
    asked = []
    const { variables } = await run(
      `LET a = FileSize('x') + FileSize('x');
      LET b = FileSize('x');
      T: LOAD N, FileSize('x') as S FROM y (txt);
      LET c = Peek('S');`,
      { reader: reader(10) },
    )
    expect([variables.get('a'), variables.get('b'), variables.get('c')]).toEqual(['22', '12', '13'])
    expect(asked).toEqual(['x', 'x', 'x'])
  })
  test('beyond number are refused', async () => {
    const made = { reader: reader(0), random: () => Math.random() }
    await expect(run("LET a = FileSize('x' & Rand());", made)).rejects.toMatchObject({
      code: 'budget-exceeded',
    })
  })
  test('that cannot be asked for leave no table behind', async () => {
    const { variables } = await run(
      `SET ErrorMode=0;
      A: LOAD 1 as X AUTOGENERATE 1;
      B: LOAD N, FileSize(N) as S FROM y (txt);
      LET tables = NoOfTables();`,
      { reader: reader(0) },
    )
    expect(variables.get('ScriptErrorCount')).toBe('1')
    expect(variables.get('tables')).toBe('1')
  })
  test('whose path is in the record are refused at their place', async () => {
    await expectError(
      'T: LOAD FileSize(N) as S FROM y (txt);',
      `
      The path "1" is known only when the record is read; give FileSize(), FileTime() and the functions of QVDs a path without fields, e.g. the variable of a FOR EACH
      script:1:9
      1 | T: LOAD FileSize(N) as S FROM y (txt);
                  ^^^^^^^^^^^`,
      { reader: reader(0) },
    )
  })
})
