import type { Value } from '../value/dual.ts'
import { defaultFormatSettings } from '../value/format-settings.ts'
import { Vector } from '../value/vector.ts'
import { createAccumulator } from './distinct.ts'
import { findAggregation } from './registry.ts'

/** Results of an aggregation over rows of (group, argument …), handed over in blocks of three rows. */
export function measureGroups(
  name: string,
  rows: readonly (readonly [group: number, ...args: Value[]])[],
  groups: number,
  distinct = false,
): Value[] {
  const definition = findAggregation(name)
  if (definition === undefined) throw new Error(`no ${name}`)
  const args = (rows[0]?.length ?? 1) - 1
  const settings = { args, distinct, format: defaultFormatSettings }
  const accumulator = createAccumulator(definition, settings)
  const vectors = Array.from({ length: args }, () => new Vector())
  for (let start = 0; start < rows.length; start += 3) {
    const block = rows.slice(start, start + 3)
    accumulator.resize(Math.max(...rows.slice(0, start + 3).map(([group]) => group)) + 1)
    for (const [arg, vector] of vectors.entries())
      for (const [slot, [, ...values]] of block.entries()) vector.set(slot, values[arg] ?? null)
    accumulator.add(
      Uint32Array.from(block, ([group]) => group),
      vectors,
      block.length,
    )
  }
  accumulator.resize(groups)
  const out = new Vector()
  accumulator.write(out, 0, groups)
  return Array.from({ length: groups }, (_, group) => out.get(group))
}

/** The result over rows of arguments as one group. */
export function measure(name: string, rows: readonly (readonly Value[])[]): Value {
  return (
    measureGroups(
      name,
      rows.map((row) => [0, ...row] as const),
      1,
    )[0] ?? null
  )
}
