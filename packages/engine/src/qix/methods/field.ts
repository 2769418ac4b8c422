import type { JsonObject } from '../../app/document.ts'
import type { SelectGroup } from '../../app/session.ts'
import type { ModelField } from '../../model/model.ts'
import type { SymbolTable } from '../../storage/symbol-table.ts'
import { selectSymbols } from '../cube-selection.ts'
import { objectNotFound } from '../error-codes.ts'
import type { TargetOf } from '../handles.ts'
import { flagAt, numberAt, textAt } from '../json.ts'
import { type AppCall, done, type Method, type MethodTable, method, returned } from './method.ts'

type FieldCall = AppCall<TargetOf<'Field'>>

/** Source: https://help.qlik.com/en-US/sense-developer/Subsystems/EngineJSONAPI/Content/classes-field.htm */
export const fieldMethods: MethodTable<FieldCall> = {
  GetCardinal: method('', (call) => returned(fieldOfCall(call).symbols.count)),
  Select: method('qMatch qSoftLock qExcludedValuesMode', (call) => search(call, 'replace')),
  ToggleSelect: method('qMatch qSoftLock qExcludedValuesMode', (call) => search(call, 'toggle')),
  SelectValues: method('qFieldValues qToggleMode qSoftLock', (call) => {
    const { index, symbols } = fieldOfCall(call)
    const given = call.params.objects('qFieldValues')
    const found = given.map((value) => symbolOf(symbols, value)).filter((symbol) => symbol !== -1)
    if (given.length > 0 && found.length === 0) return returned(false)
    return returned(
      selectSymbols(call.app, index, found, call.params.flag('qToggleMode'), call.target.state),
    )
  }),
  LowLevelSelect: method('qValues qToggleMode qSoftLock', (call) =>
    returned(
      selectSymbols(
        call.app,
        fieldOfCall(call).index,
        call.params.integers('qValues'),
        call.params.flag('qToggleMode'),
        call.target.state,
      ),
    ),
  ),
  SelectAll: group('all'),
  SelectPossible: group('possible'),
  SelectExcluded: group('excluded'),
  SelectAlternative: group('alternative'),
  Clear: method('', (call) =>
    returned(call.app.session.clear(fieldOfCall(call).index, call.target.state)),
  ),
  ClearAllButThis: method('qSoftLock', (call) =>
    returned(call.app.session.clearOthers(fieldOfCall(call).index, call.target.state)),
  ),
  Lock: method('', (call) =>
    returned(call.app.session.lock(fieldOfCall(call).index, call.target.state)),
  ),
  Unlock: method('', (call) =>
    returned(call.app.session.unlock(fieldOfCall(call).index, call.target.state)),
  ),
  GetAndMode: method('', () => returned(false)),
  GetNxProperties: method('', () => ({ qProperties: { qOneAndOnlyOne: false } })),
  SetNxProperties: method('qProperties', () => done),
}

/** The field may be gone since the handle was given. @throws QixError `not-found` */
function fieldOfCall({ app, target }: FieldCall): ModelField {
  const { view } = app.session
  const field = view.fields[view.fieldIndex(target.id) ?? -1]
  if (field === undefined) throw objectNotFound(target.id)
  return field
}

function group(chosen: SelectGroup): Method<FieldCall> {
  return method('qSoftLock', (call) =>
    returned(call.app.session.selectGroup(fieldOfCall(call).index, chosen, call.target.state)),
  )
}

function search(call: FieldCall, mode: 'replace' | 'toggle'): ReturnType<typeof returned> {
  return returned(
    call.app.session.selectSearch(
      fieldOfCall(call).index,
      call.params.text('qMatch'),
      mode,
      call.target.state,
    ),
  )
}

/** A FieldValue: by number when it says it is one, else by the text shown. */
function symbolOf(symbols: SymbolTable, value: JsonObject): number {
  if (flagAt(value, 'qIsNumeric')) return symbols.find(numberAt(value, 'qNumber') ?? 0)
  const text = textAt(value, 'qText') ?? ''
  const exact = symbols.find(text)
  if (exact !== -1) return exact
  for (let symbol = 0; symbol < symbols.count; symbol++)
    if (symbols.textAt(symbol) === text) return symbol
  return -1
}
