import { expect, it } from 'vitest'
import readme from '../../README.md?raw'
import { show } from './apps/page.js'
// biome-ignore lint/correctness/useImportExtensions: the query is the bundler's, not of the name
import appsPage from './apps/page.js?raw'
import appsWorker from './apps/worker.js?raw'
import { app, session, worker } from './qix/page.js'
// biome-ignore lint/correctness/useImportExtensions: the query is the bundler's, not of the name
import qixPage from './qix/page.js?raw'
import qixWorker from './qix/worker.js?raw'

it('the code of the README is code that runs here', () => {
  const blocks = [...readme.matchAll(/^```(?:js|ts)\n([\s\S]*?)^```$/gm)].map(([, code]) => code)
  expect(blocks).toHaveLength(4)
  const files: string[] = [appsPage, appsWorker, qixPage, qixWorker]
  for (const code of blocks) expect(files.some((file) => file.includes(code ?? ''))).toBe(true)
})

it('and does what it says', async () => {
  expect(show.rows).toMatchObject([[{ text: 'EU' }, { number: 10 }]])
  expect(app.id).toBe('SessionApp_sales')
  await session.close()
  worker.terminate()
})
