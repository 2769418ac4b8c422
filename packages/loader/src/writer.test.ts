import { createApp } from '@lichen/engine'
import { expect, test } from 'vitest'
import { type ByteSource, bytesSource } from './byte-source.ts'
import { collect } from './qvd/table-for-tests.ts'
import { fileReader } from './reader.ts'
import { createWriter } from './writer.ts'

const script = `SET DateFormat='YYYY-MM-DD';
T: LOAD RecNo() AS i, RecNo() / 8 AS f, Date(45000 + RecNo()) AS d, If(Mod(RecNo(), 3), 't' & Mod(RecNo(), 5)) AS t
AUTOGENERATE 5000;
`

/** The files that statements of a script make of table T. */
async function stored(statements: string): Promise<Map<string, ByteSource>> {
  const files = new Map<string, ByteSource>()
  const writer = createWriter({
    async put(path, chunks) {
      files.set(path, bytesSource(path, await collect(chunks)))
    },
  })
  const app = await createApp({ script: script + statements, writer })
  app.close()
  return files
}

const questions = ['Count(i)', 'Sum(i * f)', 'Count(t)', 'Count(DISTINCT t)', 'Count(DISTINCT d)']
const firstDay = 'Only({<i={1}>} d)'

test.each([
  ['t.parquet', '', ''],
  ['t.bin', '(parquet)', '(parquet)'],
  ['t.bin', '(parquet, compression is uncompressed)', '(parquet)'],
  ['t.json', '', ''],
  ['t.bin', '(json)', '(json)'],
  ['t.ndjson', '', ''],
  ['t.jsonl', '', '(jsonl)'],
  ['t.bin', '(ndjson)', '(ndjson)'],
])('STORE INTO %s %s is loaded as it was', async (path, into, from) => {
  const files = await stored(`STORE T INTO ${path} ${into};`)
  const load = `SET DateFormat='YYYY-MM-DD';\nLOAD i, f, d, t FROM ${path} ${from};`
  const before = await createApp({ script })
  const after = await createApp({ script: load, reader: fileReader(files) })
  for (const question of questions)
    expect(after.evaluate(question).number).toBe(before.evaluate(question).number)
  expect(after.evaluate(firstDay).text).toBe('2023-03-16')
  before.close()
  after.close()
})

test('lines are lines, and an unknown format is named', async () => {
  const files = await stored('STORE i, t FROM T INTO a.bin (jsonl);')
  const bytes = await files.get('a.bin')?.read(0, 40)
  expect(new TextDecoder().decode(bytes)).toBe('{"i":1,"t":"t1"}\n{"i":2,"t":"t2"}\n{"i":3')
  await expect(stored('STORE T INTO a.bin (kml);')).rejects.toThrow('kml is not written')
  await expect(stored('STORE T INTO a.parquet (compression is gzip);')).rejects.toThrow('snappy')
})
