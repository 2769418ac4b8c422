import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AppStore } from './app-store.ts'

describe('saved apps', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lichen-store-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('writes, lists, reads and deletes, leaving nothing beside', async () => {
    const store = new AppStore(join(folder, 'apps'))
    expect(await store.list()).toEqual([])
    await store.write('Sales 2026', [Uint8Array.of(1, 2), Uint8Array.of(3)])
    await store.write('Sales 2026', [Uint8Array.of(4)])
    expect([...(await store.read('Sales 2026'))]).toEqual([4])
    expect((await store.list()).map(({ id, bytes }) => ({ id, bytes }))).toEqual([
      { id: 'Sales 2026', bytes: 1 },
    ])
    expect(await readdir(store.folder)).toEqual(['Sales 2026.lichen'])
    await store.delete('Sales 2026')
    await expect(store.read('Sales 2026')).rejects.toMatchObject({ code: 'not-found' })
  })

  it.each(['../x', 'a/b', '', '.hidden', 'a\0b'])('refuses the id %j', async (id) => {
    await expect(new AppStore(folder).read(id)).rejects.toMatchObject({
      code: expect.stringMatching(/invalid-argument|not-found/),
    })
    await expect(new AppStore(folder).write(id, [])).rejects.toMatchObject({
      code: 'invalid-argument',
    })
  })
})
