import { ascending, type SortKey, sortGroups } from '../grouping/order.ts'
import type { SymbolTable } from '../storage/symbol-table.ts'
import type { SortCriteria } from './definition.ts'

interface SymbolOrder {
  /** Symbols in order. */
  readonly order: Uint32Array
  /** Place of each code; NULL is last. */
  readonly ranks: Uint32Array
}

const knownOrders = new WeakMap<SymbolTable, Map<string, SymbolOrder>>()

/**
 * The symbols of a field by number, text and load order, as far as the criteria name them, then by load order. Depends on the symbols
 * alone, so it is made once for each such order. Not to be changed.
 */
export function symbolOrder(
  symbols: SymbolTable,
  { numeric = 0, text = 0, loadOrder = 0 }: SortCriteria,
  reverse: boolean,
): SymbolOrder {
  const known = knownOrders.get(symbols) ?? new Map<string, SymbolOrder>()
  knownOrders.set(symbols, known)
  const directions = [numeric, text, loadOrder].map((direction) =>
    reverse ? -direction : direction,
  )
  const key = directions.join()
  let found = known.get(key)
  if (found === undefined || found.order.length !== symbols.count) {
    found = orderedBy(symbols, directions)
    known.set(key, found)
  }
  return found
}

/** The place of every code in `symbolOrder`. */
export function rankByCode(
  symbols: SymbolTable,
  criteria: SortCriteria,
  reverse: boolean,
): Uint32Array {
  return symbolOrder(symbols, criteria, reverse).ranks
}

function orderedBy(
  symbols: SymbolTable,
  [numeric = 0, text = 0, loadOrder = 0]: readonly number[],
): SymbolOrder {
  const keys: SortKey[] = []
  const add = (direction: number, values: () => ArrayLike<number>) => {
    if (direction !== 0) keys.push({ values: values(), direction: direction > 0 ? 1 : -1 })
  }
  add(numeric, () => symbols.numbersByCode().subarray(1))
  // Numbers are distinct: nothing is left for texts to decide.
  if (numeric === 0 || !symbols.allNumbers) add(text, () => symbols.rank('text'))
  add(loadOrder, () => ascending(symbols.count))
  const order = sortGroups(ascending(symbols.count), keys)
  const ranks = new Uint32Array(symbols.count + 1)
  for (let rank = 0; rank < order.length; rank++) ranks[order[rank]! + 1] = rank
  ranks[0] = symbols.count
  return { order, ranks }
}
