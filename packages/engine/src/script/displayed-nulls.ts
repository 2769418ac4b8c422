import type { Value } from '../value/dual.ts'
import type { Dictionaries, StageBatch } from './stage.ts'

/**
 * NullDisplay: NULLs a connection delivers become a value that links. One `Dictionaries` for each column.
 * Source: https://help.qlik.com/en-US/sense/February2024/Subsystems/Hub/Content/Sense_Hub/Scripting/null-value-handling.htm
 */
export function displayedNulls(
  batch: StageBatch,
  dictionaries: readonly Dictionaries[],
  shown: Value,
): StageBatch {
  const columns = batch.columns.map((column, index) => {
    const encoded = dictionaries[index]?.encode(column)
    if (encoded === undefined || encoded.codes.indexOf(0) < 0) return column
    const { codes, dictionary } = encoded
    const values: Value[] = []
    for (let row = 0; row < batch.rows; row++) {
      const code = codes[row] ?? 0
      values.push(code === 0 ? shown : (dictionary[code - 1] ?? shown))
    }
    return { kind: 'values' as const, values }
  })
  return { ...batch, columns }
}
