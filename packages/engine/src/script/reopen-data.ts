import { reopenModel } from '../model/reopen-model.ts'
import type { AppData } from './app-data.ts'
import { reopenWildcards } from './link-wildcards.ts'
import type { RunState } from './run-state.ts'
import { reopenSectionAccess } from './section-access.ts'
import { dropDerivedFields, keepDerivedFields } from './statements/derive.ts'

/** Puts the tables of an app into the empty spaces of a script, with what authors said of them. The model must outlast the script. */
export function reopenData({ model, sectionAccess, lineage = [] }: AppData, state: RunState): void {
  const { tags, fieldComments, tableComments, loosened } = reopenModel(model, state.application)
  for (const [field, own] of tags) if (own.length > 0) state.tags.set(field, new Set(own))
  for (const [field, comment] of fieldComments) state.fieldComments.set(field, comment)
  for (const [table, comment] of tableComments) state.tableComments.set(table, comment)
  for (const table of loosened) state.loosened.add(table)
  for (const { table, field, from } of lineage)
    state.lineage.add(table, { fields: [field], origins: [from] })
  if (state.options.partial === true) dropDerivedFields(state)
  else keepDerivedFields(state)
  reopenWildcards(state)
  reopenSectionAccess(sectionAccess, state.access)
}
