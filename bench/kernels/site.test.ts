import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openSite } from './site.ts'

const folder = mkdtempSync(join(tmpdir(), 'lichen-site-test-'))
writeFileSync(join(folder, 'worker.js'), 'postMessage(1)')
writeFileSync(join(folder, 'sales.csv'), 'a\n1\n')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each([true, false])('page, worker and data; isolated: %s', async (isIsolated) => {
  const site = await openSite('worker.js', { '': folder, star: folder }, isIsolated)
  try {
    const get = (path: string): Promise<Response> => fetch(`${site.origin}${path}`)
    const page = await get('/?rows=1')
    expect(await page.text()).toContain("new Worker('/worker.js'")
    const worker = await get('/worker.js?rows=1')
    expect(worker.headers.get('content-type')).toBe('text/javascript')
    for (const { headers } of [page, worker]) {
      const policy = headers.get('cross-origin-embedder-policy')
      expect(policy).toBe(isIsolated ? 'require-corp' : null)
    }
    expect(await (await get('/star/sales.csv')).text()).toBe('a\n1\n')
    for (const path of ['/star/none.csv', '/other/sales.csv', '/star/..%2fsales.csv', '/star/'])
      expect((await get(path)).status).toBe(404)
  } finally {
    site.close()
  }
})
