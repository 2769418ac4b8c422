import type { Value } from '../value/dual.ts'
import type { RunState } from './run-state.ts'
import { rowReader, type StageSource } from './stage.ts'
import { newDictionaries } from './values.ts'

/** All rows of a source as values, column by column; for statements that need the whole of a small table. */
export async function collectColumns(source: StageSource, state: RunState): Promise<Value[][]> {
  const columns: Value[][] = source.fields.map(() => [])
  const dictionaries = source.fields.map(() => newDictionaries(state.space.settings))
  for await (const batch of source.batches([...source.fields.keys()])) {
    for (const [index, column] of batch.columns.entries()) {
      const own = dictionaries[index]
      const values = columns[index]
      if (own === undefined || values === undefined) continue
      const read = rowReader(column, own)
      for (let row = 0; row < batch.rows; row++) values.push(read(row))
    }
    state.checkRows(columns[0]?.length ?? 0, 'temporary')
  }
  return columns
}
