import { expect, test } from 'vitest'
import { Dual } from '../value/dual.ts'
import { call } from './call-for-tests.ts'
import { localTimeAt, machineZone } from './time-zone.ts'

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

// https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/DateAndTimeFunctions/daylightsaving.htm
test.each<[string, number, string, number]>([
  ['Europe/Paris', 45152.4, '01:00:00', 60],
  ['Europe/Paris', 44941.4, '00:00:00', 0],
  ['America/New_York', 45152.4, '01:00:00', 60],
  ['Australia/Lord_Howe', 44941.4, '00:30:00', 30],
  ['Australia/Lord_Howe', 45152.4, '00:00:00', 0],
  ['Asia/Kolkata', 45152.4, '00:00:00', 0],
  ['UTC', 45152.4, '00:00:00', 0],
])('daylight saving in %s at %s adds %s', (zone, utc, shown, minutes) => {
  const value = call('DaylightSaving()', {
    ports: { timeZone: () => zone, utcNow: () => utc },
  })
  if (!(value instanceof Dual)) throw new Error('expected a dual')
  expect(value.text).toBe(shown)
  expect(value.number * 1440).toBeCloseTo(minutes, 9)
})

test('the time zone is that of the host, else of the machine', () => {
  expect(call('TimeZone()', { ports: { timeZone: () => 'Asia/Tokyo' } })).toBe('Asia/Tokyo')
  expect(call('TimeZone()')).toBe(machineZone())
})
