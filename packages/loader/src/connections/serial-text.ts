const unixEpoch = 25_569
const dayMs = 86_400_000
const dayMicros = 86_400_000_000

/** `YYYY-MM-DD` as a serial day; NaN for any other text. */
export function dateSerial(text: string): number {
  return text.length === 10 ? daysAt(text) + unixEpoch : Number.NaN
}

/** `hh:mm[:ss[.ffffff]]` up to 24:00, its zone left out, as a part of a day; NaN for any other text. */
export function timeSerial(text: string): number {
  return microsAt(text, 0) / dayMicros
}

/** A date and a time with a blank or T between, its zone left out, as serial days; NaN for any other text. */
export function timestampSerial(text: string): number {
  const sign = text.charCodeAt(10)
  if (sign !== 0x20 && sign !== 0x54) return Number.NaN
  return microsSerial(daysAt(text) * dayMicros + microsAt(text, 11))
}

/** Microseconds since 1970 as serial days. */
export function microsSerial(micros: number): number {
  return micros / dayMicros + unixEpoch
}

/** Days since 1970 of the date the text begins with. */
function daysAt(text: string): number {
  if (text.charCodeAt(4) !== 0x2d || text.charCodeAt(7) !== 0x2d) return Number.NaN
  const year = digitsAt(text, 0, 4)
  const month = digitsAt(text, 5, 2)
  const day = digitsAt(text, 8, 2)
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= monthLength(year, month))) return Number.NaN
  // Years below 100 would be taken for those of the last century: the calendar repeats every 400 years.
  return Date.UTC(year + 400, month - 1, day) / dayMs - 146_097
}

function monthLength(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** Microseconds of the time the rest of a text is. */
function microsAt(text: string, start: number): number {
  if (text.charCodeAt(start + 2) !== 0x3a) return Number.NaN
  let end = start + 5
  let second = 0
  if (text.charCodeAt(end) === 0x3a) {
    second = digitsAt(text, end + 1, 2)
    end += 3
  }
  let fraction = 0
  if (text.charCodeAt(end) === 0x2e) {
    let unit = 100_000
    for (end += 1; isDigit(text.charCodeAt(end)); end++) {
      fraction += (text.charCodeAt(end) - 0x30) * Math.floor(unit)
      unit /= 10
    }
  }
  if (end < text.length && !/^ ?(?:Z|[+-]\d\d(?::?\d\d){0,2})$/.test(text.slice(end)))
    return Number.NaN
  const hour = digitsAt(text, start, 2)
  const minute = digitsAt(text, start + 3, 2)
  const micros = ((hour * 60 + minute) * 60 + second) * 1_000_000 + fraction
  return minute <= 59 && second <= 60 && micros <= dayMicros ? micros : Number.NaN
}

function digitsAt(text: string, start: number, count: number): number {
  let number = 0
  for (let i = start; i < start + count; i++) {
    const code = text.charCodeAt(i)
    if (!isDigit(code)) return Number.NaN
    number = number * 10 + code - 0x30
  }
  return number
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}
