import { madeUpWords, picked } from '../data/names.ts'
import { seededRandom, shuffled, zipfian } from '../data/random.ts'

/** One record of the table that every format holds. */
export interface Order {
  readonly id: number
  /** A date in ISO form. */
  readonly day: string
  /** One of twelve texts. */
  readonly region: string
  /** Of a tenth as many as there are orders, at least ten; one in twenty is missing. */
  readonly customer: string | null
  /** A text of its own. */
  readonly note: string
  /** In hundredths. */
  readonly price: number
  /** 1 to 50; one in ten is missing. */
  readonly quantity: number | null
  /** 0 to 0.5 in hundredths; every other one is missing. */
  readonly discount: number | null
}

export type OrderField = keyof Order

export const orderFields: readonly OrderField[] = [
  'id',
  'day',
  'region',
  'customer',
  'note',
  'price',
  'quantity',
  'discount',
]

const days = 2556
const regions = [
  'Österreich',
  'Nord',
  'Süd',
  'West',
  'Île-de-France',
  '日本',
  'Overseas',
  'Łódź',
  'Alpine',
  'Coast',
  'Islands',
  'Midlands',
]
/** What texts must survive in CSV and in markup. */
const trimmings = ['', ', urgent', ' "as is"', ' & co', ' <new>', ' für Zoë']

/** The same seed gives the same orders; ids are 1 to `count`, in no order. */
export function generateOrders(count: number, seed: number): Order[] {
  const random = seededRandom(seed)
  const upTo = (limit: number): number => Math.floor(random() * limit)
  const words = madeUpWords(1500, random)
  const customers = Math.max(10, Math.floor(count / 10))
  const names = Array.from(
    { length: customers },
    (_, at) => `${picked(words, 2, random)} ${at.toString(36)}x`,
  )
  const drawCustomer = zipfian(customers, 0.7, random)
  const ids = shuffled(count, random)
  const firstDay = Date.UTC(2019, 0, 1)
  const isoDays = Array.from({ length: days }, (_, day) =>
    new Date(firstDay + day * 86_400_000).toISOString().slice(0, 10),
  )
  return Array.from(ids, (id) => ({
    id: id + 1,
    day: isoDays[upTo(days)] ?? '',
    region: regions[Math.floor(random() ** 2 * regions.length)] ?? '',
    customer: random() < 0.05 ? null : (names[drawCustomer()] ?? ''),
    note: `${picked(words, 3, random)} no. ${id + 1}${trimmings[upTo(trimmings.length)] ?? ''}`,
    price: (99 + upTo(100_000)) / 100,
    quantity: random() < 0.1 ? null : 1 + upTo(50),
    discount: random() < 0.5 ? null : upTo(51) / 100,
  }))
}

/** Days since 30 December 1899, as spreadsheets count them, of a date in ISO form. */
export function serialDay(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / 86_400_000 + 25_569
}
