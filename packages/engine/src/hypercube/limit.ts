import { Binder } from '../expression/bind.ts'
import type { Dimension } from '../expression/dimension.ts'
import type { Environment } from '../expression/environment.ts'
import { evaluateExpression, group } from '../expression/evaluate.ts'
import type { Grouping } from '../expression/grouping.ts'
import { Measures } from '../expression/measure.ts'
import { prepare } from '../expression/prepare.ts'
import { componentOfField } from '../expression/tables-of.ts'
import { GroupTable, noGroup } from '../grouping/group-table.ts'
import { ascending, type SortKey, sortGroups } from '../grouping/order.ts'
import { blockRows } from '../value/vector.ts'
import type { CubeDimension, DimensionLimit } from './definition.ts'
import { markKept } from './limit-kept.ts'
import { automaticCriteria, dimensionKeys, numbersOf } from './sort-keys.ts'

/** Code of the values folded together in a limited dimension; NULL is 0, and value c of the source is c + 1. */
export const othersCode = 1

/** A limit made ready: `threshold` is the number it counts to or compares with, `measure` what it judges values by. */
export interface ReadyLimit {
  readonly limit: DimensionLimit
  readonly threshold: number
  readonly measure: string
  /** Of the cube: what calculated dimensions refer to. */
  readonly aggrs: Binder['aggrs']
  /** The order of the values where the limit takes the first ones. */
  readonly sort: Pick<CubeDimension, 'sort' | 'reverse'>
}

/**
 * A dimension cut to the values its limit keeps, judged within each combination of the dimensions before it unless the limit says otherwise.
 * All other values share `othersCode`.
 */
export function limitDimension(
  before: readonly Dimension[],
  dimension: Dimension,
  ready: ReadyLimit,
  env: Environment,
): Dimension {
  const outer = ready.limit.within === 'all' ? [] : linkedTo(dimension, before, env)
  const kept = keptTuples(outer, dimension, ready, env)
  const out = new Uint32Array(blockRows)
  const ids = new Uint32Array(blockRows)
  return {
    field: dimension.field,
    fields: fieldsOfAll([dimension, ...outer]),
    size: dimension.size + 1,
    codes(block) {
      const codes = dimension.codes(block)
      kept.find([...outer.map((earlier) => earlier.codes(block)), codes], block.count, ids)
      for (let i = 0; i < block.count; i++) {
        const code = codes[i]!
        out[i] = code === 0 ? 0 : ids[i] === noGroup ? othersCode : code + 1
      }
      return out
    },
    valueOf: (code) => (code <= othersCode ? null : dimension.valueOf(code - 1)),
  }
}

/** Those of some dimensions that the records of another have values of: not synthetic ones, nor those of tables that nothing links. */
export function linkedTo(
  { fields: [field] }: Dimension,
  dimensions: readonly Dimension[],
  { view }: Environment,
): readonly Dimension[] {
  const component = field === undefined ? undefined : componentOfField(view, field)
  return dimensions.filter(
    ({ listed, fields: [first] }) =>
      listed === undefined && first !== undefined && componentOfField(view, first) === component,
  )
}

/**
 * A dimension that has one code in the others of the dimensions `outer`, whatever its values are there. Its codes are those of a limited
 * dimension.
 */
export function collapsedDimension(
  outer: readonly Dimension[],
  inner: Dimension,
  isLimited: boolean,
  collapsedCode: number,
): Dimension {
  const shift = isLimited ? 0 : 1
  const out = new Uint32Array(blockRows)
  return {
    field: inner.field,
    fields: fieldsOfAll([inner, ...outer]),
    size: inner.size + shift,
    codes(block) {
      const codes = inner.codes(block)
      for (let i = 0; i < block.count; i++) out[i] = codes[i] === 0 ? 0 : codes[i]! + shift
      for (const earlier of outer) {
        const outerCodes = earlier.codes(block)
        for (let i = 0; i < block.count; i++)
          if (outerCodes[i] === othersCode) out[i] = collapsedCode
      }
      return out
    },
    valueOf: (code) => (code <= othersCode ? null : inner.valueOf(code - shift)),
  }
}

function fieldsOfAll(dimensions: readonly Dimension[]): readonly number[] {
  return [...new Set(dimensions.flatMap(({ fields }) => fields))]
}

/** The combinations of outer values and kept values. */
function keptTuples(
  outer: readonly Dimension[],
  dimension: Dimension,
  { limit, threshold, measure, aggrs, sort }: ReadyLimit,
  env: Environment,
): GroupTable {
  const dimensions = [...outer, dimension]
  const binder = new Binder(env)
  if (dimensions.some(({ field }) => field === undefined)) binder.aggrs.push(...aggrs)
  const { ast, source } = prepare(measure, env, (inner) => evaluateExpression(inner, env))
  const tree = binder.bindGroup(ast, source)
  const grouping = group({ program: binder, dimensions, set: undefined, env })
  const numbers = numbersOf(new Measures(binder, grouping, env).column(tree), grouping.rows)
  const around = grouping.codes.slice(0, -1)
  const own = grouping.codes[outer.length] ?? new Uint32Array(grouping.rows)
  const order = sortGroups(
    ascending(grouping.rows).filter((row) => own[row] !== 0),
    [
      ...around.map((codes) => ({ values: codes, direction: 1 as const })),
      ...keysOf(limit, sort, { dimension, own, numbers, env }),
      { values: own, direction: 1 },
    ],
  )
  const kept = new Uint8Array(grouping.rows)
  for (let start = 0; start < order.length; ) {
    let end = start + 1
    while (end < order.length && isSameTuple(around, order[start]!, order[end]!)) end += 1
    markKept(limit, threshold, { order, start, end, numbers }, kept)
    start = end
  }
  return tableOf(dimensions, grouping, kept, env)
}

function isSameTuple(codes: readonly Uint32Array[], a: number, b: number): boolean {
  for (let d = 0; d < codes.length; d++) if (codes[d]![a] !== codes[d]![b]) return false
  return true
}

function keysOf(
  limit: DimensionLimit,
  { sort = automaticCriteria, reverse = false }: ReadyLimit['sort'],
  column: {
    readonly dimension: Dimension
    readonly own: Uint32Array
    readonly numbers: Float64Array
    readonly env: Environment
  },
): SortKey[] {
  const { dimension, own, numbers, env } = column
  if (limit.mode === 'exact' || limit.mode === 'relative') return []
  switch (limit.from) {
    case 'largest':
      return [{ values: numbers, direction: -1 }]
    case 'smallest':
      return [{ values: numbers, direction: 1 }]
    case 'first':
      return dimensionKeys(
        { dimension, source: dimension, codes: own, sourceCode: (code) => code },
        sort,
        reverse,
        env,
      )
  }
}

function tableOf(
  dimensions: readonly Dimension[],
  grouping: Grouping,
  kept: Uint8Array,
  env: Environment,
): GroupTable {
  const rows = ascending(grouping.rows).filter((row) => kept[row] === 1)
  const table = new GroupTable(
    dimensions.map(({ size }) => size),
    env.limits.maxGroups,
  )
  table.add(
    grouping.codes.map((codes) => Uint32Array.from(rows, (row) => codes[row]!)),
    rows.length,
    new Uint32Array(rows.length),
  )
  return table
}
