import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp, defaultFormatSettings, namedConnections, neverCancelled } from '@lichen/engine'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { described, readAll } from './sql-for-tests.ts'
import { sqlite } from './sqlite.ts'

const driver = await import('better-sqlite3').then(
  (module) => module.default,
  () => undefined,
)

describe.skipIf(driver === undefined)('sqlite', () => {
  let folder: string
  let file: string

  beforeAll(() => {
    if (driver === undefined) return
    folder = mkdtempSync(join(tmpdir(), 'lichen-sqlite-'))
    file = join(folder, 'x.db')
    const database = new driver(file)
    database.exec(`
      CREATE TABLE t (i INTEGER, r REAL, s TEXT, b BLOB, d DATE, m DATETIME, h TIME, any);
      INSERT INTO t VALUES (1, 1.5, 'a', x'00ff', '2024-02-29', '2024-01-01 12:00:00', '06:00:00', 'x');
      INSERT INTO t VALUES (9007199254740993, NULL, 'é', NULL, 'soon', NULL, NULL, 7);
      CREATE TABLE many AS WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 19999) SELECT i, i % 7 AS k FROM n;
    `)
    database.close()
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test('values keep their kind', async () => {
    const connection = await sqlite({ file })('plan', neverCancelled)
    expect(connection.description).toBe('plan')
    const { fields, rows, formats } = await readAll(connection, 'SELECT * FROM t')
    expect(fields).toEqual(['i', 'r', 's', 'b', 'd', 'm', 'h', 'any'])
    expect(rows).toEqual([
      [1, 1.5, 'a', '00ff', 45351, 45292.5, 0.25, 'x'],
      ['9007199254740993', null, 'é', null, 'soon', null, null, 7],
    ])
    expect(formats).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      'date',
      'timestamp',
      'time',
      undefined,
    ])
    await connection.close?.()
  })

  test('many rows come in pages; a result may be left early; it can be cancelled', async () => {
    const connection = await sqlite({ file })('plan', neverCancelled)
    const all = await readAll(connection, 'SELECT i, k FROM many')
    expect(all.rows.length).toBe(20_000)
    expect(all.batches).toBeGreaterThan(1)
    await connection.query('SELECT i FROM many', defaultFormatSettings, neverCancelled)
    expect((await readAll(connection, 'SELECT count(*) FROM many')).rows).toEqual([[20_000]])
    const token = { cancelled: false }
    const source = await connection.query('SELECT i FROM many', defaultFormatSettings, token)
    const reading = (async () => {
      for await (const _ of source.batches([0], token)) token.cancelled = true
    })()
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' })
    await connection.close?.()
  })

  test('nothing is written, attached or told', async () => {
    const connection = await sqlite({ file })('plan', neverCancelled)
    for (const sql of [
      'DELETE FROM t',
      'INSERT INTO t (i) VALUES (1) RETURNING i',
      `ATTACH '${join(folder, 'other.db')}' AS o`,
      'CREATE TABLE u (a)',
    ])
      await expect(readAll(connection, sql)).rejects.toMatchObject({ code: 'script-failed' })
    await expect(readAll(connection, 'SELECT absent FROM t')).rejects.toThrow(
      'plan: no such column: absent (SQLITE_ERROR)',
    )
    await connection.close?.()
    await expect(sqlite({ file: join(folder, 'none.db') })('p', neverCancelled)).rejects.toThrow(
      'p: unable to open database file',
    )
  })

  test('writes where it is allowed, and lists what there is', async () => {
    const connection = await sqlite({ file, readOnly: false })('plan', neverCancelled)
    expect(
      (await readAll(connection, 'CREATE TABLE IF NOT EXISTS w (a TEXT NOT NULL)')).fields,
    ).toEqual([])
    const names = await described(connection, 'tables')
    expect(names.rows).toContainEqual([null, null, 'w', 'TABLE'])
    const columns = await described(connection, 'columns')
    expect(columns.rows).toContainEqual([null, null, 'w', 'a', 'TEXT', 1, 'NO'])
    await readAll(connection, 'DROP TABLE w')
    await connection.close?.()
  })

  test('a script loads from it', async () => {
    const app = await createApp({
      script: `
        LIB CONNECT TO 'plan';
        T: LOAD k, Count(i) AS n GROUP BY k; SQL SELECT i, k FROM many;
        D: SQL SELECT d FROM t WHERE i = 1;`,
      connections: namedConnections({ plan: sqlite({ file }) }),
    })
    expect(app.evaluate('Sum(n)')).toMatchObject({ number: 20_000 })
    expect(app.evaluate('Only(d)')).toMatchObject({ text: '2024-02-29', number: 45351 })
  })
})
