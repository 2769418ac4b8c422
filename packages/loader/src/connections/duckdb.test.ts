import { defaultFormatSettings, neverCancelled } from '@lichen/engine'
import { expect, test } from 'vitest'
import { duckdb } from './duckdb.ts'
import { described, readAll } from './sql-for-tests.ts'

test('values keep their kind', async () => {
  const connection = await duckdb()('lake', neverCancelled)
  const { fields, rows, formats } = await readAll(
    connection,
    `SELECT * FROM (VALUES
      (1::TINYINT, 9007199254740993::BIGINT, 1.25::DECIMAL(9, 2), 12345678901234567890.5::DECIMAL(30, 1), 'NaN'::DOUBLE, true, 'é',
       DATE '2024-02-29', TIME '06:00:00', TIMESTAMP '2024-01-01 12:00:00.5', TIMESTAMPTZ '2024-01-01 08:00:00+02', TIMESTAMP_NS '2024-01-01 06:00:00',
       '\\x00\\xFF'::BLOB, [1, 2], {'a': 1}, 'b0e8f8c0-0000-4000-8000-000000000000'::UUID, INTERVAL 3 DAY),
      (NULL, NULL, NULL, NULL, 0.5, false, NULL, 'infinity'::DATE, NULL, '-infinity'::TIMESTAMP, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
    ) t(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q)`,
  )
  expect(fields.join('')).toBe('abcdefghijklmnopq')
  expect(rows).toEqual([
    [
      1,
      '9007199254740993',
      1.25,
      '12345678901234567890.5',
      null,
      -1,
      'é',
      45351,
      0.25,
      45292 + 0.5 + 0.5 / 86_400,
      45292.25,
      45292.25,
      '00ff',
      '[1, 2]',
      "{'a': 1}",
      'b0e8f8c0-0000-4000-8000-000000000000',
      '3 days',
    ],
    [null, null, null, null, 0.5, 0, null, 'infinity', null, '-infinity', ...Array(7).fill(null)],
  ])
  expect(formats.slice(7, 12)).toEqual(['date', 'time', 'timestamp', 'timestamp', 'timestamp'])
  await connection.close?.()
})

test('many rows come in pages; a result may be left early; it can be cancelled', async () => {
  const connection = await duckdb()('lake', neverCancelled)
  const all = await readAll(connection, 'SELECT i, i % 3 AS k FROM range(200000) t(i)')
  expect(all.rows.length).toBe(200_000)
  expect(all.rows[199_999]).toEqual([199_999, 199_999 % 3])
  expect(all.batches).toBe(4)
  const left = await connection.query(
    'SELECT i FROM range(1000000) t(i)',
    defaultFormatSettings,
    neverCancelled,
  )
  for await (const batch of left.batches([0], neverCancelled)) {
    expect(batch.rows).toBeGreaterThan(0)
    break
  }
  expect((await readAll(connection, 'SELECT 1')).rows).toEqual([[1]])
  const token = { cancelled: false }
  const endless = connection.query(
    'SELECT count(*) FROM range(100000000000) a(i)',
    defaultFormatSettings,
    token,
  )
  const reading = (async () => {
    for await (const _ of (await endless).batches([0], token)) expect(_).toBeDefined()
  })()
  setImmediate(() => {
    token.cancelled = true
  })
  await expect(reading).rejects.toMatchObject({ code: 'cancelled' })
  await connection.close?.()
})

test('SQL reaches nothing outside, and cannot allow itself to', async () => {
  const setup = ["CREATE TABLE t AS SELECT 'x' AS a, 1 AS b"]
  const connection = await duckdb({ setup })('lake', neverCancelled)
  for (const sql of [
    "SELECT * FROM read_csv('/etc/passwd')",
    "ATTACH '/tmp/other.duckdb'",
    "COPY t TO '/tmp/t.csv'",
    'SET enable_external_access = true',
    'INSTALL httpfs',
    'SELECT absent FROM t',
  ])
    await expect(readAll(connection, sql)).rejects.toMatchObject({ code: 'script-failed' })
  expect((await readAll(connection, 'CREATE TABLE u (a INTEGER)')).fields).toEqual([])
  const columns = await described(connection, 'columns')
  expect(columns.fields.slice(0, 5)).toEqual([
    'TABLE_CAT',
    'TABLE_SCHEM',
    'TABLE_NAME',
    'COLUMN_NAME',
    'TYPE_NAME',
  ])
  expect(columns.rows.map((row) => row.slice(1, 5))).toContainEqual(['main', 't', 'b', 'INTEGER'])
  expect((await described(connection, 'tables')).rows[0]?.slice(1)).toEqual(['main', 't', 'TABLE'])
  expect((await described(connection, 'types')).rows).toContainEqual(['INTEGER'])
  await connection.close?.()
})
