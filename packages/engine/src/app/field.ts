import { computeList, type ListDefinition, type ListRow } from '../hypercube/list-object.ts'
import { type StateCounts, type ValueState, valueStates } from '../inference/inference.ts'
import type { Value } from '../value/dual.ts'
import type { Session } from './session.ts'

/** What the user of a list box can tell about one value. */
export interface FieldValue {
  readonly text: string
  /** null where the value is text. */
  readonly number: number | null
  readonly state: ValueState
}

/** Values to select: texts or numbers, as they show. */
export type ValueInput = string | number

/** One field in one alternate state. Survives reloads: it holds the name. Methods that select return `false` when a lock refused. */
export class AppField {
  readonly name: string
  readonly #session: Session
  readonly #state: string | undefined

  constructor(session: Session, name: string, state: string | undefined) {
    this.#session = session
    this.name = name
    this.#state = state
  }

  get #index(): number {
    return this.#session.field(this.name).index
  }

  /** Replaces the selection by these values; those the field does not have are passed over, and `false` if it has none of them. */
  select(values: readonly ValueInput[]): boolean {
    return this.#choose(values, 'replace')
  }

  toggle(values: readonly ValueInput[]): boolean {
    return this.#choose(values, 'toggle')
  }

  /** Selects every value the list-box search finds. */
  selectSearch(search: string): boolean {
    return this.#session.selectSearch(this.#index, search, 'replace', this.#state)
  }

  /** The values the search finds, in load order. */
  search(search: string): readonly FieldValue[] {
    return this.#valuesAt(this.#session.search(this.#index, search, this.#state).toArray())
  }

  selectAll(): boolean {
    return this.#session.selectGroup(this.#index, 'all', this.#state)
  }

  selectPossible(): boolean {
    return this.#session.selectGroup(this.#index, 'possible', this.#state)
  }

  selectAlternative(): boolean {
    return this.#session.selectGroup(this.#index, 'alternative', this.#state)
  }

  selectExcluded(): boolean {
    return this.#session.selectGroup(this.#index, 'excluded', this.#state)
  }

  clear(): boolean {
    return this.#session.clear(this.#index, this.#state)
  }

  clearOthers(): boolean {
    return this.#session.clearOthers(this.#index, this.#state)
  }

  lock(): boolean {
    return this.#session.lock(this.#index, this.#state)
  }

  unlock(): boolean {
    return this.#session.unlock(this.#index, this.#state)
  }

  /** Every value with its state, in load order. */
  values(): readonly FieldValue[] {
    const { count } = this.#session.field(this.name).symbols
    return this.#valuesAt(Uint32Array.from({ length: count }, (_, symbol) => symbol))
  }

  counts(): StateCounts {
    return this.#session.inference(this.#state).counts(this.#index)
  }

  /** Sorted and searched rows with frequencies, as a list box pages through them. */
  list(
    options: Omit<ListDefinition, 'field'> & {
      readonly top?: number
      readonly height?: number
    } = {},
  ): readonly ListRow[] {
    const { top = 0, height = 10_000, ...definition } = options
    return computeList(
      { field: this.name, ...definition },
      this.#session.environment(this.#state),
    ).page(top, height)
  }

  #choose(values: readonly ValueInput[], mode: 'replace' | 'toggle'): boolean {
    const { index, symbols } = this.#session.field(this.name)
    const wanted = new Set(values.map((value) => symbolOf(symbols, value)))
    wanted.delete(-1)
    return wanted.size > 0 && this.#session.select(index, wanted, mode, this.#state)
  }

  #valuesAt(wanted: Uint32Array): readonly FieldValue[] {
    if (wanted.length === 0) return []
    const { index, symbols } = this.#session.field(this.name)
    const states = this.#session.inference(this.#state).states(index)
    return Array.from(wanted, (symbol) => {
      const number = symbols.numberAt(symbol)
      return {
        text: symbols.textAt(symbol),
        number: Number.isNaN(number) ? null : number,
        state: valueStates[states[symbol] ?? 0] ?? 'optional',
      }
    })
  }
}

/** A number is found by number; a text by what the field shows, whether or not the value has a number too. */
function symbolOf(
  symbols: { readonly count: number; find(value: Value): number; textAt(symbol: number): string },
  value: ValueInput,
): number {
  const exact = symbols.find(value)
  if (exact !== -1 || typeof value === 'number') return exact
  for (let symbol = 0; symbol < symbols.count; symbol++)
    if (symbols.textAt(symbol) === value) return symbol
  return -1
}
