import { seededRandom, zipfian } from './random.ts'
import { cents, drawn, type GeneratedTable, integers, table, texts } from './table.ts'

/** The eight charts of the brushing workload: a field and its number of positions. The first is the one brushed. */
export const brushCharts: readonly { readonly field: string; readonly positions: number }[] = [
  { field: 'distance', positions: 500 },
  { field: 'delay', positions: 200 },
  { field: 'duration', positions: 100 },
  { field: 'minute', positions: 60 },
  { field: 'day', positions: 31 },
  { field: 'hour', positions: 24 },
  { field: 'month', positions: 12 },
  { field: 'weekday', positions: 7 },
]

/** One flat table of 20 fields: eight small integers, five texts, three large integers, four amounts. The same seed gives the same data. */
export function generateWide(rows: number, seed: number): GeneratedTable {
  const random = seededRandom(seed)
  const named = (name: string, count: number): readonly string[] =>
    Array.from({ length: count }, (_, code) => `${name} ${code}`)
  const text = (name: string, count: number) =>
    texts(name, drawn(rows, zipfian(count, 0.7, random)), named(name, count))
  const large = (name: string, count: number) =>
    integers(
      name,
      drawn(rows, () => Math.floor(random() * count)),
    )
  const amount = (name: string, most: number) =>
    cents(
      name,
      drawn(rows, () => Math.floor(random() ** 2 * most)),
    )
  return table('wide', [
    ...brushCharts.map(({ field, positions }) =>
      integers(
        field,
        drawn(rows, () => Math.floor((random() + random()) * 0.5 * positions)),
      ),
    ),
    text('carrier', 12),
    text('origin', 300),
    text('aircraft', 2_000),
    text('tail', 20_000),
    text('remark', 100),
    large('flight', 8_000),
    large('crew', 50_000),
    large('ticket', 500_000),
    amount('fare', 200_000),
    amount('tax', 20_000),
    amount('fuel', 1_000_000),
    amount('fee', 5_000),
  ])
}
