import type { Vector } from '../value/vector.ts'
import {
  type Accumulator,
  type AggregationDefinition,
  define,
  grown,
  noGroup,
} from './aggregation.ts'
import { type CodedArgument, CodedCount, CodedSum } from './coded.ts'
import { CodedDistinctCount } from './coded-distinct.ts'

/** Sums that keep the rounding error of each addition, and the number of addends. Integers below 2^53 stay exact. */
class SumState implements Accumulator {
  #sums: Float64Array = new Float64Array(0)
  #lost: Float64Array = new Float64Array(0)
  #counts: Float64Array = new Float64Array(0)
  readonly #mean: boolean

  constructor(mean: boolean) {
    this.#mean = mean
  }

  resize(groups: number): void {
    this.#sums = grown(this.#sums, groups)
    this.#lost = grown(this.#lost, groups)
    if (this.#mean) this.#counts = grown(this.#counts, groups)
  }

  add(groups: Uint32Array, args: readonly Vector[], count: number): void {
    const { kinds, numbers } = args[0]!
    const sums = this.#sums
    const lost = this.#lost
    const counts = this.#counts
    const mean = this.#mean
    for (let i = 0; i < count; i++) {
      const group = groups[i]!
      if (group === noGroup || (kinds[i]! & 1) === 0) continue
      const number = numbers[i]!
      const sum = sums[group]!
      const next = sum + number
      // What was added, and what it took from the sum: the differences are exact, whichever is larger (Knuth).
      const added = next - sum
      lost[group]! += sum - (next - added) + (number - added)
      sums[group] = next
      if (mean) counts[group]! += 1
    }
  }

  write(out: Vector, firstGroup: number, count: number): void {
    for (let i = 0; i < count; i++) {
      const sum = this.#sums[firstGroup + i]!
      const total = Number.isFinite(sum) ? sum + this.#lost[firstGroup + i]! : sum
      out.setNumber(i, this.#mean ? total / this.#counts[firstGroup + i]! : total)
    }
  }
}

/** Counts slots by the kind of their value: entry k of `counted` says whether kind k counts. */
class CountState implements Accumulator {
  #counts: Float64Array = new Float64Array(0)
  readonly #counted: Uint8Array

  constructor(counted: readonly number[]) {
    this.#counted = Uint8Array.from(counted)
  }

  resize(groups: number): void {
    this.#counts = grown(this.#counts, groups)
  }

  add(groups: Uint32Array, args: readonly Vector[], count: number): void {
    const { kinds } = args[0]!
    const counts = this.#counts
    const counted = this.#counted
    for (let i = 0; i < count; i++) {
      const group = groups[i]!
      if (group !== noGroup) counts[group]! += counted[kinds[i]!]!
    }
  }

  write(out: Vector, firstGroup: number, count: number): void {
    for (let i = 0; i < count; i++) out.setNumber(i, this.#counts[firstGroup + i]!)
  }
}

function counting(counted: readonly number[]) {
  return {
    resultFormat: 'integer',
    coded: (argument: CodedArgument) => new CodedCount(argument, counted),
  } as const
}

export const sumAggregations: readonly AggregationDefinition[] = [
  define(
    'Sum(expr)',
    'Sum of the numbers; 0 when there are none.',
    'sum.htm',
    () => new SumState(false),
    { numericOnly: true, linear: 'sum', coded: (argument) => new CodedSum(argument, false) },
  ),
  define(
    'Avg(expr)',
    'Mean of the numbers; NULL when there are none.',
    'avg.htm',
    () => new SumState(true),
    { numericOnly: true, linear: 'mean', coded: (argument) => new CodedSum(argument, true) },
  ),
  define(
    'Count(expr)',
    'Number of values that are not NULL.',
    'count.htm',
    () => new CountState([0, 1, 1, 1]),
    {
      ...counting([0, 1, 1, 1]),
      linear: 'count',
      codedDistinct: ({ kinds }) => new CodedDistinctCount(kinds.length),
    },
  ),
  define(
    'NumericCount(expr)',
    'Number of values with a number.',
    'numericcount.htm',
    () => new CountState([0, 1, 0, 1]),
    counting([0, 1, 0, 1]),
  ),
  define(
    'TextCount(expr)',
    'Number of values without a number.',
    'textcount.htm',
    () => new CountState([0, 0, 1, 0]),
    counting([0, 0, 1, 0]),
  ),
  define(
    'NullCount(expr)',
    'Number of NULLs.',
    'nullcount.htm',
    () => new CountState([1, 0, 0, 0]),
    counting([1, 0, 0, 0]),
  ),
  define(
    'MissingCount(expr)',
    'Number of values without a number, NULL included.',
    'missingcount.htm',
    () => new CountState([1, 0, 1, 0]),
    counting([1, 0, 1, 0]),
  ),
]
