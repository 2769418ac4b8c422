import { expect, it } from 'vitest'
import { blocksNotIn } from './blocks.ts'
import { app as first } from './first-lines.ts'
import { app as second } from './states-and-cube.ts'

it.each(['../../README.md', '../../../../README.md'])(
  'the code of %s is code that runs here',
  (path) => {
    const files = ['./first-lines.ts', './states-and-cube.ts', './threads.ts']
    const here = (file: string): URL => new URL(file, import.meta.url)
    expect(blocksNotIn(here(path), ['ts', 'js'], files.map(here))).toEqual([])
  },
)

it('and starts threads and stops them', () => import('./threads.ts'))

it('and gives what its comments say', () => {
  expect(first.evaluate('Sum(Amount)').number).toBe(5)
  expect(second.field('Region').values()).toMatchObject([
    { text: 'EU', state: 'selected' },
    { text: 'US', state: 'alternative' },
  ])
})
