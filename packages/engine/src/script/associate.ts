import { buildModel } from '../model/build-model.ts'
import type { Model } from '../model/model.ts'
import { linkWildcards } from './link-wildcards.ts'
import type { RunState } from './run-state.ts'
import { deriveFields } from './statements/derive.ts'

/** The tag of fields a search over all fields leaves out. */
const unsearched = '$nosearch'

/** What follows from all that was loaded, and then the model. @throws LichenError `memory-budget-exceeded`, `already-exists` */
export function associate(state: RunState): Model {
  linkWildcards(state)
  deriveFields(state)
  const hidePrefix = state.systemVariable('HidePrefix')
  const hideSuffix = state.systemVariable('HideSuffix')
  return buildModel(state.application, {
    settings: state.application.settings,
    tags: tagsOf(state),
    comments: { fields: state.fieldComments, tables: state.tableComments },
    loosened: state.loosened,
    ...(hidePrefix === undefined ? {} : { hidePrefix }),
    ...(hideSuffix === undefined ? {} : { hideSuffix }),
  })
}

function tagsOf(state: RunState): ReadonlyMap<string, readonly string[]> {
  const tags = new Map([...state.tags].map(([field, own]) => [field, [...own]]))
  if (state.unsearched.empty) return tags
  for (const field of state.application.fields()) {
    const others = (tags.get(field) ?? []).filter((tag) => tag !== unsearched)
    tags.set(field, state.unsearched.holds(field) ? [...others, unsearched] : others)
  }
  return tags
}
