import type { DimensionLimit, LimitComparison } from './definition.ts'

/** The values that compete with one another: `order[start]` to `order[end - 1]`, the first to be kept first. */
export interface Competition {
  readonly order: Uint32Array
  readonly start: number
  readonly end: number
  /** What each is measured by; NaN where that is no number. */
  readonly numbers: Float64Array
}

/** Sets `kept[row]` to 1 for the values of a competition that a limit keeps. */
export function markKept(
  limit: DimensionLimit,
  threshold: number,
  competition: Competition,
  kept: Uint8Array,
): void {
  switch (limit.mode) {
    case 'counted':
      markCounted(limit.countOthers === true && limit.others, threshold, competition, kept)
      return
    case 'exact':
      markCompared(limit, threshold, undefined, competition, kept)
      return
    case 'relative':
      markCompared(limit, threshold, totalOf(competition), competition, kept)
      return
    case 'accumulated':
      markAccumulated(limit, threshold, undefined, competition, kept)
      return
    case 'accumulated-relative':
      markAccumulated(limit, threshold, totalOf(competition), competition, kept)
  }
}

function markCounted(
  countsOthers: boolean,
  count: number,
  { order, start, end }: Competition,
  kept: Uint8Array,
): void {
  const room = countsOthers && end - start > count ? Math.max(0, count - 1) : count
  for (let at = start; at < end && at - start < room; at++) kept[order[at]!] = 1
}

/** What the numbers of a competition have a share of; NaN where that is nothing. */
function totalOf({ order, start, end, numbers }: Competition): number {
  let total = 0
  for (let at = start; at < end; at++) {
    const number = numbers[order[at]!]!
    if (!Number.isNaN(number)) total += number
  }
  return total === 0 ? Number.NaN : total
}

/** The share of a total, or the number itself where there is none. */
function inPercent(number: number, total: number | undefined): number {
  return total === undefined ? number : (100 * number) / total
}

interface Comparing {
  readonly compare: LimitComparison
  readonly keepNonNumbers?: boolean
}

function markCompared(
  { compare, keepNonNumbers = true }: Comparing,
  threshold: number,
  total: number | undefined,
  { order, start, end, numbers }: Competition,
  kept: Uint8Array,
): void {
  const holds = comparisonOf(compare)
  for (let at = start; at < end; at++) {
    const row = order[at]!
    const measured = inPercent(numbers[row]!, total)
    if (Number.isNaN(measured) ? keepNonNumbers : holds(measured, threshold)) kept[row] = 1
  }
}

function markAccumulated(
  { compare, keepNonNumbers = true }: Comparing,
  threshold: number,
  total: number | undefined,
  { order, start, end, numbers }: Competition,
  kept: Uint8Array,
): void {
  const holds = comparisonOf(compare)
  const reaches = compare === '>=' || compare === '>'
  let sum = 0
  let isOpen = true
  for (let at = start; at < end; at++) {
    const row = order[at]!
    const number = numbers[row]!
    if (Number.isNaN(inPercent(number, total))) {
      if (keepNonNumbers) kept[row] = 1
      continue
    }
    if (!isOpen) continue
    sum += number
    const isThere = holds(inPercent(sum, total), threshold)
    isOpen = isThere !== reaches
    if (reaches || isThere) kept[row] = 1
  }
}

function comparisonOf(compare: LimitComparison): (a: number, b: number) => boolean {
  switch (compare) {
    case '>=':
      return (a, b) => a >= b
    case '>':
      return (a, b) => a > b
    case '<=':
      return (a, b) => a <= b
    case '<':
      return (a, b) => a < b
  }
}
