import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp } from '@lichen/engine'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { folderReader } from './folder.ts'

let base = ''
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'lichen-folder-'))
  await mkdir(join(base, 'data/sub'), { recursive: true })
  await mkdir(join(base, 'database'))
  await writeFile(join(base, 'secret.txt'), 'secret')
  await writeFile(join(base, 'database/x.txt'), 'secret')
  await writeFile(join(base, 'data/b.txt'), 'b')
  await writeFile(join(base, 'data/a.txt'), 'a')
  await writeFile(join(base, 'data/sub/c.txt'), 'c')
  await symlink(join(base, 'secret.txt'), join(base, 'data/link.txt'))
  await symlink(join(base, 'database'), join(base, 'data/linked'))
  await symlink(join(base, 'data/a.txt'), join(base, 'data/alias.txt'))
})
afterAll(() => rm(base, { recursive: true, force: true }))

const reader = () => folderReader({ root: join(base, 'data'), libs: { data: join(base, 'data') } })
const text = async (path: string): Promise<string> => (await reader().readText?.(path)) ?? ''

test('reads below the root, by connection, and through links that stay inside', async () => {
  expect(await text('a.txt')).toBe('a')
  expect(await text('lib://Data/sub/c.txt')).toBe('c')
  expect(await text('alias.txt')).toBe('a')
})
test('lists wildcards sorted, without links', async () => {
  expect(await reader().resolve('lib://data/*.txt')).toEqual([
    'lib://data/a.txt',
    'lib://data/b.txt',
  ])
  expect(await reader().resolve('s?b/*.txt')).toEqual(['sub/c.txt'])
})
test('lists folders, without links', async () => {
  expect(await reader().folders?.('lib://data/*')).toEqual(['lib://data/sub'])
  expect(await reader().folders?.('s*')).toEqual(['sub'])
  expect(await reader().folders?.('none/*')).toEqual([])
  await expect(reader().folders?.('../*')).rejects.toMatchObject({ code: 'access-denied' })
})
test.each([
  '../secret.txt',
  'sub/../../secret.txt',
  '/etc/passwd',
  'lib://data/../secret.txt',
  'lib://../secret.txt',
  'lib://data//etc/passwd',
  '..\\secret.txt',
  'C:/x.txt',
  '%2e%2e/secret.txt',
  '..%2fsecret.txt',
  'a.txt\0.csv',
  '.../secret.txt',
  'link.txt',
  'linked/x.txt',
  '*/../../secret.txt',
  'sub',
])('refuses %j', async (path) => {
  await expect(text(path)).rejects.toMatchObject({ code: 'access-denied' })
})
test('what is missing is named as the script names it', async () => {
  await expect(text('none.txt')).rejects.toMatchObject({
    code: 'source-not-found',
    message: 'none.txt was not found',
  })
  await expect(text('lib://other/a.txt')).rejects.toMatchObject({ code: 'source-not-found' })
})

test('DIRLIST and FILELIST walk a tree', async () => {
  const app = await createApp({
    reader: reader(),
    script: `
SUB walk (Root)
  FOR EACH File IN FileList(Root & '/*.txt')
    Found: LOAD '$(File)' AS Path AUTOGENERATE 1;
  NEXT
  FOR EACH Dir IN DirList(Root & '/*')
    CALL walk (Dir)
  NEXT
END SUB
CALL walk ('lib://data')`,
  })
  expect(
    app
      .field('Path')
      .values()
      .map(({ text }) => text),
  ).toEqual(['lib://data/a.txt', 'lib://data/b.txt', 'lib://data/sub/c.txt'])
})
