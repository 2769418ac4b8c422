import type { JsonObject } from '../app/document.ts'
import { type CubePlace, cubePlace } from './cube-selection.ts'
import { QixError } from './error-codes.ts'
import { isObject, nodeAt, textAt } from './json.ts'
import type { ListPlace } from './list-object-layout.ts'
import type { OpenApp } from './open-app.ts'

/** A definition inside an object's effective properties. */
export interface Definition {
  readonly def: JsonObject
  readonly place: ListPlace
  readonly kind: 'cube' | 'list'
}

/** The hypercube or list object at a path such as `/qHyperCubeDef`. @throws QixError `invalid-params` */
export function definitionAt(app: OpenApp, owner: string, path: string): Definition {
  const properties = app.objects.effective(owner)
  const def = nodeAt(properties, path)
  const last = path.slice(path.lastIndexOf('/') + 1)
  if (!isObject(def) || (last !== 'qHyperCubeDef' && last !== 'qListObjectDef')) {
    throw new QixError('invalid-params', `There is no hypercube or list object at ${path}`, 'qPath')
  }
  return {
    def,
    place: { owner, path, state: textAt(properties, 'qStateName') ?? '' },
    kind: last === 'qHyperCubeDef' ? 'cube' : 'list',
  }
}

/** @throws QixError `invalid-params` */
export function cubeAt(
  app: OpenApp,
  owner: string,
  path: string,
): CubePlace & { readonly def: JsonObject } {
  const { def, place, kind } = definitionAt(app, owner, path)
  if (kind !== 'cube')
    throw new QixError('invalid-params', `There is no hypercube at ${path}`, 'qPath')
  return { ...cubePlace(app, def, owner, place.state), def }
}

/** @throws QixError `invalid-params` */
export function listAtPath(app: OpenApp, owner: string, path: string): Definition {
  const definition = definitionAt(app, owner, path)
  if (definition.kind !== 'list')
    throw new QixError('invalid-params', `There is no list object at ${path}`, 'qPath')
  return definition
}
