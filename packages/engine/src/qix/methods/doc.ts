import { appLayout, localeInfo } from '../app-layout.ts'
import { objectNotFound } from '../error-codes.ts'
import { fieldOf } from '../field-reference.ts'
import type { TargetOf } from '../handles.ts'
import { allInfos, objectsOfTypes } from '../lists.ts'
import { tablesAndKeys } from '../tables-and-keys.ts'
import { docContentMethods } from './doc-content.ts'
import { docExpressionMethods } from './doc-expression.ts'
import { docReloadMethods } from './doc-reload.ts'
import { type AppCall, done, type MethodTable, method, returned } from './method.ts'

type DocCall = AppCall<TargetOf<'Doc'>>

const appMethods: MethodTable<DocCall> = {
  GetAppLayout: method('', ({ app }) => ({ qLayout: appLayout(app, app.isSessionApp) })),
  GetAppProperties: method('', ({ app }) => ({
    qProp: { qTitle: app.document.title, qHasSectionAccess: false },
  })),
  SetAppProperties: method('qProp', ({ app, params }) => {
    const { qTitle } = params.object('qProp')
    if (typeof qTitle === 'string') app.document.title = qTitle
    app.document.events.emit('content', { ids: [] })
    return done
  }),
  GetLocaleInfo: method('', ({ app }) => returned(localeInfo(app.session.view.settings))),
  DoSave: method('qFileName', async ({ app, caller }) => {
    await caller.host.saveDocument(app.document)
    return done
  }),
  GetTablesAndKeys: method(
    'qWindowSize qNullSize qCellHeight qSyntheticMode qIncludeSysVars qIncludeProfiling',
    ({ app }) => tablesAndKeys(app.session.view),
  ),
  GetAllInfos: method('', ({ app }) => ({ qInfos: allInfos(app) })),
  GetObjects: method('qOptions', ({ app, params }) => ({
    qList: objectsOfTypes(app, params.object('qOptions')),
  })),
  ClearUndoBuffer: method('', () => done),
  GetField: method('qFieldName qStateName', ({ app, params }) => {
    const name = params.text('qFieldName')
    const field = fieldOf(app.session.view, name)
    if (field === undefined) throw objectNotFound(name)
    return returned(
      app.handles.envelope({
        type: 'Field',
        id: field.name,
        state: params.text('qStateName') || '$',
      }),
    )
  }),
}

const selectionMethods: MethodTable<DocCall> = {
  ClearAll: method('qLockedAlso qStateName', ({ app, params }) => {
    app.session.clearAll({
      includeLocked: params.flag('qLockedAlso'),
      ...(params.has('qStateName') && params.text('qStateName') !== ''
        ? { state: params.text('qStateName') }
        : {}),
    })
    return done
  }),
  LockAll: method('qStateName', ({ app, params }) => {
    app.session.lockAll(params.text('qStateName') || '$')
    return done
  }),
  UnlockAll: method('qStateName', ({ app, params }) => {
    app.session.unlockAll(params.text('qStateName') || '$')
    return done
  }),
  Back: method('', ({ app }) => ({ qSuccess: app.session.back() })),
  Forward: method('', ({ app }) => ({ qSuccess: app.session.forward() })),
  BackCount: method('', ({ app }) => returned(app.session.backCount)),
  ForwardCount: method('', ({ app }) => returned(app.session.forwardCount)),
  AddAlternateState: method('qStateName', ({ app, params }) => {
    app.session.addState(params.text('qStateName'))
    return done
  }),
  RemoveAlternateState: method('qStateName', ({ app, params }) => {
    app.session.removeState(params.text('qStateName'))
    return done
  }),
  AbortModal: method('qAccept', ({ app, params }) => {
    app.endModal(params.flag('qAccept'))
    return done
  }),
}

/** Source: https://help.qlik.com/en-US/sense-developer/Subsystems/EngineJSONAPI/Content/classes-doc.htm */
export const docMethods: MethodTable<DocCall> = {
  ...appMethods,
  ...selectionMethods,
  ...docContentMethods,
  ...docExpressionMethods,
  ...docReloadMethods,
}
