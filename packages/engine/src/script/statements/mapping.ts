import { LichenError } from '../../base/errors.ts'
import { MappingTable } from '../mapping-table.ts'
import type { RunState } from '../run-state.ts'
import { rowReader, type StageSource } from '../stage.ts'
import { newDictionaries } from '../values.ts'

/** MAPPING LOAD: two columns, what to look for and what to put in its place. @throws LichenError `script-failed` */
export async function loadMapping(
  source: StageSource,
  name: string,
  state: RunState,
): Promise<void> {
  if (source.fields.length !== 2)
    throw new LichenError(
      'script-failed',
      `MAPPING LOAD needs exactly two fields; it gives ${source.fields.length}`,
    )
  const map = state.maps.get(name) ?? new MappingTable()
  const [fromCells, toCells] = [
    newDictionaries(state.space.settings),
    newDictionaries(state.space.settings),
  ]
  for await (const batch of source.batches([0, 1])) {
    const [from, to] = batch.columns
    if (from === undefined || to === undefined) continue
    const readFrom = rowReader(from, fromCells)
    const readTo = rowReader(to, toCells)
    for (let row = 0; row < batch.rows; row++) map.add(readFrom(row), readTo(row))
  }
  state.maps.set(name, map)
  state.log.push(`${name} << mapping ${map.entries.length} Lines fetched`)
}
