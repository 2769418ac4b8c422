import type { ParquetParsers } from 'hyparquet'

/** Serial day of 1970-01-01. */
export const unixEpoch = 25569
export const dayMs = 86_400_000

/**
 * The serial day of a count of time since 1970. Whole days and the rest of a day are added as everywhere in the engine, so that equal times
 * are equal numbers; one division of the whole would be off by a last bit for one time in five.
 */
export function serialOf(ticks: number, ticksPerDay: number): number {
  const days = Math.floor(ticks / ticksPerDay)
  return days + unixEpoch + (ticks - days * ticksPerDay) / ticksPerDay
}

/** Dates and timestamps straight to serial days, without Date objects. */
export const serialDays: Partial<ParquetParsers> = {
  dateFromDays: (days) => days + unixEpoch,
  timestampFromMilliseconds: (millis) => serialOf(Number(millis), dayMs),
  timestampFromMicroseconds: (micros) => serialOf(Number(micros), dayMs * 1000),
  timestampFromNanoseconds: (nanos) => serialOf(Number(nanos / 1000n), dayMs * 1000),
}
