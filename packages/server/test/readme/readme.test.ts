import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { blocksNotIn } from '../../../engine/test/readme/blocks.ts'

it('the code of the README runs', async () => {
  const here = (file: string): URL => new URL(file, import.meta.url)
  expect(blocksNotIn(here('../../README.md'), ['ts', 'js'], [here('./serve.ts')])).toEqual([])
  const folder = await mkdtemp(join(tmpdir(), 'lichen-'))
  const before = process.cwd()
  process.chdir(folder)
  try {
    await import('./serve.ts')
  } finally {
    process.chdir(before)
    await rm(folder, { recursive: true })
  }
})
