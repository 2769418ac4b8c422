import { seededRandom, zipfian } from './random.ts'
import { cents, drawn, type GeneratedTable, integers, table, texts } from './table.ts'

/** Facts first, so that a key field has its first place there. */
export type Star = Readonly<
  Record<'sales' | 'customers' | 'products' | 'suppliers' | 'dates', GeneratedTable>
>

export interface StarSizes {
  readonly orders: number
  readonly customers: number
  readonly products: number
  readonly suppliers: number
  readonly dates: number
}

export const regions: readonly string[] = ['Africa', 'America', 'Asia', 'Europe', 'Oceania']
export const segments: readonly string[] = ['Export', 'Home', 'Office', 'Public', 'Retail']
export const statuses: readonly string[] = ['closed', 'open', 'returned']
export const shipModes: readonly string[] = ['air', 'barge', 'mail', 'pipe', 'rail', 'road', 'ship']
const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
export const nationCount = 25
export const brandCount = 1000

export const nationName = (nation: number): string => `Nation ${padded(nation, 2)}`
export const brandName = (brand: number): string => `Brand ${padded(brand, 4)}`
export const categoryName = (category: number): string => `Category ${padded(category, 2)}`
export const colorName = (color: number): string => `Color ${padded(color, 2)}`

export function starSizes(rows: number): StarSizes {
  return {
    orders: Math.max(10, Math.floor(rows / 10)),
    customers: Math.max(100, Math.floor(rows / 100)),
    products: Math.min(20_000, rows),
    suppliers: Math.min(rows, Math.max(1000, Math.floor(rows / 1000))),
    dates: Math.min(2556, rows),
  }
}

/**
 * A star by shape: `rows` sales over four dimensions, 26 fields in all, skewed as real sales are and in no order. Every key occurs among the
 * sales, so that an inner join loses nothing and SQL sees the same values as associations do. The same seed gives the same data.
 */
export function generateStar(rows: number, seed: number): Star {
  const sizes = starSizes(rows)
  return {
    sales: sales(rows, sizes, seed),
    customers: customers(sizes.customers, seededRandom(seed + 1)),
    products: products(sizes.products, seededRandom(seed + 2)),
    suppliers: suppliers(sizes.suppliers, seededRandom(seed + 3)),
    dates: dates(sizes.dates),
  }
}

function sales(rows: number, sizes: StarSizes, seed: number): GeneratedTable {
  const random = seededRandom(seed)
  const key = (count: number, exponent: number, step: number): Int32Array =>
    covering(drawn(rows, zipfian(count, exponent, random)), count, step)
  const skewed = (count: number): Int32Array => drawn(rows, zipfian(count, 0.5, random))
  const dateKeys = key(sizes.dates, 0.3, 7_919)
  const keyOfDay = Int32Array.from({ length: sizes.dates }, (_, day) => dateKey(day))
  for (let row = 0; row < rows; row++) dateKeys[row] = keyOfDay[dateKeys[row] ?? 0] ?? 0
  return table('sales', [
    integers('order_key', key(sizes.orders, 0.4, 104_729)),
    integers('cust_key', key(sizes.customers, 0.7, 1_299_709)),
    integers('product_key', key(sizes.products, 0.8, 15_485_863)),
    integers('date_key', dateKeys),
    integers('supplier_key', key(sizes.suppliers, 0.6, 32_452_843)),
    integers(
      'quantity',
      drawn(rows, () => 1 + Math.floor(random() * 50)),
    ),
    integers('discount', skewed(11)),
    cents(
      'price',
      drawn(rows, () => 100 + Math.floor(random() ** 2 * 100_000)),
    ),
    texts('status', skewed(statuses.length), statuses),
    texts('ship_mode', skewed(shipModes.length), shipModes),
  ])
}

/** Deals every key out once, over rows far apart; what was drawn stays elsewhere. */
function covering(values: Int32Array, count: number, step: number): Int32Array {
  const rows = values.length
  let stride = step % rows
  while (commonDivisor(stride, rows) !== 1) stride++
  let row = 0
  for (let key = 0; key < count; key++) {
    values[row] = key
    row = (row + stride) % rows
  }
  return values
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b)
}

function customers(count: number, random: () => number): GeneratedTable {
  const nations = drawn(count, zipfian(nationCount, 0.5, random))
  return table('customers', [
    integers('cust_key', counting(count)),
    texts('nation', nations, named(nationCount, nationName)),
    texts(
      'region',
      nations.map((nation) => nation % regions.length),
      regions,
    ),
    texts(
      'segment',
      drawn(count, () => Math.floor(random() * segments.length)),
      segments,
    ),
    texts(
      'city',
      nations.map((nation) => nation * 10 + Math.floor(random() * 10)),
      named(nationCount * 10, (city) => `City ${padded(city, 3)}`),
    ),
  ])
}

function products(count: number, random: () => number): GeneratedTable {
  const brands = drawn(count, () => Math.floor(random() * brandCount))
  const among = (values: number): Int32Array => drawn(count, () => Math.floor(random() * values))
  return table('products', [
    integers('product_key', counting(count)),
    texts('brand', brands, named(brandCount, brandName)),
    texts(
      'category',
      brands.map((brand) => brand % 25),
      named(25, categoryName),
    ),
    texts('color', among(92), named(92, colorName)),
    integers(
      'size',
      among(50).map((size) => size + 1),
    ),
    texts(
      'container',
      among(40),
      named(40, (container) => `Container ${padded(container, 2)}`),
    ),
  ])
}

function suppliers(count: number, random: () => number): GeneratedTable {
  const nations = drawn(count, () => Math.floor(random() * nationCount))
  return table('suppliers', [
    integers('supplier_key', counting(count)),
    texts('supplier_nation', nations, named(nationCount, nationName)),
    texts(
      'supplier_region',
      nations.map((nation) => nation % regions.length),
      regions,
    ),
    integers(
      'rating',
      drawn(count, () => 1 + Math.floor(random() * 10)),
    ),
  ])
}

function dates(count: number): GeneratedTable {
  const days = counting(count)
  const keys = days.map((day) => dateKey(day))
  return table('dates', [
    integers('date_key', keys),
    integers(
      'year',
      keys.map((key) => Math.floor(key / 10_000)),
    ),
    texts(
      'quarter',
      keys.map((key) => Math.floor(((Math.floor(key / 100) % 100) - 1) / 3)),
      ['Q1', 'Q2', 'Q3', 'Q4'],
    ),
    integers(
      'month',
      keys.map((key) => Math.floor(key / 100)),
    ),
    texts(
      'weekday',
      days.map((day) => (day + 2) % 7),
      weekdays,
    ),
  ])
}

/** The day after 1992-01-01 as yyyymmdd. */
export function dateKey(day: number): number {
  const date = new Date(Date.UTC(1992, 0, 1 + day))
  return date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate()
}

function counting(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, index) => index)
}

function named(count: number, name: (code: number) => string): string[] {
  return Array.from({ length: count }, (_, code) => name(code))
}

function padded(number: number, digits: number): string {
  return String(number).padStart(digits, '0')
}
