import type { Vector } from '../value/vector.ts'
import { type Accumulator, noGroup } from './aggregation.ts'

/** Keeps the slots whose arguments are all numbers, in the order they come, and measures each group's columns of numbers at the end. */
export class RowsState implements Accumulator {
  readonly #columns: (number[][] | undefined)[] = []
  readonly #measure: (columns: readonly (readonly number[])[]) => number

  constructor(measure: (columns: readonly (readonly number[])[]) => number) {
    this.#measure = measure
  }

  resize(): void {}

  add(groups: Uint32Array, args: readonly Vector[], count: number): void {
    for (let i = 0; i < count; i++) {
      const group = groups[i]!
      if (group === noGroup || args.some((arg) => (arg.kinds[i]! & 1) === 0)) continue
      const columns = this.#columns[group] ?? args.map(() => [])
      this.#columns[group] = columns
      for (let a = 0; a < args.length; a++) columns[a]!.push(args[a]!.numbers[i]!)
    }
  }

  write(out: Vector, firstGroup: number, count: number): void {
    for (let i = 0; i < count; i++) {
      const columns = this.#columns[firstGroup + i]
      out.setNumber(i, columns === undefined ? Number.NaN : this.#measure(columns))
    }
  }
}
