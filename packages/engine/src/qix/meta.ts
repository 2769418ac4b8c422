import type { JsonObject } from '../app/document.ts'
import { objectAt } from './json.ts'

/** What everybody who can open the app may do; access is decided when the app is opened and by the view. */
const privileges = ['read', 'update', 'delete', 'exportdata']

/** `qMeta` of a layout: the author's `qMetaDef` and what the user may do. */
export function metaOf(properties: JsonObject): JsonObject {
  return { ...objectAt(properties, 'qMetaDef'), privileges }
}
