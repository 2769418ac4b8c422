import type { RecordSource } from './frame.ts'

/** Every record of one source with every record of another, for aggregations over tables that nothing links. */
export class ProductFrame implements RecordSource {
  readonly count: number
  readonly main: boolean
  readonly #left: RecordSource
  readonly #right: RecordSource
  readonly #leftHas: (field: number) => boolean

  constructor(left: RecordSource, right: RecordSource, leftHas: (field: number) => boolean) {
    this.#left = left
    this.#right = right
    this.#leftHas = leftHas
    this.count = left.count * right.count
    this.main = left.main && right.main
  }

  has(table: number): boolean {
    return this.#left.has(table) || this.#right.has(table)
  }

  distinctIn(tables: readonly number[]): boolean {
    return this.#left.distinctIn(tables) && this.#right.distinctIn(tables)
  }

  codes(field: number, start: number, count: number): Uint32Array {
    const left = this.#leftHas(field)
    const out = new Uint32Array(count)
    for (let i = 0; i < count; i++) {
      const at = this.#position(left, start + i)
      out[i] = (left ? this.#left : this.#right).codes(field, at, 1)[0]!
    }
    return out
  }

  rows(table: number, start: number, count: number): Int32Array {
    const left = this.#left.has(table)
    const out = new Int32Array(count)
    for (let i = 0; i < count; i++) {
      const at = this.#position(left, start + i)
      out[i] = (left ? this.#left : this.#right).rows(table, at, 1)[0]!
    }
    return out
  }

  #position(left: boolean, record: number): number {
    return left ? Math.floor(record / this.#right.count) : record % this.#right.count
  }
}
