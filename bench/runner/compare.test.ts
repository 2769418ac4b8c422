import { expect, test } from 'vitest'
import type { Answer } from '../workloads/task.ts'
import { difference } from './compare.ts'

const ours: Answer = {
  region: [
    ['Asia', 'selected'],
    ['Europe', 'alternative'],
  ],
  chart: [
    ['Asia', 1996, 100.25, 3],
    ['Asia', 1997, 1e9 / 3, 5],
  ],
}

test('the same rows in another order, and sums added in another order, are the same answer', () => {
  expect(
    difference(ours, {
      chart: [
        ['Asia', 1997, 1e9 / 3 + 1e-3, 5],
        ['Asia', 1996, 100.25, 3],
      ],
      region: [
        ['Europe', 'alternative'],
        ['Asia', 'selected'],
      ],
    }),
  ).toBeNull()
})

test.each<[string, Answer]>([
  [
    'a state',
    {
      ...ours,
      region: [
        ['Asia', 'selected'],
        ['Europe', 'optional'],
      ],
    },
  ],
  [
    'a value',
    {
      ...ours,
      region: [
        ['Asia', 'selected'],
        ['Africa', 'alternative'],
      ],
    },
  ],
  ['a missing value', { ...ours, region: [['Asia', 'selected']] }],
  ['a value too many', { ...ours, region: [...(ours.region ?? []), ['X', 'optional']] }],
  [
    'a count',
    {
      ...ours,
      chart: [
        ['Asia', 1996, 100.25, 4],
        ['Asia', 1997, 1e9 / 3, 5],
      ],
    },
  ],
  [
    'a sum',
    {
      ...ours,
      chart: [
        ['Asia', 1996, 100.26, 3],
        ['Asia', 1997, 1e9 / 3, 5],
      ],
    },
  ],
  ['a missing part', { region: ours.region ?? [] }],
  [
    'NULL',
    {
      ...ours,
      chart: [
        ['Asia', 1996, null, 3],
        ['Asia', 1997, 1e9 / 3, 5],
      ],
    },
  ],
])('%s that differs is found', (_, theirs) => {
  expect(difference(ours, theirs)).toMatch(/^(region|chart): /)
})
