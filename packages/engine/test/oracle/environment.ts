import { neverCancelled } from '../../src/base/cancellation.ts'
import { defaultLimits, type Environment } from '../../src/expression/environment.ts'
import { infer } from '../../src/inference/infer.ts'
import type { ModelView } from '../../src/model/view.ts'
import type { FieldSelection, Selections } from '../../src/selection/selections.ts'
import { signatureOf } from '../../src/selection/signature.ts'
import { Bitset } from '../../src/storage/bitset.ts'
import type { Value } from '../../src/value/dual.ts'

/** Selections by field name and values; values that do not exist are left out. */
export function selecting(
  view: ModelView,
  selected: Readonly<Record<string, readonly Value[]>>,
): Selections {
  const fields = new Map<number, FieldSelection>()
  let serial = 0
  for (const [name, values] of Object.entries(selected)) {
    const field = view.fieldIndex(name)
    const symbols = field === undefined ? undefined : view.fields[field]?.symbols
    if (field === undefined || symbols === undefined) throw new Error(`no field ${name}`)
    const found = values.map((value) => symbols.find(value)).filter((symbol) => symbol !== -1)
    fields.set(field, {
      field,
      symbols: Bitset.of(symbols.count, found),
      locked: false,
      serial: serial++,
    })
  }
  return { fields, signature: signatureOf(fields) }
}

export interface TestStates {
  readonly selections?: Readonly<Record<string, readonly Value[]>>
  readonly states?: Readonly<Record<string, Readonly<Record<string, readonly Value[]>>>>
  readonly bookmarks?: Readonly<Record<string, Readonly<Record<string, readonly Value[]>>>>
  readonly variables?: Readonly<Record<string, string>>
}

/** An environment without an app. */
export function environmentOf(
  view: ModelView,
  { selections = {}, states = {}, bookmarks = {}, variables = {} }: TestStates = {},
): Environment {
  const current = selecting(view, selections)
  return {
    view,
    state: '$',
    selectionsOf(name) {
      const state = states[name]
      return name === '$' ? current : state === undefined ? undefined : selecting(view, state)
    },
    historic: (steps) => (steps === 0 ? current : undefined),
    bookmark(name) {
      const bookmark = bookmarks[name]
      return bookmark === undefined ? undefined : selecting(view, bookmark)
    },
    infer: (wanted) => infer(view, wanted),
    variable: (name) => variables[name],
    ports: {},
    clock: { now: () => 46350 },
    cancellation: neverCancelled,
    limits: defaultLimits,
  }
}
