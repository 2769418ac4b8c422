import { describe, expect, test } from 'vitest'
import { ScriptError } from '../../base/errors.ts'
import { type Answers, fakeDatabase } from '../connection-for-tests.ts'
import type { ScriptOptions } from '../interpreter.ts'
import { expectTables, run } from '../run-for-tests.ts'

const orders: Answers = {
  'SELECT id, customer FROM sales.orders': {
    fields: ['id', 'customer'],
    rows: [
      [1, 'Ann'],
      [2, 'Bo'],
      [3, null],
    ],
  },
  'SELECT id, amount FROM amounts': { fields: ['id', 'amount'], rows: [[1, 10]] },
  'SELECT customer, name FROM "my names"': { fields: ['customer', 'name'], rows: [['Ann', 'A']] },
  'SELECT k, jan, feb FROM months': { fields: ['k', 'jan', 'feb'], rows: [['x', 1, 2]] },
  'SELECT id, id FROM twice': { fields: ['id', 'id'], rows: [[1, 2]] },
  'UPDATE t SET a = 1': { fields: [], rows: [] },
  'SELECT 1 FROM missing': 'relation "missing" does not exist (42P01)',
}

/** The error of a script, whose message holds the words given. */
async function failure(
  script: string,
  words: string,
  options: Partial<ScriptOptions> = {},
): Promise<Error> {
  const error: unknown = await run(script, options).catch((cause: unknown) => cause)
  if (!(error instanceof Error)) throw new Error('Expected an error')
  expect(error.message).toContain(words)
  return error
}

describe('SELECT', () => {
  test('makes a table named like the one it reads, or by a label', async () => {
    const { connections, sent } = fakeDatabase(orders)
    await expectTables(
      `
      LIB CONNECT TO 'db';
      SQL SELECT id, customer FROM sales.orders;
      Names: SELECT customer, name FROM "my names";
      DISCONNECT;`,
      `
      orders: id|customer
      1|Ann
      2|Bo
      3|-
      Names: customer|name
      Ann|A`,
      { connections },
    )
    expect(sent).toEqual([
      'open db',
      'SELECT id, customer FROM sales.orders',
      'SELECT customer, name FROM "my names"',
      'close db',
    ])
  })

  test('has the prefixes of LOAD and may be read by LOADs above it', async () => {
    const { connections } = fakeDatabase(orders)
    await expectTables(
      `
      LIB CONNECT TO 'db';
      Orders: LOAD id, Upper(customer) AS who WHERE id < 3; LOAD *; SQL SELECT id, customer FROM sales.orders;
      LEFT JOIN (Orders) SQL SELECT id, amount FROM amounts;
      Long: MAPPING SELECT customer, name FROM "my names";
      Cross: CROSSTABLE (month, value) SQL SELECT k, jan, feb FROM months;
      One: FIRST 1 NOCONCATENATE SQL SELECT id, customer FROM sales.orders;
      CONCATENATE (One) LOAD ApplyMap('Long', 'Ann') AS customer AUTOGENERATE 1;`,
      `
      Orders: id|who|amount
      1|ANN|10
      2|BO|-
      Cross: k|month|value
      x|jan|1
      x|feb|2
      One: id|customer
      1|Ann
      -|A`,
      { connections },
    )
  })

  test('NullDisplay gives NULLs a value; a statement without result is carried out', async () => {
    const { connections, sent } = fakeDatabase(orders)
    await expectTables(
      `
      LIB CONNECT TO 'db';
      SQL UPDATE t SET a = 1;
      SET NullDisplay = nobody;
      SELECT id, customer FROM sales.orders;`,
      `
      orders: id|customer
      1|Ann
      2|Bo
      3|nobody`,
      { connections },
    )
    expect(sent[1]).toBe('UPDATE t SET a = 1')
    await failure(
      `
      LIB CONNECT TO 'db';
      LOAD a; SQL UPDATE t SET a = 1;`,
      'no result',
      { connections },
    )
  })

  test('SQLTABLES and its like ask the connection', async () => {
    const { connections } = fakeDatabase(orders)
    await expectTables(
      `
      LIB CONNECT TO 'db';
      T: SQLTABLES;
      T: LOAD * WHERE TABLE_NAME like '*types'; SQLTYPES;
      T: SQLCOLUMNS;`,
      `
      T: TABLE_NAME
      the tables
      the types
      the columns`,
      { connections },
    )
  })

  test('what is sent has expansions, and comments only with StripComments=0', async () => {
    const { connections, sent } = fakeDatabase({})
    await run(
      `
      SET ErrorMode = 0;
      SET t = 'orders';
      LIB CONNECT TO 'db';
      SQL SELECT /* hint */ 'http://x' FROM $(t) // end
      ;
      SET StripComments = 0;
      LOAD *; SQL SELECT /* hint $(t) */ 1 FROM $(t) -- end
      ;`,
      { connections },
    )
    expect(sent.slice(1, -1)).toEqual([
      "SELECT            'http://x' FROM orders",
      'SELECT /* hint orders */ 1 FROM orders -- end',
    ])
  })
})

describe('CONNECT', () => {
  test('finds a connection by name, DSN or the first part of a connect string', async () => {
    const forms = [
      "LIB CONNECT TO 'Sales'",
      'LIB CONNECT TO [sales]',
      "CONNECT TO 'Sales' (UserId is sa, Password is secret)",
      'ODBC CONNECT TO [Driver=x;DSN=sales;UID=sa;PWD=secret]',
      'OLEDB CONNECT32 TO [sales;Provider=x]',
      'CUSTOM CONNECT TO "Provider=sales;url=https://x/;"',
      'ODBC CONNECT TO sales (XUserId is sa)',
    ]
    for (const form of forms) {
      const { connections, sent } = fakeDatabase({}, ['Sales'])
      const { variables } = await run(`${form}; LET c = ConnectString();`, { connections })
      expect(sent, form).toEqual(['open Sales', 'close Sales'])
      expect(variables.get('c')).toBe('Sales')
    }
  })

  test('an unknown connection is refused without repeating what may be secret', async () => {
    const { connections } = fakeDatabase({}, ['Sales'])
    const error = await failure(
      'ODBC CONNECT TO [DSN=other;UID=sa;PWD=geheim;];',
      'There is no connection of that name',
      { connections },
    )
    expect(error.message).not.toContain('geheim')
    expect(error.message).toContain('DSN=other')
    await failure("LIB CONNECT TO 'x';", 'This host gives scripts no connections')
    await failure('SQL SELECT 1;', 'No connection is open', { connections })
  })

  test('the connection is closed at the next one, at an error and when cancelled', async () => {
    const { connections, sent } = fakeDatabase(orders, ['a', 'b'])
    const error = await failure(
      `
      LIB CONNECT TO 'a';
      LIB CONNECT TO 'b';
      SELECT 1 FROM missing;`,
      'b: relation "missing" does not exist (42P01)',
      { connections },
    )
    expect(error).toBeInstanceOf(ScriptError)
    expect(error instanceof ScriptError && error.line).toBe(3)
    expect(sent).toEqual(['open a', 'close a', 'open b', 'SELECT 1 FROM missing', 'close b'])
    const cancellation = { cancelled: false }
    sent.length = 0
    await expect(
      run("LIB CONNECT TO 'a'; SELECT id, customer FROM sales.orders;", {
        connections,
        cancellation,
        onProgress: () => {
          cancellation.cancelled = true
        },
      }),
    ).rejects.toMatchObject({ code: 'cancelled' })
    expect(sent.at(-1)).toBe('close a')
  })
})

describe('what cannot be', () => {
  const refused: readonly (readonly [string, string])[] = [
    ['SELECT id, id FROM twice;', 'two fields named "id"'],
    ['DIRECT QUERY DIMENSION a FROM t;', 'SQL SELECT'],
    ['SQL;', 'Expected a statement of the database after SQL'],
    ['SQLTABLES now;', 'Unexpected text after SQLTABLES'],
    ['LIB TO x;', 'Expected CONNECT TO after LIB'],
    ['LIB CONNECT TO;', 'the name of a connection'],
    ['LOAD a; LEFT JOIN SQL SELECT 1 FROM missing;', 'Only the topmost'],
  ]
  for (const [script, message] of refused)
    test(script, async () => {
      const { connections } = fakeDatabase(orders)
      await failure(`LIB CONNECT TO 'db'; ${script}`, message, { connections })
    })
})

test('lineage names the connection', async () => {
  const { connections } = fakeDatabase(orders)
  const { Journal } = await import('../reload-report.ts')
  const journal = new Journal()
  await run("LIB CONNECT TO 'db'; SELECT id, amount FROM amounts;", { connections, journal })
  expect(journal.lineage).toContainEqual({
    table: 'amounts',
    field: 'amount',
    from: [{ source: 'db', field: 'amount' }],
  })
  expect(journal.statements.map(({ text, rows }) => [text, rows])).toEqual([
    ['LIB …', 0],
    ['SELECT id, amount FROM amounts', 1],
  ])
})
