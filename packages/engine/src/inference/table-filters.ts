import type { KeyLink } from '../model/model.ts'
import type { Rows } from './rows.ts'

/** A condition on the rows of one table: by a selected field of its own, or by what comes over a link. */
export interface RowFilter {
  /** The selected field of the table itself, or the link. */
  readonly source: number | KeyLink
  readonly rows: () => Rows
}

/**
 * The filters of one table and the rows that pass all of them, or all but one. Rows passing all but filter i are those passing the
 * filters before and those after it, so that n filters cost 3 n intersections, whichever are left out. A filter left out is not worked
 * out: what it would say may depend on the answer.
 */
export class TableFilters {
  readonly #filters: readonly RowFilter[]
  readonly #rows: (Rows | undefined)[] = []
  readonly #before: (Rows | null)[]
  readonly #after: (Rows | null)[]

  /** @param visible rows that exist in the view, null = all */
  constructor(filters: readonly RowFilter[], visible: Rows | null) {
    this.#filters = filters
    this.#before = [visible]
    this.#after = [null]
  }

  /** How many filters there are beside one left out. */
  countWithout(source: number | KeyLink | null): number {
    return this.#filters.length - (this.#indexOf(source) === -1 ? 0 : 1)
  }

  /** The rows that pass all filters beside one left out (null: none is); null = all rows of the table. */
  passing(without: number | KeyLink | null): Rows | null {
    const index = this.#indexOf(without)
    if (index === -1) return this.#passingBefore(this.#filters.length)
    return both(this.#passingBefore(index), this.#passingAfter(index + 1))
  }

  #indexOf(source: number | KeyLink | null): number {
    return this.#filters.findIndex((filter) => filter.source === source)
  }

  #passingBefore(end: number): Rows | null {
    for (let i = this.#before.length; i <= end; i++)
      this.#before.push(both(this.#before[i - 1] ?? null, this.#rowsOf(i - 1)))
    return this.#before[end] ?? null
  }

  /** `#after[k]` holds what passes the last k filters. */
  #passingAfter(begin: number): Rows | null {
    const count = this.#filters.length - begin
    for (let k = this.#after.length; k <= count; k++)
      this.#after.push(both(this.#after[k - 1] ?? null, this.#rowsOf(this.#filters.length - k)))
    return this.#after[count] ?? null
  }

  #rowsOf(index: number): Rows | null {
    this.#rows[index] ??= this.#filters[index]?.rows()
    return this.#rows[index] ?? null
  }
}

function both(a: Rows | null, b: Rows | null): Rows | null {
  if (a === null) return b
  return b === null ? a : a.and(b)
}
