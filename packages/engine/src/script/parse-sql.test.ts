import { expect, test } from 'vitest'
import { checkScript } from './check.ts'
import { tableOfSelect } from './parse-sql.ts'
import { parseStatement } from './parse-statement.ts'
import { withoutSecrets } from './without-secrets.ts'

test('the table of a SELECT is the first it reads, without its schema', () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['SELECT * FROM orders', 'orders'],
    ['select a from sales . "my orders" o, b', 'my orders'],
    ['SELECT * FROM [dbo].[T 1] WHERE a = 1', 'T 1'],
    ['SELECT * FROM `a.b`', 'a.b'],
    ["SELECT 'from x' -- from y\nFROM /* from z */ t", 't'],
    ['SELECT * FROM (SELECT 1 FROM inner_one) x', 'inner_one'],
    ['SELECT 1', undefined],
    ['CALL p()', undefined],
  ]
  for (const [sql, table] of cases) expect(tableOfSelect(sql), sql).toBe(table)
})

test('the language of the database is kept as it stands', () => {
  const sql = `SELECT "a", b'x', [c d]\n  FROM "t" WHERE x::int > 1 AND y = 'it''s'`
  expect(parseStatement(`T:\nLEFT JOIN (U) SQL ${sql}`).statement).toMatchObject({
    kind: 'load',
    label: { text: 'T' },
    prefixes: [{ kind: 'join', side: 'left' }],
    source: { kind: 'sql', what: 'query', text: { text: sql } },
  })
})

test('a variable may be named like a word of it', () => {
  for (const text of ["sql = 'SELECT 1'", 'Select=2', 'lib = 3'])
    expect(parseStatement(text).statement, text).toMatchObject({ kind: 'let' })
})

test('a script with connections has no mistakes', () => {
  const text = `
    LIB CONNECT TO 'a (b)';
    T: LOAD *; SQL SELECT * FROM t;
    WHEN 1 = 1 CONCATENATE (T) SELECT 1;
    SQLTABLES; DISCONNECT;`
  expect(checkScript({ name: 'script', text })).toEqual([])
})

test('what may be secret is covered, lengths stay', () => {
  const covered = (text: string): string => {
    const raw = { text, start: 0, end: text.length, keyword: '' }
    const place = withoutSecrets({ source: { name: 's', text }, raw, text })
    expect(place.source.text).toBe(place.text)
    expect(place.text.length).toBe(text.length)
    return place.text
  }
  expect(covered('ODBC CONNECT TO [DSN=a;UID=b;PWD=c d;Database=e]')).toBe(
    'ODBC CONNECT TO [DSN=a;UID=b;PWD=* *;Database=e]',
  )
  expect(covered("CONNECT TO 'a' (UserId is b, Password is 'c')")).toBe(
    "CONNECT TO 'a' (UserId is b, Password is 'c')".replace("'c'", '***'),
  )
  expect(covered('SQL SELECT a FROM b WITH CONNECTION (HTTPHEADER "Authorization" "x y")')).toBe(
    'SQL SELECT a FROM b WITH CONNECTION (********** *************** ** **)',
  )
  expect(covered("LOAD password = 'a' AS b")).toBe("LOAD password = 'a' AS b")
})
