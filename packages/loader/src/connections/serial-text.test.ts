import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dateSerial, timeSerial, timestampSerial } from './serial-text.ts'

const moments = fc.date({
  min: new Date('0001-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59Z'),
  noInvalidDate: true,
})

test('dates and timestamps are those of the calendar, whatever zone is written', () => {
  const zones = fc.constantFrom('', 'Z', '+02', '-03:30', '+0530', ' +01:00')
  fc.assert(
    fc.property(moments, zones, fc.constantFrom(' ', 'T'), (moment, zone, sign) => {
      const iso = moment.toISOString().padStart(24, '0')
      const serial = moment.getTime() / 86_400_000 + 25_569
      expect(dateSerial(iso.slice(0, 10))).toBe(Math.floor(serial))
      expect(timestampSerial(`${iso.slice(0, 10)}${sign}${iso.slice(11, 23)}${zone}`)).toBeCloseTo(
        serial,
        9,
      )
    }),
  )
})

test('times are parts of a day, to the microsecond', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 86_399_999_999 }), (micros) => {
      const two = (n: number): string => String(Math.floor(n)).padStart(2, '0')
      const second = micros / 1_000_000
      const text = `${two(second / 3600)}:${two((second / 60) % 60)}:${two(second % 60)}.${String(micros % 1_000_000).padStart(6, '0')}`
      expect(timeSerial(text)).toBe(micros / 86_400_000_000)
    }),
  )
  expect(timeSerial('12:00')).toBe(0.5)
  expect(timeSerial('24:00:00')).toBe(1)
  expect(timeSerial('00:00:00.123456789')).toBe(123_456 / 86_400_000_000)
})

test('what is no day or time is NaN', () => {
  for (const text of [
    '',
    '2024-02-30',
    '2023-02-29',
    '0000-00-00',
    '2024-13-01',
    '2024-1-01',
    '12024-01-01',
    '2024-01-01 BC',
    'infinity',
  ])
    expect(dateSerial(text), text).toBeNaN()
  for (const text of ['', '25:00:00', '-01:00:00', '12:60', '12:00:00x', '1:00', '100:00:00'])
    expect(timeSerial(text), text).toBeNaN()
  for (const text of [
    '2024-01-01',
    '2024-01-01 25:00',
    '2024-01-01 00:00:00 BC',
    '2024-01-01x00:00',
  ])
    expect(timestampSerial(text), text).toBeNaN()
  expect(dateSerial('2024-02-29')).toBe(45_351)
  expect(dateSerial('1900-02-29')).toBeNaN()
})
