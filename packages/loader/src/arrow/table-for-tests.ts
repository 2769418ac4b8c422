import {
  defaultFormatSettings,
  neverCancelled,
  type SourceColumn,
  type Value,
} from '@lichen/engine'
import { bytesSource } from '../byte-source.ts'
import { cellsOf } from './columns.ts'
import { openArrow } from './index.ts'

export interface ReadTable {
  readonly fields: readonly string[]
  /** Values by field, in the order asked for. */
  readonly values: Value[][]
  /** Columns of the last batch. */
  readonly columns: readonly SourceColumn[]
}

/** All rows of the fields asked for, all fields if none are. */
export async function readTable(bytes: Uint8Array, wanted?: readonly number[]): Promise<ReadTable> {
  const source = await openArrow(bytesSource('x.arrow', bytes), defaultFormatSettings)
  const indices = wanted ?? [...source.fields.keys()]
  const values: Value[][] = indices.map(() => [])
  let columns: readonly SourceColumn[] = []
  for await (const batch of source.batches(indices, neverCancelled)) {
    columns = batch.columns
    for (const [i, column] of columns.entries()) {
      const cell = cellsOf(column)
      for (let row = 0; row < batch.rows; row++) values[i]?.push(cell(row))
    }
  }
  return { fields: source.fields, values, columns }
}
