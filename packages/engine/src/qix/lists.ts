import type { Bookmark, Json, JsonObject, StoredObject, Variable } from '../app/document.ts'
import { dimensionLayout, measureLayout } from './item-layout.ts'
import { flagAt, isObject, nodeAt, objectAt, objectsAt, present, textAt } from './json.ts'
import { metaOf } from './meta.ts'
import type { OpenApp } from './open-app.ts'

/** Makes the layout of one list definition of an object. */
export type ListLayout = (app: OpenApp, def: JsonObject, owner: string) => JsonObject

/** Source: https://help.qlik.com/en-US/sense-developer/Subsystems/EngineJSONAPI/Content/models-fieldlistdef.htm */
export const fieldList: ListLayout = (app, def) => {
  const { view } = app.session
  const shown = view.fields.filter(
    ({ system, tags }) =>
      (flagAt(def, 'qShowSystem') || !system) &&
      (flagAt(def, 'qShowHidden') || !tags.includes('$hidden')),
  )
  return {
    qItems: shown.map((field) =>
      present({
        qName: field.name,
        qCardinal: field.symbols.count,
        qTags: field.tags,
        qIsHidden: field.tags.includes('$hidden') ? true : undefined,
        qIsSystem: field.system ? true : undefined,
        qSrcTables: flagAt(def, 'qShowSrcTables')
          ? field.places.flatMap(({ table }) => view.tables[table]?.name ?? [])
          : [],
      }),
    ),
  }
}

export const dimensionList: ListLayout = (app, def) => ({
  qItems: app.objects
    .all('dimension')
    .map((item) => listItem(item, dimensionLayout(app, item), def)),
})

export const measureList: ListLayout = (app, def) => ({
  qItems: app.objects.all('measure').map((item) => listItem(item, measureLayout(app, item), def)),
})

export const appObjectList: ListLayout = (app, def) => {
  const type = textAt(def, 'qType')
  const items = app.objects
    .all('object')
    .filter(
      ({ parent, properties }) =>
        parent === undefined && (!type || textAt(objectAt(properties, 'qInfo'), 'qType') === type),
    )
  return { qItems: items.map((item) => listItem(item, item.properties, def)) }
}

export const childList: ListLayout = (app, def, owner) => ({
  qItems: app.objects.get(owner).children.flatMap((id) => {
    const child = app.objects.find(id)
    return child === undefined ? [] : [listItem(child, app.objects.effective(id), def)]
  }),
})

export const bookmarkList: ListLayout = (app, def) => ({
  qItems: [...app.document.bookmarks.values()].map((bookmark) => {
    const properties = bookmarkProperties(bookmark)
    return {
      qInfo: properties.qInfo ?? {},
      qMeta: metaOf(properties),
      qData: picked(objectAt(def, 'qData'), properties),
    }
  }),
})

export const variableList: ListLayout = (app, def) => {
  const variables = [
    ...app.document.variables.values(),
    ...(flagAt(def, 'qShowSession') ? app.session.variables.values() : []),
  ]
  return {
    qItems: variables.map((variable) => {
      const properties = variableProperties(variable)
      return present({
        qName: variable.name,
        qDescription: variable.comment === '' ? undefined : variable.comment,
        qDefinition: variable.definition,
        qIsScriptCreated: variable.fromScript ? true : undefined,
        qInfo: properties.qInfo,
        qMeta: metaOf(properties),
        qData: picked(objectAt(def, 'qData'), properties),
      })
    }),
  }
}

export function variableProperties({ id, name, comment, definition }: Variable): JsonObject {
  return {
    qInfo: { qId: id, qType: 'variable' },
    qMetaDef: {},
    qName: name,
    qComment: comment,
    qDefinition: definition,
    qNumberPresentation: { qType: 'U', qnDec: 0, qUseThou: 0 },
    qIncludeInBookmark: false,
  }
}

export function bookmarkProperties({ id, properties, title }: Bookmark): JsonObject {
  const info = objectAt(properties, 'qInfo')
  const meta = objectAt(properties, 'qMetaDef')
  return {
    ...properties,
    qInfo: { ...info, qId: id, qType: textAt(info, 'qType') || 'bookmark' },
    qMetaDef: { title, ...meta },
  }
}

/** One object of a list: with the members of `qData` read from it. */
export function listItem(item: StoredObject, layout: JsonObject, def: JsonObject): JsonObject {
  return {
    qInfo: item.properties.qInfo ?? {},
    qMeta: metaOf(item.properties),
    qData: picked(objectAt(def, 'qData'), { ...item.properties, ...layout }),
  }
}

/** Values that are paths are read from the item, others copied. */
function picked(wanted: JsonObject | undefined, item: JsonObject): JsonObject {
  const data: { [key: string]: Json } = {}
  for (const [key, value] of Object.entries(wanted ?? {})) {
    if (typeof value === 'string' && value.startsWith('/')) {
      const found = nodeAt(item, value)
      if (found !== undefined) data[key] = found
    } else data[key] = isObject(value) ? picked(value, item) : value
  }
  return data
}

/** A list of objects of some types for `GetObjects`. */
export function objectsOfTypes(app: OpenApp, options: JsonObject): JsonObject[] {
  const types = Array.isArray(options.qTypes)
    ? options.qTypes.filter((type) => typeof type === 'string' && type !== '')
    : []
  const kinds = [
    ...app.objects.all('object', flagAt(options, 'qIncludeSessionObjects')),
    ...app.objects.all('dimension'),
    ...app.objects.all('measure'),
  ]
  const wanted = kinds.filter(
    ({ properties }) =>
      types.length === 0 || types.includes(textAt(objectAt(properties, 'qInfo'), 'qType') ?? ''),
  )
  return wanted.map((item) => listItem(item, item.properties, options))
}

/** Every shared object, for `GetAllInfos`. */
export function allInfos(app: OpenApp): Json[] {
  const objects = (['object', 'dimension', 'measure'] as const).flatMap((kind) =>
    app.objects.all(kind),
  )
  const bookmarks = [...app.document.bookmarks.values()].map(
    (bookmark) => bookmarkProperties(bookmark).qInfo ?? {},
  )
  const variables = [...app.document.variables.values()].map(({ id }) => ({
    qId: id,
    qType: 'variable',
  }))
  return [...objects.map(({ properties }) => properties.qInfo ?? {}), ...bookmarks, ...variables]
}

/** Definition member → result member and how it is made. */
export const listLayouts: Readonly<Record<string, readonly [result: string, layout: ListLayout]>> =
  {
    qFieldListDef: ['qFieldList', fieldList],
    qDimensionListDef: ['qDimensionList', dimensionList],
    qMeasureListDef: ['qMeasureList', measureList],
    qAppObjectListDef: ['qAppObjectList', appObjectList],
    qBookmarkListDef: ['qBookmarkList', bookmarkList],
    qVariableListDef: ['qVariableList', variableList],
    qChildListDef: ['qChildList', childList],
    qMediaListDef: ['qMediaList', () => ({ qItems: [] })],
    qUndoInfoDef: ['qUndoInfo', () => ({ qUndoCount: 0, qRedoCount: 0 })],
  }

/** Children of a sheet-like object by id and type. */
export function childInfos(app: OpenApp, id: string): Json[] {
  return app.objects
    .get(id)
    .children.flatMap((child) => app.objects.find(child)?.properties.qInfo ?? [])
}

/** Patches of `qPatches` parameters. */
export function patchesOf(
  patches: readonly JsonObject[],
): { qOp: string; qPath: string; qValue?: string }[] {
  return objectsAt({ patches }, 'patches').map((patch) => {
    const qValue = textAt(patch, 'qValue')
    return {
      qOp: textAt(patch, 'qOp') ?? 'replace',
      qPath: textAt(patch, 'qPath') ?? '',
      ...(qValue === undefined ? {} : { qValue }),
    }
  })
}
