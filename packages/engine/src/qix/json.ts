import type { Json, JsonObject } from '../app/document.ts'

/** Readers of untrusted JSON: a member of the wrong type reads as absent. */

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function objectAt(from: JsonObject | undefined, key: string): JsonObject | undefined {
  const value = from?.[key]
  return isObject(value) ? value : undefined
}

export function listAt(from: JsonObject | undefined, key: string): readonly Json[] {
  const value = from?.[key]
  return Array.isArray(value) ? value : []
}

export function objectsAt(from: JsonObject | undefined, key: string): readonly JsonObject[] {
  return listAt(from, key).filter(isObject)
}

export function textAt(from: JsonObject | undefined, key: string): string | undefined {
  const value = from?.[key]
  return typeof value === 'string' ? value : undefined
}

/** A text, or an expression given as `{qv}` or `{qExpr}`. */
export function expressionAt(from: JsonObject | undefined, key: string): string | undefined {
  const value = from?.[key]
  if (typeof value === 'string') return value === '' ? undefined : value
  if (typeof value === 'number') return String(value)
  if (!isObject(value)) return undefined
  return expressionAt(value, 'qv') ?? expressionAt(value, 'qExpr')
}

export function numberAt(from: JsonObject | undefined, key: string): number | undefined {
  const value = from?.[key]
  return typeof value === 'number' ? value : undefined
}

export function flagAt(from: JsonObject | undefined, key: string): boolean {
  return from?.[key] === true
}

/** `/qHyperCubeDef/qMeasures/0` → the node there, or undefined. */
export function nodeAt(root: Json, path: string): Json | undefined {
  let node: Json | undefined = root
  for (const segment of path.split('/').slice(1)) {
    if (segment === '') continue
    if (Array.isArray(node)) node = node[Number(segment)]
    else if (isObject(node) && Object.hasOwn(node, segment)) node = node[segment]
    else return undefined
  }
  return node
}

/** The same without members that are undefined. */
export function present(members: { readonly [key: string]: Json | undefined }): JsonObject {
  const kept: { [key: string]: Json } = {}
  for (const [key, value] of Object.entries(members)) if (value !== undefined) kept[key] = value
  return kept
}

/** Numbers that JSON has no word for travel as the text "NaN". */
export function wireNumber(number: number): Json {
  return Number.isFinite(number) ? number : 'NaN'
}
