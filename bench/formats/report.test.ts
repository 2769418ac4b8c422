import { expect, test } from 'vitest'
import { type ContenderResult, loadReport } from './report.ts'

function result(change: Partial<ContenderResult>, wall: number): ContenderResult {
  const timing = { wall, cpu: wall * 2, net: wall }
  return {
    format: 'CSV',
    rows: 2000,
    bytes: 4e6,
    name: 'Lichen',
    ending: 'model',
    measurements: [{ first: { ...timing, wall: wall * 3 }, second: timing, peak: 7e7 }],
    reason: undefined,
    ...change,
  }
}

test('a row for each contender, ratios to ours, and what was not run', () => {
  const lines = loadReport(
    [
      result({}, 100),
      result({ name: 'peer', ending: 'objects' }, 250),
      result({ name: 'gone', ending: 'objects', reason: 'no such package' }, 1),
      result({ format: 'QVD', bytes: Number.NaN }, 100),
    ],
    ['XML: no room'],
    { rounds: 5, seed: 1 },
  )
  expect(lines.filter((line) => /^\| [A-Z]/.test(line))).toEqual([
    '| CSV | 2,000 | 4.0 | Lichen | model |  |  | 100 | 200 | 300 | 40.0 | 20.0 | 70.0 |',
    '| CSV | 2,000 | 4.0 | peer | objects | 2.5 | 2.5 | 250 | 500 | 750 | 16.0 | 8.0 | 70.0 |',
    '| QVD | 2,000 | – | Lichen | model |  |  | 100 | 200 | 300 | – | 20.0 | 70.0 |',
  ])
  expect(lines.filter((line) => line.startsWith('Not run'))).toEqual([
    'Not run: XML: no room.',
    'Not run: CSV, gone: no such package.',
    'Not run: QVD: no peer to compare with.',
  ])
})
