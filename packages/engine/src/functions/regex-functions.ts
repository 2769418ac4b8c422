import type { Value } from '../value/dual.ts'
import { charactersOf } from './characters.ts'
import {
  anyNumber,
  category,
  type Definition,
  type FunctionContext,
  falseValue,
  numberArg,
  optionalNumber,
  type ScalarFunction,
  textArg,
  trueValue,
} from './function.ts'
import { Regex, type RegexMatch } from './regex.ts'
import { regexHint } from './regex-syntax.ts'

const cacheLimit = 128
const cache = new Map<string, Regex | undefined>()

function regexOf(pattern: string, ignoreCase: boolean, whole = false): Regex | undefined {
  const key = `${ignoreCase ? 'i' : 'c'}${whole ? 'w' : 'p'}${pattern}`
  if (cache.has(key)) return cache.get(key)
  if (cache.size >= cacheLimit) cache.clear()
  const regex = Regex.compile(pattern, ignoreCase, whole)
  cache.set(key, regex)
  return regex
}

interface Searched {
  readonly characters: readonly string[]
  readonly matches: readonly RegexMatch[]
}

/** The text of argument 0 with the matches of the pattern of argument 1; undefined for NULL or a pattern that is none. */
function searched(
  args: readonly Value[],
  context: FunctionContext,
  ignoreCase: boolean,
): Searched | undefined {
  const text = textArg(args, 0, context)
  const pattern = textArg(args, 1, context)
  const regex = pattern === null ? undefined : regexOf(pattern, ignoreCase)
  if (text === null || regex === undefined) return undefined
  const characters = charactersOf(text)
  return { characters, matches: [...regex.matches(characters)] }
}

/** 1-based, from the end when negative. */
function nth<Item>(items: readonly Item[], position: number): Item | undefined {
  const whole = Math.trunc(position)
  return items[whole > 0 ? whole - 1 : whole < 0 ? items.length + whole : -1]
}

function spanOf(
  match: RegexMatch | undefined,
  group: number,
): readonly [number, number] | undefined {
  const start = match?.[group * 2] ?? -1
  return group < 0 || start < 0 ? undefined : [start, match?.[group * 2 + 1] ?? start]
}

function part(found: Searched, span: readonly [number, number] | undefined): string | null {
  return span === undefined ? null : found.characters.slice(span[0], span[1]).join('')
}

function replaced(
  found: Searched,
  to: string,
  group: number,
  position: number | undefined,
): string {
  const chosen = position === undefined ? found.matches : [nth(found.matches, position)]
  let result = ''
  let at = 0
  for (const match of chosen) {
    const span = spanOf(match, group)
    if (span === undefined) continue
    result += found.characters.slice(at, span[0]).join('') + to
    at = span[1]
  }
  return result + found.characters.slice(at).join('')
}

function subField(found: Searched, position: number): string | null {
  const parts: string[] = []
  let at = 0
  for (const match of found.matches) {
    const [start = 0, end = 0] = match
    if (start === end) continue
    parts.push(found.characters.slice(at, start).join(''))
    at = end
  }
  parts.push(found.characters.slice(at).join(''))
  return nth(parts, position) ?? null
}

type Body = (found: Searched, args: readonly Value[], context: FunctionContext) => Value

/** The function and its variant without regard to case. */
function both(
  name: string,
  parameters: string,
  meaning: string,
  [min, max]: readonly [number, number],
  body: Body,
): readonly Definition[] {
  return [false, true].map((ignoreCase) => ({
    signature: `${name}${ignoreCase ? 'I' : ''}(${parameters})`,
    meaning: ignoreCase ? `${meaning}, case insensitive` : meaning,
    min,
    max,
    evaluate: (args, context) => {
      const found = searched(args, context, ignoreCase)
      return found === undefined ? null : body(found, args, context)
    },
  }))
}

function position(
  args: readonly Value[],
  index: number,
  context: FunctionContext,
): number | undefined {
  return args.length > index ? numberArg(args, index, context) : undefined
}

/** Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/StringFunctions/MatchRegEx.htm */
function matchRegEx(args: readonly Value[], context: FunctionContext, ignoreCase: boolean): Value {
  const text = textArg(args, 0, context)
  if (text === null) return 0
  const characters = charactersOf(text)
  for (let index = 1; index < args.length; index += 1) {
    const pattern = textArg(args, index, context)
    const regex = pattern === null ? undefined : regexOf(pattern, ignoreCase, true)
    if (regex?.matches(characters).next().done === false) return index
  }
  return 0
}

/**
 * Whether a pattern is valid; with a second argument, what is wrong with it.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/StringFunctions/IsRegEx.htm
 */
function isRegEx(args: readonly Value[], context: FunctionContext): Value {
  const pattern = textArg(args, 0, context)
  if (pattern === null) return falseValue
  if (regexOf(pattern, false) !== undefined) return trueValue
  return (args[1] ?? null) === null ? falseValue : regexHint(pattern)
}

/** Back references and look-around are not part of the patterns; such a pattern gives NULL. */
export const regexFunctions: readonly ScalarFunction[] = category(
  'string regex',
  'RegExFunctions/regular-expression-functions.htm',
  [
    ...both(
      'ExtractRegEx',
      'text, regex [,n]',
      'n-th match, NULL if none',
      [2, 3],
      (found, args, context) =>
        part(found, spanOf(nth(found.matches, optionalNumber(args, 2, context, 1)), 0)),
    ),
    ...both(
      'ExtractRegExGroup',
      'text, regex, group [,n]',
      'group of the n-th match',
      [3, 4],
      (found, args, context) =>
        part(
          found,
          spanOf(
            nth(found.matches, optionalNumber(args, 3, context, 1)),
            numberArg(args, 2, context),
          ),
        ),
    ),
    ...both(
      'CountRegEx',
      'text, regex',
      'number of matches',
      [2, 2],
      (found) => found.matches.length,
    ),
    ...both(
      'IndexRegEx',
      'text, regex [,n]',
      'position of a match, 0 if none',
      [2, 3],
      (found, args, context) =>
        (spanOf(nth(found.matches, optionalNumber(args, 2, context, 1)), 0)?.[0] ?? -1) + 1,
    ),
    ...both(
      'IndexRegExGroup',
      'text, regex, group [,n]',
      'position of a group, 0 if none',
      [3, 4],
      (found, args, context) =>
        (spanOf(
          nth(found.matches, optionalNumber(args, 3, context, 1)),
          numberArg(args, 2, context),
        )?.[0] ?? -1) + 1,
    ),
    ...both(
      'ReplaceRegEx',
      'text, regex, to [,n]',
      'replace all matches or the n-th',
      [3, 4],
      (found, args, context) =>
        replaced(found, textArg(args, 2, context) ?? '', 0, position(args, 3, context)),
    ),
    ...both(
      'ReplaceRegExGroup',
      'text, regex, to, group [,n]',
      'replace a group of all matches or of the n-th',
      [4, 5],
      (found, args, context) =>
        replaced(
          found,
          textArg(args, 2, context) ?? '',
          numberArg(args, 3, context),
          position(args, 4, context),
        ),
    ),
    ...both(
      'SubFieldRegEx',
      'text, regex_delim [,n]',
      'n-th part between matches',
      [2, 3],
      (found, args, context) => subField(found, optionalNumber(args, 2, context, 1)),
    ),
    {
      signature: 'MatchRegEx(text, r1 {,r})',
      meaning: 'index of the first pattern that matches the whole text, 0 if none',
      min: 2,
      max: anyNumber,
      evaluate: (args, context) => matchRegEx(args, context, false),
    },
    {
      signature: 'MatchRegExI(text, r1 {,r})',
      meaning:
        'index of the first pattern that matches the whole text, 0 if none, case insensitive',
      min: 2,
      max: anyNumber,
      evaluate: (args, context) => matchRegEx(args, context, true),
    },
    {
      signature: 'IsRegEx(regex [,debug])',
      meaning: '-1 if the pattern is valid, else 0, or with debug a text that says why not',
      max: 2,
      evaluate: isRegEx,
    },
    {
      signature: 'IsRegExI(regex [,debug])',
      meaning: 'the same for the functions that are case insensitive',
      max: 2,
      evaluate: isRegEx,
    },
  ],
)
