import { numberOf } from '../value/dual.ts'
import type { RunState } from './run-state.ts'
import { compact, rowReader, type StageSource } from './stage.ts'
import { newDictionaries } from './values.ts'

/** DISTINCT of a LOAD that another LOAD reads: the first of equal rows passes. */
export function distinctStage(source: StageSource, state: RunState): StageSource {
  const all = [...source.fields.keys()]
  return {
    ...source,
    rows: undefined,
    async *batches(wanted) {
      const dictionaries = all.map(() => newDictionaries(state.space.settings))
      const seen = new Set<string>()
      for await (const batch of source.batches(all)) {
        const readers = batch.columns.map((column, index) =>
          rowReader(column, dictionaries[index] ?? newDictionaries(state.space.settings)),
        )
        const keep = new Uint8Array(batch.rows)
        for (let row = 0; row < batch.rows; row++) {
          const key = JSON.stringify(
            readers.map((read) => {
              const value = read(row)
              return value === null || typeof value === 'string' ? value : numberOf(value)
            }),
          )
          if (!seen.has(key)) keep[row] = 1
          seen.add(key)
        }
        const kept = compact(batch, keep)
        yield { rows: kept.rows, columns: wanted.flatMap((index) => kept.columns[index] ?? []) }
      }
    },
  }
}
