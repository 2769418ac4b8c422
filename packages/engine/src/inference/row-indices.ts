import { afterThisTask, type WhenIdle } from '../base/when-idle.ts'
import type { Model } from '../model/model.ts'
import type { Column } from '../storage/column.ts'
import {
  buildingRowIndices,
  buildRowIndices,
  dropRowIndices,
  type IndexBudget,
  type IndexReport,
} from '../storage/row-index.ts'

export interface RowIndicesOptions {
  /**
   * Called after a selection with a few milliseconds of work that makes later ones quicker, and again until it is done. null = nothing is
   * built unless `build` is called. When absent, the moment after the present task is taken.
   */
  readonly whenIdle?: WhenIdle | null
  /** What all indices together may cost; when absent, as many bytes as the columns of the model. */
  readonly budget?: IndexBudget
}

/** The row indices of a document's model, shared by all its sessions. They make selections quicker and change no answer. */
export class RowIndices {
  readonly #model: () => Model
  readonly #whenIdle: WhenIdle | null
  readonly #budget: IndexBudget | undefined
  #work: Generator<void, IndexReport> | undefined
  #worksOn: Model | undefined

  constructor(model: () => Model, options: RowIndicesOptions = {}) {
    this.#model = model
    this.#whenIdle = options.whenIdle === undefined ? afterThisTask : options.whenIdle
    this.#budget = options.budget
  }

  /**
   * Builds the indices that earlier selections would have used: about 25 ms per million rows and column. Their bytes are in the
   * memory report under `indices`.
   */
  build(budget: IndexBudget = this.#budget ?? {}): IndexReport {
    this.stop()
    return buildRowIndices(columnsOf(this.#model()), this.#model().allocator, budget)
  }

  /** Gives the memory back; what is wanted again is built again. */
  drop(): void {
    this.stop()
    dropRowIndices(columnsOf(this.#model()), this.#model().allocator)
  }

  /** Abandons what is being built. */
  stop(): void {
    this.#work?.return({ built: 0, wanted: 0, bytes: 0 })
    this.#work = undefined
  }

  /** Hands the host what selections left wanted, slice by slice. */
  afterSelection(): void {
    if (this.#whenIdle === null || this.#work !== undefined) return
    const model = this.#model()
    this.#worksOn = model
    const budget = this.#budget ?? { bytes: model.allocator.usage().columns }
    this.#work = buildingRowIndices(columnsOf(model), model.allocator, budget)
    this.#whenIdle(this.#slice)
  }

  readonly #slice = (): void => {
    if (this.#work === undefined) return
    if (this.#model() !== this.#worksOn) this.stop()
    else if (this.#work.next().done === true) this.#work = undefined
    else this.#whenIdle?.(this.#slice)
  }
}

function* columnsOf(model: Model): Iterable<Column> {
  for (const { columns } of model.tables) yield* columns.values()
}
