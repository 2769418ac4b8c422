import { LichenError } from '../../src/base/errors.ts'
import type { ConformanceCase, ExpectedCell } from './cases.ts'
import { matchesCell, matchesRow, matchesRows, printCell, printRows } from './cells.ts'
import { type Answer, answer } from './engine-under-test.ts'

export type Verdict = 'passed' | 'failed' | 'notBuilt'

export interface Outcome {
  readonly id: string
  readonly verdict: Verdict
  /** Why not; empty when passed. One line. */
  readonly reason: string
}

export type Counts = Readonly<Record<Verdict, number>>

/** The committed record of what this build passes. */
export interface Snapshot {
  readonly topics: Readonly<Record<string, Counts>>
  readonly passing: readonly string[]
}

/** Codes and words by which this build refuses what it does not have. */
const notBuiltCodes: ReadonlySet<string> = new Set([
  'section-access-unavailable',
  'unsupported-function',
  'source-unsupported',
])
const notBuiltWords = /\bnot (?:yet )?built\b|\bis not available here\b/

export async function runCase(given: ConformanceCase): Promise<Outcome> {
  const missing = missingFeature(given)
  if (missing !== undefined) return { id: given.id, verdict: 'notBuilt', reason: missing }
  try {
    const difference = isDenied(given.expect)
      ? await notDenied(given)
      : differenceOf(given, await answer(given))
    if (difference === undefined) return { id: given.id, verdict: 'passed', reason: '' }
    return { id: given.id, verdict: 'failed', reason: difference }
  } catch (error) {
    const notBuilt =
      error instanceof LichenError &&
      (notBuiltCodes.has(error.code) || notBuiltWords.test(error.message))
    return { id: given.id, verdict: notBuilt ? 'notBuilt' : 'failed', reason: reasonOf(error) }
  }
}

function missingFeature(given: ConformanceCase): string | undefined {
  if (given.limit !== undefined) return 'dimension limits of this kind'
  return undefined
}

function isDenied(expected: ConformanceCase['expect']): boolean {
  return (
    typeof expected === 'object' &&
    expected !== null &&
    'denied' in expected &&
    expected.denied === true
  )
}

async function notDenied(given: ConformanceCase): Promise<string | undefined> {
  try {
    await answer(given)
  } catch (error) {
    if (error instanceof LichenError && error.code === 'access-denied') return undefined
    throw error
  }
  return 'opening was not refused'
}

function differenceOf(given: ConformanceCase, got: Answer): string | undefined {
  for (const name of given.fields?.present ?? [])
    if (!got.fields.includes(name)) return `the field ${name} is missing`
  for (const name of given.fields?.absent ?? [])
    if (got.fields.includes(name)) return `the field ${name} is visible`
  const { expect } = given
  const { table } = got
  if (table === undefined) return valueDifference(got, expect)
  if (!isRows(expect)) return 'the case expects no rows'
  if (!matchesRows(table.rows, expect, given.ordered === true))
    return `expected ${JSON.stringify(expect)}, got ${printRows(table.rows)}`
  if (given.totals !== undefined && !matchesRow(table.totals, given.totals))
    return `expected totals ${JSON.stringify(given.totals)}, got ${printRows([table.totals])}`
  if (given.subtotals !== undefined && !matchesRows(table.subtotals, given.subtotals, false))
    return `expected subtotals ${JSON.stringify(given.subtotals)}, got ${printRows(table.subtotals)}`
  return undefined
}

function valueDifference(got: Answer, expected: ConformanceCase['expect']): string | undefined {
  if (isRows(expected)) return 'the case expects rows'
  for (const [context, value] of got.values)
    if (!matchesCell(value, expected))
      return `expected ${JSON.stringify(expected)}, got ${printCell(value)} in the ${context}`
  return undefined
}

function isRows(
  expected: ConformanceCase['expect'],
): expected is readonly (readonly ExpectedCell[])[] {
  return Array.isArray(expected)
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const [first = ''] = error.message.split('\n')
  return error instanceof LichenError ? `${error.code}: ${first}` : `${error.name}: ${first}`
}

export function snapshotOf(outcomes: ReadonlyMap<string, readonly Outcome[]>): Snapshot {
  const all = [...outcomes.values()].flat()
  return {
    topics: Object.fromEntries([...outcomes].map(([topic, own]) => [topic, countsOf(own)])),
    passing: all.filter(({ verdict }) => verdict === 'passed').map(({ id }) => id),
  }
}

export function countsOf(outcomes: readonly Outcome[]): Counts {
  const count = (verdict: Verdict) =>
    outcomes.filter((outcome) => outcome.verdict === verdict).length
  return { passed: count('passed'), failed: count('failed'), notBuilt: count('notBuilt') }
}

/** Topics by line, their sum, and below why each case that did not pass did not. */
export function printTable(outcomes: ReadonlyMap<string, readonly Outcome[]>): string {
  const all = [...outcomes.values()].flat()
  const line = (topic: string, own: readonly Outcome[]): string => {
    const { passed, failed, notBuilt } = countsOf(own)
    const cells = [passed, failed, notBuilt, own.length].map((count) => String(count).padStart(9))
    return topic.padEnd(24) + cells.join('')
  }
  const head =
    'topic'.padEnd(24) +
    ['passed', 'failed', 'not built', 'cases'].map((word) => word.padStart(9)).join('')
  const reasons = all
    .filter(({ verdict }) => verdict !== 'passed')
    .map(
      ({ id, verdict, reason }) =>
        `${verdict === 'failed' ? 'failed   ' : 'not built'} ${id}: ${reason.slice(0, 300)}`,
    )
  const topics = [...outcomes].map(([topic, own]) => line(topic, own))
  return [head, ...topics, line('all', all), '', ...reasons, ''].join('\n')
}
