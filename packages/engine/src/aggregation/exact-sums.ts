import { grown } from './aggregation.ts'

/** What `ExactSum` is for one sum, for a sum in each of many slots: rounding errors are kept, so that the order of rows barely matters. */
export class ExactSums {
  #sums: Float64Array = new Float64Array(0)
  #lost: Float64Array = new Float64Array(0)

  /** New slots are 0. */
  resize(slots: number): void {
    this.#sums = grown(this.#sums, slots)
    this.#lost = grown(this.#lost, slots)
  }

  add(slot: number, number: number): void {
    const sum = this.#sums[slot]!
    const next = sum + number
    this.#lost[slot]! +=
      Math.abs(sum) >= Math.abs(number) ? sum - next + number : number - next + sum
    this.#sums[slot] = next
  }

  value(slot: number): number {
    const sum = this.#sums[slot]!
    return Number.isFinite(sum) ? sum + this.#lost[slot]! : sum
  }
}
