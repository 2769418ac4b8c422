import { grownCodeMap, newCodeMap, translate } from '../storage/code-map.ts'
import { numberOf, type Value } from '../value/dual.ts'
import { KeyNumbers } from './row-codes.ts'
import type { RunState } from './run-state.ts'
import { compact, type DictionaryColumn, type StageSource } from './stage.ts'
import { newDictionaries } from './values.ts'

/** DISTINCT of a LOAD that another LOAD reads: the first of equal rows passes. */
export function distinctStage(source: StageSource, state: RunState): StageSource {
  const all = [...source.fields.keys()]
  return {
    ...source,
    rows: undefined,
    async *batches(wanted) {
      const dictionaries = all.map(() => newDictionaries(state.space.settings))
      const values = all.map(() => new DistinctValues())
      const keys = new KeyNumbers(all.length)
      for await (const batch of source.batches(all)) {
        const columns = batch.columns.map((column, index) => {
          const encoded = (dictionaries[index] ?? newDictionaries(state.space.settings)).encode(
            column,
          )
          return values[index]?.number(encoded, batch.rows) ?? new Uint32Array(batch.rows)
        })
        const keep = new Uint8Array(batch.rows)
        for (let row = 0; row < batch.rows; row++) {
          const known = keys.count
          keys.numberRow(columns, row, false, true)
          if (keys.count > known) keep[row] = 1
        }
        const kept = compact(batch, keep)
        yield { rows: kept.rows, columns: wanted.flatMap((index) => kept.columns[index] ?? []) }
      }
    },
  }
}

/** Numbers the values of one field: equal numbers and equal texts get the same, whatever dictionary they come from. */
class DistinctValues {
  readonly #numbers = new Map<number | string, number>()
  #dictionary: readonly Value[] | undefined
  #known: Int32Array = newCodeMap(0)

  number({ codes, dictionary }: DictionaryColumn, rows: number): Uint32Array {
    if (this.#dictionary !== dictionary) this.#known = newCodeMap(dictionary.length)
    else this.#known = grownCodeMap(this.#known, dictionary.length)
    this.#dictionary = dictionary
    const out = new Uint32Array(rows)
    for (let row = 0; row < rows; row++) {
      row = translate(codes, this.#known, row, rows, out, row)
      if (row === rows) break
      const entry = codes[row]!
      out[row] = this.#known[entry] = this.#numberOf(dictionary[entry - 1] ?? null)
    }
    return out
  }

  #numberOf(value: Value): number {
    if (value === null) return 0
    const key = typeof value === 'string' ? value : numberOf(value)
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    this.#numbers.set(key, this.#numbers.size + 1)
    return this.#numbers.size
  }
}
