import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp, type TableWriter } from '@lichen/engine'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { folderReader } from './folder.ts'
import { folderWriter } from './folder-writer.ts'

let base = ''
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'lichen-writer-'))
  await mkdir(join(base, 'out/sub'), { recursive: true })
  await mkdir(join(base, 'other'))
  await symlink(join(base, 'other'), join(base, 'out/link'))
  await writeFile(join(base, 'other/kept.csv'), 'kept')
  await symlink(join(base, 'other/kept.csv'), join(base, 'out/kept.csv'))
})
afterAll(() => rm(base, { recursive: true, force: true }))

const writer = (): TableWriter =>
  folderWriter({ root: join(base, 'out'), libs: { out: join(base, 'out') } })

const script = `T: LOAD Dual('one', 1) AS a, 'x,"y"' AS b, If(RecNo() = 1, Null(), RecNo()) AS [c d] AUTOGENERATE 2;`

const store = (statement: string) =>
  createApp({ script: `${script}\n${statement}`, writer: writer() })

test('text with labels, quotes where they are needed, and what was stored is read again', async () => {
  await store('STORE T INTO [lib://out/sub/t.csv];')
  const text = await readFile(join(base, 'out/sub/t.csv'), 'utf8')
  expect(text).toBe('a,b,c d\r\none,"x,""y""",\r\none,"x,""y""",2\r\n')
  const app = await createApp({
    script: `LOAD * FROM [lib://out/sub/t.csv] (txt, utf8, embedded labels, delimiter is ',');`,
    reader: folderReader({ libs: { out: join(base, 'out') } }),
  })
  expect(app.evaluate('Concat(b) & Sum([c d])').text).toBe('x,"y"x,"y"2')
})

test('a delimiter and no labels', async () => {
  await store(`STORE b AS x, a FROM T INTO t.txt (txt, delimiter is ';', no labels);`)
  expect(await readFile(join(base, 'out/t.txt'), 'utf8')).toBe('"x,""y""";one\r\n'.repeat(2))
})

test('replaces a file whole and leaves nothing of a failed one', async () => {
  await store('STORE T INTO sub/whole.csv;')
  const before = await readFile(join(base, 'out/sub/whole.csv'), 'utf8')
  const failing = folderWriter({
    root: join(base, 'out'),
    formats: [
      {
        names: ['txt'],
        extensions: ['csv'],
        load: async () => ({
          async *write() {
            yield new Uint8Array(3)
            throw new Error('halfway')
          },
        }),
      },
    ],
  })
  await expect(
    createApp({ script: `${script} STORE T INTO sub/whole.csv;`, writer: failing }),
  ).rejects.toThrow('halfway')
  expect(await readFile(join(base, 'out/sub/whole.csv'), 'utf8')).toBe(before)
  expect((await readdir(join(base, 'out/sub'))).filter((name) => name.includes('.part'))).toEqual(
    [],
  )
})

test.each(['../x.csv', 'lib://out/../x.csv', '/tmp/x.csv', 'link/x.csv', 'sub/*.csv', 'sub'])(
  'refuses %j',
  async (path) => {
    const clause = { options: new Map(), format: 'txt' }
    const table = {
      name: 'T',
      rows: 0,
      fields: [],
      comment: '',
      settings: (await createApp({ script })).session.view.settings,
    }
    await expect(writer().store(path, clause, table, { cancelled: false })).rejects.toMatchObject({
      code: 'access-denied',
    })
  },
)

test('a link in the place of the file is replaced, not followed', async () => {
  await store('STORE a FROM T INTO kept.csv;')
  expect(await readFile(join(base, 'other/kept.csv'), 'utf8')).toBe('kept')
  expect(await readFile(join(base, 'out/kept.csv'), 'utf8')).toBe('a\r\none\r\none\r\n')
})

test('what cannot be written says why', async () => {
  await expect(store('STORE T INTO none/t.csv;')).rejects.toMatchObject({
    code: 'source-not-found',
  })
  await expect(store('STORE T INTO t.xlsx;')).rejects.toThrow('name one of txt, csv')
  await expect(store('STORE T INTO t.x (ooxml);')).rejects.toThrow(
    'the format ooxml is not written',
  )
})
