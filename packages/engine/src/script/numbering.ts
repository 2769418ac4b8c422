import { numberOf, type Value } from '../value/dual.ts'

/** Values to 1, 2, 3 … in the order they are met; equal numbers are one value. */
export class Numbering {
  readonly #numbers = new Map<number | string, number>()

  numberOf(value: Value): number {
    const number = numberOf(value)
    const key = Number.isNaN(number) ? String(value) : number
    const known = this.#numbers.get(key) ?? this.#numbers.size + 1
    this.#numbers.set(key, known)
    return known
  }
}
