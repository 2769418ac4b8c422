import type { Value } from '../value/dual.ts'
import { category, type FunctionContext, portOf, type ScalarFunction, textArg } from './function.ts'

function applyMap(args: readonly Value[], context: FunctionContext): Value {
  const map = textArg(args, 0, context) ?? ''
  const input = args[1] ?? null
  const { found, value } = portOf(context, 'applyMap', 'ApplyMap')(map, input)
  if (found) return value
  return args.length > 2 ? (args[2] ?? null) : input
}

/** At each place the longest key that fits is replaced; replacements are not searched again. */
function mapSubString(args: readonly Value[], context: FunctionContext): Value {
  const map = textArg(args, 0, context) ?? ''
  const text = textArg(args, 1, context)
  const entries = portOf(context, 'mapEntries', 'MapSubString')(map)
  if (text === null || entries === undefined) return text
  const byLength = [...entries]
    .filter(([from]) => from !== '')
    .sort(([a], [b]) => b.length - a.length)
  let result = ''
  for (let at = 0; at < text.length; ) {
    const entry = byLength.find(([from]) => text.startsWith(from, at))
    result += entry === undefined ? text.charAt(at) : entry[1]
    at += entry === undefined ? 1 : entry[0].length
  }
  return result
}

export const mappingFunctions: readonly ScalarFunction[] = category(
  'mapping',
  'MappingFunctions/mapping-functions.htm',
  [
    {
      signature: "ApplyMap('map', expr [,default])",
      meaning: 'mapped value, default, or the input',
      min: 2,
      max: 3,
      context: 'script',
      evaluate: applyMap,
    },
    {
      signature: "MapSubString('map', expr)",
      meaning: 'replace mapped substrings left to right, case sensitive',
      min: 2,
      context: 'script',
      evaluate: mapSubString,
    },
  ],
)
