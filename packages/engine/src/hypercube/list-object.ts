import { LichenError } from '../base/errors.ts'
import { fieldDimension } from '../expression/dimension.ts'
import type { Environment } from '../expression/environment.ts'
import { symbolsWhereTrue } from '../expression/evaluate.ts'
import { stateSelections } from '../expression/set.ts'
import { ascending } from '../grouping/order.ts'
import { SortedGroups } from '../grouping/sorted-groups.ts'
import { type ValueState, valueStates } from '../inference/inference.ts'
import { compileSearch, type SearchResult } from '../search/search.ts'
import type { TextRange } from '../search/words.ts'
import { numberOf, type Value } from '../value/dual.ts'
import { formatNumber } from '../value/format-number.ts'
import { textOf } from '../value/text-of.ts'
import type { SortCriteria } from './definition.ts'
import { inState } from './in-state.ts'
import { dimensionKeys, stateRank, valuesByCode } from './sort-keys.ts'
import { symbolOrder } from './symbol-rank.ts'

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
  const order = listOrder(definition, field, found, env)
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

/** Symbols in the order of the list, as far as somebody looks. */
interface ListOrder {
  readonly length: number
  first(count: number): Uint32Array
}

/** Values that exist in no row of the view are not listed. */
function listOrder(
  definition: ListDefinition,
  field: number,
  found: SearchResult | undefined,
  env: Environment,
): ListOrder {
  const criteria = definition.sort ?? automaticSort
  const reverse = definition.reverse === true
  const symbols = env.view.fields[field]?.symbols
  const dynamic = (criteria.frequency ?? 0) !== 0 || (criteria.expression?.direction ?? 0) !== 0
  if (symbols !== undefined && !dynamic) {
    const { order } = symbolOrder(symbols, criteria, reverse)
    const listed = found === undefined ? order : order.filter((symbol) => found.symbols.has(symbol))
    const direction = (criteria.state ?? 0) * (reverse ? -1 : 1)
    if (direction === 0) return { length: listed.length, first: () => listed }
    const states = env.infer(stateSelections(env)).states(field)
    return new OrderByState(listed, states, direction > 0)
  }
  return orderByKeys(field, criteria, reverse, found, env)
}

function orderByKeys(
  field: number,
  criteria: SortCriteria,
  reverse: boolean,
  found: SearchResult | undefined,
  env: Environment,
): ListOrder {
  const dimension = fieldDimension(env.view, field)
  const codes = ascending(dimension.size)
  const column = { dimension, source: dimension, codes, sourceCode: (code: number) => code }
  const keys = dimensionKeys(column, criteria, reverse, env)
  const listed = codes.filter(
    (code) => code > 0 && (found === undefined || found.symbols.has(code - 1)),
  )
  const sorted = new SortedGroups(listed, keys)
  return {
    length: sorted.length,
    first: (count) => sorted.first(count).map((code) => code - 1),
  }
}

/** Symbols by state, those of the same state as they are. */
class OrderByState implements ListOrder {
  readonly length: number
  readonly #symbols: Uint32Array
  readonly #states: Uint8Array
  readonly #ascending: boolean
  #first: Uint32Array = new Uint32Array(0)

  constructor(symbols: Uint32Array, states: Uint8Array, ascends: boolean) {
    this.length = symbols.length
    this.#symbols = symbols
    this.#states = states
    this.#ascending = ascends
  }

  first(count: number): Uint32Array {
    const wanted = Math.min(count, this.length)
    if (wanted <= this.#first.length) return this.#first
    const first = new Uint32Array(wanted)
    const ranks = this.#ascending ? [0, 1, 2, 3] : [3, 2, 1, 0]
    let taken = 0
    for (const rank of ranks) {
      const sought = Uint8Array.from(stateRank, (own) => Number(own === rank))
      for (let at = 0; at < this.length && taken < wanted; at++) {
        const symbol = this.#symbols[at]!
        if (sought[this.#states[symbol]!] === 1) first[taken++] = symbol
      }
    }
    this.#first = first
    return first
  }
}

class SortedList implements List {
  readonly rows: number
  readonly field: number
  readonly #definition: ListDefinition
  readonly #order: ListOrder
  readonly #found: SearchResult | undefined
  readonly #env: Environment
  #expressions: readonly ReadonlyMap<number, Value>[] | undefined
  #frequencies:
    | { readonly counts: Uint32Array; readonly total: number; readonly largest: number }
    | undefined

  constructor(
    definition: ListDefinition,
    field: number,
    order: ListOrder,
    found: SearchResult | undefined,
    env: Environment,
  ) {
    this.rows = order.length
    this.field = field
    this.#definition = definition
    this.#order = order
    this.#found = found
    this.#env = env
  }

  page(top: number, height: number): ListRow[] {
    const end = Math.max(0, Math.min(this.rows, top + height))
    const rows = this.#order.first(end).subarray(Math.max(0, top), end)
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
