import { firstGroups, type SortKey, sortGroups } from './order.ts'

/** Groups in sorted order, sorted only as far as somebody looks. */
export class SortedGroups {
  readonly length: number
  /** All of them, in no order to rely on. */
  readonly unsorted: Uint32Array
  readonly #keys: readonly SortKey[]
  #first: Uint32Array = new Uint32Array(0)

  constructor(ids: Uint32Array, keys: readonly SortKey[]) {
    this.unsorted = ids
    this.length = ids.length
    this.#keys = keys
  }

  /** At least the first `count`, as far as there are that many. Not to be changed. */
  first(count: number): Uint32Array {
    const wanted = Math.min(count, this.length)
    if (wanted > this.#first.length)
      this.#first =
        wanted * 16 <= this.length
          ? firstGroups(this.unsorted, this.#keys, wanted)
          : sortGroups(this.unsorted.slice(), this.#keys)
    return this.#first
  }
}
