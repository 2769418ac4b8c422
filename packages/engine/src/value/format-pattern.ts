/**
 * Date, time and interval patterns as tokens.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/FormattingFunctions/format-codes-for-interpretation-and-formatting-functions.htm
 */
export type PatternUnit =
  | 'year'
  | 'month'
  | 'day'
  | 'weekday'
  | 'hour'
  | 'minute'
  | 'second'
  | 'fraction'
  | 'halfDay'

export type PatternToken =
  | { readonly type: 'literal'; readonly text: string }
  /** `count` is how often the letter is repeated; `upper` tells TT from tt. */
  | {
      readonly type: 'unit'
      readonly unit: PatternUnit
      readonly count: number
      readonly upper: boolean
    }
  | { readonly type: 'optional'; readonly tokens: readonly PatternToken[] }

export interface DatePattern {
  readonly tokens: readonly PatternToken[]
  readonly units: ReadonlySet<PatternUnit>
}

/** Longest pattern that is read; what follows is left out. */
const maxPatternLength = 256
const cacheLimit = 512
const cache = new Map<string, DatePattern>()

export function datePatternOf(pattern: string): DatePattern {
  const known = cache.get(pattern)
  if (known !== undefined) return known
  const parsed = parseDatePattern(pattern.slice(0, maxPatternLength))
  if (cache.size >= cacheLimit) cache.clear()
  cache.set(pattern, parsed)
  return parsed
}

function parseDatePattern(pattern: string): DatePattern {
  const units = new Set<PatternUnit>()
  return { tokens: parseTokens(pattern, units), units }
}

function parseTokens(pattern: string, units: Set<PatternUnit>): readonly PatternToken[] {
  const tokens: PatternToken[] = []
  let literal = ''
  const flush = () => {
    if (literal !== '') tokens.push({ type: 'literal', text: literal })
    literal = ''
  }
  for (let at = 0; at < pattern.length; ) {
    const letter = pattern.charAt(at)
    const close = letter === '[' ? pattern.indexOf(']', at) : -1
    if (close !== -1) {
      flush()
      const inner = pattern.slice(at + 1, close).replaceAll('[', '')
      tokens.push({ type: 'optional', tokens: parseTokens(inner, units) })
      at = close + 1
      continue
    }
    let end = at + 1
    while (end < pattern.length && pattern.charAt(end) === letter) end += 1
    const unit = unitOf(letter, end - at)
    if (unit === undefined) {
      literal += letter
      at += 1
      continue
    }
    flush()
    const count = unit === 'halfDay' ? 2 : end - at
    units.add(unit)
    tokens.push({ type: 'unit', unit, count, upper: letter === 'T' })
    at += count
  }
  flush()
  return tokens
}

function unitOf(letter: string, count: number): PatternUnit | undefined {
  switch (letter) {
    case 'Y':
    case 'y':
      return 'year'
    case 'M':
      return 'month'
    case 'D':
    case 'd':
      return 'day'
    case 'W':
    case 'w':
      return 'weekday'
    case 'h':
    case 'H':
      return 'hour'
    case 'm':
      return 'minute'
    case 's':
    case 'S':
      return 'second'
    case 'f':
      return 'fraction'
    case 'T':
    case 't':
      return count >= 2 ? 'halfDay' : undefined
    default:
      return undefined
  }
}
