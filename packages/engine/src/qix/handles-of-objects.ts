import type { JsonObject, Variable } from '../app/document.ts'
import type { TargetOf } from './handles.ts'
import { objectAt, textAt } from './json.ts'
import type { OpenApp } from './open-app.ts'

/** @throws QixError `not-found` */
export function objectTarget(app: OpenApp, id: string): TargetOf<'GenericObject'> {
  return { type: 'GenericObject', id, genericType: typeOf(app.objects.get(id).properties) }
}

/** @throws QixError `not-found` */
export function dimensionTarget(app: OpenApp, id: string): TargetOf<'GenericDimension'> {
  return {
    type: 'GenericDimension',
    id,
    genericType: typeOf(app.objects.get(id, 'dimension').properties),
  }
}

/** @throws QixError `not-found` */
export function measureTarget(app: OpenApp, id: string): TargetOf<'GenericMeasure'> {
  return {
    type: 'GenericMeasure',
    id,
    genericType: typeOf(app.objects.get(id, 'measure').properties),
  }
}

export function variableTarget({ id }: Variable): TargetOf<'GenericVariable'> {
  return { type: 'GenericVariable', id, genericType: 'variable' }
}

function typeOf(properties: JsonObject): string {
  return textAt(objectAt(properties, 'qInfo'), 'qType') ?? ''
}
