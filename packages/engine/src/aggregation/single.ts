import { sameFieldValue } from '../value/compare.ts'
import type { Value } from '../value/dual.ts'
import type { Vector } from '../value/vector.ts'
import {
  type Accumulator,
  type AggregationDefinition,
  type AggregationSettings,
  define,
  grown,
  noGroup,
} from './aggregation.ts'
import { PairIds, ValueIds } from './value-ids.ts'

/** The value when all values that are not NULL are one. */
class OnlyState implements Accumulator {
  /** 0 nothing seen, 1 one value, 2 several. */
  #seen: Uint8Array = new Uint8Array(0)
  readonly #values: Value[] = []

  resize(groups: number): void {
    this.#seen = grown(this.#seen, groups)
  }

  add(groups: Uint32Array, args: readonly Vector[], count: number): void {
    const values = args[0]!
    const seen = this.#seen
    for (let i = 0; i < count; i++) {
      const group = groups[i]!
      if (group === noGroup || values.kinds[i] === 0 || seen[group] === 2) continue
      if (seen[group] === 0) {
        seen[group] = 1
        this.#values[group] = values.get(i)
      } else if (!sameFieldValue(values.get(i), this.#values[group] ?? null)) seen[group] = 2
    }
  }

  write(out: Vector, firstGroup: number, count: number): void {
    for (let i = 0; i < count; i++) {
      const group = firstGroup + i
      out.set(i, this.#seen[group] === 1 ? (this.#values[group] ?? null) : null)
    }
  }
}

/** The most frequent value; NULL when several are. */
class ModeState implements Accumulator {
  readonly #ids = new ValueIds()
  readonly #pairs = new PairIds()
  /** By pair: its first value, since equal numbers may show other texts in other groups. */
  readonly #values: Value[] = []
  #counts: Float64Array = new Float64Array(0)
  #result: (Value | undefined)[] | undefined

  resize(): void {}

  add(groups: Uint32Array, args: readonly Vector[], count: number): void {
    const values = args[0]!
    for (let i = 0; i < count; i++) {
      const group = groups[i]!
      if (group === noGroup || values.kinds[i] === 0) continue
      const value = this.#ids.idOf(values, i)
      const pair = this.#pairs.idOf(group, value)
      this.#values[pair] ??= values.get(i)
      this.#counts = grown(this.#counts, pair + 1)
      this.#counts[pair]! += 1
    }
    this.#result = undefined
  }

  write(out: Vector, firstGroup: number, count: number): void {
    this.#result ??= this.#modes()
    for (let i = 0; i < count; i++) out.set(i, this.#result[firstGroup + i] ?? null)
  }

  #modes(): (Value | undefined)[] {
    const result: (Value | undefined)[] = []
    const best: number[] = []
    for (let pair = 0; pair < this.#pairs.count; pair++) {
      const group = this.#pairs.first(pair)
      const count = this.#counts[pair]!
      const most = best[group] ?? 0
      if (count > most) {
        best[group] = count
        result[group] = this.#values[pair] ?? null
      } else if (count === most) result[group] = null
    }
    return result
  }
}

interface Weighted {
  readonly weight: number
  readonly value: Value
}

/** The value at the n-th lowest weight; NULL when slots share that weight. A weight of `-x` sorts downwards. */
class FirstSortedState implements Accumulator {
  readonly #entries: (Weighted[] | undefined)[] = []
  readonly #ranks: (number | undefined)[] = []
  readonly #distinct: boolean

  constructor(settings: AggregationSettings) {
    this.#distinct = settings.distinct
  }

  resize(): void {}

  add(groups: Uint32Array, args: readonly Vector[], count: number): void {
    const values = args[0]!
    const weights = args[1]!
    const ranks = args[2]
    for (let i = 0; i < count; i++) {
      const group = groups[i]!
      if (group === noGroup || (weights.kinds[i]! & 1) === 0) continue
      this.#ranks[group] ??=
        ranks === undefined ? 1 : (ranks.kinds[i]! & 1) === 1 ? ranks.numbers[i]! : Number.NaN
      let entries = this.#entries[group]
      if (entries === undefined) {
        entries = []
        this.#entries[group] = entries
      }
      entries.push({ weight: weights.numbers[i]!, value: values.get(i) })
    }
  }

  write(out: Vector, firstGroup: number, count: number): void {
    for (let i = 0; i < count; i++) out.set(i, this.#valueOf(firstGroup + i))
  }

  #valueOf(group: number): Value {
    const entries = this.#entries[group] ?? []
    const weights = [...new Set(entries.map(({ weight }) => weight))].sort((a, b) => a - b)
    const wanted = weights[(this.#ranks[group] ?? 1) - 1]
    const found = entries.filter(({ weight }) => weight === wanted)
    const first = found[0]
    if (first === undefined || (found.length > 1 && !this.#distinct)) return null
    return found.every(({ value }) => sameFieldValue(value, first.value)) ? first.value : null
  }
}

/** The value of the first or the last record. */
class EdgeState implements Accumulator {
  readonly #values: (Value | undefined)[] = []
  readonly #last: boolean

  constructor(last: boolean) {
    this.#last = last
  }

  resize(): void {}

  add(groups: Uint32Array, args: readonly Vector[], count: number): void {
    const values = args[0]!
    for (let i = 0; i < count; i++) {
      const group = groups[i]!
      if (group !== noGroup && (this.#last || this.#values[group] === undefined))
        this.#values[group] = values.get(i)
    }
  }

  write(out: Vector, firstGroup: number, count: number): void {
    for (let i = 0; i < count; i++) out.set(i, this.#values[firstGroup + i] ?? null)
  }
}

export const singleAggregations: readonly AggregationDefinition[] = [
  define('Only(expr)', 'The value when there is exactly one.', 'only.htm', () => new OnlyState(), {
    idempotent: true,
    resultFormat: 'argument',
  }),
  define(
    'Mode(expr)',
    'The most frequent value; NULL when several are.',
    'mode.htm',
    () => new ModeState(),
    {
      resultFormat: 'argument',
    },
  ),
  define(
    'FirstSortedValue(value, weight [, rank])',
    'The value at the rank-th lowest weight; NULL when that weight is shared.',
    'firstsortedvalue.htm',
    (settings) => new FirstSortedState(settings),
    { args: [2, 3], distinctBy: 'all', resultFormat: 'argument' },
  ),
  define(
    'FirstValue(expr)',
    'The value of the first record.',
    'firstvalue.htm',
    () => new EdgeState(false),
    {
      resultFormat: 'argument',
    },
  ),
  define(
    'LastValue(expr)',
    'The value of the last record.',
    'lastvalue.htm',
    () => new EdgeState(true),
    {
      resultFormat: 'argument',
    },
  ),
]
