import { LichenError } from '../../base/errors.ts'
import type { Value } from '../../value/dual.ts'
import { textOf } from '../../value/text-of.ts'
import { collectColumns } from '../collect.ts'
import type { RunState } from '../run-state.ts'
import { valuesSource } from '../sources.ts'
import type { StageSource } from '../stage.ts'

export interface GenericTable {
  readonly attribute: string
  readonly source: StageSource
}

/**
 * One table per attribute (the last but one column): the key columns and the value under the attribute's name.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/ScriptPrefixes/Generic.htm
 */
export async function genericTables(
  source: StageSource,
  state: RunState,
): Promise<readonly GenericTable[]> {
  const { fields } = source
  if (fields.length < 3)
    throw new LichenError(
      'script-failed',
      `GENERIC LOAD needs at least three fields (key, attribute, value); it gives ${fields.length}`,
    )
  const columns = await collectColumns(source, state)
  const attributes = columns[fields.length - 2] ?? []
  const rowsOf = new Map<string, number[]>()
  for (const [row, attribute] of attributes.entries()) {
    const name = textOf(attribute, state.space.settings)
    if (name === null || name === '') continue
    const rows = rowsOf.get(name) ?? []
    rowsOf.set(name, rows)
    rows.push(row)
  }
  const kept = [...columns.slice(0, -2), columns[fields.length - 1] ?? []]
  return [...rowsOf].map(([attribute, rows]) => {
    const picked = kept.map((column): Value[] => rows.map((row) => column[row] ?? null))
    return {
      attribute,
      source: valuesSource([...fields.slice(0, -2), attribute], picked, rows.length),
    }
  })
}
