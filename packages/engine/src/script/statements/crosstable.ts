import { LichenError } from '../../base/errors.ts'
import type { Value } from '../../value/dual.ts'
import type { RunState } from '../run-state.ts'
import { gather, rowReader, type StageSource } from '../stage.ts'
import { newDictionaries } from '../values.ts'

/**
 * Turns every column after the first `qualifiers` into rows: its name, always as text, in `attribute` and its value in `data`. NULL cells give no row.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/ScriptPrefixes/crosstable.htm
 */
export function crosstable(
  source: StageSource,
  attribute: string,
  data: string,
  qualifiers: number,
  state: RunState,
): StageSource {
  const { fields } = source
  if (qualifiers >= fields.length)
    throw new LichenError(
      'script-failed',
      `CROSSTABLE needs columns after its ${qualifiers} qualifying ones; the LOAD gives ${fields.length}`,
    )
  const all = [...fields.keys()]
  return {
    fields: [...fields.slice(0, qualifiers), attribute, data],
    rows: undefined,
    async *batches(wanted) {
      const dictionaries = all.map(() => newDictionaries(state.space.settings))
      for await (const batch of source.batches(all)) {
        const rows: number[] = []
        const attributes: Value[] = []
        const values: Value[] = []
        const readers = batch.columns.map((column, index) =>
          rowReader(column, dictionaries[index] ?? newDictionaries(state.space.settings)),
        )
        for (let row = 0; row < batch.rows; row++) {
          for (let column = qualifiers; column < fields.length; column++) {
            const value = readers[column]?.(row) ?? null
            if (value === null) continue
            rows.push(row)
            attributes.push(fields[column] ?? '')
            values.push(value)
          }
        }
        const repeated = Uint32Array.from(rows)
        const column = (index: number) => {
          if (index === qualifiers) return { kind: 'values' as const, values: attributes }
          const source = batch.columns[index]
          return index > qualifiers || source === undefined
            ? { kind: 'values' as const, values }
            : gather(source, repeated)
        }
        yield { rows: rows.length, columns: wanted.map(column) }
      }
    },
  }
}
