import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Connection,
  createApp,
  defaultFormatSettings,
  namedConnections,
  neverCancelled,
} from '@lichen/engine'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type MysqlOptions, mysql } from './mysql.ts'
import { described, readAll } from './sql-for-tests.ts'

const installed = spawnSync('mariadbd', ['--version']).status === 0

describe.skipIf(!installed)('MariaDB', () => {
  let folder: string
  let server: ChildProcess
  let place: MysqlOptions

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lichen-mariadb-'))
    chmodSync(folder, 0o777)
    const data = join(folder, 'data')
    const user = process.getuid?.() === 0 ? ['--user=mysql'] : []
    execFileSync('mariadb-install-db', [
      ...user,
      '--no-defaults',
      `--datadir=${data}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
    ])
    const port = await freePort()
    place = { host: '127.0.0.1', port, user: 'root' }
    server = spawn(
      'mariadbd',
      [
        '--no-defaults',
        ...user,
        `--datadir=${data}`,
        `--socket=${join(folder, 's')}`,
        `--port=${port}`,
        '--bind-address=127.0.0.1',
      ],
      { stdio: 'ignore' },
    )
    const setup = await ready({ ...place, readOnly: false })
    for (const statement of [
      'CREATE DATABASE shop',
      'USE shop',
      "CREATE USER reader IDENTIFIED BY 'geheim'",
      'GRANT ALL ON shop.* TO reader',
      `CREATE TABLE shop.t (i TINYINT, b BIGINT UNSIGNED, n DECIMAL(30, 1), f DOUBLE, s VARCHAR(9) CHARACTER SET utf8mb4, x VARBINARY(9),
        d DATE, m DATETIME(3), h TIME, y YEAR, j JSON, z BIT(9))`,
      `INSERT INTO shop.t VALUES (1, 9007199254740993, 1.5, 0.25, 'é', x'00ff', '2024-02-29', '2024-01-01 12:00:00.5', '06:00:00', 2024, '{"a": 1}', 257),
        (NULL, 1, 12345678901234567890.5, NULL, '', NULL, NULL, NULL, '25:00:00', NULL, NULL, NULL)`,
      'CREATE TABLE shop.many AS SELECT seq AS i, seq % 7 AS k FROM seq_0_to_199999',
    ])
      await readAll(setup, statement)
    await setup.close?.()
    place = { host: '127.0.0.1', port, database: 'shop', user: 'reader', password: 'geheim' }
  }, 60_000)
  afterAll(async () => {
    server.kill()
    await once(server, 'exit')
    rmSync(folder, { recursive: true })
  }, 30_000)

  test('values keep their kind', async () => {
    const connection = await mysql(place)('shop', neverCancelled)
    const { fields, rows, formats } = await readAll(connection, 'SELECT * FROM t')
    expect(fields.join('')).toBe('ibnfsxdmhyjz')
    expect(rows).toEqual([
      [
        1,
        '9007199254740993',
        1.5,
        0.25,
        'é',
        '00ff',
        45351,
        45292.5 + 0.5 / 86_400,
        0.25,
        2024,
        '{"a": 1}',
        257,
      ],
      [null, 1, '12345678901234567890.5', null, '', null, null, null, '25:00:00', null, null, null],
    ])
    expect(formats.slice(6, 9)).toEqual(['date', 'timestamp', 'time'])
    await connection.close?.()
  })

  test('many rows come in pages; a result may be left early; an empty one has its fields', async () => {
    const connection = await mysql(place)('shop', neverCancelled)
    const all = await readAll(connection, 'SELECT i, k FROM many ORDER BY i')
    expect(all.rows.length).toBe(200_000)
    expect(all.rows[199_999]).toEqual([199_999, 199_999 % 7])
    expect(all.batches).toBe(4)
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
    const connection = await mysql(place)('shop', neverCancelled)
    for (const sql of [
      'INSERT INTO many VALUES (1, 1)',
      'CREATE TABLE u (a INT)',
      'DROP TABLE many',
    ])
      await expect(readAll(connection, sql)).rejects.toThrow(
        'shop: Cannot execute statement in a READ ONLY transaction',
      )
    await expect(readAll(connection, 'SELECT absent FROM many')).rejects.toThrow(
      /^shop: Unknown column 'absent'.* \(ER_BAD_FIELD_ERROR\)$/,
    )
    await expect(readAll(connection, 'SELECT geheim FROM many')).rejects.toThrow("column '***'")
    expect((await readAll(connection, 'SET @x = 5')).fields).toEqual([])
    expect((await readAll(connection, 'SELECT @x AS x')).rows).toEqual([[5]])
    await readAll(connection, 'COMMIT')
    await expect(readAll(connection, 'DELETE FROM many')).rejects.toMatchObject({
      code: 'script-failed',
    })
    await connection.close?.()
  })

  test('lists what there is', async () => {
    const connection = await mysql(place)('shop', neverCancelled)
    expect((await described(connection, 'tables')).rows).toContainEqual([
      'def',
      'shop',
      't',
      'TABLE',
    ])
    expect((await described(connection, 'columns')).rows).toContainEqual([
      'def',
      'shop',
      't',
      'd',
      'date',
      7,
      'YES',
    ])
    expect((await described(connection, 'types')).rows).toContainEqual(['bigint'])
    await connection.close?.()
  })

  test('a cancelled query is given up', async () => {
    const connection = await mysql(place)('shop', neverCancelled)
    const token = { cancelled: false }
    const waiting = connection.query('SELECT SLEEP(60)', defaultFormatSettings, token)
    const reading = (async () => {
      for await (const _ of (await waiting).batches([0], token)) expect(_).toBeDefined()
    })()
    setImmediate(() => {
      token.cancelled = true
    })
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' })
    expect((await readAll(connection, 'SELECT 1 AS a')).rows).toEqual([[1]])
    await connection.close?.()
  })

  test('a script loads from it', async () => {
    const app = await createApp({
      script: `
        LIB CONNECT TO 'shop';
        T: LOAD k, Count(i) AS n GROUP BY k; SQL SELECT i, k FROM many;
        F: FIRST 3 SQL SELECT i AS f FROM many ORDER BY i;
        D: SQL SELECT d FROM t WHERE d IS NOT NULL;`,
      connections: namedConnections({ shop: mysql(place) }),
    })
    expect(app.evaluate('Sum(n)')).toMatchObject({ number: 200_000 })
    expect(app.evaluate('Sum(f)')).toMatchObject({ number: 3 })
    expect(app.evaluate('Only(d)')).toMatchObject({ text: '2024-02-29', number: 45351 })
  })
})

test('a server that is not there is named without secrets', async () => {
  const address = 'mysql://me:top-secret@127.0.0.1:1/db'
  const error = await Promise.resolve(mysql({ address })('shop', neverCancelled)).then(
    () => undefined,
    (cause: unknown) => cause,
  )
  expect(error).toMatchObject({ code: 'script-failed' })
  expect(String(error)).toContain('ECONNREFUSED')
  expect(String(error)).not.toContain('top-secret')
})

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Connects as soon as the server answers. */
async function ready(place: MysqlOptions): Promise<Connection> {
  for (;;) {
    try {
      return await mysql(place)('setup', neverCancelled)
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
