import type { JsonObject } from '../app/document.ts'
import type { StateCounts, ValueState } from '../inference/inference.ts'

/** Source: https://help.qlik.com/en-US/sense-developer/Subsystems/EngineJSONAPI/Content/models-stateenumtype.htm */
export const stateLetters: Readonly<Record<ValueState, string>> = {
  selected: 'S',
  optional: 'O',
  alternative: 'A',
  excluded: 'X',
  'selected-excluded': 'XS',
  locked: 'L',
  'locked-excluded': 'XL',
}

const none: StateCounts = {
  selected: 0,
  optional: 0,
  alternative: 0,
  excluded: 0,
  selectedExcluded: 0,
  locked: 0,
  lockedExcluded: 0,
}

export function stateCounts(counts: StateCounts = none): JsonObject {
  return {
    qLocked: counts.locked,
    qSelected: counts.selected,
    qOption: counts.optional,
    qDeselected: 0,
    qAlternative: counts.alternative,
    qExcluded: counts.excluded,
    qSelectedExcluded: counts.selectedExcluded,
    qLockedExcluded: counts.lockedExcluded,
  }
}
