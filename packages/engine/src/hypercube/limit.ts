import { Binder } from '../expression/bind.ts'
import type { Dimension } from '../expression/dimension.ts'
import type { Environment } from '../expression/environment.ts'
import { evaluateExpression, group } from '../expression/evaluate.ts'
import { Measures } from '../expression/measure.ts'
import { prepare } from '../expression/prepare.ts'
import { GroupTable, noGroup } from '../grouping/group-table.ts'
import { ascending, sortGroups } from '../grouping/order.ts'
import { numberOf } from '../value/dual.ts'
import { blockRows } from '../value/vector.ts'
import type { DimensionLimit } from './definition.ts'
import { numbersOf } from './sort-keys.ts'

/** Code of the values folded together in a limited dimension; NULL is 0, and value c of the source is c + 1. */
export const othersCode = 1

/**
 * A dimension cut to its largest or smallest values by a measure, counted within each combination of the dimensions before it. All other
 * values share `othersCode`. Exactly `count` values are kept, also where values tie.
 */
export function limitDimension(
  before: readonly Dimension[],
  dimension: Dimension,
  limit: DimensionLimit,
  measure: string | undefined,
  env: Environment,
): Dimension {
  const kept = keptTuples(before, dimension, limit, measure, env)
  const out = new Uint32Array(blockRows)
  const ids = new Uint32Array(blockRows)
  return {
    field: dimension.field,
    fields: [...new Set([...dimension.fields, ...before.flatMap(({ fields }) => fields)])],
    size: dimension.size + 1,
    codes(block) {
      const codes = dimension.codes(block)
      kept.find([...before.map((earlier) => earlier.codes(block)), codes], block.count, ids)
      for (let i = 0; i < block.count; i++) {
        const code = codes[i]!
        out[i] = code === 0 ? 0 : ids[i] === noGroup ? othersCode : code + 1
      }
      return out
    },
    valueOf: (code) => (code <= othersCode ? null : dimension.valueOf(code - 1)),
  }
}

function keptTuples(
  before: readonly Dimension[],
  dimension: Dimension,
  limit: DimensionLimit,
  measure: string | undefined,
  env: Environment,
): GroupTable {
  const dimensions = [...before, dimension]
  const binder = new Binder(env)
  const { ast, source } = prepare(measure ?? '0', env, (inner) => evaluateExpression(inner, env))
  const tree = binder.bindGroup(ast, source)
  const grouping = group({ program: binder, dimensions, set: undefined, env })
  const values = new Measures(binder, grouping, env).column(tree)
  const outer = grouping.codes.slice(0, -1)
  const own = grouping.codes[before.length] ?? new Uint32Array(grouping.rows)
  const order = sortGroups(
    ascending(grouping.rows).filter((row) => own[row] !== 0),
    [
      ...outer.map((codes) => ({ values: codes, direction: 1 as const })),
      {
        values: numbersOf(values, grouping.rows),
        direction: limit.from === 'largest' ? -1 : 1,
      },
      { values: own, direction: 1 },
    ],
  )
  const table = new GroupTable(
    dimensions.map(({ size }) => size),
    env.limits.maxGroups,
  )
  const count =
    typeof limit.count === 'number' ? limit.count : numberOf(evaluateExpression(limit.count, env))
  const id = new Uint32Array(1)
  let taken = 0
  for (let at = 0; at < order.length; at++) {
    const row = order[at]!
    if (at > 0 && outer.some((codes) => codes[row] !== codes[order[at - 1]!])) taken = 0
    if (taken++ < count)
      table.add(
        grouping.codes.map((codes) => codes.subarray(row, row + 1)),
        1,
        id,
      )
  }
  return table
}
