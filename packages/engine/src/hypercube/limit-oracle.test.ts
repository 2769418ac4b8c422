import fc from 'fast-check'
import { expect, test } from 'vitest'
import { environmentOf } from '../../test/oracle/environment.ts'
import { loadView } from '../../test/oracle/load.ts'
import type { DimensionLimit, LimitComparison } from './definition.ts'
import { computeCube } from './straight.ts'

/* Every limit over one to three dimensions, in one table and over a link, against plain lists of sales. */

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 1500)

type Field = 'shop' | 'item' | 'kind'
type MeasureName = 'Sum' | 'Max' | 'Avg'
type Cell = number | null
type Sale = Readonly<Record<Field | 'amount', Cell>>

interface AskedDimension {
  readonly field: Field
  readonly suppressNull: boolean
  readonly limit: DimensionLimit | undefined
}

const cell = (largest: number) =>
  fc.oneof({ weight: 8, arbitrary: fc.nat(largest) }, { weight: 1, arbitrary: fc.constant(null) })
const amount = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: -3, max: 12 }) },
  { weight: 2, arbitrary: fc.constant(null) },
)
const models = fc.record({
  // shop, item, amount
  sales: fc.array(fc.tuple(cell(2), cell(5), amount), { minLength: 1, maxLength: 25, size: 'max' }),
  // kind of item 0 … 5
  kinds: fc.tuple(cell(2), cell(2), cell(2), cell(2), cell(2), cell(2)),
})

const compare = fc.constantFrom<LimitComparison>('>=', '>', '<=', '<')
const from = fc.constantFrom('largest' as const, 'smallest' as const, 'first' as const)
const options = {
  others: fc.boolean(),
  by: fc.constantFrom(undefined, 'Sum(amount)', 'Max(amount)'),
  within: fc.constantFrom('outer' as const, 'all' as const),
  collapseInner: fc.boolean(),
}
const measured = { ...options, compare, keepNonNumbers: fc.boolean() }
const value = fc.integer({ min: -5, max: 30 })
const percent = fc.constantFrom(-20, 0, 5, 25, 50, 75, 100, 120)
const limits = fc
  .oneof(
    fc.record({
      ...options,
      mode: fc.constant('counted' as const),
      count: fc.nat(4),
      from,
      countOthers: fc.boolean(),
    }),
    fc.record({ ...measured, mode: fc.constant('exact' as const), value }),
    fc.record({ ...measured, mode: fc.constant('relative' as const), percent }),
    fc.record({ ...measured, mode: fc.constant('accumulated' as const), value, from }),
    fc.record({ ...measured, mode: fc.constant('accumulated-relative' as const), percent, from }),
  )
  .map(({ by, ...limit }): DimensionLimit => (by === undefined ? limit : { ...limit, by }))

const asked = fc.record({
  dimensions: fc.uniqueArray(
    fc.record({
      field: fc.constantFrom<Field>('shop', 'item', 'kind'),
      suppressNull: fc.boolean(),
      limit: fc.option(limits, { nil: undefined, freq: 4 }),
    }),
    { minLength: 1, maxLength: 3, selector: ({ field }) => field },
  ),
  first: fc.constantFrom<MeasureName>('Sum', 'Max', 'Avg'),
  shops: fc.option(fc.uniqueArray(fc.nat(2), { minLength: 1 }), { nil: undefined, freq: 2 }),
})

function aggregate(name: string, sales: readonly Sale[]): Cell {
  const amounts = sales.flatMap((sale) => (sale.amount === null ? [] : [sale.amount]))
  const sum = amounts.reduce((total, own) => total + own, 0)
  if (name === 'Sum') return sum
  if (amounts.length === 0) return null
  return name === 'Max' ? Math.max(...amounts) : sum / amounts.length
}

function holds(a: number, comparison: LimitComparison, b: number): boolean {
  if (comparison === '>=') return a >= b
  if (comparison === '>') return a > b
  return comparison === '<=' ? a <= b : a < b
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups: Record<string, T[]> = {}
  for (const item of items) {
    const key = keyOf(item)
    groups[key] = [...(groups[key] ?? []), item]
  }
  return Object.values(groups)
}

interface Candidate {
  readonly value: number
  readonly measure: Cell
}

/** The values a limit keeps of some, which come in load order. */
function keptOf(limit: DimensionLimit, candidates: readonly Candidate[]): readonly Candidate[] {
  const withNumber = candidates.flatMap(({ value: own, measure }) =>
    measure === null ? [] : [{ value: own, measure }],
  )
  const total = withNumber.reduce((sum, { measure }) => sum + measure, 0)
  const isShare = limit.mode === 'relative' || limit.mode === 'accumulated-relative'
  const numbers = isShare && total === 0 ? [] : withNumber
  const others = candidates.filter(
    (candidate) => !numbers.some(({ value: own }) => own === candidate.value),
  )
  if (limit.mode === 'counted') {
    const sorted = inOrder(limit.from, [...withNumber, ...others])
    const isFull = limit.countOthers === true && limit.others && sorted.length > Number(limit.count)
    return sorted.slice(0, Math.max(0, Number(limit.count) - (isFull ? 1 : 0)))
  }
  const threshold = Number('value' in limit ? limit.value : limit.percent)
  const inUnit = (number: number) => (isShare ? (100 * number) / total : number)
  const extra = limit.keepNonNumbers === false ? [] : others
  if (limit.mode === 'exact' || limit.mode === 'relative')
    return [
      ...numbers.filter(({ measure }) => holds(inUnit(measure), limit.compare, threshold)),
      ...extra,
    ]
  const sorted = inOrder(limit.from, numbers)
  const sumTo = (end: number) =>
    sorted.slice(0, end).reduce((sum, own) => sum + Number(own.measure), 0)
  const isThere = sorted.map((_, at) => holds(inUnit(sumTo(at + 1)), limit.compare, threshold))
  const end = limit.compare.startsWith('>') ? isThere.indexOf(true) + 1 : isThere.indexOf(false)
  const isEndless = limit.compare.startsWith('>') ? end === 0 : end === -1
  return [...(isEndless ? sorted : sorted.slice(0, end)), ...extra]
}

function inOrder(
  order: 'largest' | 'smallest' | 'first',
  candidates: readonly Candidate[],
): readonly Candidate[] {
  if (order === 'first') return [...candidates].sort((a, b) => a.value - b.value)
  const direction = order === 'largest' ? -1 : 1
  const numbers = candidates.filter(({ measure }) => measure !== null)
  const sorted = numbers.sort((a, b) => direction * (Number(a.measure) - Number(b.measure)))
  return [...sorted, ...candidates.filter(({ measure }) => measure === null)]
}

/** A sale with what its cells say: a value, `-` or `Others`. */
interface Labelled {
  readonly sale: Sale
  readonly labels: readonly string[]
}

/** `all`: also the sales that are not selected, for the order of values. */
function oracleRows(
  all: readonly Sale[],
  sales: readonly Sale[],
  dimensions: readonly AskedDimension[],
  measures: readonly MeasureName[],
): string[] {
  const loadOrder = (field: Field): readonly Cell[] => [...new Set(all.map((sale) => sale[field]))]
  let labelled: readonly Labelled[] = sales.map((sale) => ({ sale, labels: [] }))
  dimensions.forEach(({ field, limit }, at) => {
    const parted = grouped(labelled, ({ labels }) =>
      limit?.within === 'all' ? '' : JSON.stringify(labels),
    )
    labelled = parted.flatMap((part) => {
      const candidates = loadOrder(field).flatMap((own) => {
        const inPart = part.map(({ sale }) => sale).filter((sale) => sale[field] === own)
        if (own === null || inPart.length === 0) return []
        const measure = (limit?.by ?? measures[0] ?? '').replace('(amount)', '')
        return [{ value: own, measure: aggregate(measure, inPart) }]
      })
      const kept = limit === undefined ? candidates : keptOf(limit, candidates)
      return part.map(({ sale, labels }) => {
        const own = sale[field]
        const isKept = kept.some((candidate) => candidate.value === own)
        const label = own === null ? '-' : isKept ? String(own) : 'Others'
        const isCollapsed = dimensions
          .slice(0, at)
          .some((outer, index) => outer.limit?.collapseInner && labels[index] === 'Others')
        const collapsed = limit?.others === false ? '-' : 'Others'
        return { sale, labels: [...labels, isCollapsed ? collapsed : label] }
      })
    })
  })
  return grouped(labelled, ({ labels }) => JSON.stringify(labels))
    .filter(([row]) =>
      dimensions.every(
        ({ suppressNull, limit }, at) =>
          !(suppressNull && row?.labels[at] === '-') &&
          !(limit?.others === false && row?.labels[at] === 'Others'),
      ),
    )
    .map((rows) => {
      const own = rows.map(({ sale }) => sale)
      const cells = measures.map((name) => aggregate(name, own))
      return [...(rows[0]?.labels ?? []), ...cells.map((number) => number?.toPrecision(10) ?? '-')]
    })
    .map((row) => row.join(' '))
    .sort()
}

test('limits keep what plain lists say', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(models, asked, ({ sales, kinds }, { dimensions, first, shops }) => {
      const used = [...new Set(sales.flatMap(([, item]) => (item === null ? [] : [item])))]
      const view = loadView([
        { name: 'Sales', fields: ['shop', 'item', 'amount'], rows: sales },
        {
          name: 'Items',
          fields: ['item', 'kind'],
          // In the order of the sales, so that load order is the same in both.
          rows: used.map((item) => [item, kinds[item] ?? null]),
        },
      ])
      const selected = shops?.filter((shop) => sales.some(([own]) => own === shop))
      if (selected?.length === 0) return
      const measures: MeasureName[] = [first, 'Sum', 'Avg']
      const cube = computeCube(
        {
          dimensions: dimensions.map(({ field, suppressNull, limit }) => ({
            definition: field,
            suppressNull,
            ...(limit === undefined ? {} : { limit }),
          })),
          measures: measures.map((name) => ({ definition: `${name}(amount)` })),
        },
        environmentOf(view, selected === undefined ? {} : { selections: { shop: selected } }),
      )
      for (const { error } of [...cube.dimensions, ...cube.measures])
        if (error !== undefined) throw error
      const rows = cube
        .page(0, 0, cube.columns, cube.rows)
        .map((cells) =>
          cells
            .map(({ text, number, isNull }, column) =>
              isNull || column < dimensions.length ? text : number.toPrecision(10),
            )
            .join(' '),
        )
        .sort()
      const plain = sales.map(([shop, item, own]) => ({
        shop,
        item,
        amount: own,
        kind: item === null ? null : (kinds[item] ?? null),
      }))
      const allowed = plain.filter(
        ({ shop }) => selected === undefined || (shop !== null && selected.includes(shop)),
      )
      expect(rows).toEqual(oracleRows(plain, allowed, dimensions, measures))
    }),
    { seed, numRuns },
  )
})
