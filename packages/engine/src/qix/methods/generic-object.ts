import type { JsonObject } from '../../app/document.ts'
import { objectNotFound } from '../error-codes.ts'
import type { TargetOf } from '../handles.ts'
import { objectTarget } from '../handles-of-objects.ts'
import { objectLayout } from '../layout.ts'
import { childInfos, patchesOf } from '../lists.ts'
import { genericObjectDataMethods } from './generic-object-data.ts'
import { genericObjectSelectionMethods } from './generic-object-selection.ts'
import { type AppCall, done, type MethodTable, method, returned, success } from './method.ts'

type ObjectCall = AppCall<TargetOf<'GenericObject'>>

const propertyMethods: MethodTable<ObjectCall> = {
  GetLayout: method('', ({ app, target }) => ({ qLayout: objectLayout(app, target.id) })),
  GetProperties: method('', ({ app, target }) => ({
    qProp: app.objects.get(target.id).properties,
  })),
  GetEffectiveProperties: method('', ({ app, target }) => ({
    qProp: app.objects.effective(target.id),
  })),
  GetInfo: method('', ({ app, target }) => ({
    qInfo: app.objects.get(target.id).properties.qInfo ?? {},
  })),
  SetProperties: method('qProp', ({ app, target, params }) => {
    app.objects.setProperties(target.id, params.object('qProp'))
    return done
  }),
  ApplyPatches: method('qPatches qSoftPatch', ({ app, target, params }) => {
    app.objects.patch(target.id, patchesOf(params.objects('qPatches')), params.flag('qSoftPatch'))
    return done
  }),
  ClearSoftPatches: method('', ({ app, target }) => {
    app.objects.clearSoftPatches(target.id)
    return done
  }),
  GetFullPropertyTree: method('', ({ app, target }) => ({
    qPropEntry: app.objects.tree(target.id),
  })),
  SetFullPropertyTree: method('qPropEntry', ({ app, target, params }) => {
    app.objects.setTree(target.id, params.object('qPropEntry'))
    return done
  }),
}

const childMethods: MethodTable<ObjectCall> = {
  GetChild: method('qId', ({ app, target, params }) => {
    const id = params.text('qId')
    if (!app.objects.get(target.id).children.includes(id)) throw objectNotFound(id)
    return returned(app.handles.envelope(objectTarget(app, id)))
  }),
  GetParent: method('', ({ app, target }) => {
    const { parent } = app.objects.get(target.id)
    if (parent === undefined) throw objectNotFound(target.id)
    return returned(app.handles.envelope(objectTarget(app, parent)))
  }),
  GetChildInfos: method('', ({ app, target }) => ({ qInfos: childInfos(app, target.id) })),
  CreateChild: method('qProp qPropForThis', ({ app, target, params }) => {
    const child = app.objects.create(params.object('qProp'), {
      session: app.objects.isSession(target.id),
      parent: target.id,
    })
    setOwn(app.objects, target.id, params.object('qPropForThis'))
    return {
      ...returned(app.handles.envelope(objectTarget(app, child.id))),
      qInfo: child.properties.qInfo ?? {},
    }
  }),
  DestroyChild: method('qId qPropForThis', ({ app, target, params }) => {
    const id = params.text('qId')
    if (!app.objects.get(target.id).children.includes(id)) throw objectNotFound(id)
    const destroyed = app.objects.destroy(id)
    setOwn(app.objects, target.id, params.object('qPropForThis'))
    return success(destroyed)
  }),
  DestroyAllChildren: method('qPropForThis', ({ app, target, params }) => {
    for (const child of app.objects.get(target.id).children) app.objects.destroy(child)
    setOwn(app.objects, target.id, params.object('qPropForThis'))
    return done
  }),
  SetChildArrayOrder: method('qIds', ({ app, target, params }) => {
    app.objects.reorderChildren(target.id, params.texts('qIds'))
    return done
  }),
}

function setOwn(objects: ObjectCall['app']['objects'], id: string, properties: JsonObject): void {
  if (Object.keys(properties).length > 0) objects.setProperties(id, properties)
}

/** Source: https://help.qlik.com/en-US/sense-developer/Subsystems/EngineJSONAPI/Content/classes-genericobject.htm */
export const genericObjectMethods: MethodTable<ObjectCall> = {
  ...propertyMethods,
  ...childMethods,
  ...genericObjectDataMethods,
  ...genericObjectSelectionMethods,
}
