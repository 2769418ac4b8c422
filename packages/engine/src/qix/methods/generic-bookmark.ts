import type { Bookmark, JsonObject } from '../../app/document.ts'
import { objectNotFound, QixError } from '../error-codes.ts'
import type { TargetOf } from '../handles.ts'
import { objectAt, textAt } from '../json.ts'
import { bookmarkProperties, patchesOf } from '../lists.ts'
import { metaOf } from '../meta.ts'
import type { OpenApp } from '../open-app.ts'
import { applyPatches } from '../patch.ts'
import { type AppCall, done, type MethodTable, method, type Result, success } from './method.ts'

type BookmarkCall = AppCall<TargetOf<'GenericBookmark'>>

/** Source: https://help.qlik.com/en-US/sense-developer/Subsystems/EngineJSONAPI/Content/classes-genericbookmark.htm */
export const genericBookmarkMethods: MethodTable<BookmarkCall> = {
  GetLayout: method('', ({ app, target }) => ({ qLayout: layout(bookmarkById(app, target.id)) })),
  GetProperties: method('', ({ app, target }) => ({
    qProp: bookmarkProperties(bookmarkById(app, target.id)),
  })),
  GetInfo: method('', ({ app, target }) => ({
    qInfo: bookmarkProperties(bookmarkById(app, target.id)).qInfo ?? {},
  })),
  SetProperties: method('qProp', ({ app, target, params }) =>
    change(app, target.id, params.object('qProp')),
  ),
  ApplyPatches: method('qPatches', ({ app, target, params }) =>
    change(
      app,
      target.id,
      applyPatches(
        bookmarkProperties(bookmarkById(app, target.id)),
        patchesOf(params.objects('qPatches')),
      ),
    ),
  ),
  Apply: method('', ({ app, target }) => success(applyBookmark(app, target.id))),
}

/** @throws QixError `not-found` */
export function bookmarkById(app: OpenApp, id: string): Bookmark {
  const bookmark = app.document.bookmarks.get(id)
  if (bookmark === undefined) throw objectNotFound(id)
  return bookmark
}

export function createBookmark(app: OpenApp, properties: JsonObject): Bookmark {
  const id = textAt(objectAt(properties, 'qInfo'), 'qId') || app.document.newId('bookmark')
  if (app.document.bookmarks.has(id))
    throw new QixError('already-exists', 'A bookmark of that id exists already', id)
  const bookmark: Bookmark = {
    id,
    title: titleOf(properties),
    properties,
    selections: app.session.capture(),
  }
  store(app, bookmark)
  return bookmark
}

export function applyBookmark(app: OpenApp, id: string): boolean {
  app.session.restore(bookmarkById(app, id).selections)
  return true
}

export function destroyBookmark(app: OpenApp, id: string): boolean {
  if (!app.document.bookmarks.delete(id)) return false
  app.document.events.emit('content', { ids: [id] })
  return true
}

function change(app: OpenApp, id: string, properties: JsonObject): Result {
  store(app, { ...bookmarkById(app, id), title: titleOf(properties), properties })
  return done
}

function store(app: OpenApp, bookmark: Bookmark): void {
  app.document.bookmarks.set(bookmark.id, bookmark)
  app.document.events.emit('content', { ids: [bookmark.id] })
}

function titleOf(properties: JsonObject): string {
  return textAt(objectAt(properties, 'qMetaDef'), 'title') ?? ''
}

function layout(bookmark: Bookmark): JsonObject {
  const properties = bookmarkProperties(bookmark)
  const states = Object.entries(bookmark.selections).map(([state, { fields }]) => ({
    qStateName: state,
    qFieldItems: fields.map(({ name, values, locked }) => ({
      qDef: { qName: name, qType: 'PRESENT' },
      qLocked: locked,
      qValues: values.map((value) =>
        typeof value === 'object'
          ? { qText: value.text, qIsNumeric: true, qNumber: value.number }
          : {
              qText: String(value),
              qIsNumeric: typeof value === 'number',
              qNumber: typeof value === 'number' ? value : 0,
            },
      ),
    })),
  }))
  return {
    ...properties,
    qMeta: metaOf(properties),
    qBookmark: {
      qStateData: states,
      qUtcModifyTime: 0,
      qVariableItems: [],
      qPatches: [],
      qUtcRecallTime: 0,
    },
  }
}
