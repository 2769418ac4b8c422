import { LichenError } from '../base/errors.ts'
import { fieldDimension } from '../expression/dimension.ts'
import type { Environment } from '../expression/environment.ts'
import { symbolsWhereTrue } from '../expression/evaluate.ts'
import { stateSelections } from '../expression/set.ts'
import { sortGroups } from '../grouping/order.ts'
import { type ValueState, valueStates } from '../inference/inference.ts'
import { compileSearch, type SearchResult } from '../search/search.ts'
import type { TextRange } from '../search/words.ts'
import { numberOf, type Value } from '../value/dual.ts'
import { formatNumber } from '../value/format-number.ts'
import { textOf } from '../value/text-of.ts'
import type { SortCriteria } from './definition.ts'
import { inState } from './in-state.ts'
import { dimensionKeys, valuesByCode } from './sort-keys.ts'

/** How often values occur among possible rows: not shown, as count, as percent of all possible rows, or relative to the largest. */
export type FrequencyMode = 'none' | 'value' | 'percent' | 'relative'

export interface ListDefinition {
  /** Name of the field. */
  readonly field: string
  /** Default: state, then numbers, then text. */
  readonly sort?: SortCriteria
  readonly frequency?: FrequencyMode
  /** Only values this search finds are listed. */
  readonly search?: string
  /** Evaluated for each value. */
  readonly expressions?: readonly string[]
  readonly reverse?: boolean
  /** Alternate state; the environment's own when absent. */
  readonly state?: string
}

export interface ListRow {
  readonly text: string
  /** NaN where there is no number. */
  readonly number: number
  readonly symbol: number
  readonly state: ValueState
  /** By the mode of the list; empty when none. */
  readonly frequency: string
  /** Parts of the text that the search found, as UTF-16 units. */
  readonly highlight: readonly TextRange[]
  readonly expressions: readonly { readonly text: string; readonly number: number }[]
}

export interface List {
  readonly rows: number
  readonly field: number
  /** Clipped silently to what exists. */
  page(top: number, height: number): ListRow[]
}

const automaticSort: SortCriteria = { state: 1, numeric: 1, text: 1 }

/**
 * The values of a field as a list box shows them: sorted, searched, each with its state. NULL is not listed.
 * @throws LichenError `field-not-found`, `not-found` (state), `budget-exceeded`, `cancelled`
 */
export function computeList(definition: ListDefinition, environment: Environment): List {
  const env = definition.state === undefined ? environment : inState(environment, definition.state)
  const field = env.view.fieldIndex(definition.field)
  const symbols = field === undefined ? undefined : env.view.fields[field]?.symbols
  if (field === undefined || symbols === undefined)
    throw new LichenError('field-not-found', `There is no field ${definition.field} to list`, {
      details: { field: definition.field },
    })
  const found = searchOf(definition, field, env)
  const order = sortedSymbols(definition, field, found, env)
  return new SortedList(definition, field, order, found, env)
}

function searchOf(
  { search }: ListDefinition,
  field: number,
  env: Environment,
): SearchResult | undefined {
  const symbols = env.view.fields[field]?.symbols
  if (search === undefined || search === '' || symbols === undefined) return undefined
  return compileSearch(search, symbols, env.view.settings, {
    mode: 'listbox',
    expression: (text) => symbolsWhereTrue(text, field, env),
  })
}

/** Symbols in the order of the list. Values that exist in no row of the view are not listed. */
function sortedSymbols(
  definition: ListDefinition,
  field: number,
  found: SearchResult | undefined,
  env: Environment,
): Uint32Array {
  const dimension = fieldDimension(env.view, field)
  const codes = Uint32Array.from({ length: dimension.size }, (_, code) => code)
  const column = { dimension, source: dimension, codes, sourceCode: (code: number) => code }
  const keys = dimensionKeys(
    column,
    definition.sort ?? automaticSort,
    definition.reverse === true,
    env,
  )
  const listed = codes.filter(
    (code) => code > 0 && (found === undefined || found.symbols.has(code - 1)),
  )
  return sortGroups(listed, keys).map((code) => code - 1)
}

class SortedList implements List {
  readonly rows: number
  readonly field: number
  readonly #definition: ListDefinition
  readonly #symbols: Uint32Array
  readonly #found: SearchResult | undefined
  readonly #env: Environment
  #expressions: readonly ReadonlyMap<number, Value>[] | undefined
  #frequencies:
    | { readonly counts: Uint32Array; readonly total: number; readonly largest: number }
    | undefined

  constructor(
    definition: ListDefinition,
    field: number,
    symbols: Uint32Array,
    found: SearchResult | undefined,
    env: Environment,
  ) {
    this.rows = symbols.length
    this.field = field
    this.#definition = definition
    this.#symbols = symbols
    this.#found = found
    this.#env = env
  }

  page(top: number, height: number): ListRow[] {
    const rows = this.#symbols.subarray(
      Math.max(0, top),
      Math.max(0, Math.min(this.rows, top + height)),
    )
    return Array.from(rows, (symbol) => this.#row(symbol))
  }

  #row(symbol: number): ListRow {
    const { view } = this.#env
    const symbols = view.fields[this.field]?.symbols
    const states = this.#env.infer(stateSelections(this.#env)).states(this.field)
    return {
      text: symbols?.textAt(symbol) ?? '',
      number: symbols?.numberAt(symbol) ?? Number.NaN,
      symbol,
      state: valueStates[states[symbol] ?? 0] ?? 'excluded',
      frequency: this.#frequency(symbol),
      highlight: this.#found?.ranges(symbol) ?? [],
      expressions: this.#expressionValues().map((values) => {
        const value = values.get(symbol + 1) ?? null
        return { text: textOf(value, view.settings) ?? '-', number: numberOf(value) }
      }),
    }
  }

  #expressionValues(): readonly ReadonlyMap<number, Value>[] {
    this.#expressions ??= (this.#definition.expressions ?? []).map((text) =>
      valuesByCode(text, fieldDimension(this.#env.view, this.field), this.#env),
    )
    return this.#expressions
  }

  #frequency(symbol: number): string {
    const mode = this.#definition.frequency ?? 'none'
    if (mode === 'none') return ''
    if (this.#frequencies === undefined) {
      const counts = this.#env.infer(stateSelections(this.#env)).frequencies(this.field)
      const values = counts.subarray(1)
      let total = 0
      let largest = 0
      for (const count of values) {
        total += count
        largest = Math.max(largest, count)
      }
      this.#frequencies = { counts, total, largest }
    }
    const { counts, total, largest } = this.#frequencies
    const count = counts[symbol + 1] ?? 0
    const { settings } = this.#env.view
    if (mode === 'value') return formatNumber(count, null, settings)
    const share = count / Math.max(1, mode === 'percent' ? total : largest)
    return formatNumber(
      share,
      mode === 'percent' ? { kind: 'number', pattern: '0.0%' } : null,
      settings,
    )
  }
}
