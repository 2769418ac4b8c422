import type { ModelView } from '../model/view.ts'
import type { FieldSelection, Selections } from '../selection/selections.ts'
import {
  type SelectionChange,
  type SelectMode,
  select,
  symbolSet,
  withoutFields,
} from '../selection/transitions.ts'
import { Bitset } from '../storage/bitset.ts'
import { infer } from './infer.ts'
import type { Inference } from './inference.ts'

/** A change that may have cost other fields their selections. */
export interface SelectionChangeWithDrop extends SelectionChange {
  /** Fields that lost their selection so that a chosen value is possible, newest selection first. */
  readonly dropped: readonly number[]
}

/** How to infer; a session hands in its cache. */
export type Infer = (view: ModelView, selections: Selections) => Inference

/**
 * Selects the possible values. Nothing changes where none is possible.
 * Source of the four: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Selections/working-with-current-selections.htm
 */
export function selectPossible(
  view: ModelView,
  selections: Selections,
  field: number,
  inference: Inference,
): SelectionChange {
  return selectUnlessEmpty(view, selections, field, inference.possible(field))
}

/** Selects the alternative values in place of those selected now. Nothing changes where there is none. */
export function selectAlternative(
  view: ModelView,
  selections: Selections,
  field: number,
  inference: Inference,
): SelectionChange {
  return selectUnlessEmpty(view, selections, field, alternatives(selections, field, inference))
}

/**
 * Selects the alternative values if there are any, else the excluded ones; these drop selections in other fields like any choice of
 * excluded values.
 */
export function selectExcluded(
  view: ModelView,
  selections: Selections,
  field: number,
  inference: Inference,
  inferWith: Infer = infer,
): SelectionChangeWithDrop {
  const alternative = alternatives(selections, field, inference)
  if (!alternative.isEmpty()) {
    return { ...selectUnlessEmpty(view, selections, field, alternative), dropped: [] }
  }
  const excluded = inference.possibleWithoutOwn(field).clone().complement()
  const own = selections.fields.get(field)
  if (own !== undefined) excluded.subtractWith(own.symbols)
  if (excluded.isEmpty()) return { selections, changed: false, refused: null, dropped: [] }
  return selectWithDrop(view, selections, field, excluded, 'replace', inferWith)
}

/** Selects every value; those excluded by other fields become selected-excluded and other selections stay. */
export function selectAll(
  view: ModelView,
  selections: Selections,
  field: number,
  _inference?: Inference,
): SelectionChange {
  const symbols = symbolSet(view, field, []).complement()
  return selectUnlessEmpty(view, selections, field, symbols)
}

/**
 * Selects as a user does: when all newly chosen values are excluded by selections in other fields, those are dropped, newest first,
 * until a chosen value is possible; a dropped selection that turns out not to stand in the way is kept. Refused when locks alone
 * exclude the chosen values.
 * @throws LichenError `invalid-argument`
 */
export function selectWithDrop(
  view: ModelView,
  selections: Selections,
  field: number,
  symbols: Iterable<number> | Bitset,
  mode: SelectMode,
  inferWith: Infer = infer,
): SelectionChangeWithDrop {
  const plain = select(selections, view, field, symbols, mode)
  const after = plain.selections.fields.get(field)
  const chosen =
    mode === 'replace' ? after?.symbols : newlyChosen(selections.fields.get(field), after)
  if (!plain.changed || chosen === undefined || chosen.isEmpty()) return { ...plain, dropped: [] }

  const reachable = (dropped: ReadonlySet<number>): boolean =>
    inferWith(view, withoutFields(plain.selections, dropped))
      .possibleWithoutOwn(field)
      .intersects(chosen)
  if (reachable(new Set())) return { ...plain, dropped: [] }

  const others = [...selections.fields.values()].filter((selection) => selection.field !== field)
  const droppable = others.filter(({ locked }) => !locked).sort((a, b) => b.serial - a.serial)
  const dropped = fewestDropped(
    droppable.map((selection) => selection.field),
    reachable,
  )
  if (dropped !== undefined) {
    return { ...plain, selections: withoutFields(plain.selections, new Set(dropped)), dropped }
  }
  const byLock = reachable(new Set(others.map((selection) => selection.field)))
  // Values that occur in no row at all are excluded by nobody: choosing them is allowed and drops nothing.
  return byLock
    ? { selections, changed: false, refused: 'locked', dropped: [] }
    : { ...plain, dropped: [] }
}

/** Drops from the front until reachable, then takes back, oldest first, what was dropped without need. */
function fewestDropped(
  newestFirst: readonly number[],
  reachable: (dropped: ReadonlySet<number>) => boolean,
): readonly number[] | undefined {
  const dropped = new Set<number>()
  const needed = newestFirst.find((field) => reachable(dropped.add(field)))
  if (needed === undefined) return undefined
  for (const field of [...dropped].reverse()) {
    if (field === needed) continue
    dropped.delete(field)
    if (!reachable(dropped)) dropped.add(field)
  }
  return newestFirst.filter((field) => dropped.has(field))
}

function newlyChosen(
  before: FieldSelection | undefined,
  after: FieldSelection | undefined,
): Bitset | undefined {
  if (after === undefined || before === undefined) return after?.symbols
  return after.symbols.clone().subtractWith(before.symbols)
}

function alternatives(selections: Selections, field: number, inference: Inference): Bitset {
  const own = selections.fields.get(field)
  const reachable = inference.possibleWithoutOwn(field).clone()
  return own === undefined ? new Bitset(reachable.size) : reachable.subtractWith(own.symbols)
}

function selectUnlessEmpty(
  view: ModelView,
  selections: Selections,
  field: number,
  symbols: Bitset,
): SelectionChange {
  if (!symbols.isEmpty()) return select(selections, view, field, symbols, 'replace')
  const refused = selections.fields.get(field)?.locked === true ? 'locked' : null
  return { selections, changed: false, refused }
}
