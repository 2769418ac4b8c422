import { assert } from '../base/assert.ts'
import type { ModelField } from '../model/model.ts'
import type { ModelView } from '../model/view.ts'
import { Bitset } from '../storage/bitset.ts'
import { codesInRows } from './row-codes.ts'

const presenceOfView = new WeakMap<ModelView, Map<string, Bitset>>()

export function fieldOf(view: ModelView, field: number): ModelField {
  const modelField = view.fields[field]
  assert(modelField !== undefined, `field ${field} is in the view`)
  return modelField
}

/**
 * Codes of a field that occur in the view's rows of some tables, without NULL. A property of the view, remembered with it; not to be
 * changed by callers.
 */
export function presentCodes(view: ModelView, field: number, tables: readonly number[]): Bitset {
  let known = presenceOfView.get(view)
  if (known === undefined) {
    known = new Map()
    presenceOfView.set(view, known)
  }
  const key = `${field}:${tables.join()}`
  let present = known.get(key)
  if (present === undefined) {
    const { symbols, places } = fieldOf(view, field)
    present = new Bitset(symbols.count + 1)
    for (const { table, column } of places) {
      if (tables.includes(table)) {
        present.unionWith(codesInRows(column, view.visibleRows(table), symbols.count + 1))
      }
    }
    known.set(key, present)
  }
  return present
}
