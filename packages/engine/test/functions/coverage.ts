import { join } from 'node:path'
import { readCases } from '../conformance/cases.ts'
import { type UsedFunction, usedInExpression, usedInScript } from './calls.ts'
import { type FunctionCase, functionCases, scriptOf } from './cases.ts'
import {
  findKnown,
  type Importance,
  type KnownFunction,
  knownOf,
  listedFunctions,
  refusalOf,
} from './known-functions.ts'

/** What one case shows of a function. */
export interface Example {
  readonly expression: string
  readonly script: string
  readonly select: FunctionCase['select']
  readonly expect: FunctionCase['expect']
}

/** Functions that a case uses, by key; undefined where no case has one value for an expression. */
export const examples: ReadonlyMap<string, Example | undefined> = collectExamples()

/** Every function a case runs: those of its expression and those of its script. */
export function usedIn({ expression, script }: { expression: string; script: string }): readonly UsedFunction[] {
  return [...usedInExpression(expression, 'chart'), ...usedInScript(script)]
}

/** How many functions of each importance are carried out, and which are not. */
export function printCoverage(): string {
  const lines = ([1, 2, 3] as const).flatMap((importance) => coverageLines(importance))
  const uncovered = knownWithoutCase().map(({ key }) => key)
  return [
    ...lines,
    `Without a case: ${uncovered.length === 0 ? 'none' : uncovered.join(', ')}`,
    '',
  ].join('\n')
}

function coverageLines(importance: Importance): readonly string[] {
  const listed = listedFunctions.filter((each) => each.importance === importance)
  const missing = listed.filter(({ name }) => findKnown(name) === undefined)
  return [
    `Importance ${importance}: ${listed.length - missing.length} of ${listed.length}`,
    ...missing.map(({ name }) => `  ${name}: ${refusalOf(name) ?? 'not known here'}`),
  ]
}

export function knownWithoutCase(): readonly KnownFunction[] {
  return [...new Map(allKnown().map((known) => [known.key, known])).values()].filter(
    ({ key }) => !examples.has(key),
  )
}

function allKnown(): readonly KnownFunction[] {
  return [...byCategory().values()].flat()
}

function collectExamples(): ReadonlyMap<string, Example | undefined> {
  const found = new Map<string, Example | undefined>()
  for (const given of functionCases.filter(({ differs }) => differs === undefined)) {
    const key = findKnown(given.function)?.key
    if (key === undefined || found.has(key)) continue
    const { expression, select, expect } = given
    found.set(key, { expression, script: scriptOf(given), select, expect })
  }
  return found
}
