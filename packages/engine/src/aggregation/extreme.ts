import { collate } from '../value/collate.ts'
import type { Value } from '../value/dual.ts'
import { textOf } from '../value/text-of.ts'
import type { Vector } from '../value/vector.ts'
import {
  type Accumulator,
  type AggregationDefinition,
  type AggregationSettings,
  define,
  grown,
  noGroup,
} from './aggregation.ts'
import { CodedExtreme } from './coded-extreme.ts'

/** Smallest (`sign` 1) or largest (-1) number; NaN while there is none. */
class ExtremeState implements Accumulator {
  #best: Float64Array = new Float64Array(0)
  #groups = 0
  readonly #sign: 1 | -1

  constructor(sign: 1 | -1) {
    this.#sign = sign
  }

  resize(groups: number): void {
    this.#best = grown(this.#best, groups)
    if (groups > this.#groups) this.#best.fill(Number.POSITIVE_INFINITY, this.#groups, groups)
    this.#groups = Math.max(this.#groups, groups)
  }

  add(groups: Uint32Array, args: readonly Vector[], count: number): void {
    const { kinds, numbers } = args[0]!
    const best = this.#best
    const sign = this.#sign
    for (let i = 0; i < count; i++) {
      const group = groups[i]!
      if (group === noGroup || (kinds[i]! & 1) === 0) continue
      const number = numbers[i]! * sign
      if (number < best[group]!) best[group] = number
    }
  }

  write(out: Vector, firstGroup: number, count: number): void {
    for (let i = 0; i < count; i++) out.setNumber(i, this.#best[firstGroup + i]! * this.#sign)
  }
}

/** The n-th smallest or largest of the distinct numbers; the rank is the second argument of a group's first slot. */
class RankedState implements Accumulator {
  readonly #numbers: (Set<number> | undefined)[] = []
  readonly #ranks: (number | undefined)[] = []
  readonly #sign: 1 | -1

  constructor(sign: 1 | -1) {
    this.#sign = sign
  }

  resize(): void {}

  add(groups: Uint32Array, args: readonly Vector[], count: number): void {
    const values = args[0]!
    const ranks = args[1]!
    for (let i = 0; i < count; i++) {
      const group = groups[i]!
      if (group === noGroup || (values.kinds[i]! & 1) === 0) continue
      this.#ranks[group] ??= (ranks.kinds[i]! & 1) === 1 ? ranks.numbers[i]! : Number.NaN
      let numbers = this.#numbers[group]
      if (numbers === undefined) {
        numbers = new Set()
        this.#numbers[group] = numbers
      }
      numbers.add(values.numbers[i]!)
    }
  }

  write(out: Vector, firstGroup: number, count: number): void {
    for (let i = 0; i < count; i++) {
      const sorted = [...(this.#numbers[firstGroup + i] ?? [])].sort((a, b) => (a - b) * this.#sign)
      const rank = this.#ranks[firstGroup + i] ?? Number.NaN
      out.setNumber(i, sorted[rank - 1] ?? Number.NaN)
    }
  }
}

/** First (`sign` 1) or last (-1) value in text order; it keeps its number. */
class ExtremeTextState implements Accumulator {
  readonly #best: (string | undefined)[] = []
  readonly #values: Value[] = []
  readonly #settings: AggregationSettings
  readonly #sign: 1 | -1

  constructor(settings: AggregationSettings, sign: 1 | -1) {
    this.#settings = settings
    this.#sign = sign
  }

  resize(): void {}

  add(groups: Uint32Array, args: readonly Vector[], count: number): void {
    const values = args[0]!
    for (let i = 0; i < count; i++) {
      const group = groups[i]!
      if (group === noGroup) continue
      const value = values.get(i)
      const text = textOf(value, this.#settings.format)
      if (text === null) continue
      const best = this.#best[group]
      if (best !== undefined && collate(text, best) * this.#sign >= 0) continue
      this.#best[group] = text
      this.#values[group] = value
    }
  }

  write(out: Vector, firstGroup: number, count: number): void {
    for (let i = 0; i < count; i++) out.set(i, this.#values[firstGroup + i] ?? null)
  }
}

const ranked = {
  args: [1, 2],
  numericOnly: true,
  idempotent: true,
  resultFormat: 'argument',
} as const

export const extremeAggregations: readonly AggregationDefinition[] = [
  define(
    'Min(expr [, rank])',
    'The lowest number, or the rank-th lowest of the distinct ones.',
    'min.htm',
    ({ args }) => (args === 1 ? new ExtremeState(1) : new RankedState(1)),
    { ...ranked, coded: (argument) => new CodedExtreme(argument, 1) },
  ),
  define(
    'Max(expr [, rank])',
    'The highest number, or the rank-th highest of the distinct ones.',
    'max.htm',
    ({ args }) => (args === 1 ? new ExtremeState(-1) : new RankedState(-1)),
    { ...ranked, coded: (argument) => new CodedExtreme(argument, -1) },
  ),
  define(
    'MinString(expr)',
    'The first value in text order.',
    'minstring.htm',
    (s) => new ExtremeTextState(s, 1),
    {
      idempotent: true,
    },
  ),
  define(
    'MaxString(expr)',
    'The last value in text order.',
    'maxstring.htm',
    (s) => new ExtremeTextState(s, -1),
    {
      idempotent: true,
    },
  ),
]
