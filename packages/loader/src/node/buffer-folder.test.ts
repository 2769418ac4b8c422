import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type App, createApp, type TableReader } from '@lichen/engine'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { folderBuffers } from './buffer-folder.ts'
import { folderReader } from './folder.ts'

let base = ''
let now = 46_000
/** Paths opened as wholes, and bytes that tails began at. */
let opened: string[] = []
let reader: TableReader
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'lichen-buffers-'))
  await writeFile(join(base, 'log.csv'), 'Id,Day,Text\n1,2024-01-01,"a, b"\n2,2024-01-02,x\n')
  now = 46_000
  opened = []
  const folder = folderReader({ root: base })
  reader = {
    ...folder,
    open(path, ...given) {
      opened.push(path)
      return folder.open(path, ...given)
    },
    async openTail(path, clause, settings, cancellation, from) {
      const tail = await folder.openTail?.(path, clause, settings, cancellation, from)
      opened.push(tail === undefined ? 'no tail' : `${path} from ${from}`)
      return tail
    },
  }
})
afterEach(() => rm(base, { recursive: true, force: true }))

const kept = () => readdir(join(base, '.buffers')).catch(() => [])

function load(script: string, buffers = true): Promise<App> {
  return createApp({
    script,
    reader,
    clock: { now: () => now },
    ...(buffers ? { buffers: folderBuffers(join(base, '.buffers')) } : {}),
  })
}

/** Rows of the table as texts. */
function rows(app: App): readonly string[] {
  const { tables, fields } = app.session.view
  return tables.map(({ name, rows: count, columns }) =>
    [
      name,
      ...Array.from({ length: count }, (_, row) =>
        [...columns]
          .map(([field, column]) => {
            const code = column.codeAt(row)
            return code === 0 ? '-' : fields[field]?.symbols.textAt(code - 1)
          })
          .join('|'),
      ),
    ].join('\n'),
  )
}

const incremental = 'BUFFER (INCREMENTAL) LOAD Id, Day, Text & Id AS t FROM log.csv;'

describe('BUFFER', () => {
  test('reads a source once, whatever becomes of it', async () => {
    const script =
      "SET DateFormat = 'YYYY-MM-DD';\nT: BUFFER LOAD *, Upper(Text) AS u FROM log.csv (txt);"
    const plain = rows(await load(script, false))
    expect(await kept()).toEqual([])
    expect(rows(await load(script))).toEqual(plain)
    await rm(join(base, 'log.csv'))
    const again = await load(script.replace('T: BUFFER LOAD', 'T:  BUFFER\n  LOAD'))
    expect(rows(again)).toEqual(plain)
    expect(again.session.view.fields.find(({ name }) => name === 'Day')?.tags).toContain('$date')
    expect(opened).toEqual(['log.csv', 'log.csv'])
    expect(await kept()).toHaveLength(1)
    await expect(load(script.replace('Upper', 'Lower'))).rejects.toMatchObject({
      code: 'source-not-found',
    })
    await expect(load(`SET NullInterpret = x;\n${script}`)).rejects.toMatchObject({
      code: 'source-not-found',
    })
  })

  test('keeps a name, and what is done with the result apart from it', async () => {
    const plain = rows(await load('CROSSTABLE (k, v, 1) LOAD * FROM log.csv;', false))
    const script = 'BUFFER CROSSTABLE (k, v, 1) LOAD * FROM log.csv;'
    expect(rows(await load(script))).toEqual(plain)
    expect(rows(await load(script))).toEqual(plain)
    expect(plain[0]?.split('\n')[0]).toBe('log')
    await load('MAP Text USING m;\nBUFFER LOAD * FROM log.csv;'.replace('MAP Text USING m;\n', ''))
    const mapped = await load(
      "m: MAPPING LOAD 'x' AS f, 'mapped' AS t AUTOGENERATE 1;\nMAP Text USING m;\nBUFFER LOAD * FROM log.csv;",
    )
    expect(rows(mapped)).toEqual(['log\n1|2024-01-01|a, b\n2|2024-01-02|mapped'])
  })

  test('loads anew what is stale', async () => {
    const script = (age: string): string => `BUFFER (STALE AFTER ${age}) LOAD * FROM log.csv;`
    await load(script('2 days'))
    now += 2
    await load(script('2'))
    expect(opened).toHaveLength(1)
    await load(script('47 hours'))
    expect(opened).toHaveLength(2)
    await load(script('47 hours'))
    expect(opened).toHaveLength(2)
  })

  test('reads what was appended to a text file', async () => {
    await load(incremental)
    await load(incremental)
    await appendFile(join(base, 'log.csv'), '3,2024-01-03,"n\n1"\n')
    const app = await load(incremental)
    expect(opened).toEqual(['log.csv', 'log.csv from 47'])
    expect(rows(app)).toEqual(rows(await load(incremental.replace('BUFFER (INCREMENTAL)', ''))))
    opened = []
    await load(incremental)
    expect(opened).toEqual([])
    await writeFile(join(base, 'log.csv'), 'Id,Day,Text\n9,,y\n')
    expect(rows(await load(incremental))).toEqual(['log\n9||y9'])
  })

  test('reads all again where the end says nothing of the whole', async () => {
    for (const [number, text] of [
      'Sum(Id) AS s',
      'RecNo() AS r',
      "Peek('Text') AS p, Text",
      'DISTINCT Text',
    ].entries()) {
      const script = `BUFFER (INCREMENTAL) LOAD ${text} FROM log.csv;`
      await load(script)
      await appendFile(join(base, 'log.csv'), `${3 + number},,x\n`)
      opened = []
      expect(rows(await load(script))).toEqual(rows(await load(script, false)))
      expect(opened).toEqual(['log.csv', 'log.csv'])
    }
    await writeFile(join(base, 'log.csv'), 'Id,Day,Text\n1,,x')
    await load(incremental)
    await appendFile(join(base, 'log.csv'), 'yz\n2,2024-01-02,x\n')
    opened = []
    expect(rows(await load(incremental))).toEqual(['log\n1||xyz1\n2|2024-01-02|x2'])
    expect(opened).toEqual(['no tail', 'log.csv'])
  })

  test('keeps nothing of a LOAD that fails, and reads past what is damaged', async () => {
    await expect(
      load('BUFFER LOAD *, Id / 0 AS x, Nonsense AS y FROM log.csv;'),
    ).rejects.toMatchObject({ code: 'field-not-found' })
    expect(await kept()).toEqual([])
    await load('BUFFER LOAD * FROM log.csv;')
    const [name = ''] = await kept()
    expect(String(await readFile(join(base, '.buffers', name)))).toContain(
      '&quot;loaded&quot;:46000',
    )
    await writeFile(join(base, '.buffers', name), 'nothing')
    expect(rows(await load('BUFFER LOAD * FROM log.csv;'))[0]).toContain('a, b')
    expect(opened).toEqual(['log.csv', 'log.csv', 'log.csv'])
  })

  test('buffers what is no file, and a partial reload as well', async () => {
    const app = await load('T: ADD BUFFER LOAD Today() AS d, 1 AS one AUTOGENERATE 1;')
    now += 1
    await app.reload(undefined, { partial: true })
    expect(app.evaluate("Count(d) & '/' & Count(DISTINCT d)").text).toBe('2/1')
  })
})
