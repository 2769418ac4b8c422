import {
  correlationOf,
  exclusiveQuantileOf,
  kurtosisOf,
  quantileOf,
  skewnessOf,
  standardDeviationOf,
} from '../math/sample.ts'
import type { Vector } from '../value/vector.ts'
import { type Accumulator, type AggregationDefinition, define, noGroup } from './aggregation.ts'

/** Keeps the numbers of each group, and the first value of a second argument, for measures of the whole sample. */
class SampleState implements Accumulator {
  readonly #numbers: (number[] | undefined)[] = []
  readonly #parameters: (number | undefined)[] = []
  readonly #measure: (numbers: number[], parameter: number) => number

  constructor(measure: (numbers: number[], parameter: number) => number) {
    this.#measure = measure
  }

  resize(): void {}

  add(groups: Uint32Array, args: readonly Vector[], count: number): void {
    const { kinds, numbers } = args[0]!
    const parameter = args[1]
    for (let i = 0; i < count; i++) {
      const group = groups[i]!
      if (group === noGroup || (kinds[i]! & 1) === 0) continue
      const sample = this.#numbers[group]
      if (sample === undefined) {
        this.#numbers[group] = [numbers[i]!]
        this.#parameters[group] =
          parameter !== undefined && (parameter.kinds[i]! & 1) === 1
            ? parameter.numbers[i]!
            : Number.NaN
      } else sample.push(numbers[i]!)
    }
  }

  write(out: Vector, firstGroup: number, count: number): void {
    for (let i = 0; i < count; i++) {
      const sample = this.#numbers[firstGroup + i]
      const parameter = this.#parameters[firstGroup + i] ?? Number.NaN
      out.setNumber(i, sample === undefined ? Number.NaN : this.#measure(sample, parameter))
    }
  }
}

/** Pearson's correlation of complete pairs. */
class CorrelationState implements Accumulator {
  readonly #pairs: ({ readonly x: number[]; readonly y: number[] } | undefined)[] = []

  resize(): void {}

  add(groups: Uint32Array, args: readonly Vector[], count: number): void {
    const x = args[0]!
    const y = args[1]!
    for (let i = 0; i < count; i++) {
      const group = groups[i]!
      if (group === noGroup || (x.kinds[i]! & y.kinds[i]! & 1) === 0) continue
      let pairs = this.#pairs[group]
      if (pairs === undefined) {
        pairs = { x: [], y: [] }
        this.#pairs[group] = pairs
      }
      pairs.x.push(x.numbers[i]!)
      pairs.y.push(y.numbers[i]!)
    }
  }

  write(out: Vector, firstGroup: number, count: number): void {
    for (let i = 0; i < count; i++) {
      const pairs = this.#pairs[firstGroup + i]
      out.setNumber(i, pairs === undefined ? Number.NaN : correlationOf(pairs.x, pairs.y))
    }
  }
}

function ascending(numbers: number[]): number[] {
  return numbers.sort((a, b) => a - b)
}

const numeric = { numericOnly: true } as const

export const sampleAggregations: readonly AggregationDefinition[] = [
  define(
    'Median(expr)',
    'The median.',
    'median.htm',
    () => new SampleState((n) => quantileOf(ascending(n), 0.5)),
    {
      numericOnly: true,
      resultFormat: 'argument',
    },
  ),
  define(
    'Fractile(expr, fraction)',
    'The inclusive quantile, interpolated.',
    'fractile.htm',
    () => new SampleState((n, fraction) => quantileOf(ascending(n), fraction)),
    { args: [2, 2], numericOnly: true, resultFormat: 'argument' },
  ),
  define(
    'FractileExc(expr, fraction)',
    'The exclusive quantile, interpolated.',
    'fractileexc.htm',
    () => new SampleState((n, fraction) => exclusiveQuantileOf(ascending(n), fraction)),
    { args: [2, 2], numericOnly: true, resultFormat: 'argument' },
  ),
  define(
    'Stdev(expr)',
    'Sample standard deviation.',
    'stdev.htm',
    () => new SampleState(standardDeviationOf),
    numeric,
  ),
  define(
    'Sterr(expr)',
    'Standard error: the deviation over the root of the number of values.',
    'sterr.htm',
    () => new SampleState((n) => standardDeviationOf(n) / Math.sqrt(n.length)),
    numeric,
  ),
  define(
    'Skew(expr)',
    'Skewness of the sample.',
    'skew.htm',
    () => new SampleState(skewnessOf),
    numeric,
  ),
  define(
    'Kurtosis(expr)',
    'Excess kurtosis of the sample.',
    'kurtosis.htm',
    () => new SampleState(kurtosisOf),
    numeric,
  ),
  define(
    'Correl(x, y)',
    'Correlation of complete pairs.',
    'correl.htm',
    () => new CorrelationState(),
    { args: [2, 2], distinctBy: 'all' },
  ),
]
