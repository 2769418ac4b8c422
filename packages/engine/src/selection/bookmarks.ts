import type { ModelView } from '../model/view.ts'
import { Bitset } from '../storage/bitset.ts'
import { Dual, type Value } from '../value/dual.ts'
import type { FieldSelection, Selections } from './selections.ts'
import { selectionsOf } from './transitions.ts'

/** A value as plain JSON. */
export type CapturedValue = number | string | { readonly text: string; readonly number: number }

export interface CapturedField {
  readonly name: string
  readonly values: readonly CapturedValue[]
  readonly locked: boolean
  readonly serial: number
}

/** Selections by field name and value: they survive reloads, saving and other views. Plain JSON. */
export interface CapturedSelections {
  readonly fields: readonly CapturedField[]
}

export interface RestoredSelections {
  readonly selections: Selections
  /** What the view does not have: the whole field (`values` null) or some values of it. */
  readonly missing: readonly {
    readonly name: string
    readonly values: readonly CapturedValue[] | null
  }[]
}

export function captureByValue(view: ModelView, selections: Selections): CapturedSelections {
  const fields: CapturedField[] = []
  for (const { field, symbols, locked, serial } of selections.fields.values()) {
    const modelField = view.fields[field]
    if (modelField === undefined) continue
    const values: CapturedValue[] = []
    symbols.forEach((symbol) => {
      const value = plain(modelField.symbols.valueAt(symbol))
      if (value !== null) values.push(value)
    })
    fields.push({ name: modelField.name, values, locked, serial })
  }
  return { fields }
}

/**
 * Finds captured values again, `find` gives the index of a field by name. A field none of whose values exist any more has no selection afterwards, as after a reload; a
 * selection captured empty stays empty.
 */
export function restoreByValue(
  view: ModelView,
  captured: CapturedSelections,
  find: (name: string) => number | undefined = (name) => view.fieldIndex(name),
): RestoredSelections {
  const fields: FieldSelection[] = []
  const missing: { name: string; values: readonly CapturedValue[] | null }[] = []
  for (const { name, values, locked, serial } of captured.fields) {
    const field = find(name)
    const symbolTable = field === undefined ? undefined : view.fields[field]?.symbols
    if (field === undefined || symbolTable === undefined) {
      missing.push({ name, values: null })
      continue
    }
    const symbols = new Bitset(symbolTable.count)
    const lost: CapturedValue[] = []
    for (const value of values) {
      const symbol = symbolTable.find(
        typeof value === 'object' ? new Dual(value.text, value.number) : value,
      )
      if (symbol === -1) lost.push(value)
      else symbols.add(symbol)
    }
    if (lost.length > 0) missing.push({ name, values: lost })
    if (lost.length < values.length || values.length === 0)
      fields.push({ field, symbols, locked, serial })
  }
  return { selections: selectionsOf(fields), missing }
}

function plain(value: Value): CapturedValue | null {
  return value instanceof Dual ? { text: value.text, number: value.number } : value
}
