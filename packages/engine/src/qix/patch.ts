import type { Json, JsonObject } from '../app/document.ts'
import { QixError } from './error-codes.ts'

/** One NxPatch: `qValue` is JSON text. */
export interface Patch {
  readonly qOp: string
  readonly qPath: string
  readonly qValue?: string
}

/** Segments that would reach a prototype instead of a member. */
const barred = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Applies patches to properties and returns the new properties; the given ones stay as they are. `replace` on a missing path creates it, as clients rely on.
 * Source: https://help.qlik.com/en-US/sense-developer/Subsystems/EngineJSONAPI/Content/models-nxpatch.htm
 */
export function applyPatches(properties: JsonObject, patches: readonly Patch[]): JsonObject {
  return patches.reduce<JsonObject>((current, patch) => {
    const path = patch.qPath.split('/').slice(1)
    if (path.some((segment) => barred.has(segment)))
      throw new QixError('invalid-params', `The path ${patch.qPath} is not allowed`, 'qPath')
    const operation = patch.qOp.toLowerCase()
    if (operation !== 'add' && operation !== 'replace' && operation !== 'remove') {
      throw new QixError('invalid-params', `Unknown patch operation ${patch.qOp}`, 'qOp')
    }
    const value = operation === 'remove' ? undefined : parseValue(patch)
    const next =
      path.length === 0 || path[0] === '' ? value : change(current, path, operation, value)
    if (!isObject(next)) throw new QixError('invalid-params', 'Properties are an object', 'qPath')
    return next
  }, properties)
}

function parseValue(patch: Patch): Json {
  try {
    return JSON.parse(patch.qValue ?? 'null')
  } catch {
    throw new QixError(
      'invalid-params',
      `The value of the patch on ${patch.qPath} is not JSON`,
      'qValue',
    )
  }
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function change(
  node: Json | undefined,
  path: readonly string[],
  operation: 'add' | 'replace' | 'remove',
  value: Json | undefined,
): Json {
  const [key = '', ...rest] = path
  if (Array.isArray(node)) {
    const items: Json[] = [...node]
    const index = key === '-' ? items.length : Number(key)
    if (!Number.isInteger(index) || index < 0 || index > items.length)
      throw new QixError('invalid-params', `No array item ${key}`, 'qPath')
    if (rest.length > 0) items[index] = change(items[index], rest, operation, value)
    else if (operation === 'remove') items.splice(index, 1)
    else if (operation === 'add') items.splice(index, 0, value ?? null)
    else items[index] = value ?? null
    return items
  }
  const members: { [key: string]: Json } = isObject(node) ? { ...node } : {}
  if (rest.length > 0) members[key] = change(members[key], rest, operation, value)
  else if (operation === 'remove') delete members[key]
  else members[key] = value ?? null
  return members
}
