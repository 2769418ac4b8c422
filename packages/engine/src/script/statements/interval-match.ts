import { LichenError } from '../../base/errors.ts'
import type { TableBuilder } from '../../storage/table-builder.ts'
import { numberOf, type Value } from '../../value/dual.ts'
import { collectColumns } from '../collect.ts'
import { codesOf, KeyNumbers } from '../row-codes.ts'
import type { RunState } from '../run-state.ts'
import { valuesSource } from '../sources.ts'
import type { StageSource } from '../stage.ts'

/** Something a number can fall into: a closed interval and the keys it holds for. */
interface Interval {
  readonly from: number
  readonly to: number
  readonly row: number
}

/**
 * One row per value of `field` and interval that holds it (both ends included), with equal keys. Intervals without two numbers are ignored.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/ScriptPrefixes/IntervalMatch.htm
 * @throws LichenError `field-not-found`, `script-failed`
 */
export async function intervalMatch(
  source: StageSource,
  field: string,
  keys: readonly string[],
  state: RunState,
): Promise<StageSource> {
  if (source.fields.length !== keys.length + 2) {
    throw new LichenError(
      'script-failed',
      `INTERVALMATCH over ${keys.length} key(s) needs a LOAD of ${keys.length + 2} fields: both limits, then the keys; it gives ${source.fields.length}`,
    )
  }
  const points = distinctPoints(holderOf(field, keys, state), field, keys)
  const columns = await collectColumns(source, state)
  const byKey = intervalsByKey(columns)
  const out: Value[][] = [[], ...columns.map(() => [])]
  for (const point of points) {
    const [value = null] = point
    const number = numberOf(value)
    if (Number.isNaN(number)) continue
    for (const { to, row } of startedBy(byKey.get(keyText(point.slice(1))) ?? [], number)) {
      if (to < number) continue
      out[0]?.push(value)
      for (const [index, column] of columns.entries()) out[index + 1]?.push(column[row] ?? null)
    }
    state.checkRows(out[0]?.length ?? 0, 'IntervalMatch')
  }
  return valuesSource([field, ...source.fields], out, out[0]?.length ?? 0)
}

function holderOf(field: string, keys: readonly string[], state: RunState): TableBuilder {
  const wanted = [field, ...keys]
  for (const table of state.space.tables.values())
    if (wanted.every((name) => table.columnOf(name) >= 0)) return table
  throw new LichenError(
    'field-not-found',
    `INTERVALMATCH: no table loaded so far has ${wanted.map((name) => `"${name}"`).join(' and ')}`,
  )
}

/** Distinct combinations of the field and the keys, in load order. */
function distinctPoints(table: TableBuilder, field: string, keys: readonly string[]): Value[][] {
  const columns = [field, ...keys].map((name) => table.columnOf(name))
  const codes = columns.map((column) => codesOf(table, column))
  const numbers = new KeyNumbers(columns.length)
  const points: Value[][] = []
  for (let row = 0; row < table.rows; row++) {
    if (numbers.numberRow(codes, row, true, true) === points.length)
      points.push(columns.map((column) => table.valueAt(column, row)))
  }
  return points
}

function intervalsByKey(columns: readonly (readonly Value[])[]): Map<string, Interval[]> {
  const [starts = [], ends = [], ...keys] = columns
  const byKey = new Map<string, Interval[]>()
  for (const [row, start] of starts.entries()) {
    const from = numberOf(start)
    const to = numberOf(ends[row] ?? null)
    if (Number.isNaN(from) || Number.isNaN(to)) continue
    const key = keyText(keys.map((column) => column[row] ?? null))
    const list = byKey.get(key) ?? []
    byKey.set(key, list)
    list.push({ from, to, row })
  }
  for (const list of byKey.values())
    list.sort((left, right) => left.from - right.from || left.row - right.row)
  return byKey
}

/** The intervals that begin at or before the number. */
function startedBy(intervals: readonly Interval[], number: number): readonly Interval[] {
  let low = 0
  let high = intervals.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((intervals[middle]?.from ?? 0) <= number) low = middle + 1
    else high = middle
  }
  return intervals.slice(0, low)
}

function keyText(values: readonly Value[]): string {
  return JSON.stringify(
    values.map((value) => (typeof value === 'string' ? value : numberOf(value))),
  )
}
