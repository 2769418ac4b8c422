import type { Sample } from '../math/mean-test.ts'
import { grown } from './aggregation.ts'
import { ExactSums } from './exact-sums.ts'

/**
 * The moments of a sample in each of many slots, one observation after the other. Distances are taken from a sample's first value and
 * gathered by Welford's recurrence, so that a large common offset costs no digits.
 * Source: https://doi.org/10.1080/00401706.1962.10490022 (Welford)
 */
export class Moments {
  readonly #counts = new ExactSums()
  readonly #sums = new ExactSums()
  #origins: Float64Array = new Float64Array(0)
  #means: Float64Array = new Float64Array(0)
  #squares: Float64Array = new Float64Array(0)

  /** New slots are empty samples. */
  resize(slots: number): void {
    this.#counts.resize(slots)
    this.#sums.resize(slots)
    this.#origins = grown(this.#origins, slots)
    this.#means = grown(this.#means, slots)
    this.#squares = grown(this.#squares, slots)
  }

  /** `weight` is positive. */
  add(slot: number, value: number, weight: number): void {
    const before = this.#counts.value(slot)
    if (before === 0) this.#origins[slot] = value
    this.#counts.add(slot, weight)
    this.#sums.add(slot, weight * value)
    const shifted = value - this.#origins[slot]!
    const distance = shifted - this.#means[slot]!
    const mean = this.#means[slot]! + distance * (weight / this.#counts.value(slot))
    this.#means[slot] = mean
    this.#squares[slot]! += weight * distance * (shifted - mean)
  }

  /** From now on nothing is known of the sample: all its moments are NaN. */
  spoil(slot: number): void {
    this.add(slot, Number.NaN, Number.NaN)
  }

  of(slot: number): Sample {
    const count = this.#counts.value(slot)
    return { count, mean: this.#sums.value(slot) / count, squares: this.#squares[slot]! }
  }
}
