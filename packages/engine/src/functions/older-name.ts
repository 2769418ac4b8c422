import type { ScalarFunction } from './function.ts'

const olderNames: readonly (readonly [older: string, name: string])[] = [
  ['NumAvg', 'RangeAvg'],
  ['NumCount', 'RangeNumericCount'],
  ['NumMax', 'RangeMax'],
  ['NumMin', 'RangeMin'],
  ['NumSum', 'RangeSum'],
  ['ProductVersion', 'EngineVersion'],
  ['QlikViewVersion', 'EngineVersion'],
  ['WildMatch5', 'WildMatch'],
]

/** Functions under the names they had before: same arguments, same results. */
export function functionsUnderOlderNames(
  functions: readonly ScalarFunction[],
): readonly ScalarFunction[] {
  return olderNames.flatMap(([older, name]) =>
    functions
      .filter((entry) => entry.name === name)
      .map((entry) => ({
        ...entry,
        name: older,
        signature: entry.signature.replace(name, older),
        meaning: `older name of ${name}: ${entry.meaning}`,
        source:
          'https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/functions-statements-not-recommended.htm',
      })),
  )
}
