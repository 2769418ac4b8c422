/** Places with a name of their own for a zone. */
const namedPlaces: Readonly<Record<string, string>> = {
  'abu dhabi': 'Asia/Dubai',
  alaska: 'America/Anchorage',
  arizona: 'America/Phoenix',
  'atlantic time (canada)': 'America/Halifax',
  beijing: 'Asia/Shanghai',
  bern: 'Europe/Zurich',
  'central time (us & canada)': 'America/Chicago',
  'eastern time (us & canada)': 'America/New_York',
  edinburgh: 'Europe/London',
  hawaii: 'Pacific/Honolulu',
  'mountain time (us & canada)': 'America/Denver',
  mumbai: 'Asia/Kolkata',
  'new delhi': 'Asia/Kolkata',
  osaka: 'Asia/Tokyo',
  'pacific time (us & canada)': 'America/Los_Angeles',
}

const millisecondsPerDay = 86_400_000
/** Serial day of 1970-01-01. */
const unixEpoch = 25_569

/**
 * Local time of a UTC serial at a place: a city such as Paris, a zone such as Europe/Paris, GMT or UTC, or GMT-07:00. Undefined when the place is
 * not known.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/DateAndTimeFunctions/converttolocaltime.htm
 */
export function localTimeAt(
  utc: number,
  place: string,
  ignoreDaylightSaving: boolean,
): number | undefined {
  const fixed = /^(?:GMT|UTC)(?:([+-])(\d{1,2})(?::?(\d{2}))?)?$/i.exec(place.trim())
  if (fixed !== null) {
    const [, sign, hours = '0', minutes = '0'] = fixed
    return utc + ((sign === '-' ? -1 : 1) * (Number(hours) + Number(minutes) / 60)) / 24
  }
  const zone = zoneOf(place.trim().toLowerCase())
  if (zone === undefined) return undefined
  return utc + (ignoreDaylightSaving ? standardOffsetAt(utc, zone) : offsetAt(utc, zone))
}

/** IANA name of the zone of the machine. */
export function machineZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** What daylight saving adds to standard time at a moment, in days. `zone` is an IANA name. */
export function daylightSavingAt(utc: number, zone: string): number {
  return offsetAt(utc, zone) - standardOffsetAt(utc, zone)
}

/** What a zone is ahead of UTC without daylight saving in the year of a moment, in days. */
function standardOffsetAt(utc: number, zone: string): number {
  const year = new Date((utc - unixEpoch) * millisecondsPerDay).getUTCFullYear()
  const january = Date.UTC(year, 0, 1) / millisecondsPerDay + unixEpoch
  return Math.min(offsetAt(january, zone), offsetAt(january + 182, zone))
}

function zoneOf(place: string): string | undefined {
  const known = namedPlaces[place]
  if (known !== undefined) return known
  const city = place.replaceAll(' ', '_')
  return Intl.supportedValuesOf('timeZone').find((zone) => {
    const lower = zone.toLowerCase()
    return lower === city || lower.endsWith(`/${city}`)
  })
}

/** What a zone is ahead of UTC at a moment, in days. */
function offsetAt(utc: number, zone: string): number {
  const at = Math.round((utc - unixEpoch) * millisecondsPerDay)
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at)
  const part = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((each) => each.type === type)?.value ?? 0)
  const local = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  )
  return (local - Math.floor(at / 1000) * 1000) / millisecondsPerDay
}
