import { LichenError } from '../base/errors.ts'
import { levenshtein } from '../math/levenshtein.ts'
import type { Value } from '../value/dual.ts'
import { characterAt, charactersOf, countCharacters, sliceCharacters } from './characters.ts'
import {
  category,
  type Definition,
  type FunctionContext,
  numberArg,
  optionalNumber,
  portOf,
  type ScalarFunction,
  textArg,
} from './function.ts'

/** UTF-16 units one value may have; a longer one is refused. */
const maxTextLength = 1 << 24

/** A function of one text; NULL stays NULL. */
function ofText(signature: string, meaning: string, change: (text: string) => Value): Definition {
  return {
    signature,
    meaning,
    evaluate: (args, context) => {
      const text = textArg(args, 0, context)
      return text === null ? null : change(text)
    },
  }
}

/** A text, then numbers: NULL when the text is NULL or a given number is none. */
function cut(
  signature: string,
  meaning: string,
  max: number,
  slice: (text: string, first: number, second: number) => string,
): Definition {
  return {
    signature,
    meaning,
    min: 2,
    max,
    evaluate: (args, context) => {
      const text = textArg(args, 0, context)
      const first = numberArg(args, 1, context)
      const second = args.length > 2 ? numberArg(args, 2, context) : Number.POSITIVE_INFINITY
      if (text === null || Number.isNaN(first) || Number.isNaN(second)) return null
      return slice(text, Math.trunc(first), Math.trunc(second))
    },
  }
}

function keepCharacters(args: readonly Value[], context: FunctionContext, keep: boolean): Value {
  const text = textArg(args, 0, context)
  const listed = textArg(args, 1, context)
  if (text === null) return null
  if (listed === null) return keep ? null : text
  const set = new Set(charactersOf(listed))
  return charactersOf(text)
    .filter((character) => set.has(character) === keep)
    .join('')
}

/** UTF-16 offset of the n-th occurrence, counted from the end when negative; -1 when there is none. */
function nthIndex(text: string, part: string, occurrence: number): number {
  if (part === '' || occurrence === 0) return -1
  let at = occurrence > 0 ? -1 : text.length
  for (let left = Math.abs(occurrence); left > 0; left -= 1) {
    if (occurrence < 0 && at === 0) return -1
    at = occurrence > 0 ? text.indexOf(part, at + 1) : text.lastIndexOf(part, at - 1)
    if (at === -1) return -1
  }
  return at
}

function index(args: readonly Value[], context: FunctionContext): Value {
  const text = textArg(args, 0, context)
  const part = textArg(args, 1, context)
  const occurrence = Math.trunc(optionalNumber(args, 2, context, 1))
  if (text === null || part === null || Number.isNaN(occurrence)) return null
  const offset = nthIndex(text, part, occurrence)
  return offset === -1 ? 0 : characterAt(text, offset) + 1
}

function findOneOf(args: readonly Value[], context: FunctionContext): Value {
  const text = textArg(args, 0, context)
  const listed = textArg(args, 1, context)
  const occurrence = Math.trunc(optionalNumber(args, 2, context, 1))
  if (text === null || listed === null || Number.isNaN(occurrence)) return null
  const set = new Set(charactersOf(listed))
  let seen = 0
  for (const [at, character] of charactersOf(text).entries()) {
    if (!set.has(character)) continue
    seen += 1
    if (seen === occurrence) return at + 1
  }
  return 0
}

/** The parts between delimiters: an empty text has none, and an empty delimiter does not divide. */
export function fieldParts(text: string, delimiter: string): readonly string[] {
  if (text === '') return []
  return delimiter === '' ? [text] : text.split(delimiter)
}

function subField(args: readonly Value[], context: FunctionContext): Value {
  const text = textArg(args, 0, context)
  const delimiter = textArg(args, 1, context)
  const position = Math.trunc(optionalNumber(args, 2, context, 1))
  if (text === null || delimiter === null || Number.isNaN(position)) return null
  const parts = fieldParts(text, delimiter)
  return parts[position > 0 ? position - 1 : position < 0 ? parts.length + position : -1] ?? null
}

function textBetween(args: readonly Value[], context: FunctionContext): Value {
  const text = textArg(args, 0, context)
  const open = textArg(args, 1, context)
  const close = textArg(args, 2, context)
  const occurrence = Math.trunc(optionalNumber(args, 3, context, 1))
  if (text === null || open === null || close === null || !(occurrence >= 1)) return null
  const start = open === '' && occurrence === 1 ? 0 : nthIndex(text, open, occurrence)
  if (start === -1) return null
  const from = start + open.length
  const end = close === '' ? text.length : text.indexOf(close, from)
  return end === -1 ? null : text.slice(from, end)
}

function subStringCount(args: readonly Value[], context: FunctionContext): Value {
  const text = textArg(args, 0, context)
  const part = textArg(args, 1, context)
  if (text === null || part === null) return null
  return part === '' ? 0 : text.split(part).length - 1
}

function replace(args: readonly Value[], context: FunctionContext): Value {
  const text = textArg(args, 0, context)
  const from = textArg(args, 1, context)
  const to = textArg(args, 2, context)
  if (text === null) return null
  if (from === null || from === '' || to === null) return text
  return text.split(from).join(to)
}

function repeat(args: readonly Value[], context: FunctionContext): Value {
  const text = textArg(args, 0, context)
  const count = Math.trunc(optionalNumber(args, 1, context, 1))
  if (text === null || Number.isNaN(count)) return null
  if (count * text.length > maxTextLength)
    throw new LichenError(
      'budget-exceeded',
      `Repeat() would make a text of more than ${maxTextLength} characters; repeat less often`,
    )
  return text.repeat(Math.max(0, count))
}

const betweenWords: ReadonlySet<string> = new Set([' ', '\t', '\n', '-', '.'])

/**
 * An initial capital per word, the rest in lower case.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/StringFunctions/Capitalize.htm
 */
export function capitalize(text: string): string {
  let start = true
  let result = ''
  for (const character of charactersOf(text)) {
    result += start ? character.toUpperCase() : character.toLowerCase()
    start = betweenWords.has(character)
  }
  return result
}

function chr(args: readonly Value[], context: FunctionContext): Value {
  const code = Math.trunc(numberArg(args, 0, context))
  return code >= 0 && code <= 0x10ffff ? String.fromCodePoint(code) : null
}

export const stringFunctions: readonly ScalarFunction[] = category(
  'string',
  'StringFunctions/string-functions.htm',
  [
    ofText('Lower(text)', 'lower case', (text) => text.toLowerCase()),
    ofText('Upper(text)', 'upper case', (text) => text.toUpperCase()),
    ofText('Capitalize(text)', 'initial capital per word, rest lower', capitalize),
    ofText('Trim(text)', 'strip blanks at both ends', (text) =>
      text.replace(/^ +/, '').replace(/ +$/, ''),
    ),
    ofText('LTrim(text)', 'strip leading blanks', (text) => text.replace(/^ +/, '')),
    ofText('RTrim(text)', 'strip trailing blanks', (text) => text.replace(/ +$/, '')),
    ofText('Ord(text)', 'code point of the first character', (text) => text.codePointAt(0) ?? null),
    {
      signature: 'Len(text)',
      meaning: 'number of characters; 0 for NULL',
      evaluate: (args, context) => countCharacters(textArg(args, 0, context) ?? ''),
    },
    { signature: 'Chr(n)', meaning: 'character of a code point', evaluate: chr },
    cut('Left(text, n)', 'first n characters', 2, (text, n) => sliceCharacters(text, 0, n)),
    cut('Right(text, n)', 'last n characters', 2, (text, n) => {
      const length = countCharacters(text)
      return n <= 0 ? '' : sliceCharacters(text, length - n, length)
    }),
    cut('Mid(text, start [,n])', 'substring, 1-based', 3, (text, start, n) =>
      sliceCharacters(text, start - 1, start - 1 + n),
    ),
    {
      signature: 'Index(text, sub [,count])',
      meaning: 'position of the n-th occurrence, negative from the end, 0 none',
      min: 2,
      max: 3,
      evaluate: index,
    },
    {
      signature: 'FindOneOf(text, chars [,count])',
      meaning: 'position of the n-th character that is listed, 0 none',
      min: 2,
      max: 3,
      evaluate: findOneOf,
    },
    {
      signature: 'SubField(text, delim [,n])',
      meaning: 'n-th part; without n multiplies rows in LOAD',
      min: 2,
      max: 3,
      evaluate: subField,
    },
    {
      signature: 'TextBetween(text, d1, d2 [,n])',
      meaning: 'text between delimiters',
      min: 3,
      max: 4,
      evaluate: textBetween,
    },
    {
      signature: 'SubStringCount(text, sub)',
      meaning: 'occurrences',
      min: 2,
      evaluate: subStringCount,
    },
    {
      signature: 'Replace(text, from, to)',
      meaning: 'replace all, non-recursive',
      min: 3,
      evaluate: replace,
    },
    { signature: 'Repeat(text [,n])', meaning: 'repetition', min: 1, max: 2, evaluate: repeat },
    {
      signature: 'KeepChar(text, chars)',
      meaning: 'keep listed characters',
      min: 2,
      evaluate: (args, context) => keepCharacters(args, context, true),
    },
    {
      signature: 'PurgeChar(text, chars)',
      meaning: 'remove listed characters',
      min: 2,
      evaluate: (args, context) => keepCharacters(args, context, false),
    },
    {
      signature: 'LevenshteinDist(text1, text2)',
      meaning: 'edits between two texts',
      min: 2,
      evaluate: (args, context) => {
        const from = textArg(args, 0, context)
        const to = textArg(args, 1, context)
        return from === null || to === null ? null : levenshtein(from, to)
      },
    },
    {
      signature: 'Evaluate(text)',
      meaning: 'value of the text as an expression, NULL when it is none',
      context: 'script',
      pure: false,
      evaluate: (args, context) => {
        const text = textArg(args, 0, context)
        return text === null ? null : portOf(context, 'evaluate', 'Evaluate')(text)
      },
    },
  ],
)
