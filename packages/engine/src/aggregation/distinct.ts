import type { Vector } from '../value/vector.ts'
import {
  type Accumulator,
  type AggregationDefinition,
  type AggregationSettings,
  noGroup,
} from './aggregation.ts'
import { PairIds, ValueIds } from './value-ids.ts'

/** Any aggregation, with or without DISTINCT. */
export function createAccumulator(
  definition: AggregationDefinition,
  settings: AggregationSettings,
): Accumulator {
  const inner = definition.create(settings)
  return settings.distinct && !definition.idempotent
    ? new DistinctAccumulator(inner, definition.distinctBy === 'all' ? settings.args : 1)
    : inner
}

/** Hands each group every value, or list of the first `keys` arguments, once. */
class DistinctAccumulator implements Accumulator {
  readonly #inner: Accumulator
  readonly #ids: readonly ValueIds[]
  readonly #pairs: readonly PairIds[]
  readonly #kept = new Uint32Array(1024)

  constructor(inner: Accumulator, keys: number) {
    this.#inner = inner
    this.#ids = Array.from({ length: keys }, () => new ValueIds())
    this.#pairs = Array.from({ length: keys }, () => new PairIds())
  }

  resize(groups: number): void {
    this.#inner.resize(groups)
  }

  add(groups: Uint32Array, args: readonly Vector[], count: number): void {
    const kept = count > this.#kept.length ? new Uint32Array(count) : this.#kept
    for (let i = 0; i < count; i++) {
      const group = groups[i]!
      kept[i] = group === noGroup || !this.#isNew(group, args, i) ? noGroup : group
    }
    this.#inner.add(kept, args, count)
  }

  write(out: Vector, firstGroup: number, count: number): void {
    this.#inner.write(out, firstGroup, count)
  }

  // A list of values is a chain of pairs: (group, first), then (that pair, second) …
  #isNew(group: number, args: readonly Vector[], slot: number): boolean {
    let key = group
    let fresh = false
    for (let k = 0; k < this.#ids.length; k++) {
      const pairs = this.#pairs[k]!
      const before = pairs.count
      key = pairs.idOf(key, this.#ids[k]!.idOf(args[k]!, slot))
      fresh = key === before
    }
    return fresh
  }
}
