import type { ExpectedCell } from './cases.ts'

/** A cell as the engine answers it; NULL has neither part. */
export interface ActualCell {
  readonly text: string | null
  readonly number: number | null
  readonly others?: boolean
}

/** A table as the engine answers it. */
export interface AnsweredTable {
  readonly rows: readonly (readonly ActualCell[])[]
  readonly totals: readonly ActualCell[]
  /** Of a pivot table. */
  readonly subtotals: readonly (readonly ActualCell[])[]
}

/** Of the magnitude, where a case names no tolerance: what is left after a sum in another order. */
const relativeTolerance = 1e-9

export function matchesCell(actual: ActualCell, expected: ExpectedCell): boolean {
  if (expected === null) return actual.text === null
  if (typeof expected === 'string') return actual.text === expected
  if (typeof expected === 'number') return isNear(actual.number, expected, undefined)
  if (expected.any === true) return true
  if (expected.role === 'others') return actual.others === true
  const { t, n, tol, norm } = expected
  const sameNumber = n === undefined || isNear(actual.number, n, tol)
  if (t === undefined) return sameNumber
  if (actual.text === null) return false
  const sameText =
    norm === 'nospace' ? withoutBlanks(actual.text) === withoutBlanks(t) : actual.text === t
  return sameText && sameNumber
}

export function matchesRow(
  actual: readonly ActualCell[],
  expected: readonly ExpectedCell[],
): boolean {
  return (
    actual.length === expected.length &&
    expected.every((cell, i) => matchesCell(actual[i] ?? { text: null, number: null }, cell))
  )
}

/** In order, or as a multiset: tolerances overlap, so rows are assigned to each other by augmenting paths. */
export function matchesRows(
  actual: readonly (readonly ActualCell[])[],
  expected: readonly (readonly ExpectedCell[])[],
  ordered: boolean,
): boolean {
  if (actual.length !== expected.length) return false
  if (ordered) return expected.every((row, i) => matchesRow(actual[i] ?? [], row))
  const fits = expected.map((row) =>
    actual.flatMap((candidate, i) => (matchesRow(candidate, row) ? [i] : [])),
  )
  const takenBy = new Map<number, number>()
  const assign = (row: number, tried: Set<number>): boolean => {
    for (const candidate of fits[row] ?? []) {
      if (tried.has(candidate)) continue
      tried.add(candidate)
      const holder = takenBy.get(candidate)
      if (holder !== undefined && !assign(holder, tried)) continue
      takenBy.set(candidate, row)
      return true
    }
    return false
  }
  return expected.every((_, row) => assign(row, new Set()))
}

export function printCell({ text, number }: ActualCell): string {
  if (text === null) return 'NULL'
  return number === null || String(number) === text
    ? JSON.stringify(text)
    : `${JSON.stringify(text)}=${number}`
}

export function printRows(rows: readonly (readonly ActualCell[])[]): string {
  return rows.map((row) => `[${row.map(printCell).join(' ')}]`).join(' ')
}

function isNear(actual: number | null, expected: number, tolerance: number | undefined): boolean {
  if (actual === null) return false
  const allowed = tolerance ?? relativeTolerance * Math.max(1, Math.abs(expected))
  return Math.abs(actual - expected) <= allowed
}

function withoutBlanks(text: string): string {
  return text.replace(/\s/g, '')
}
