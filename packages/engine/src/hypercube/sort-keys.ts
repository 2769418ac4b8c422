import { Binder } from '../expression/bind.ts'
import type { Dimension } from '../expression/dimension.ts'
import type { Environment } from '../expression/environment.ts'
import { evaluateExpression, group } from '../expression/evaluate.ts'
import { Measures } from '../expression/measure.ts'
import { prepare } from '../expression/prepare.ts'
import { stateSelections } from '../expression/set.ts'
import type { SortKey } from '../grouping/order.ts'
import { numberOf, type Value } from '../value/dual.ts'
import { textOrder } from '../value/sort-order.ts'
import type { Vector } from '../value/vector.ts'
import type { SortCriteria, SortDirection } from './definition.ts'
import { rankByCode } from './symbol-rank.ts'

/** Numbers first, then text: what a column without criteria is sorted by. */
export const automaticCriteria: SortCriteria = { numeric: 1, text: 1 }

/** Selected values, then possible, alternative and excluded ones: by the integers of `Inference.states`. */
export const stateRank: readonly number[] = [0, 1, 2, 3, 3, 0, 3]

/** Values of a dimension by code, with the code it has in the field or expression itself (0 = NULL, undefined = others). */
export interface DimensionColumn {
  readonly dimension: Dimension
  readonly source: Dimension
  readonly codes: Uint32Array
  sourceCode(code: number): number | undefined
}

/** Keys over the rows of a grouping, in the order state, frequency, expression, numeric, text, load order. Others come last. */
export function dimensionKeys(
  column: DimensionColumn,
  criteria: SortCriteria,
  reverse: boolean,
  env: Environment,
): SortKey[] {
  const keys: SortKey[] = []
  const add = (
    direction: SortDirection | undefined,
    ofCode: () => (code: number) => number,
  ): void => {
    if (direction === undefined || direction === 0) return
    const keyOf = ofCode()
    const { codes } = column
    const values = new Float64Array(codes.length)
    for (let row = 0; row < codes.length; row++) {
      const source = column.sourceCode(codes[row]!)
      values[row] = source === undefined || source === 0 ? Number.NaN : keyOf(source)
    }
    keys.push({ values, direction: reverse ? (direction === 1 ? -1 : 1) : direction })
  }
  const { field } = column.source
  const inference = () => env.infer(stateSelections(env))
  if (field !== undefined) {
    const { symbols } = env.view.fields[field] ?? {}
    add(criteria.state, () => {
      const states = inference().states(field)
      return (code) => stateRank[states[code - 1] ?? 3] ?? 3
    })
    add(criteria.frequency, () => {
      const counts = inference().frequencies(field)
      return (code) => counts[code] ?? 0
    })
    addExpression(column.source, criteria, env, add)
    if (symbols !== undefined) {
      keys.push({ values: ranksOf(column, rankByCode(symbols, criteria, reverse)), direction: 1 })
      return keys
    }
  } else {
    addExpression(column.source, criteria, env, add)
    add(criteria.numeric, () => (code) => numberOf(column.source.valueOf(code)))
    add(criteria.text, () => {
      const ranks = ranksOfText(column.codes, column, env)
      return (code) => ranks.get(code) ?? Number.NaN
    })
  }
  add(criteria.loadOrder, () => (code) => code)
  // The rest is decided by load order, so that the same data always gives the same rows; NULL is last but for others.
  keys.push({
    values: Float64Array.from(column.codes, (code) => lastKey(column.sourceCode(code))),
    direction: 1,
  })
  return keys
}

function lastKey(source: number | undefined): number {
  if (source === undefined) return Number.NaN
  return source === 0 ? Number.MAX_VALUE : source
}

/** NULL comes after the values, others after NULL. */
function ranksOf({ codes, sourceCode }: DimensionColumn, ranks: Uint32Array): Float64Array {
  const values = new Float64Array(codes.length)
  for (let row = 0; row < codes.length; row++) {
    const source = sourceCode(codes[row]!)
    values[row] = source === undefined ? Number.NaN : ranks[source]!
  }
  return values
}

function addExpression(
  dimension: Dimension,
  criteria: SortCriteria,
  env: Environment,
  add: (direction: SortDirection | undefined, ofCode: () => (code: number) => number) => void,
): void {
  const { expression } = criteria
  if (expression === undefined) return
  add(expression.direction, () => {
    const values = valuesByCode(expression.text, dimension, env)
    return (code) => numberOf(values.get(code) ?? null)
  })
}

/** An expression evaluated for each value of a dimension alone. */
export function valuesByCode(
  text: string,
  dimension: Dimension,
  env: Environment,
): ReadonlyMap<number, Value> {
  const binder = new Binder(env)
  const { ast, source } = prepare(text, env, (inner) => evaluateExpression(inner, env))
  const tree = binder.bindGroup(ast, source)
  const grouping = group({ program: binder, dimensions: [dimension], set: undefined, env })
  const values = new Measures(binder, grouping, env).column(tree)
  const found = new Map<number, Value>()
  for (let row = 0; row < grouping.rows; row++)
    found.set(grouping.codes[0]?.[row] ?? 0, values.get(row))
  return found
}

function ranksOfText(
  codes: Uint32Array,
  column: DimensionColumn,
  env: Environment,
): Map<number, number> {
  const sources = new Set([...codes].map((code) => column.sourceCode(code) ?? 0))
  const sorted = [...sources].sort((a, b) =>
    textOrder(column.source.valueOf(a), column.source.valueOf(b), env.view.settings),
  )
  return new Map(sorted.map((code, rank) => [code, rank]))
}

/** NaN where there is no number. */
export function numbersOf({ kinds, numbers }: Vector, rows: number): Float64Array {
  const out = new Float64Array(rows)
  for (let row = 0; row < rows; row++)
    out[row] = (kinds[row]! & 1) === 1 ? numbers[row]! : Number.NaN
  return out
}

/** Keys of a measure by row. */
export function measureKeys(
  values: Vector,
  rows: number,
  criteria: SortCriteria,
  reverse: boolean,
  env: Environment,
): SortKey[] {
  const keys: SortKey[] = []
  const turned = (direction: 1 | -1) => (reverse ? (direction === 1 ? -1 : 1) : direction)
  if (criteria.numeric !== undefined && criteria.numeric !== 0)
    keys.push({ values: numbersOf(values, rows), direction: turned(criteria.numeric) })
  if (criteria.text !== undefined && criteria.text !== 0) {
    const order = Array.from({ length: rows }, (_, row) => row).sort((a, b) =>
      textOrder(values.get(a), values.get(b), env.view.settings),
    )
    const ranks = new Float64Array(rows)
    let rank = 0
    order.forEach((row, at) => {
      const before = order[at - 1]
      if (
        before !== undefined &&
        textOrder(values.get(before), values.get(row), env.view.settings) !== 0
      )
        rank += 1
      ranks[row] = values.get(row) === null ? Number.NaN : rank
    })
    keys.push({ values: ranks, direction: turned(criteria.text) })
  }
  return keys
}
