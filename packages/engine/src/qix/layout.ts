import type { Json, JsonObject } from '../app/document.ts'
import { numberOfExpression, textOfExpression } from './evaluate.ts'
import { hyperCubeLayout } from './hypercube-layout.ts'
import { expressionAt, isObject, textAt } from './json.ts'
import { listObjectLayout } from './list-object-layout.ts'
import { listLayouts } from './lists.ts'
import { metaOf } from './meta.ts'
import type { OpenApp } from './open-app.ts'
import { selectionObject } from './selection-object.ts'

/** How deep definitions may nest. */
const maxDepth = 64

interface Scope {
  readonly app: OpenApp
  readonly owner: string
  readonly state: string
}

/** The layout of a generic object: its effective properties with every definition replaced by its result. */
export function objectLayout(app: OpenApp, id: string): JsonObject {
  const properties = app.objects.effective(id)
  const state = textAt(properties, 'qStateName') ?? ''
  const { qMetaDef: _meta, qExtendsId, qStateName, ...rest } = properties
  return {
    ...members(rest, '', { app, owner: id, state }, 0),
    qMeta: metaOf(properties),
    qSelectionInfo: selectionInfo(app, id),
    ...(qExtendsId ? { qExtendsId } : {}),
    ...(app.objects.hasSoftPatches(id) ? { qHasSoftPatches: true } : {}),
    ...(qStateName ? { qStateName } : {}),
  }
}

function selectionInfo({ session }: OpenApp, id: string): JsonObject {
  if (session.modalOwner !== id) return {}
  return session.modalMoved
    ? { qInSelections: true, qMadeSelections: true }
    : { qInSelections: true }
}

function translate(node: Json, path: string, scope: Scope, depth: number): Json {
  if (depth > maxDepth) return node
  if (Array.isArray(node))
    return node.map((item: Json, index) => translate(item, `${path}/${index}`, scope, depth + 1))
  if (!isObject(node)) return node
  const text = expressionAt(node, 'qStringExpression')
  if (text !== undefined) return textOfExpression(scope.app, text, scope.state)
  const number = expressionAt(node, 'qValueExpression')
  if (number !== undefined) return numberOfExpression(scope.app, number, scope.state)
  return members(node, path, scope, depth)
}

function members(node: JsonObject, path: string, scope: Scope, depth: number): JsonObject {
  const layout: { [key: string]: Json } = {}
  for (const [key, value] of Object.entries(node)) {
    const below = `${path}/${key}`
    const definition = isObject(value) ? definitionLayout(key, value, below, scope) : undefined
    const [name, result] = definition ?? [key, translate(value, below, scope, depth + 1)]
    Object.defineProperty(layout, name, {
      value: result,
      enumerable: true,
      configurable: true,
      writable: true,
    })
  }
  return layout
}

function definitionLayout(
  key: string,
  given: JsonObject,
  path: string,
  scope: Scope,
): readonly [string, Json] | undefined {
  const { app, owner, state } = scope
  const list = listLayouts[key]
  if (list !== undefined) return [list[0], list[1](app, given, owner)]
  switch (key) {
    case 'qHyperCubeDef':
      return ['qHyperCube', hyperCubeLayout(app, evaluated(given, path, scope), owner, state)]
    case 'qListObjectDef':
      return [
        'qListObject',
        listObjectLayout(app, evaluated(given, path, scope), { owner, path, state }),
      ]
    case 'qSelectionObjectDef':
      return ['qSelectionObject', selectionObject(app, given, state)]
    default:
      return undefined
  }
}

/** Custom members of a definition may be expressions too. Only those change: a definition without any stays the very same object. */
function evaluated(def: JsonObject, path: string, scope: Scope): JsonObject {
  return /"q(?:String|Value)Expression"/.test(JSON.stringify(def))
    ? members(def, path, scope, 1)
    : def
}
