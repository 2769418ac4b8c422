import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { createApp, defaultFormatSettings, namedConnections, neverCancelled } from '@lichen/engine'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PostgresOptions, postgres } from './postgres.ts'
import { described, readAll } from './sql-for-tests.ts'

let database: PGlite
let server: PGLiteSocketServer
let place: PostgresOptions

beforeAll(async () => {
  database = await PGlite.create()
  await database.exec('CREATE TABLE many AS SELECT i, i % 7 AS k FROM generate_series(0, 199999) i')
  server = new PGLiteSocketServer({ db: database, port: 0, host: '127.0.0.1' })
  await server.start()
  const port = Number(server.getServerConn().split(':').pop())
  place = { host: '127.0.0.1', port, database: 'postgres', user: 'postgres', password: 'geheim' }
}, 60_000)
afterAll(async () => {
  await server.stop()
  await database.close()
})

test('values keep their kind', async () => {
  const connection = await postgres(place)('crm', neverCancelled)
  const { fields, rows, formats } = await readAll(
    connection,
    `SELECT * FROM (VALUES
      (1::int2, 9007199254740993::int8, 1.25::numeric, 12345678901234567890.5::numeric, 'NaN'::float8, true, 'é',
       '2024-02-29'::date, '06:00:00'::time, '2024-01-01 12:00:00.5'::timestamp, '2024-01-01 12:00:00+00'::timestamptz,
       '\\x00ff'::bytea, '{"a":1}'::jsonb, '{1,2}'::int[], 'b0e8f8c0-0000-4000-8000-000000000000'::uuid),
      (NULL, NULL, NULL, NULL, 0.5, false, NULL, 'infinity', '24:00', '2024-01-01 BC', NULL, NULL, NULL, NULL, NULL)
    ) t(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o)`,
  )
  expect(fields.join('')).toBe('abcdefghijklmno')
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
      45292.5,
      '00ff',
      '{"a": 1}',
      '{1,2}',
      'b0e8f8c0-0000-4000-8000-000000000000',
    ],
    [
      null,
      null,
      null,
      null,
      0.5,
      0,
      null,
      'infinity',
      1,
      '2024-01-01 00:00:00 BC',
      ...Array(5).fill(null),
    ],
  ])
  expect(formats.slice(7, 11)).toEqual(['date', 'time', 'timestamp', 'timestamp'])
  await connection.close?.()
})

test('many rows come in pages; a result may be left early; an empty one has its fields', async () => {
  const connection = await postgres(place)('crm', neverCancelled)
  const all = await readAll(connection, 'SELECT i, k FROM many ORDER BY i')
  expect(all.rows.length).toBe(200_000)
  expect(all.rows[199_999]).toEqual([199_999, 199_999 % 7])
  expect(all.batches).toBe(5)
  await connection.query('SELECT i FROM many', defaultFormatSettings, neverCancelled)
  const left = await connection.query('SELECT i FROM many', defaultFormatSettings, neverCancelled)
  for await (const batch of left.batches([0], neverCancelled)) {
    expect(batch.rows).toBeGreaterThan(0)
    break
  }
  expect(await readAll(connection, 'SELECT i AS x FROM many WHERE i < 0')).toMatchObject({
    fields: ['x'],
    rows: [],
  })
  await connection.close?.()
})

test('nothing is written, errors are the words of the server, and the connection goes on', async () => {
  const connection = await postgres(place)('crm', neverCancelled)
  await expect(readAll(connection, 'INSERT INTO many VALUES (1, 1)')).rejects.toThrow(
    'crm: cannot execute INSERT in a read-only transaction (25006)',
  )
  await expect(readAll(connection, 'SELECT absent FROM many')).rejects.toThrow(
    'crm: column "absent" does not exist (42703)',
  )
  await expect(readAll(connection, 'SELECT 1 / (i - 199000) FROM many')).rejects.toThrow(
    'division by zero (22012)',
  )
  await expect(readAll(connection, "SELECT 'geheim'::int")).rejects.toThrow('"***"')
  expect((await readAll(connection, "SET search_path TO 'public'")).fields).toEqual([])
  expect((await readAll(connection, 'SHOW search_path')).rows).toEqual([['public']])
  await readAll(connection, 'COMMIT')
  await expect(readAll(connection, 'DELETE FROM many')).rejects.toMatchObject({
    code: 'script-failed',
  })
  expect((await readAll(connection, 'SELECT count(*) FROM many')).rows).toEqual([[200_000]])
  await connection.close?.()
})

test('writes where it is allowed, and lists what there is', async () => {
  const connection = await postgres({ ...place, readOnly: false })('crm', neverCancelled)
  expect((await readAll(connection, 'CREATE TABLE w (a text)')).fields).toEqual([])
  expect((await described(connection, 'tables')).rows.map((row) => row.slice(1))).toContainEqual([
    'public',
    'w',
    'TABLE',
  ])
  const columns = await described(connection, 'columns')
  expect(columns.rows).toContainEqual(['postgres', 'public', 'w', 'a', 'text', 1, 'YES'])
  expect((await described(connection, 'types')).rows).toContainEqual(['int4'])
  await readAll(connection, 'DROP TABLE w')
  await connection.close?.()
})

test('a cancelled query is given up, and the connection can be closed', async () => {
  const connection = await postgres(place)('crm', neverCancelled)
  const token = { cancelled: false }
  const source = await connection.query('SELECT i FROM many', defaultFormatSettings, token)
  const reading = (async () => {
    for await (const _ of source.batches([0], token)) token.cancelled = true
  })()
  await expect(reading).rejects.toMatchObject({ code: 'cancelled' })
  await connection.close?.()
})

test('a script loads from it', async () => {
  const app = await createApp({
    script: `
      LIB CONNECT TO 'crm';
      T: LOAD k, Count(i) AS n GROUP BY k; SQL SELECT i, k FROM many;
      F: FIRST 3 SQL SELECT i AS f FROM many ORDER BY i;
      D: SQL SELECT date '2024-02-29' AS d;`,
    connections: namedConnections({ crm: postgres(place) }),
  })
  expect(app.evaluate('Sum(n)')).toMatchObject({ number: 200_000 })
  expect(app.evaluate('Sum(f)')).toMatchObject({ number: 3 })
  expect(app.evaluate('Only(d)')).toMatchObject({ text: '2024-02-29', number: 45351 })
})

test('a server that is not there is named without secrets', async () => {
  const address = 'postgres://me:top-secret@127.0.0.1:1/db'
  const error = await Promise.resolve(postgres({ address })('crm', neverCancelled)).then(
    () => undefined,
    (cause: unknown) => cause,
  )
  expect(error).toMatchObject({ code: 'script-failed' })
  expect(String(error)).toContain('ECONNREFUSED')
  expect(String(error)).not.toContain('top-secret')
})
