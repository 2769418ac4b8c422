import { expect, test } from 'vitest'
import { localTimeAt } from './time-zone.ts'

test.each<[string, boolean, number | undefined]>([
  ['Paris', false, 2],
  ['Paris', true, 1],
  ['europe/paris', false, 2],
  ['New York', false, -4],
  ['Pacific Time (US & Canada)', true, -8],
  ['GMT', false, 0],
  ['GMT-07:00', false, -7],
  ['UTC+05:30', true, 5.5],
  ['Nowhere', false, undefined],
])('in %s (daylight saving ignored: %s) it is UTC %s hours in August', (place, ignore, hours) => {
  const utc = 45152.4
  const local = localTimeAt(utc, place, ignore)
  expect(local === undefined ? undefined : Math.round((local - utc) * 240) / 10).toBe(hours)
})
