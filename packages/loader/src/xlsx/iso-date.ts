const unixEpoch = 25569
const dayMs = 86_400_000
const form =
  /^(?:(\d{4})-(\d\d)-(\d\d))?(T?)(?:(\d\d):(\d\d)(?::(\d\d(?:\.\d{1,9})?))?)?(?:Z|[+-]\d\d:?\d\d)?$/

/** A date, a time or both as ISO 8601 writes them, as serial days; the zone is not looked at, since cells have none. */
export function readIsoDate(
  text: string,
): { readonly number: number; readonly kind: 'date' | 'time' | 'timestamp' } | undefined {
  const [, year, month, day, mark, hour, minute, second = '0'] = form.exec(text) ?? []
  if (year === undefined && hour === undefined) return undefined
  const time =
    hour === undefined ? 0 : (Number(hour) * 3600 + Number(minute) * 60 + Number(second)) / 86_400
  if (time >= 1 || Number(minute ?? 0) > 59) return undefined
  if (year === undefined) return { number: time, kind: 'time' }
  if ((mark === 'T') !== (hour !== undefined)) return undefined
  const date = new Date(0)
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  if (date.getUTCDate() !== Number(day) || date.getUTCMonth() !== Number(month) - 1)
    return undefined
  return {
    number: date.getTime() / dayMs + unixEpoch + time,
    kind: hour === undefined ? 'date' : 'timestamp',
  }
}
