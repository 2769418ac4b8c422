import { sumOf } from '../math/exact-sum.ts'
import {
  datedInternalRate,
  datedPresentValue,
  internalRate,
  netPresentValue,
} from '../math/finance.ts'
import {
  correlationOf,
  exclusiveQuantileOf,
  kurtosisOf,
  meanOf,
  modeOf,
  quantileOf,
  skewnessOf,
  standardDeviationOf,
} from '../math/sample.ts'
import { collate } from '../value/collate.ts'
import { numberOf, numberOrNull, type Value } from '../value/dual.ts'
import { readValue } from '../value/interpret.ts'
import { textOf } from '../value/text-of.ts'
import {
  anyNumber,
  asMoney,
  category,
  type Definition,
  type FunctionContext,
  numberArg,
  type ScalarFunction,
} from './function.ts'

/** The numbers among the values from `from` on, in order. */
function numbersOf(args: readonly Value[], context: FunctionContext, from = 0): readonly number[] {
  const numbers: number[] = []
  for (let index = from; index < args.length; index += 1) {
    const number = readValue(args[index] ?? null, context.settings)
    if (!Number.isNaN(number)) numbers.push(number)
  }
  return numbers
}

function sorted(numbers: readonly number[]): Float64Array {
  return Float64Array.from(numbers).sort()
}

function ofNumbers(
  name: string,
  meaning: string,
  calculate: (numbers: readonly number[]) => number,
): Definition {
  return {
    signature: `${name}(e1 {,e})`,
    meaning: `${meaning}; accepts ranges from inter-record functions`,
    max: anyNumber,
    evaluate: (args, context) => numberOrNull(calculate(numbersOf(args, context))),
  }
}

function counting(name: string, meaning: string, counts: (value: Value) => boolean): Definition {
  return {
    signature: `${name}(e1 {,e})`,
    meaning: `${meaning}; accepts ranges from inter-record functions`,
    max: anyNumber,
    evaluate: (args) => args.reduce<number>((count, value) => count + (counts(value) ? 1 : 0), 0),
  }
}

/** The first or last text by collation. */
function extremeText(name: string, meaning: string, sign: 1 | -1): Definition {
  return {
    signature: `${name}(e1 {,e})`,
    meaning,
    max: anyNumber,
    evaluate: (args, context) => {
      let best: string | null = null
      for (const value of args) {
        const text = textOf(value, context.settings)
        if (text !== null && (best === null || collate(text, best) * sign > 0)) best = text
      }
      return best
    },
  }
}

/** Whole pairs of numbers; arguments alternate. */
function pairsOf(
  args: readonly Value[],
  context: FunctionContext,
  from: number,
): readonly [number[], number[]] {
  const left: number[] = []
  const right: number[] = []
  for (let index = from; index + 1 < args.length; index += 2) {
    const first = numberArg(args, index, context)
    const second = numberArg(args, index + 1, context)
    if (Number.isNaN(first) || Number.isNaN(second)) continue
    left.push(first)
    right.push(second)
  }
  return [left, right]
}

function ofPairs(
  signature: string,
  meaning: string,
  calculate: (left: readonly number[], right: readonly number[], lead: number) => number,
  lead: 0 | 1,
): Definition {
  return {
    signature,
    meaning: `${meaning}; arguments alternate`,
    min: lead + 2,
    max: anyNumber,
    evaluate: (args, context) => {
      const first = lead === 1 ? numberArg(args, 0, context) : 0
      const [left, right] = pairsOf(args, context, lead)
      return numberOrNull(calculate(left, right, first))
    },
  }
}

function ofFraction(
  signature: string,
  meaning: string,
  calculate: (numbers: Float64Array, fraction: number) => number,
): Definition {
  return {
    signature,
    meaning,
    min: 2,
    max: anyNumber,
    evaluate: (args, context) =>
      numberOrNull(calculate(sorted(numbersOf(args, context, 1)), numberArg(args, 0, context))),
  }
}

function rangeMode(args: readonly Value[], context: FunctionContext): Value {
  const values = args.filter((value) => value !== null)
  const keyOf = (value: Value) => {
    const number = numberOf(value)
    return Number.isNaN(number) ? (textOf(value, context.settings) ?? '') : number
  }
  const mode = modeOf(values.map(keyOf))
  return mode === undefined ? null : (values.find((value) => keyOf(value) === mode) ?? null)
}

function rangeOnly(args: readonly Value[], context: FunctionContext): Value {
  const values = args.filter((value) => value !== null)
  const [first = null] = values
  const text = textOf(first, context.settings)
  return values.every((value) => textOf(value, context.settings) === text) ? first : null
}

export const rangeFunctions: readonly ScalarFunction[] = category(
  'range',
  'RangeFunctions/range-functions.htm',
  [
    ofNumbers('RangeSum', 'sum, non-numeric = 0', sumOf),
    ofNumbers('RangeAvg', 'mean of numeric arguments', meanOf),
    ofNumbers('RangeMax', 'highest number', (numbers) =>
      numbers.length === 0 ? Number.NaN : numbers.reduce((a, b) => Math.max(a, b)),
    ),
    ofNumbers('RangeMin', 'lowest number', (numbers) =>
      numbers.length === 0 ? Number.NaN : numbers.reduce((a, b) => Math.min(a, b)),
    ),
    ofNumbers('RangeStdev', 'sample standard deviation', standardDeviationOf),
    ofNumbers('RangeSkew', 'skewness', skewnessOf),
    ofNumbers('RangeKurtosis', 'kurtosis', kurtosisOf),
    ofNumbers('RangeIRR', 'internal rate of return of periodic payments', internalRate),
    counting('RangeCount', 'number of non-NULL arguments', (value) => value !== null),
    counting('RangeNullCount', 'number of NULL arguments', (value) => value === null),
    counting(
      'RangeNumericCount',
      'number of numeric arguments',
      (value) => !Number.isNaN(numberOf(value)),
    ),
    counting('RangeTextCount', 'number of text arguments', (value) => typeof value === 'string'),
    counting('RangeMissingCount', 'number of non-numeric arguments', (value) =>
      Number.isNaN(numberOf(value)),
    ),
    extremeText('RangeMaxString', 'last value in text order', 1),
    extremeText('RangeMinString', 'first value in text order', -1),
    {
      signature: 'RangeMode(e1 {,e})',
      meaning: 'most frequent value, NULL on tie',
      max: anyNumber,
      evaluate: rangeMode,
    },
    {
      signature: 'RangeOnly(e1 {,e})',
      meaning: 'the one distinct value, else NULL',
      max: anyNumber,
      evaluate: rangeOnly,
    },
    ofFraction('RangeFractile(fraction, e1 {,e})', 'inclusive quantile', quantileOf),
    ofFraction('RangeFractileExc(fraction, e1 {,e})', 'exclusive quantile', exclusiveQuantileOf),
    ofPairs('RangeCorrel(x, y {,x, y})', 'Pearson correlation of pairs', correlationOf, 0),
    ofPairs(
      'RangeXIRR(value, date {,value, date})',
      'internal rate of dated payments',
      datedInternalRate,
      0,
    ),
    asMoney(
      ofPairs(
        'RangeXNPV(rate, value, date {,value, date})',
        'present value of dated payments',
        (payments, days, rate) => datedPresentValue(rate, payments, days),
        1,
      ),
    ),
    asMoney({
      signature: 'RangeNPV(rate, e1 {,e})',
      meaning: 'present value of periodic payments',
      min: 2,
      max: anyNumber,
      evaluate: (args, context) =>
        numberOrNull(netPresentValue(numberArg(args, 0, context), numbersOf(args, context, 1))),
    }),
  ],
)
