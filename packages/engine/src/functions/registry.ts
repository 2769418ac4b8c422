import { LichenError } from '../base/errors.ts'
import { levenshtein } from '../math/levenshtein.ts'
import { clockFunctions } from './clock.ts'
import { colorFunctions } from './color.ts'
import { conditionalFunctions, logicalFunctions } from './conditional.ts'
import { datePartFunctions } from './date-parts.ts'
import { dateRangeFunctions } from './date-range.ts'
import { fieldFunctions } from './field.ts'
import { fileFunctions } from './file.ts'
import { financeFunctions } from './finance.ts'
import { formattingFunctions } from './formatting.ts'
import type { ScalarFunction } from './function.ts'
import { geospatialFunctions } from './geospatial.ts'
import { hashFunctions } from './hash.ts'
import { interRecordFunctions } from './inter-record.ts'
import { interpretationFunctions } from './interpretation.ts'
import { jsonFunctions } from './json.ts'
import { mappingFunctions } from './mapping.ts'
import { numericFunctions } from './numeric.ts'
import { functionsUnderOlderNames } from './older-name.ts'
import { rangeFunctions } from './range.ts'
import { regexFunctions } from './regex-functions.ts'
import { statisticsFunctions } from './statistics.ts'
import { stringFunctions } from './string.ts'
import { systemFunctions } from './system.ts'
import { tableFunctions } from './table.ts'
import { unsupportedFunctions } from './unsupported.ts'
import { workDayFunctions } from './work-days.ts'

export type { FunctionContext, ScalarFunction } from './function.ts'
export type { FunctionPorts } from './ports.ts'

const functions: readonly ScalarFunction[] = [
  ...stringFunctions,
  ...hashFunctions,
  ...regexFunctions,
  ...jsonFunctions,
  ...numericFunctions,
  ...statisticsFunctions,
  ...financeFunctions,
  ...rangeFunctions,
  ...conditionalFunctions,
  ...logicalFunctions,
  ...datePartFunctions,
  ...dateRangeFunctions,
  ...workDayFunctions,
  ...clockFunctions,
  ...formattingFunctions,
  ...interpretationFunctions,
  ...colorFunctions,
  ...geospatialFunctions,
  ...mappingFunctions,
  ...interRecordFunctions,
  ...fieldFunctions,
  ...tableFunctions,
  ...fileFunctions,
  ...systemFunctions,
]

/** Every scalar function, each name once. */
export const scalarFunctions: readonly ScalarFunction[] = [
  ...functions,
  ...functionsUnderOlderNames(functions),
]

const byName: ReadonlyMap<string, ScalarFunction> = new Map(
  scalarFunctions.map((entry) => [entry.name.toLowerCase(), entry]),
)

/**
 * By name in any case; undefined when nothing is known by that name.
 * @throws LichenError `unsupported-function` for a known function that is not carried out here, with the reason
 */
export function findFunction(name: string): ScalarFunction | undefined {
  const found = byName.get(name.toLowerCase())
  const unsupported = unsupportedFunctions.get(name.toLowerCase())
  if (found === undefined && unsupported !== undefined)
    throw new LichenError(
      'unsupported-function',
      `${unsupported.name}() is not supported: ${unsupported.reason}`,
      { details: { function: unsupported.name } },
    )
  return found
}

/** The nearest known name, for a "did you mean"; undefined when none is near. `others` are names from elsewhere, such as aggregations. */
export function suggestFunction(name: string, others: readonly string[] = []): string | undefined {
  const lower = name.toLowerCase().slice(0, 64)
  let best: string | undefined
  let fewest = Math.max(1, Math.floor(lower.length / 3)) + 1
  for (const candidate of [...scalarFunctions.map((entry) => entry.name), ...others]) {
    const edits = levenshtein(lower, candidate.toLowerCase())
    if (edits >= fewest) continue
    fewest = edits
    best = candidate
  }
  return best
}
