import { seededRandom } from '../data/random.ts'
import {
  brandCount,
  brandName,
  categoryName,
  colorName,
  dateKey,
  nationCount,
  nationName,
  regions,
  segments,
  shipModes,
  starSizes,
  statuses,
} from '../data/star.ts'
import type { FieldSelection } from './task.ts'

export interface NamedSelections {
  readonly name: string
  readonly selections: readonly FieldSelection[]
}

const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index)

/** Twelve clicks from a single order to two thirds of the sales, on facts, keys and dimensions, in one to three fields. */
export function twelveSelections(rows: number): readonly NamedSelections[] {
  const { orders } = starSizes(rows)
  return [
    { name: 'one region', selections: [{ field: 'region', values: ['Europe'] }] },
    { name: 'one nation', selections: [{ field: 'nation', values: ['Nation 07'] }] },
    { name: 'one brand', selections: [{ field: 'brand', values: ['Brand 0042'] }] },
    { name: 'one year', selections: [{ field: 'year', values: [1995] }] },
    { name: 'three months', selections: [{ field: 'month', values: [199601, 199602, 199603] }] },
    { name: 'two statuses', selections: [{ field: 'status', values: ['closed', 'open'] }] },
    {
      name: 'category, region',
      selections: [
        { field: 'region', values: ['Asia'] },
        { field: 'category', values: ['Category 03', 'Category 11'] },
      ],
    },
    {
      name: 'segment, year, ship mode',
      selections: [
        { field: 'segment', values: ['Home', 'Office'] },
        { field: 'year', values: [1996, 1997] },
        { field: 'ship_mode', values: ['air', 'rail'] },
      ],
    },
    {
      name: '100 products',
      selections: [
        { field: 'product_key', values: numbers(0, 99).map((index) => index * 197 + 5) },
      ],
    },
    {
      name: 'one order',
      selections: [{ field: 'order_key', values: [Math.floor(orders / 3)] }],
    },
    { name: 'discounts', selections: [{ field: 'discount', values: numbers(0, 4) }] },
    {
      name: 'supplier nation, color, quarter',
      selections: [
        { field: 'supplier_nation', values: ['Nation 01', 'Nation 02', 'Nation 03'] },
        { field: 'color', values: numbers(10, 19).map(colorName) },
        { field: 'quarter', values: ['Q2'] },
      ],
    },
  ]
}

type Chooser = (random: () => number) => FieldSelection

const some = <T>(random: () => number, from: readonly T[], most: number): T[] => {
  const wanted = 1 + Math.floor(random() * most)
  const chosen = new Set<T>()
  while (chosen.size < wanted) {
    const value = from[Math.floor(random() * from.length)]
    if (value !== undefined) chosen.add(value)
  }
  return [...chosen]
}

/** Selections of a tenth of the rows or more: any two together leave something. */
const broad: readonly Chooser[] = [
  (random) => ({ field: 'region', values: some(random, regions, 3) }),
  (random) => ({ field: 'segment', values: some(random, segments, 3) }),
  (random) => ({ field: 'status', values: some(random, statuses, 2) }),
  (random) => ({ field: 'ship_mode', values: some(random, shipModes, 3) }),
  (random) => ({ field: 'year', values: some(random, numbers(1992, 1998), 3) }),
]

/** Selections of a few rows in a hundred or fewer. */
const narrow: readonly Chooser[] = [
  (random) => ({
    field: 'nation',
    values: some(random, numbers(0, nationCount - 1).map(nationName), 4),
  }),
  (random) => ({ field: 'category', values: some(random, numbers(0, 24).map(categoryName), 4) }),
  (random) => ({ field: 'color', values: some(random, numbers(0, 91).map(colorName), 9) }),
  (random) => ({
    field: 'brand',
    values: some(random, numbers(0, brandCount - 1).map(brandName), 20),
  }),
  (random) => {
    const first = Math.floor(random() * 2000)
    const days = 20 + Math.floor(random() * 300)
    const months = new Set(
      numbers(first, first + days).map((day) => Math.floor(dateKey(day) / 100)),
    )
    return { field: 'month', values: [...months] }
  },
]

/** A selection of the one may exclude all that is selected in the other. */
const related: Readonly<Record<string, string>> = { nation: 'region', month: 'year' }

/** Clicks as a user makes them: half of them in one field, the others in two or three, at most one of those narrow. */
export function randomSelections(count: number, seed: number): readonly NamedSelections[] {
  const random = seededRandom(seed)
  const choose = (from: readonly Chooser[]): FieldSelection | undefined =>
    from[Math.floor(random() * from.length)]?.(random)
  return Array.from({ length: count }, (_, index) => {
    const wanted = random() < 0.5 ? 1 : random() < 0.6 ? 2 : 3
    const byField = new Map<string, FieldSelection>()
    while (byField.size < wanted) {
      const chosen = choose(byField.size === 0 && random() < 0.7 ? narrow : broad)
      const clash = [...byField.keys()].some((field) => related[field] === chosen?.field)
      if (chosen !== undefined && !clash) byField.set(chosen.field, chosen)
    }
    return { name: `click ${index + 1}`, selections: [...byField.values()] }
  })
}
