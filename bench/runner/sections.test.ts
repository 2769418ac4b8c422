import { expect, test } from 'vitest'
import { withSections } from './sections.ts'

const old = '# Results\n\nToday.\n\n## Ratios\n\n| a |\n\n## Chromium\n\n1 ms\n'

test('a section is replaced in its place, a new one comes last', () => {
  expect(withSections(old, '## Ratios\n\n| b |\n\n## Floor\n\n2.0\n')).toBe(
    '# Results\n\nToday.\n\n## Ratios\n\n| b |\n\n## Chromium\n\n1 ms\n\n## Floor\n\n2.0\n',
  )
})

test('a whole report keeps the sections it does not have', () => {
  expect(withSections(old, '# Results\n\nTomorrow.\n\n## Ratios\n\n| c |\n')).toBe(
    '# Results\n\nTomorrow.\n\n## Ratios\n\n| c |\n\n## Chromium\n\n1 ms\n',
  )
})

test('what is written twice is written once, and nothing is kept of nothing', () => {
  const fresh = '## Floor\n\n2.0\n'
  expect(withSections('', fresh)).toBe(fresh)
  expect(withSections(withSections(old, fresh), fresh)).toBe(withSections(old, fresh))
})
