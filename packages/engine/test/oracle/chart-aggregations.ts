import type { Aggregate } from './chart-tree.ts'
import {
  type ChartValue,
  collated,
  finite,
  identity,
  numberIn,
  textIn,
  Undecided,
} from './chart-value.ts'

/* Aggregations of lists of values, each after its public page. */

type Row = readonly ChartValue[]

/** `rows`: the arguments of each record. */
export function aggregateValues(
  { name, distinct, args }: Aggregate,
  rows: readonly Row[],
): ChartValue {
  const kind = name.toLowerCase()
  const counted = distinct
    ? distinctRows(rows, kind === 'firstsortedvalue' ? args.length : 1)
    : rows
  const values = counted.map(([first = null]) => first)
  const numbers = values.map(numberIn).filter((number) => number !== null)
  const sum = numbers.reduce((total, number) => total + number, 0)
  switch (kind) {
    case 'sum':
      return finite(sum)
    case 'avg':
      return finite(sum / numbers.length)
    case 'count':
      return values.filter((value) => value !== null).length
    case 'nullcount':
      return values.filter((value) => value === null).length
    case 'numericcount':
      return numbers.length
    case 'textcount':
      return values.filter((value) => typeof value === 'string').length
    case 'missingcount':
      return values.length - numbers.length
    case 'min':
      return ranked(numbers, counted, (a, b) => a - b)
    case 'max':
      return ranked(numbers, counted, (a, b) => b - a)
    case 'only':
      return onlyValue(values)
    case 'mode':
      return mode(values)
    case 'minstring':
      return extremeText(values, (a, b) => collated(a, b))
    case 'maxstring':
      return extremeText(values, (a, b) => collated(b, a))
    case 'concat':
      return concatenated(counted)
    case 'firstsortedvalue':
      return firstSorted(counted)
    default:
      throw new Error(`The oracle does not know ${name}`)
  }
}

/** Rows whose first arguments were not there before. One number with two texts shows either. */
function distinctRows(rows: readonly Row[], keys: number): readonly Row[] {
  const first = new Map<string, Row>()
  for (const row of rows) {
    const key = row.slice(0, keys).map(identity).join('\n')
    const before = first.get(key)
    if (before === undefined) first.set(key, row)
    else sameText(before[0] ?? null, row[0] ?? null)
  }
  return [...first.values()]
}

function sameText(a: ChartValue, b: ChartValue): void {
  if (textIn(a) !== textIn(b)) throw new Undecided('one number with two texts')
}

function ranked(
  numbers: readonly number[],
  rows: readonly Row[],
  order: (a: number, b: number) => number,
): ChartValue {
  const rank = rows[0]?.[1] ?? 1
  const sorted = [...new Set(numbers)].sort(order)
  return sorted[(numberIn(rank) ?? 1) - 1] ?? null
}

function onlyValue(values: readonly ChartValue[]): ChartValue {
  const present = values.filter((value) => value !== null)
  const [first = null] = present
  if (!present.every((value) => identity(value) === identity(first))) return null
  for (const value of present) sameText(first, value)
  return first
}

function mode(values: readonly ChartValue[]): ChartValue {
  const counts = new Map<string, { readonly value: ChartValue; count: number }>()
  for (const value of values) {
    if (value === null) continue
    const known = counts.get(identity(value))
    if (known === undefined) counts.set(identity(value), { value, count: 1 })
    else {
      sameText(known.value, value)
      known.count += 1
    }
  }
  const most = Math.max(0, ...[...counts.values()].map(({ count }) => count))
  const winners = [...counts.values()].filter(({ count }) => count === most)
  const [{ value = null } = {}] = winners
  if (winners.length !== 1) return null
  return value
}

/** The value whose text is first; it keeps its number. */
function extremeText(
  values: readonly ChartValue[],
  order: (a: string, b: string) => number,
): ChartValue {
  const [first = null] = values
    .filter((value) => value !== null)
    .sort((a, b) => order(textIn(a) ?? '', textIn(b) ?? ''))
  const alike = values.filter((value) => value !== null && textIn(value) === textIn(first))
  if (alike.some((value) => numberIn(value) !== numberIn(first)))
    throw new Undecided('one text with two numbers')
  return first
}

function concatenated(rows: readonly Row[]): ChartValue {
  const texts = rows.map(([value = null]) => textIn(value)).filter((text) => text !== null)
  if (texts.length === 0) return null
  return [...texts].sort(collated).join(textIn(rows[0]?.[1] ?? null) ?? '')
}

/** The value at the lowest weight; NULL when several have that. */
function firstSorted(rows: readonly Row[]): ChartValue {
  const weights = rows.map(([, weight = null]) => numberIn(weight)).filter((w) => w !== null)
  const lowest = Math.min(...weights)
  const found = rows.filter(([, weight = null]) => numberIn(weight) === lowest)
  if (found.some(([value = null]) => value === null)) throw new Undecided('NULL with a weight')
  return found.length === 1 ? (found[0]?.[0] ?? null) : null
}
