import { assert } from '../base/assert.ts'
import { LichenError } from '../base/errors.ts'
import type { RowSet } from '../inference/inference.ts'
import type { ModelView } from '../model/view.ts'
import { gather } from './gather.ts'
import type { JoinStep } from './join-tree.ts'

/**
 * The rows of each table in every combination of a join whose links lead to several rows; -1 where there is none. `allowed`: the rows that may
 * be joined. @throws LichenError `budget-exceeded`
 */
export function expand(
  view: ModelView,
  allowed: (table: number) => RowSet,
  root: number,
  rootRows: Int32Array,
  steps: readonly JoinStep[],
  maxRecords: number,
): Map<number, Int32Array> {
  let joined = new Map([[root, rootRows]])
  for (const { table, link, sources } of steps) {
    const source = sources.find((earlier) => joined.has(earlier)) ?? root
    const rows = joined.get(source)
    const column = view.tables[source]?.columns.get(link.field)
    assert(rows !== undefined && column !== undefined, 'a join step has a source')
    const keys = new Uint32Array(rows.length)
    gather(column, rows, rows.length, keys)
    joined = link.unique
      ? joined.set(table, lookUp(view.rowOfCode(link), keys))
      : multiply(joined, table, keys, view.rowIndex(table, link.field), allowed(table), maxRecords)
  }
  return joined
}

function lookUp(rowOfCode: Int32Array, keys: Uint32Array): Int32Array {
  const rows = new Int32Array(keys.length)
  for (let i = 0; i < keys.length; i++) rows[i] = rowOfCode[keys[i]!]!
  return rows
}

function multiply(
  joined: ReadonlyMap<number, Int32Array>,
  table: number,
  keys: Uint32Array,
  index: { readonly offsets: Uint32Array; readonly rows: Uint32Array },
  allowed: RowSet,
  maxRecords: number,
): Map<number, Int32Array> {
  const counts = new Uint32Array(keys.length)
  let total = 0
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!
    let hits = 0
    if (key !== 0) {
      if (allowed === null) hits = index.offsets[key + 1]! - index.offsets[key]!
      else
        for (let at = index.offsets[key]!; at < index.offsets[key + 1]!; at++)
          hits += Number(allowed.has(index.rows[at]!))
    }
    counts[i] = Math.max(1, hits)
    total += counts[i]!
  }
  if (total > maxRecords) {
    throw new LichenError(
      'budget-exceeded',
      `Joining the tables of this expression makes ${total} records, more than the limit of ${maxRecords}. Use fields of fewer tables in one aggregation`,
      { details: { records: total, limit: maxRecords } },
    )
  }
  const rows = new Int32Array(total)
  let out = 0
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!
    const before = out
    if (key !== 0) {
      for (let at = index.offsets[key]!; at < index.offsets[key + 1]!; at++) {
        const row = index.rows[at]!
        if (allowed === null || allowed.has(row)) rows[out++] = row
      }
    }
    if (out === before) rows[out++] = -1
  }
  const next = new Map<number, Int32Array>()
  for (const [earlier, old] of joined) next.set(earlier, repeat(old, counts, total))
  return next.set(table, rows)
}

function repeat(values: Int32Array, counts: Uint32Array, total: number): Int32Array {
  const out = new Int32Array(total)
  let at = 0
  for (let i = 0; i < values.length; i++) {
    out.fill(values[i]!, at, at + counts[i]!)
    at += counts[i]!
  }
  return out
}
