import { capitalize } from '../functions/string.ts'
import { Dual, type Value } from '../value/dual.ts'
import { PerCode } from './per-code.ts'
import type { RunState } from './run-state.ts'
import type { StageSource } from './stage.ts'
import type { LetterCase } from './statement.ts'
import { newDictionaries } from './values.ts'

/** FORCE CASE UPPER and its like, applied to the names and values a LOAD gives. */
export function inCase(source: StageSource, letterCase: LetterCase, state: RunState): StageSource {
  const change = changes[letterCase]
  return {
    ...source,
    fields: source.fields.map(change),
    async *batches(wanted) {
      const columns = wanted.map(() => ({
        dictionaries: newDictionaries(state.space.settings),
        changed: new PerCode((value: Value) => {
          if (typeof value === 'string') return change(value)
          return value instanceof Dual ? new Dual(change(value.text), value.number) : value
        }),
      }))
      for await (const batch of source.batches(wanted))
        yield {
          rows: batch.rows,
          columns: batch.columns.map((column, index) => {
            const own = columns[index]
            return own === undefined
              ? column
              : own.changed.column(own.dictionaries.encode(column), batch.rows, undefined)
          }),
        }
    },
  }
}

const changes: Readonly<Record<LetterCase, (text: string) => string>> = {
  upper: (text) => text.toUpperCase(),
  lower: (text) => text.toLowerCase(),
  capitalized: capitalize,
}
