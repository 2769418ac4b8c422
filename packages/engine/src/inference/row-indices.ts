import type { Model } from '../model/model.ts'
import type { Column } from '../storage/column.ts'
import {
  buildRowIndices,
  dropRowIndices,
  type IndexBudget,
  type IndexReport,
} from '../storage/row-index.ts'

export interface RowIndicesOptions {
  /**
   * Called after a selection with work that makes later ones quicker. The host runs it when nobody waits, as in `requestIdleCallback`,
   * or never. Without it nothing is built unless `build` is called.
   */
  readonly whenIdle?: (work: () => void) => void
  /** What all indices together may cost. */
  readonly budget?: IndexBudget
}

/** The row indices of a document's model, shared by all its sessions. They make selections quicker and change no answer. */
export class RowIndices {
  readonly #model: () => Model
  readonly #options: RowIndicesOptions
  #isWaiting = false

  constructor(model: () => Model, options: RowIndicesOptions = {}) {
    this.#model = model
    this.#options = options
  }

  /**
   * Builds the indices that earlier selections would have used: about 25 ms per million rows and column. Their bytes are in the
   * memory report under `indices`.
   */
  build(budget: IndexBudget = this.#options.budget ?? {}): IndexReport {
    return buildRowIndices(this.#columns(), this.#model().allocator, budget)
  }

  /** Gives the memory back; what is wanted again is built again. */
  drop(): void {
    dropRowIndices(this.#columns(), this.#model().allocator)
  }

  /** Hands the host one index to build at a time, as long as there are wanted ones. */
  afterSelection(): void {
    const { whenIdle, budget } = this.#options
    if (whenIdle === undefined || this.#isWaiting) return
    this.#isWaiting = true
    whenIdle(() => {
      this.#isWaiting = false
      const { built, wanted } = this.build({ ...budget, count: 1 })
      if (built > 0 && wanted > 0) this.afterSelection()
    })
  }

  *#columns(): Iterable<Column> {
    for (const { columns } of this.#model().tables) yield* columns.values()
  }
}
