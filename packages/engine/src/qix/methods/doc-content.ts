import type { Bookmark, StoredObject } from '../../app/document.ts'
import { objectNotFound } from '../error-codes.ts'
import type { TargetOf } from '../handles.ts'
import {
  dimensionTarget,
  measureTarget,
  objectTarget,
  variableTarget,
} from '../handles-of-objects.ts'
import { objectAt, textAt } from '../json.ts'
import { bookmarkProperties, variableProperties } from '../lists.ts'
import type { OpenApp } from '../open-app.ts'
import { applyBookmark, bookmarkById, createBookmark, destroyBookmark } from './generic-bookmark.ts'
import {
  createVariable,
  destroyVariable,
  variableById,
  variableByName,
} from './generic-variable.ts'
import { type AppCall, type MethodTable, method, type Result, returned, success } from './method.ts'

type DocCall = AppCall<TargetOf<'Doc'>>

const objectMethods: MethodTable<DocCall> = {
  CreateObject: method('qProp', ({ app, params }) =>
    created(app, app.objects.create(params.object('qProp'))),
  ),
  CreateSessionObject: method('qProp', ({ app, params }) =>
    created(app, app.objects.create(params.object('qProp'), { session: true })),
  ),
  GetObject: method('qId', ({ app, params }) =>
    returned(app.handles.envelope(objectTarget(app, params.text('qId')))),
  ),
  DestroyObject: method('qId', ({ app, params }) => destroyed(app, params.text('qId'), 'object')),
  DestroySessionObject: method('qId', ({ app, params }) =>
    destroyed(app, params.text('qId'), 'object'),
  ),
  CreateDimension: method('qProp', ({ app, params }) =>
    created(app, app.objects.create(params.object('qProp'), { kind: 'dimension' })),
  ),
  GetDimension: method('qId', ({ app, params }) =>
    returned(app.handles.envelope(dimensionTarget(app, params.text('qId')))),
  ),
  DestroyDimension: method('qId', ({ app, params }) =>
    destroyed(app, params.text('qId'), 'dimension'),
  ),
  CreateMeasure: method('qProp', ({ app, params }) =>
    created(app, app.objects.create(params.object('qProp'), { kind: 'measure' })),
  ),
  GetMeasure: method('qId', ({ app, params }) =>
    returned(app.handles.envelope(measureTarget(app, params.text('qId')))),
  ),
  DestroyMeasure: method('qId', ({ app, params }) => destroyed(app, params.text('qId'), 'measure')),
}

const variableMethods: MethodTable<DocCall> = {
  CreateVariableEx: method('qProp', ({ app, params }) =>
    createdVariable(app, params.object('qProp'), false),
  ),
  CreateSessionVariable: method('qProp', ({ app, params }) =>
    createdVariable(app, params.object('qProp'), true),
  ),
  GetVariableById: method('qId', ({ app, params }) =>
    returned(app.handles.envelope(variableTarget(variableById(app, params.text('qId'))))),
  ),
  GetVariableByName: method('qName', ({ app, params }) =>
    returned(app.handles.envelope(variableTarget(variableByName(app, params.text('qName'))))),
  ),
  DestroyVariableById: method('qId', ({ app, params }) =>
    success(destroyVariable(app, ({ id }) => id === params.text('qId'), false)),
  ),
  DestroyVariableByName: method('qName', ({ app, params }) =>
    success(destroyVariable(app, ({ name }) => name === params.text('qName'), false)),
  ),
  DestroySessionVariable: method('qId', ({ app, params }) =>
    success(destroyVariable(app, ({ id }) => id === params.text('qId'), true)),
  ),
  DestroySessionVariableById: method('qId', ({ app, params }) =>
    success(destroyVariable(app, ({ id }) => id === params.text('qId'), true)),
  ),
}

const bookmarkMethods: MethodTable<DocCall> = {
  CreateBookmark: method('qProp', ({ app, params }) => {
    const bookmark = createBookmark(app, params.object('qProp'))
    return {
      ...returned(app.handles.envelope(bookmarkTarget(bookmark))),
      qInfo: bookmarkProperties(bookmark).qInfo ?? {},
    }
  }),
  GetBookmark: method('qId', ({ app, params }) =>
    returned(app.handles.envelope(bookmarkTarget(bookmarkById(app, params.text('qId'))))),
  ),
  ApplyBookmark: method('qId', ({ app, params }) =>
    success(applyBookmark(app, params.text('qId'))),
  ),
  DestroyBookmark: method('qId', ({ app, params }) =>
    success(destroyBookmark(app, params.text('qId'))),
  ),
}

export const docContentMethods: MethodTable<DocCall> = {
  ...objectMethods,
  ...variableMethods,
  ...bookmarkMethods,
}

function created(app: OpenApp, { id, kind, properties }: StoredObject): Result {
  const target =
    kind === 'dimension'
      ? dimensionTarget(app, id)
      : kind === 'measure'
        ? measureTarget(app, id)
        : objectTarget(app, id)
  return { ...returned(app.handles.envelope(target)), qInfo: properties.qInfo ?? {} }
}

function destroyed(app: OpenApp, id: string, kind: StoredObject['kind']): Result {
  if (app.objects.find(id)?.kind !== kind) throw objectNotFound(id)
  return success(app.objects.destroy(id))
}

function createdVariable(
  app: OpenApp,
  properties: Parameters<typeof createVariable>[1],
  session: boolean,
): Result {
  const variable = createVariable(app, properties, session)
  return {
    ...returned(app.handles.envelope(variableTarget(variable))),
    qInfo: variableProperties(variable).qInfo ?? {},
  }
}

function bookmarkTarget(bookmark: Bookmark): TargetOf<'GenericBookmark'> {
  return {
    type: 'GenericBookmark',
    id: bookmark.id,
    genericType: textAt(objectAt(bookmarkProperties(bookmark), 'qInfo'), 'qType') ?? '',
  }
}
