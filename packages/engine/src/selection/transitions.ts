import { LichenError } from '../base/errors.ts'
import type { ModelView } from '../model/view.ts'
import { Bitset } from '../storage/bitset.ts'
import type { FieldSelection, Selections } from './selections.ts'
import { signatureOf } from './signature.ts'

/** `replace`: exactly these; `toggle`: those selected are taken out, the others added; `add`: these as well. */
export type SelectMode = 'replace' | 'toggle' | 'add'

/** `refused` names what stood in the way; `selections` is the very input when nothing changed. */
export interface SelectionChange {
  readonly selections: Selections
  readonly changed: boolean
  readonly refused: 'locked' | null
}

export const noSelections: Selections = { fields: new Map(), signature: '' }

/** Selections with these fields, in this order, and the signature that belongs to them. */
export function selectionsOf(fields: Iterable<FieldSelection>): Selections {
  const map = new Map<number, FieldSelection>()
  for (const selection of fields) map.set(selection.field, selection)
  return map.size === 0 ? noSelections : { fields: map, signature: signatureOf(map) }
}

/**
 * Selects symbols in a field. A toggle that leaves nothing removes the field's selection; `replace` by nothing keeps an empty
 * selection, with which nothing is possible (as a set modifier `F={}` needs).
 * @throws LichenError `invalid-argument` for a field or symbol the view does not have.
 */
export function select(
  selections: Selections,
  view: ModelView,
  field: number,
  symbols: Iterable<number> | Bitset,
  mode: SelectMode,
): SelectionChange {
  const chosen = symbolSet(view, field, symbols)
  const current = selections.fields.get(field)
  if (current?.locked === true) return refusedByLock(selections)
  const next = combine(current?.symbols, chosen, mode)
  if (next === undefined)
    return current === undefined ? unchanged(selections) : clear(selections, field)
  if (current?.symbols.equals(next) === true) return unchanged(selections)
  return changed(
    withField(selections, { field, symbols: next, locked: false, serial: nextSerial(selections) }),
  )
}

/** Takes the selection of one field away. */
export function clear(selections: Selections, field: number): SelectionChange {
  const current = selections.fields.get(field)
  if (current === undefined) return unchanged(selections)
  if (current.locked) return refusedByLock(selections)
  return keep(selections, (selection) => selection.field !== field)
}

/** Takes all selections away; those of locked fields stay unless asked for. */
export function clearAll(
  selections: Selections,
  options: { readonly includeLocked?: boolean } = {},
): SelectionChange {
  const includeLocked = options.includeLocked === true
  return keep(selections, (selection) => selection.locked && !includeLocked)
}

/** Takes the selections of all other unlocked fields away. */
export function clearOthers(selections: Selections, field: number): SelectionChange {
  return keep(selections, (selection) => selection.field === field || selection.locked)
}

/** Protects a field's selection from change. A field without selection cannot be locked. */
export function lock(selections: Selections, field: number): SelectionChange {
  return setLocks(selections, (selection) => (selection.field === field ? true : selection.locked))
}

export function unlock(selections: Selections, field: number): SelectionChange {
  return setLocks(selections, (selection) => (selection.field === field ? false : selection.locked))
}

export function lockAll(selections: Selections): SelectionChange {
  return setLocks(selections, () => true)
}

export function unlockAll(selections: Selections): SelectionChange {
  return setLocks(selections, () => false)
}

/** The selections without some fields, locked or not. For what-if questions; a user's change goes through `clear`. */
export function withoutFields(selections: Selections, dropped: ReadonlySet<number>): Selections {
  return keep(selections, (selection) => !dropped.has(selection.field)).selections
}

/**
 * The symbols as a set of the field's size.
 * @throws LichenError `invalid-argument`
 */
export function symbolSet(
  view: ModelView,
  field: number,
  symbols: Iterable<number> | Bitset,
): Bitset {
  const modelField = view.fields[field]
  if (modelField === undefined) {
    throw new LichenError(
      'invalid-argument',
      `Field index ${field} is outside 0 … ${view.fields.length - 1}; take it from fieldIndex`,
    )
  }
  const size = modelField.symbols.count
  if (symbols instanceof Bitset) {
    if (symbols.size === size) return symbols.clone()
    throw new LichenError(
      'invalid-argument',
      `The symbol set has size ${symbols.size}, but field '${modelField.name}' has ${size} symbols`,
    )
  }
  const set = new Bitset(size)
  for (const symbol of symbols) {
    if (!Number.isInteger(symbol) || symbol < 0 || symbol >= size) {
      throw new LichenError(
        'invalid-argument',
        `Field '${modelField.name}' has no symbol ${symbol}; symbols are 0 … ${size - 1}`,
      )
    }
    set.add(symbol)
  }
  return set
}

/** What would be selected, or undefined for no selection. Owns neither argument's memory afterwards: `chosen` may be reused. */
function combine(
  current: Bitset | undefined,
  chosen: Bitset,
  mode: SelectMode,
): Bitset | undefined {
  if (mode === 'replace') return chosen
  if (mode === 'add') {
    if (current !== undefined) return chosen.unionWith(current)
    return chosen.isEmpty() ? undefined : chosen
  }
  if (current === undefined) return chosen.isEmpty() ? undefined : chosen
  const { words } = chosen
  for (let i = 0; i < words.length; i++) words[i]! ^= current.words[i]!
  if (!chosen.isEmpty()) return chosen
  return current.isEmpty() ? current : undefined
}

function nextSerial(selections: Selections): number {
  let newest = 0
  for (const selection of selections.fields.values()) newest = Math.max(newest, selection.serial)
  return newest + 1
}

function withField(selections: Selections, selection: FieldSelection): Selections {
  const fields = new Map(selections.fields)
  fields.set(selection.field, selection)
  return { fields, signature: signatureOf(fields) }
}

function keep(
  selections: Selections,
  kept: (selection: FieldSelection) => boolean,
): SelectionChange {
  const fields = [...selections.fields.values()].filter(kept)
  return fields.length === selections.fields.size
    ? unchanged(selections)
    : changed(selectionsOf(fields))
}

function setLocks(
  selections: Selections,
  lockedOf: (selection: FieldSelection) => boolean,
): SelectionChange {
  let differs = false
  const fields = new Map<number, FieldSelection>()
  for (const selection of selections.fields.values()) {
    const locked = lockedOf(selection)
    if (locked !== selection.locked) differs = true
    fields.set(selection.field, locked === selection.locked ? selection : { ...selection, locked })
  }
  return differs ? changed({ fields, signature: selections.signature }) : unchanged(selections)
}

function changed(selections: Selections): SelectionChange {
  return { selections, changed: true, refused: null }
}

function unchanged(selections: Selections): SelectionChange {
  return { selections, changed: false, refused: null }
}

function refusedByLock(selections: Selections): SelectionChange {
  return { selections, changed: false, refused: 'locked' }
}
