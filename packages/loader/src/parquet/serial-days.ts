import type { ParquetParsers } from 'hyparquet'

const unixEpoch = 25569
const dayMs = 86_400_000

/** Dates and timestamps straight to serial days, without Date objects. */
export const serialDays: Partial<ParquetParsers> = {
  dateFromDays: (days) => days + unixEpoch,
  timestampFromMilliseconds: (millis) => Number(millis) / dayMs + unixEpoch,
  timestampFromMicroseconds: (micros) => Number(micros) / (dayMs * 1000) + unixEpoch,
  timestampFromNanoseconds: (nanos) => Number(nanos / 1000n) / (dayMs * 1000) + unixEpoch,
}
