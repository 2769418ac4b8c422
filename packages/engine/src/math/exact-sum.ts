/**
 * A running sum that keeps the rounding error of each addition, so that the order of the numbers barely matters.
 * Source: https://doi.org/10.1002/zamm.19740540106 (Neumaier)
 */
export class ExactSum {
  #sum = 0
  #lost = 0

  add(number: number): void {
    const next = this.#sum + number
    this.#lost +=
      Math.abs(this.#sum) >= Math.abs(number)
        ? this.#sum - next + number
        : number - next + this.#sum
    this.#sum = next
  }

  get value(): number {
    // Past the range of doubles the correction is NaN; the plain sum says what happened.
    return Number.isFinite(this.#sum) ? this.#sum + this.#lost : this.#sum
  }
}

export function sumOf(numbers: Iterable<number>): number {
  const sum = new ExactSum()
  for (const number of numbers) sum.add(number)
  return sum.value
}
