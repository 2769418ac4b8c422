import type { NamedSelections } from './selections.ts'
import type { ExpressionTask } from './task.ts'

type Chart = Pick<ExpressionTask, 'name' | 'dimensions' | 'measures' | 'sort' | 'sql'>

const conditions: readonly Chart[] = [
  {
    name: 'If of two conditions',
    dimensions: ['region', 'year'],
    measures: ['Sum(If(quantity > 10 and discount < 3, price * quantity, 0))'],
    sort: 'load',
    sql: [
      'SELECT region, year, coalesce(sum(price * quantity) FILTER (WHERE quantity > 10 AND discount < 3), 0) FROM {rows} GROUP BY region, year',
      'SELECT region, year, sum(CASE WHEN quantity > 10 AND discount < 3 THEN price * quantity ELSE 0 END) FROM {rows} GROUP BY region, year',
    ],
  },
  {
    name: 'share of a status',
    dimensions: ['brand'],
    measures: [`Sum(If(status='open', price)) / Sum(price)`],
    sort: 'load',
    sql: [
      `SELECT brand, coalesce(sum(price) FILTER (WHERE status = 'open'), 0) / sum(price) FROM {rows} GROUP BY brand`,
      `SELECT brand, sum(CASE WHEN status = 'open' THEN price ELSE 0 END) / sum(price) FROM {rows} GROUP BY brand`,
    ],
  },
  {
    name: 'sum of rounded products',
    dimensions: ['category'],
    measures: ['Sum(Round(price * (1 - discount / 100), 0.01))'],
    sort: 'load',
    // Halves are rounded up in decimals, as ours are: round(…, 2) alone takes what binary fractions make of them.
    sql: [
      'SELECT category, sum(round(price * (100 - discount) + 1e-6) / 100) FROM {rows} GROUP BY category',
      'SELECT category, sum(round(round(price * (1 - discount / 100) * 100, 6)) / 100) FROM {rows} GROUP BY category',
    ],
  },
]

const sets: readonly Chart[] = [
  {
    name: 'two sets',
    dimensions: ['category'],
    measures: ['Sum({<year={1996}>} price)', `Sum({1<region={'Europe'}>} price)`],
    sort: 'load',
    sql: [
      `SELECT category, sum(price) FILTER (WHERE year = 1996 AND {selected}), sum(price) FILTER (WHERE region = 'Europe') FROM {all} GROUP BY category`,
      `SELECT category, a, b
        FROM (SELECT category, sum(price) AS a FROM {rows} WHERE year = 1996 GROUP BY category)
        JOIN (SELECT category, sum(price) AS b FROM {all} WHERE region = 'Europe' GROUP BY category) USING (category)`,
    ],
  },
  {
    name: 'set of a search',
    dimensions: ['category'],
    measures: ['Sum({<brand={"Brand 00*"}>} price)'],
    sort: 'load',
    sql: [
      `SELECT category, sum(price) FROM {rows} WHERE brand LIKE 'Brand 00%' GROUP BY category`,
      `SELECT category, sum(price) FROM {rows} WHERE brand IN (SELECT DISTINCT brand FROM products WHERE brand LIKE 'Brand 00%') GROUP BY category`,
    ],
  },
]

const nested: readonly Chart[] = [
  {
    name: 'average of customers',
    dimensions: ['segment'],
    measures: ['Avg(Aggr(Sum(price), cust_key))'],
    sort: 'load',
    sql: [
      'SELECT segment, avg(s) FROM (SELECT segment, cust_key, sum(price) AS s FROM {rows} GROUP BY segment, cust_key) GROUP BY segment',
      'SELECT segment, avg(s) FROM (SELECT cust_key, sum(price) AS s FROM {sales} GROUP BY cust_key) JOIN customers USING (cust_key) GROUP BY segment',
      'SELECT segment, sum(price) / count(DISTINCT cust_key) FROM {rows} GROUP BY segment',
    ],
  },
  {
    name: 'most products of a customer in a year',
    dimensions: [],
    measures: ['Max(Aggr(Count(DISTINCT product_key), cust_key, year))'],
    sort: 'load',
    sql: [
      'SELECT max(n) FROM (SELECT count(DISTINCT product_key) AS n FROM {rows} GROUP BY cust_key, year)',
      'SELECT max(n) FROM (SELECT count(*) AS n FROM (SELECT DISTINCT cust_key, year, product_key FROM {rows}) GROUP BY cust_key, year)',
    ],
  },
]

const betweenRows: readonly Chart[] = [
  {
    name: 'rank within the region',
    dimensions: ['region', 'nation'],
    measures: ['Rank(Sum(price))'],
    sort: 'value',
    sql: [
      'SELECT region, nation, rank() OVER (PARTITION BY region ORDER BY sum(price) DESC) FROM {rows} GROUP BY region, nation',
    ],
  },
  {
    name: 'rank of all brands',
    dimensions: ['brand'],
    // To whole cents, since some brands sell for the same, which sums of binary fractions do not always show.
    measures: ['Rank(TOTAL Round(Sum(price), 0.01), 1)'],
    sort: 'value',
    sql: [
      'SELECT brand, rank() OVER (ORDER BY round(sum(price), 2) DESC) FROM {rows} GROUP BY brand',
    ],
  },
  {
    name: 'change to the month before',
    dimensions: ['month'],
    measures: ['Sum(price) - Above(Sum(price))'],
    sort: 'value',
    sql: [
      'SELECT month, sum(price) - lag(sum(price)) OVER (ORDER BY month) FROM {rows} GROUP BY month',
    ],
  },
  {
    name: 'sum of twelve months',
    dimensions: ['month'],
    measures: ['RangeSum(Above(Sum(price), 0, 12))'],
    sort: 'value',
    sql: [
      'SELECT month, sum(sum(price)) OVER (ORDER BY month ROWS 11 PRECEDING) FROM {rows} GROUP BY month',
    ],
  },
]

const calculated: readonly Chart[] = [
  {
    name: 'by hundreds of the price',
    dimensions: ['=Floor(price/100)'],
    measures: ['Sum(quantity)'],
    sort: 'load',
    sql: ['SELECT floor(price / 100) AS hundreds, sum(quantity) FROM {rows} GROUP BY hundreds'],
  },
  {
    name: 'by a condition on the region',
    dimensions: [`=If(region='Europe','EU','Other')`],
    measures: ['Sum(quantity)'],
    sort: 'load',
    sql: [
      `SELECT CASE WHEN region = 'Europe' THEN 'EU' ELSE 'Other' END AS part, sum(quantity) FROM {rows} GROUP BY part`,
    ],
  },
]

const under: readonly NamedSelections[] = [
  { name: '', selections: [] },
  { name: ', one region', selections: [{ field: 'region', values: ['Europe'] }] },
]

/** Charts of the expression language over the star, without a selection and with one. */
export function expressionTasks(): readonly ExpressionTask[] {
  const charts = [...conditions, ...sets, ...nested, ...betweenRows, ...calculated]
  return under.flatMap(({ name, selections }) =>
    charts.map(
      (chart): ExpressionTask => ({
        ...chart,
        kind: 'expression',
        family: 'expressions',
        name: `${chart.name}${name}`,
        selections,
      }),
    ),
  )
}
