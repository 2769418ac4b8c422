import { afterThisTask, type WhenIdle } from '../base/when-idle.ts'
import type { Environment } from '../expression/environment.ts'
import type { CubeDefinition } from '../hypercube/definition.ts'
import { computeCube } from '../hypercube/straight.ts'
import { InferenceCache } from '../inference/inference-cache.ts'
import type { ModelField, ModelTable } from '../model/model.ts'
import type { ModelView } from '../model/view.ts'
import type { Selections } from '../selection/selections.ts'
import { noSelections, select } from '../selection/transitions.ts'

export interface RehearsalOptions {
  /** Called with a few milliseconds of work a million rows, and again until all is done. null = nothing is rehearsed. */
  readonly whenIdle?: WhenIdle | null
  /** Apps whose largest table has fewer rows answer at once anyway; 200,000 when absent. */
  readonly fewestRows?: number
}

const defaultFewestRows = 200_000
/** Fields beyond these are not rehearsed, and dimensions with more values neither. */
const mostFields = 40
const mostValues = 100_000

/** Views that were rehearsed: what is made belongs to the view, whichever session asks. */
const done = new WeakSet<ModelView>()

/**
 * Clicks and charts worked out after a load while nobody waits, and thrown away: with them the maps through keys, the totals and the orders
 * that the first real click would have to make, and by them the runtime has compiled the loops. It ends with the first selection.
 */
export class Rehearsal {
  readonly #environment: () => Environment
  readonly #whenIdle: WhenIdle | null
  readonly #fewestRows: number
  #work: Generator<void> | undefined

  constructor(environment: () => Environment, options: RehearsalOptions = {}) {
    this.#environment = environment
    this.#whenIdle = options.whenIdle === undefined ? afterThisTask : options.whenIdle
    this.#fewestRows = options.fewestRows ?? defaultFewestRows
  }

  /** Whether something is left to rehearse. */
  get isUnderWay(): boolean {
    return this.#work !== undefined
  }

  /** After data came. */
  begin(): void {
    this.stop()
    const environment = this.#environment()
    const { view } = environment
    const largest = largestTable(view)
    if (this.#whenIdle === null || largest === undefined || largest.rows < this.#fewestRows) return
    if (done.has(view)) return
    done.add(view)
    this.#work = rehearsing(environment, largest)
    this.#whenIdle(this.#step)
  }

  stop(): void {
    this.#work?.return(undefined)
    this.#work = undefined
  }

  readonly #step = (): void => {
    if (this.#work === undefined) return
    if (this.#work.next().done === true) this.#work = undefined
    else this.#whenIdle?.(this.#step)
  }
}

function largestTable({ tables }: ModelView): ModelTable | undefined {
  return tables.reduce<ModelTable | undefined>(
    (best, table) => (best === undefined || table.rows > best.rows ? table : best),
    undefined,
  )
}

function* rehearsing(environment: Environment, largest: ModelTable): Generator<void> {
  const { view } = environment
  const inferences = new InferenceCache()
  try {
    for (const selections of [noSelections, ...someSelections(view)]) {
      const inference = inferences.infer(view, selections)
      const shown = view.fields.filter(({ system }) => !system).slice(0, mostFields)
      for (const { index } of shown) {
        inference.states(index)
        inference.frequencies(index)
        yield
      }
      const env: Environment = {
        ...environment,
        selectionsOf: () => selections,
        infer: (own) => inferences.infer(view, own),
      }
      for (const definition of someCubes(view, largest, shown)) {
        const cube = computeCube(definition, env)
        cube.page(0, 0, cube.columns, 50)
        yield
      }
    }
  } finally {
    inferences.clear()
  }
}

/** Half of the values of each of two fields, so that scans and not indices are rehearsed. */
function* someSelections(view: ModelView): Iterable<Selections> {
  const fields = view.fields
    .filter(({ symbols, system }) => !system && symbols.count > 1)
    .sort((a, b) => a.symbols.count - b.symbols.count)
    .slice(0, 2)
  for (const { index, symbols } of fields) {
    const half = Array.from({ length: Math.ceil(symbols.count / 2) }, (_, symbol) => symbol)
    yield select(noSelections, view, index, half, 'replace').selections
  }
}

function* someCubes(
  view: ModelView,
  largest: ModelTable,
  shown: readonly ModelField[],
): Iterable<CubeDefinition> {
  const ofLargest = shown.filter(({ index }) => largest.columns.has(index))
  const isKey = ({ index }: ModelField): boolean => view.linksOfField(index).length > 0
  const numeric = ofLargest.filter((field) => !isKey(field) && field.symbols.allNumbers)
  const [amount] = numeric
  const key = ofLargest.find(isKey)
  if (amount === undefined) return
  const kpis = numeric.flatMap(({ name }) =>
    ['Sum', 'Avg', 'Min', 'Max', 'Count'].map((of) => ({ definition: `${of}(${quoted(name)})` })),
  )
  const distinct = key === undefined ? [] : [{ definition: `Count(DISTINCT ${quoted(key.name)})` }]
  yield { dimensions: [], measures: [...kpis, ...distinct] }
  const component = view.components.find((tables) => tables.includes(largest.index)) ?? []
  const dimensions = shown.filter(
    ({ symbols, places }) =>
      symbols.count <= mostValues && places.some(({ table }) => component.includes(table)),
  )
  const sum = { definition: `Sum(${quoted(amount.name)})` }
  for (const { name } of dimensions)
    yield { dimensions: [{ definition: quoted(name) }], measures: [sum], columnSortOrder: [1] }
  const [first, second] = dimensions.filter(
    (field) => field !== amount && field.symbols.count < 100,
  )
  if (first !== undefined && second !== undefined)
    yield {
      dimensions: [first, second].map(({ name }) => ({ definition: quoted(name) })),
      measures: [sum, ...distinct],
    }
}

function quoted(field: string): string {
  return `[${field.replaceAll(']', ']]')}]`
}
