import { Dual, numberOrNull, type Value } from '../value/dual.ts'
import { formatNumber } from '../value/format-number.ts'
import { readValue } from '../value/interpret.ts'
import { compileWildcard } from '../value/wildcard.ts'
import {
  anyNumber,
  category,
  type Definition,
  type FunctionContext,
  isTrue,
  numberArg,
  optionalNumber,
  type ScalarFunction,
  textArg,
} from './function.ts'

type Equality = (wanted: string, candidate: string) => boolean

/** 1-based index of the first candidate that matches: by number where `numeric` and both are numbers, else by text. */
function matcher(
  signature: string,
  meaning: string,
  numeric: boolean,
  equal: Equality,
): Definition {
  return {
    signature,
    meaning,
    min: 2,
    max: anyNumber,
    evaluate: (args, context) => {
      const wanted = textArg(args, 0, context)
      if (wanted === null) return 0
      const number = numeric ? numberArg(args, 0, context) : Number.NaN
      for (let index = 1; index < args.length; index += 1) {
        const candidate = textArg(args, index, context)
        if (candidate === null) continue
        if (equal(wanted, candidate)) return index
        if (!Number.isNaN(number) && number === numberArg(args, index, context)) return index
      }
      return 0
    },
  }
}

function alt(args: readonly Value[], context: FunctionContext): Value {
  for (const value of args) {
    if (value === null) continue
    if (typeof value !== 'string') return value
    const number = readValue(value, context.settings)
    if (!Number.isNaN(number)) return new Dual(value, number)
  }
  return args[args.length - 1] ?? null
}

function classOf(args: readonly Value[], context: FunctionContext): Value {
  const x = numberArg(args, 0, context)
  const interval = numberArg(args, 1, context)
  const label = textArg(args, 2, context) ?? 'x'
  const offset = optionalNumber(args, 3, context, 0)
  if (!(interval > 0) || Number.isNaN(x) || Number.isNaN(offset)) return null
  const low = numberOrNull(Math.floor((x - offset) / interval) * interval + offset)
  if (typeof low !== 'number') return null
  const show = (number: number) => formatNumber(number, null, context.settings)
  return new Dual(`${show(low)} <= ${label} < ${show(low + interval)}`, low)
}

export const conditionalFunctions: readonly ScalarFunction[] = category(
  'conditional',
  'ConditionalFunctions/conditional-functions.htm',
  [
    {
      signature: 'If(condition, then [,else])',
      meaning:
        'then when the condition is true and not NULL, else the alternative (NULL when omitted)',
      min: 2,
      max: 3,
      evaluate: (args, context) =>
        isTrue(args[0] ?? null, context) ? (args[1] ?? null) : (args[2] ?? null),
    },
    {
      signature: 'Alt(expr1 {,expr}, else)',
      meaning: 'first argument with a numeric value, otherwise the last argument as is',
      max: anyNumber,
      evaluate: alt,
    },
    {
      signature: 'Coalesce(expr1 {,expr})',
      meaning: 'first non-NULL argument',
      max: anyNumber,
      evaluate: (args) => args.find((value) => value !== null) ?? null,
    },
    matcher(
      'Match(str, e1 {,e})',
      '1-based index of the first equal value, 0 if none, case sensitive',
      true,
      (wanted, candidate) => wanted === candidate,
    ),
    matcher(
      'MixMatch(str, e1 {,e})',
      'the same, case insensitive',
      true,
      (wanted, candidate) =>
        wanted === candidate || wanted.toLowerCase() === candidate.toLowerCase(),
    ),
    matcher(
      'WildMatch(str, e1 {,e})',
      'the same with * and ?, case insensitive',
      false,
      (wanted, candidate) => compileWildcard(candidate)(wanted),
    ),
    {
      signature: 'Pick(n, e1 {,e})',
      meaning: 'n-th expression, NULL out of range',
      min: 2,
      max: anyNumber,
      evaluate: (args, context) => {
        const position = Math.trunc(numberArg(args, 0, context))
        return position >= 1 ? (args[position] ?? null) : null
      },
    },
    {
      signature: 'Class(expr, interval [,label [,offset]])',
      meaning: 'dual bin label with the lower bound as number',
      min: 2,
      max: 4,
      evaluate: classOf,
    },
  ],
)

export const logicalFunctions: readonly ScalarFunction[] = [
  ...category('logical', 'logical-functions.htm', [
    {
      signature: 'IsNum(expr)',
      meaning: '-1 if it has a number',
      evaluate: ([value = null]) => (typeof value === 'number' || value instanceof Dual ? -1 : 0),
    },
    {
      signature: 'IsText(expr)',
      meaning: '-1 if it has text only',
      evaluate: ([value = null]) => (typeof value === 'string' ? -1 : 0),
    },
  ]),
  ...category('NULL', 'NullFunctions/null-functions.htm', [
    {
      signature: 'IsNull(expr)',
      meaning: '-1 if NULL',
      evaluate: ([value = null]) => (value === null ? -1 : 0),
    },
    { signature: 'Null()', meaning: 'NULL value', min: 0, evaluate: () => null },
    {
      signature: 'EmptyIsNull(expr)',
      meaning: 'NULL for an empty string, else the value',
      evaluate: ([value = null]) =>
        value === '' || (value instanceof Dual && value.text === '') ? null : value,
    },
  ]),
]
