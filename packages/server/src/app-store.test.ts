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

  it('keeps simultaneous saves of one app whole', async () => {
    const store = new AppStore(join(folder, 'together'))
    const saves = Array.from({ length: 8 }, (_, index) =>
      Array.from({ length: 20 }, () => new Uint8Array(1000).fill(index)),
    )
    await Promise.all(saves.map((parts) => store.write('Sales', parts)))
    const bytes = await store.read('Sales')
    expect(bytes).toHaveLength(20_000)
    expect(new Set(bytes).size).toBe(1)
    expect(await readdir(store.folder)).toEqual(['Sales.lichen'])
  })

  it.each(['Umsätze 2026', '../x', 'a/b', '.hidden', '..', 'a\0b', '100 %', '売上*'])(
    'keeps an app of the id %j as a file of its folder',
    async (id) => {
      const store = new AppStore(join(folder, 'named', Buffer.from(id).toString('hex')))
      await store.write(id, [new Uint8Array([1, 2])])
      expect(await store.list()).toMatchObject([{ id, bytes: 2 }])
      expect(await store.read(id)).toHaveLength(2)
      expect((await readdir(store.folder)).length).toBe(1)
      await store.delete(id)
      expect(await store.list()).toEqual([])
    },
  )

  it.each(['', '\ud800', 'x'.repeat(201), 'ä'.repeat(40)])('refuses the id %j', async (id) => {
    await expect(new AppStore(folder).write(id, [])).rejects.toMatchObject({
      code: 'invalid-argument',
    })
  })
})
