import type { Value } from '../value/dual.ts'
import {
  category,
  type FunctionContext,
  numberArg,
  optionalNumber,
  portOf,
  type ScalarFunction,
  shown,
  textArg,
} from './function.ts'
import { daylightSavingAt, localTimeAt, machineZone } from './time-zone.ts'

/** Mode 0 is the time of the last reload, where the host knows it; every other mode the time of the call. */
function moment(args: readonly Value[], context: FunctionContext, initialMode: number): number {
  const mode = optionalNumber(args, 0, context, initialMode)
  return mode === 0 ? (context.ports.reloadTime?.() ?? context.clock.now()) : context.clock.now()
}

/** The clock tells local time; without a port for UTC the zone of the machine says how far that is from it. */
function utcNow({ ports, clock }: FunctionContext): number {
  const local = clock.now()
  return ports.utcNow?.() ?? local + new Date().getTimezoneOffset() / 1440
}

function zoneOf({ ports }: FunctionContext): string {
  return (ports.timeZone ?? machineZone)()
}

function convertToLocalTime(args: readonly Value[], context: FunctionContext): Value {
  const utc = numberArg(args, 0, context)
  const place = textArg(args, 1, context) ?? ''
  const ignore = optionalNumber(args, 2, context, 0) !== 0
  if (Number.isNaN(utc)) return null
  const local = (context.ports.localTime ?? localTimeAt)(utc, place, ignore)
  return local === undefined ? null : shown(local, 'timestamp', context)
}

export const clockFunctions: readonly ScalarFunction[] = category(
  'date&time',
  'DateAndTimeFunctions/date-time-functions.htm',
  [
    {
      signature: 'Today([mode])',
      meaning: 'current date; 0 last reload, 1 call, 2 app open',
      min: 0,
      max: 1,
      resultFormat: 'date',
      evaluate: (args, context) => shown(Math.floor(moment(args, context, 2)), 'date', context),
    },
    {
      signature: 'Now([mode])',
      meaning: 'current timestamp; 0 last reload, 1 call, 2 app open',
      min: 0,
      max: 1,
      resultFormat: 'timestamp',
      evaluate: (args, context) => shown(moment(args, context, 1), 'timestamp', context),
    },
    {
      signature: 'LocalTime([place [,ignore_dst]])',
      meaning: 'current time at a place',
      min: 0,
      max: 2,
      resultFormat: 'timestamp',
      evaluate: (args, context) =>
        args.length === 0
          ? shown(context.clock.now(), 'timestamp', context)
          : convertToLocalTime([utcNow(context), ...args], context),
    },
    {
      signature: 'UTC()',
      meaning: 'current UTC',
      min: 0,
      resultFormat: 'timestamp',
      evaluate: (_, context) => shown(utcNow(context), 'timestamp', context),
    },
    {
      signature: 'GMT()',
      meaning: 'current UTC',
      min: 0,
      resultFormat: 'timestamp',
      evaluate: (_, context) => shown(utcNow(context), 'timestamp', context),
    },
    {
      signature: 'ConvertToLocalTime(ts [,place [,ignore_dst]])',
      meaning: 'UTC to zone local time',
      max: 3,
      resultFormat: 'timestamp',
      evaluate: convertToLocalTime,
    },
    {
      signature: 'TimeZone()',
      meaning: 'name of the current time zone',
      min: 0,
      evaluate: (_, context): Value => zoneOf(context),
    },
    {
      signature: 'DaylightSaving()',
      meaning: 'what daylight saving adds to standard time now',
      min: 0,
      resultFormat: 'interval',
      evaluate: (_, context) =>
        shown(daylightSavingAt(utcNow(context), zoneOf(context)), 'interval', context),
    },
    {
      signature: 'ReloadTime()',
      meaning: 'timestamp of the last reload',
      min: 0,
      resultFormat: 'timestamp',
      evaluate: (_, context) =>
        shown(portOf(context, 'reloadTime', 'ReloadTime')(), 'timestamp', context),
    },
  ],
)
