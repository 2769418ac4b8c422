import type { Value } from '../value/dual.ts'
import {
  anyNumber,
  category,
  type FunctionContext,
  type ScalarFunction,
  textArg,
  truth,
} from './function.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** Deepest nesting that is read; deeper texts are not taken for JSON. */
const maxDepth = 512

function parseJson(text: string): Json | undefined {
  if (depthOf(text) > maxDepth) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Most brackets open at once, those inside strings included: an upper bound is enough. */
function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charAt(at)
    if (letter === '[' || letter === '{') depth += 1
    else if (letter === ']' || letter === '}') depth -= 1
    deepest = Math.max(deepest, depth)
  }
  return deepest
}

/** The keys of a JSON pointer, or undefined when it is none. Source: https://www.rfc-editor.org/rfc/rfc6901 */
function pointerKeys(path: string): readonly string[] | undefined {
  if (path === '') return []
  if (!path.startsWith('/')) return undefined
  return path
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function isObject(json: Json | undefined): json is { [key: string]: Json } {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}

function childOf(json: Json | undefined, key: string): Json | undefined {
  if (Array.isArray(json)) return /^(0|[1-9]\d*)$/.test(key) ? json[Number(key)] : undefined
  return isObject(json) && Object.hasOwn(json, key) ? json[key] : undefined
}

function jsonGet(args: readonly Value[], context: FunctionContext): Value {
  const found = locate(args, context)
  if (found === undefined) return null
  let json: Json | undefined = found.json
  for (const key of found.keys) json = childOf(json, key)
  return json === undefined ? null : JSON.stringify(json)
}

function locate(
  args: readonly Value[],
  context: FunctionContext,
): { json: Json; keys: readonly string[] } | undefined {
  const json = parseJson(textArg(args, 0, context) ?? '')
  const keys = pointerKeys(textArg(args, 1, context) ?? '')
  return json === undefined || keys === undefined ? undefined : { json, keys }
}

function jsonSet(args: readonly Value[], context: FunctionContext): Value {
  const found = locate(args, context)
  const value = parseJson(textArg(args, 2, context) ?? '')
  if (found === undefined || value === undefined) return null
  const last = found.keys[found.keys.length - 1]
  if (last === undefined) return JSON.stringify(value)
  let parent: Json | undefined = found.json
  for (const key of found.keys.slice(0, -1)) parent = childOf(parent, key)
  return putChild(parent, last, value) ? JSON.stringify(found.json) : null
}

/**
 * Each value in its place, text as a JSON string; NULL takes out what is there.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/StringFunctions/JsonSetEx.htm
 */
function jsonSetEx(args: readonly Value[], context: FunctionContext): Value {
  let json = parseJson(textArg(args, 0, context) ?? '')
  if (json === undefined || args.length % 2 === 0) return null
  for (let index = 1; index < args.length; index += 2) {
    const keys = pointerKeys(textArg(args, index, context) ?? '')
    const last = keys?.[keys.length - 1]
    const value = args[index + 1] ?? null
    if (keys === undefined) return null
    if (last === undefined) {
      json = jsonOf(value)
      continue
    }
    let parent: Json | undefined = json
    for (const key of keys.slice(0, -1)) parent = childOf(parent, key)
    if (value === null) takeChild(parent, last)
    else if (!putChild(parent, last, jsonOf(value))) return null
  }
  return JSON.stringify(json)
}

function takeChild(parent: Json | undefined, key: string): void {
  if (childOf(parent, key) === undefined) return
  if (Array.isArray(parent)) parent.splice(Number(key), 1)
  else if (isObject(parent)) delete parent[key]
}

function putChild(parent: Json | undefined, key: string, value: Json): boolean {
  if (Array.isArray(parent)) {
    const index = key === '-' ? parent.length : /^(0|[1-9]\d*)$/.test(key) ? Number(key) : -1
    if (index < 0 || index > parent.length) return false
    parent[index] = value
    return true
  }
  if (!isObject(parent)) return false
  // Defined, not assigned, so that a key such as __proto__ is data like any other.
  Object.defineProperty(parent, key, {
    value,
    enumerable: true,
    writable: true,
    configurable: true,
  })
  return true
}

function isJson(args: readonly Value[], context: FunctionContext): Value {
  const json = parseJson(textArg(args, 0, context) ?? '')
  const type = textArg(args, 1, context)?.toLowerCase() ?? 'value'
  if (json === undefined) return truth(false)
  return truth(type === 'value' || type === typeOf(json))
}

function typeOf(json: Json): string {
  if (json === null) return 'null'
  return Array.isArray(json) ? 'array' : typeof json
}

/** Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/StringFunctions/JsonObject.htm */
function jsonObject(args: readonly Value[], context: FunctionContext): Value {
  const object: { [key: string]: Json } = {}
  for (let index = 0; index + 1 < args.length; index += 2) {
    const value = args[index + 1] ?? null
    if (value !== null) putChild(object, textArg(args, index, context) ?? '', jsonOf(value))
  }
  return JSON.stringify(object)
}

function jsonOf(value: Value): Json {
  return value === null || typeof value === 'number' || typeof value === 'string'
    ? value
    : value.text
}

export const jsonFunctions: readonly ScalarFunction[] = category(
  'string',
  'StringFunctions/string-functions.htm',
  [
    { signature: 'IsJson(json [,type])', meaning: 'validity test', max: 2, evaluate: isJson },
    {
      signature: 'JsonGet(json, path)',
      meaning: 'value at an RFC 6901 path as JSON text',
      min: 2,
      evaluate: jsonGet,
    },
    {
      signature: 'JsonSet(json, path, value)',
      meaning: 'JSON with a value set',
      min: 3,
      evaluate: jsonSet,
    },
    {
      signature: 'JsonSetEx(json, path, value {, path, value})',
      meaning: 'JSON with values set or, where they are NULL, taken out',
      min: 3,
      max: anyNumber,
      evaluate: jsonSetEx,
    },
    {
      signature: 'JsonArray(e {,e})',
      meaning: 'JSON array text of values',
      min: 0,
      max: anyNumber,
      evaluate: (args) => JSON.stringify(args.map(jsonOf)),
    },
    {
      signature: 'JsonObject(k, v {,k, v})',
      meaning: 'JSON object text; what is NULL is left out',
      min: 0,
      max: anyNumber,
      evaluate: jsonObject,
    },
  ],
)
