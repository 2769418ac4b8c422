import type { Json, JsonObject } from '../app/document.ts'
import type { ModelField } from '../model/model.ts'
import { defaultState } from '../selection/state-set.ts'
import { textAt } from './json.ts'
import type { OpenApp } from './open-app.ts'
import { stateCounts } from './value-state.ts'

/** Up to this many values are named one by one; the product's default. */
const threshold = 6

/** A SelectionObjectDef as SelectionObject: what is selected in one state, in the order it was. */
export function selectionObject(app: OpenApp, def: JsonObject, inherited: string): JsonObject {
  const { session } = app
  const state = textAt(def, 'qStateName') || inherited || defaultState
  const inference = session.inference(state)
  const items: JsonObject[] = []
  for (const { field: index, symbols, locked } of session.selections(state).fields.values()) {
    const field = session.view.fields[index]
    if (field === undefined || symbols.isEmpty()) continue
    const counts = inference.counts(index)
    const selected = symbols.toArray()
    const total = field.symbols.count
    const item: { [key: string]: Json } = {
      qTotal: total,
      qField: field.name,
      qSelectedCount: counts.selected + counts.locked,
      qSelected: summary(field, selected),
      qRangeInfo: [],
      qSortIndex: items.length + 1,
      qStateCounts: stateCounts(counts),
      qSelectedFieldSelectionInfo:
        selected.length <= threshold
          ? Array.from(selected, (symbol) => ({ qName: field.symbols.textAt(symbol) }))
          : [],
      qNotSelectedFieldSelectionInfo: [],
      qSelectionThreshold: threshold,
      qReadableName: field.name,
      qDimensionReferences: dimensionReferences(app, field),
    }
    if (locked) item.qLocked = true
    if ((field.system && field.derived !== true) || field.tags.includes('$hidden'))
      item.qIsHidden = true
    if (typeof selected[0] === 'number' && field.symbols.allNumbers) item.qIsNum = true
    items.push(item)
  }
  return {
    qBackCount: session.backCount,
    qForwardCount: session.forwardCount,
    qSelections: items,
    ...(state === defaultState ? {} : { qStateName: state }),
  }
}

function summary({ symbols }: ModelField, selected: Uint32Array): string {
  if (selected.length > threshold)
    return selected.length === symbols.count ? 'ALL' : `${selected.length} of ${symbols.count}`
  return Array.from(selected, (symbol) => symbols.textAt(symbol)).join(', ')
}

/** Master dimensions over the field, by which a selections bar titles it. */
function dimensionReferences(app: OpenApp, field: ModelField): JsonObject[] {
  return app.objects.all('dimension').flatMap(({ id, properties }) => {
    const dimension = properties.qDim
    if (typeof dimension !== 'object' || dimension === null || !('qFieldDefs' in dimension))
      return []
    const { qFieldDefs, qFieldLabels } = dimension
    const at = Array.isArray(qFieldDefs) ? qFieldDefs.indexOf(field.name) : -1
    if (at === -1) return []
    const label = Array.isArray(qFieldLabels) ? qFieldLabels[at] : undefined
    return [
      {
        qId: id,
        qLabel: typeof label === 'string' && label !== '' ? label : field.name,
        qGrouping: 'N',
      },
    ]
  })
}
