import { join } from 'node:path'
import { type ConformanceCase, readCases } from '../conformance/cases.ts'
import { type UsedFunction, usedInExpression, usedInScript } from './calls.ts'
import { functionCases, isMet, type ReadCase } from './cases.ts'
import {
  findKnown,
  type Importance,
  type KnownFunction,
  knownFunctions,
  knownOf,
  listedFunctions,
  refusalOf,
  withoutCase,
} from './known-functions.ts'

/** Cases of this folder that have to pass, by key of their function. */
export const ownCases: ReadonlyMap<string, readonly ReadCase[]> = grouped(
  functionCases.filter(isMet),
  (given) => [findKnown(given.function)],
)

/** Conformance cases by key of every function they use. */
export const conformanceCases: ReadonlyMap<string, readonly ConformanceCase[]> = grouped(
  [...readCases(join(import.meta.dirname, '../conformance/cases')).values()].flat(),
  (given) => usedInConformance(given).map(knownOf),
)

/** Known functions that no case uses and that are not excused. */
export function withoutAnyCase(): readonly KnownFunction[] {
  return knownFunctions.filter(
    ({ key }) => !ownCases.has(key) && !conformanceCases.has(key) && withoutCase[key] === undefined,
  )
}

/** How many functions of each importance are carried out, and which are not and why. */
export function printCoverage(): string {
  const all = ([1, 2, 3] as const).flatMap(linesOf)
  const cases = [...ownCases.values()].flat().length
  return [
    ...all,
    `${cases} cases of their own; without any: ${namesWithoutCase()}`,
    ...reasons('answered otherwise than a page', ({ differs }) => differs),
    ...reasons('mistakes of pages, not counted', ({ pageMistake }) => pageMistake),
    '',
  ].join('\n')
}

function reasons(
  title: string,
  reasonOf: (given: ReadCase) => string | undefined,
): readonly string[] {
  const lines = functionCases.flatMap((given) => {
    const reason = reasonOf(given)
    return reason === undefined ? [] : [`  ${given.expression}: ${reason}`]
  })
  return [`${lines.length} ${title}`, ...lines]
}

function linesOf(importance: Importance): readonly string[] {
  const listed = listedFunctions.filter((each) => each.importance === importance)
  const missing = listed.filter(({ name }) => findKnown(name) === undefined)
  return [
    `importance ${importance}: ${listed.length - missing.length} of ${listed.length} functions`,
    ...missing.map(({ name }) => `  ${name}: ${refusalOf(name) ?? 'not known'}`),
  ]
}

function namesWithoutCase(): string {
  const names = [...withoutAnyCase().map(({ key }) => key), ...Object.keys(withoutCase)]
  return names.length === 0 ? 'none' : names.join(', ')
}

function usedInConformance(given: ConformanceCase): readonly UsedFunction[] {
  const { script, expression, contexts = [], cube } = given
  return [
    ...usedInScript(script),
    ...(expression === undefined ? [] : usedInExpression(expression, 'chart')),
    ...(expression !== undefined && contexts.includes('script')
      ? usedInExpression(expression, 'script')
      : []),
    ...[...(cube?.dimensions ?? []), ...(cube?.measures ?? [])].flatMap((text) =>
      usedInExpression(text, 'chart'),
    ),
  ]
}

function grouped<Case>(
  cases: readonly Case[],
  functionsOf: (given: Case) => readonly (KnownFunction | undefined)[],
): ReadonlyMap<string, readonly Case[]> {
  const groups = new Map<string, Case[]>()
  for (const given of cases)
    for (const key of new Set(functionsOf(given).map((known) => known?.key)))
      if (key !== undefined) {
        const group = groups.get(key)
        if (group === undefined) groups.set(key, [given])
        else group.push(given)
      }
  return groups
}
