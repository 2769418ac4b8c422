import type { JsonObject } from '../../app/document.ts'
import type { TargetOf } from '../handles.ts'
import { dimensionLayout, measureLayout } from '../item-layout.ts'
import { objectAt } from '../json.ts'
import { patchesOf } from '../lists.ts'
import { type AppCall, done, type MethodTable, method } from './method.ts'

type DimensionCall = AppCall<TargetOf<'GenericDimension'>>
type MeasureCall = AppCall<TargetOf<'GenericMeasure'>>
type ItemCall = DimensionCall | MeasureCall

/** What master dimensions and measures share. */
function itemMethods(): MethodTable<ItemCall> {
  return {
    GetProperties: method('', (call) => ({ qProp: properties(call) })),
    GetInfo: method('', (call) => ({ qInfo: objectAt(properties(call), 'qInfo') ?? {} })),
    SetProperties: method('qProp', ({ app, target, params }) => {
      app.objects.setProperties(target.id, params.object('qProp'))
      return done
    }),
    ApplyPatches: method('qPatches', ({ app, target, params }) => {
      app.objects.patch(target.id, patchesOf(params.objects('qPatches')), false)
      return done
    }),
  }
}

/** Source: https://help.qlik.com/en-US/sense-developer/Subsystems/EngineJSONAPI/Content/classes-genericdimension.htm */
export const genericDimensionMethods: MethodTable<DimensionCall> = {
  ...itemMethods(),
  GetLayout: method('', ({ app, target }) => ({
    qLayout: dimensionLayout(app, app.objects.get(target.id, 'dimension')),
  })),
  GetDimension: method('', (call) => ({ qDim: objectAt(properties(call), 'qDim') ?? {} })),
}

/** Source: https://help.qlik.com/en-US/sense-developer/Subsystems/EngineJSONAPI/Content/classes-genericmeasure.htm */
export const genericMeasureMethods: MethodTable<MeasureCall> = {
  ...itemMethods(),
  GetLayout: method('', ({ app, target }) => ({
    qLayout: measureLayout(app, app.objects.get(target.id, 'measure')),
  })),
  GetMeasure: method('', (call) => ({ qMeasure: objectAt(properties(call), 'qMeasure') ?? {} })),
}

function properties({ app, target }: ItemCall): JsonObject {
  return app.objects.get(target.id, target.type === 'GenericDimension' ? 'dimension' : 'measure')
    .properties
}
