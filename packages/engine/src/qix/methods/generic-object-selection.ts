import type { SelectGroup } from '../../app/session.ts'
import { stateOf } from '../computed-cube.ts'
import {
  fieldOfDimension,
  rangeOf,
  rangesOf,
  selectCells,
  selectDimensionRange,
  selectElements,
  selectNumbers,
  selectRanges,
  selectSymbols,
} from '../cube-selection.ts'
import { QixError } from '../error-codes.ts'
import type { TargetOf } from '../handles.ts'
import { objectsAt } from '../json.ts'
import { freezeOrder, listField, searchKey } from '../list-object-layout.ts'
import { cubeAt, definitionAt, listAtPath } from '../object-definition.ts'
import { type AppCall, done, type Method, type MethodTable, method, success } from './method.ts'

type ObjectCall = AppCall<TargetOf<'GenericObject'>>

const modalMethods: MethodTable<ObjectCall> = {
  BeginSelections: method('qPaths', ({ app, target, params }) => {
    const definitions = params.texts('qPaths').map((path) => definitionAt(app, target.id, path))
    const again = app.session.modalOwner === target.id
    app.beginModal(target.id)
    if (!again)
      for (const { kind, def, place } of definitions)
        if (kind === 'list') freezeOrder(app, def, place)
    return done
  }),
  EndSelections: method('qAccept', ({ app, target, params }) => {
    if (app.session.modalOwner === target.id) app.endModal(params.flag('qAccept'))
    return done
  }),
  ResetMadeSelections: method('', ({ app, target }) => {
    if (app.session.modalOwner === target.id) app.session.resetModal()
    return done
  }),
}

const cubeMethods: MethodTable<ObjectCall> = {
  SelectHyperCubeValues: method('qPath qDimNo qValues qToggleMode', ({ app, target, params }) =>
    success(
      selectElements(
        cubeAt(app, target.id, params.text('qPath')),
        params.number('qDimNo'),
        params.integers('qValues'),
        params.flag('qToggleMode'),
      ),
    ),
  ),
  SelectHyperCubeCells: method(
    'qPath qRowIndices qColIndices qSoftLock qDeselectOnlyOneSelected',
    ({ app, target, params }) =>
      success(
        selectCells(
          cubeAt(app, target.id, params.text('qPath')),
          params.integers('qRowIndices'),
          params.integers('qColIndices'),
        ),
      ),
  ),
  RangeSelectHyperCubeValues: method(
    'qPath qRanges qColumnsToSelect qOrMode qDeselectOnlyOneSelected',
    ({ app, target, params }) => {
      const ranges = rangesOf(params.objects('qRanges'), 'qMeasureIx')
      return success(
        selectRanges(
          cubeAt(app, target.id, params.text('qPath')),
          ranges,
          params.integers('qColumnsToSelect'),
          params.flag('qOrMode'),
        ),
      )
    },
  ),
  MultiRangeSelectHyperCubeValues: method(
    'qPath qRanges qOrMode qDeselectOnlyOneSelected',
    ({ app, target, params }) => {
      const place = cubeAt(app, target.id, params.text('qPath'))
      const ranges = params
        .objects('qRanges')
        .flatMap((item) => rangesOf(objectsAt(item, 'qRanges'), 'qMeasureIx'))
      return success(selectRanges(place, ranges, [], params.flag('qOrMode')))
    },
  ),
  SelectHyperCubeContinuousRange: method('qPath qRanges qSoftLock', ({ app, target, params }) => {
    const place = cubeAt(app, target.id, params.text('qPath'))
    const ranges = rangesOf(params.objects('qRanges'), 'qDimIx')
    return success(
      ranges.length > 0 &&
        ranges.map((range) => selectDimensionRange(place, range.column, range)).every(Boolean),
    )
  }),
}

const listMethods: MethodTable<ObjectCall> = {
  SelectListObjectValues: method('qPath qValues qToggleMode qSoftLock', (call) => {
    const { field, state } = listTarget(call)
    return success(
      selectSymbols(
        call.app,
        field,
        call.params.integers('qValues'),
        call.params.flag('qToggleMode'),
        state,
      ),
    )
  }),
  SelectListObjectAll: group('all'),
  SelectListObjectPossible: group('possible'),
  SelectListObjectAlternative: group('alternative'),
  SelectListObjectExcluded: group('excluded'),
  SelectListObjectContinuousRange: method('qPath qRanges qSoftLock', (call) => {
    const { field, state } = listTarget(call)
    return success(
      selectNumbers(
        call.app,
        field,
        call.params.objects('qRanges').map((range) => rangeOf(range, 0)),
        state,
      ),
    )
  }),
  SearchListObjectFor: method('qPath qMatch', (call) => {
    const { key } = listTarget(call)
    const match = call.params.text('qMatch')
    if (match === '') call.app.searches.delete(key)
    else call.app.searches.set(key, match)
    call.app.touchObject(call.target.id)
    return success(true)
  }),
  AcceptListObjectSearch: method('qPath qToggleMode qSoftLock', (call) => {
    const { field, state, key } = listTarget(call)
    const search = call.app.searches.get(key)
    if (search === undefined) return done
    call.app.searches.delete(key)
    call.app.session.selectSearch(
      field,
      search,
      call.params.flag('qToggleMode') ? 'add' : 'replace',
      state,
    )
    call.app.touchObject(call.target.id)
    return done
  }),
  AbortListObjectSearch: method('qPath', ({ app, target, params }) => {
    const { place } = listAtPath(app, target.id, params.text('qPath'))
    if (app.searches.delete(searchKey(place))) app.touchObject(target.id)
    return done
  }),
}

const columnMethods: MethodTable<ObjectCall> = {
  ClearSelections: onFields('qPath qColIndices', (app, field, state) =>
    app.session.clear(field, state),
  ),
  Lock: onFields('qPath qColIndices', (app, field, state) => app.session.lock(field, state)),
  Unlock: onFields('qPath qColIndices', (app, field, state) => app.session.unlock(field, state)),
}

export const genericObjectSelectionMethods: MethodTable<ObjectCall> = {
  ...modalMethods,
  ...cubeMethods,
  ...listMethods,
  ...columnMethods,
}

interface ListTarget {
  readonly field: number
  readonly state: string
  readonly key: string
}

/** @throws QixError `invalid-definition` when the list is not of a field */
function listTarget({ app, target, params }: ObjectCall): ListTarget {
  const { def, place } = listAtPath(app, target.id, params.text('qPath'))
  const field = listField(app, def)
  if (field === undefined)
    throw new QixError('invalid-definition', 'The list object is not of a field', 'qPath')
  return { field: field.index, state: stateOf(def, place.state), key: searchKey(place) }
}

function group(chosen: SelectGroup): Method<ObjectCall> {
  return method('qPath qSoftLock', (call) => {
    const { field, state, key } = listTarget(call)
    const search = call.app.searches.get(key)
    if (search === undefined || chosen !== 'all')
      return success(call.app.session.selectGroup(field, chosen, state))
    return success(call.app.session.selectSearch(field, search, 'replace', state))
  })
}

/** Does something with the field of a list object, or the fields of a cube's dimensions (all without indices). */
function onFields(
  names: string,
  act: (app: ObjectCall['app'], field: number, state: string) => boolean,
): Method<ObjectCall> {
  return method(names, (call) => {
    const { app, target, params } = call
    if (definitionAt(app, target.id, params.text('qPath')).kind === 'list') {
      const { field, state } = listTarget(call)
      return success(act(app, field, state))
    }
    const { computed } = cubeAt(app, target.id, params.text('qPath'))
    const columns = params.integers('qColIndices')
    const wanted = columns.length > 0 ? columns : computed.dimensions.map((_, index) => index)
    const fields = wanted.flatMap((column) => fieldOfDimension(computed, column) ?? [])
    return success(fields.map((field) => act(app, field, computed.state)).every(Boolean))
  })
}
