import type { Value } from '../value/dual.ts'
import type { FormatSettings } from '../value/format-settings.ts'
import { compileDateReader } from '../value/interpret.ts'
import { type FunctionContext, numberArg } from './function.ts'

/** The number of a text; null when the text does not fit. */
export type Reader = (text: string) => number | null

// Readers by what they depend on, so that a column is not compiled value by value.
const readers = new WeakMap<FormatSettings, Map<string, Reader>>()
const readersPerSettings = 256

export function cachedReader(settings: FormatSettings, key: string, compile: () => Reader): Reader {
  const known = readers.get(settings) ?? new Map<string, Reader>()
  readers.set(settings, known)
  const found = known.get(key)
  if (found !== undefined) return found
  if (known.size >= readersPerSettings) known.clear()
  const reader = compile()
  known.set(key, reader)
  return reader
}

/** Seconds and their fraction in a format of timestamps, with what stands before them. */
const secondsOfPattern = /[^\w\s]?s+(?:\[?[^\w\s]?f+\]?)?/i

/** Timestamps as TimestampFormat has them, only without seconds. */
export function minuteReader(settings: FormatSettings): Reader {
  return cachedReader(settings, 'without seconds', () =>
    compileDateReader(settings.timestampFormat.replace(secondsOfPattern, ''), settings),
  )
}

/** The number of an argument that is a date or time, in serial days; NaN when missing or neither. A text may leave seconds out. */
export function dateArg(args: readonly Value[], index: number, context: FunctionContext): number {
  const number = numberArg(args, index, context)
  const value = args[index]
  if (!Number.isNaN(number) || typeof value !== 'string') return number
  return minuteReader(context.settings)(value.trim()) ?? Number.NaN
}
