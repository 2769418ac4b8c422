import { expect, test } from 'vitest'
import { loadedRows } from './contender.ts'
import { measured, summarized } from './measurement.ts'
import { packagesIn } from './peer-packages.ts'

const timing = (wall: number): { wall: number; cpu: number; net: number } => ({
  wall,
  cpu: wall / 2,
  net: wall,
})

test('medians over the rounds, and the rates of the median', () => {
  const rounds = [3, 1, 500].map((wall) => ({
    first: timing(wall * 10),
    second: timing(wall),
    peak: wall,
  }))
  expect(summarized(rounds, 600, 3000)).toEqual({
    first: 30,
    wall: 3,
    cpu: 1.5,
    peak: 3,
    bytesPerSecond: 1_000_000,
    rowsPerSecond: 200_000,
  })
})

test('a contender loads twice, and what it loaded first is closed before', async () => {
  const happened: string[] = []
  const contender = {
    name: 'one',
    ending: 'objects' as const,
    open: () => (place: string) => {
      happened.push(`load ${place}`)
      return { ...loadedRows([{ id: 1 }]), close: () => void happened.push('close') }
    },
  }
  const { figures, peak } = await measured(contender, 'here', packagesIn('/'))
  expect(happened).toEqual(['load here', 'close', 'load here'])
  expect(figures.rows).toBe(1)
  expect(figures.columns.id).toEqual({ distinct: 1, missing: 0, sum: 1 })
  expect(peak).toBeGreaterThan(1e6)
})

test('a package that is not there is an error', () => {
  expect(() => packagesIn('/')('no-such-package')).toThrow('no-such-package')
})
