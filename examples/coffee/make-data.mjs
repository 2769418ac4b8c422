// Writes the data of this example: a roaster with shops in three countries. Every run gives the same bytes.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const folder = join(import.meta.dirname, 'data')

/** Mulberry32: 0 ≤ r < 1. */
function randomOf(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const random = randomOf(7)
const pick = (list) => list[Math.floor(random() * list.length)]
const between = (low, high) => low + Math.floor(random() * (high - low + 1))
const write = (name, text) => {
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  writeFileSync(join(folder, name), text)
}
const csv = (rows, delimiter = ',') => `${rows.map((row) => row.join(delimiter)).join('\n')}\n`

const shops = [
  ['S01', 'Kaffeehaus Mitte', 'Berlin', 'DE', '2019-04-01', '52.52', '13.40'],
  ['S02', 'Hafenrösterei', 'Hamburg', 'DE', '2020-09-15', '53.55', '9.99'],
  ['S03', 'Isarbohne', 'München', 'DE', '2021-03-01', '48.14', '11.58'],
  ['S04', 'Thames Roasters', 'London', 'GB', '2018-01-10', '51.51', '-0.13'],
  ['S05', 'Old Town Coffee', 'Edinburgh', 'GB', '2022-05-20', '55.95', '-3.19'],
  ['S06', 'Kafé Söder', 'Stockholm', 'SE', '2019-11-02', '59.31', '18.07'],
  ['S07', 'Västra Hamnen', 'Malmö', 'SE', '2023-02-01', '55.61', '12.98'],
]
write(
  'shops.csv',
  csv([['shop_id', 'shop', 'city', 'country', 'opened', 'latitude', 'longitude'], ...shops], ';'),
)

const products = [
  ['P01', 'Yirgacheffe', 'Beans', 'single origin', 1450, ['floral', 'light']],
  ['P02', 'Sidamo', 'Beans', 'single origin', 1390, ['berry', 'light']],
  ['P03', 'Huehuetenango', 'Beans', 'single origin', 1320, ['cocoa', 'medium']],
  ['P04', 'House Blend', 'Beans', 'blend', 1090, ['nutty', 'medium']],
  ['P05', 'Night Shift', 'Beans', 'blend', 1150, ['dark', 'cocoa']],
  ['P06', 'Espresso', 'Drinks', 'coffee', 260, ['dark']],
  ['P07', 'Cappuccino', 'Drinks', 'coffee', 380, ['milk']],
  ['P08', 'Flat White', 'Drinks', 'coffee', 400, ['milk']],
  ['P09', 'Earl Grey', 'Drinks', 'tea', 340, ['floral']],
  ['P10', 'Cinnamon Bun', 'Bakery', 'sweet', 350, ['spice']],
  ['P11', 'Rye Sandwich', 'Bakery', 'savoury', 620, []],
  ['P12', 'Hand Grinder', 'Goods', 'tools', 5900, []],
]
write(
  'products.json',
  `${JSON.stringify(
    products.map(([id, name, group, kind, cents, notes]) => ({
      product_id: id,
      product: name,
      group,
      kind,
      list_price_eur: cents / 100,
      notes: notes.join('|'),
    })),
    null,
    1,
  )}\n`,
)

write(
  'rates.csv',
  csv([
    ['currency', 'valid_from', 'valid_to', 'eur_rate'],
    ['GBP', '2024-01-01', '2024-06-30', '1.17'],
    ['GBP', '2024-07-01', '2025-12-31', '1.19'],
    ['SEK', '2024-01-01', '2024-03-31', '0.089'],
    ['SEK', '2024-04-01', '2024-09-30', '0.087'],
    ['SEK', '2024-10-01', '2025-12-31', '0.088'],
    ['EUR', '2024-01-01', '2025-12-31', '1'],
  ]),
)

write(
  'staff.csv',
  csv([
    ['employee_id', 'boss_id', 'employee', 'shop_id'],
    ['E01', '', 'Ada Lund', ''],
    ['E02', 'E01', 'Ben Okafor', ''],
    ['E03', 'E01', 'Clara Weiss', ''],
    ['E04', 'E02', 'Dorian Price', 'S04'],
    ['E05', 'E02', 'Eilidh Muir', 'S05'],
    ['E06', 'E03', 'Finn Adler', 'S01'],
    ['E07', 'E03', 'Greta Hansen', 'S02'],
    ['E08', 'E03', 'Hanna Vogl', 'S03'],
    ['E09', 'E01', 'Ivar Nyström', 'S06'],
    ['E10', 'E09', 'Jonna Berg', 'S07'],
  ]),
)

const months = Array.from({ length: 15 }, (_, i) => {
  const date = new Date(Date.UTC(2024, i, 1))
  return date.toISOString().slice(0, 7)
})
write(
  'budget.csv',
  csv([
    ['country', 'group', ...months.slice(0, 12)],
    ...['DE', 'GB', 'SE'].flatMap((country) =>
      ['Beans', 'Drinks', 'Bakery', 'Goods'].map((group) => [
        country,
        group,
        ...months.slice(0, 12).map(() => between(8, 60) * 50),
      ]),
    ),
  ]),
)

write(
  'attributes.csv',
  csv([
    ['shop_id', 'attribute', 'value'],
    ...shops.flatMap(([id]) => [
      [id, 'seats', between(12, 60)],
      [id, 'terrace', pick(['yes', 'no'])],
      ...(random() < 0.6 ? [[id, 'roaster', pick(['drum 5 kg', 'drum 15 kg'])]] : []),
    ]),
  ]),
)

const currencyOf = { DE: 'EUR', GB: 'GBP', SE: 'SEK' }
const perEuro = { EUR: 1, GBP: 0.85, SEK: 11.4 }
const season = [0.9, 0.85, 0.95, 1, 1.05, 1.1, 1.15, 1.1, 1, 1, 1.1, 1.35, 0.95, 0.9, 1]
let line = 0
for (const [m, month] of months.entries()) {
  const rows = [
    ['line_id', 'day', 'time', 'shop_id', 'product_id', 'quantity', 'amount', 'currency', 'card'],
  ]
  const open = shops.filter(([, , , , opened]) => opened <= `${month}-28`)
  for (let sold = 0; sold < Math.round(260 * season[m]); sold++) {
    const [shop, , , country] = pick(open)
    const [product, , , , cents] = random() < 0.65 ? pick(products.slice(5, 11)) : pick(products)
    const quantity = random() < 0.8 ? 1 : between(2, 4)
    const currency = currencyOf[country]
    const amount = ((cents * quantity * perEuro[currency]) / 100).toFixed(2)
    const day = String(between(1, 28)).padStart(2, '0')
    const time = `${String(between(7, 18)).padStart(2, '0')}:${String(between(0, 59)).padStart(2, '0')}`
    const card = random() < 0.4 ? '' : `C${String(between(1, 120)).padStart(4, '0')}`
    line += 1
    rows.push([line, `${month}-${day}`, time, shop, product, quantity, amount, currency, card])
  }
  write(`sales/${month}.csv`, csv(rows))
}

// What the tills corrected afterwards: lines changed (U), and lines that never were (D).
const changes = [['line_id', 'operation', 'quantity', 'amount']]
for (let i = 0; i < 40; i++)
  changes.push(
    random() < 0.3
      ? [between(1, 3000), 'D', '', '']
      : [between(1, 3000), 'U', 2, (between(20, 90) / 10).toFixed(2)],
  )
write('corrections.csv', csv(changes))

const cards = [['card', 'name', 'since', 'favourite', 'tier_points']]
for (let i = 1; i <= 120; i++)
  cards.push([
    `C${String(i).padStart(4, '0')}`,
    `${pick(['Alma', 'Bo', 'Cem', 'Dina', 'Egon', 'Fay', 'Gus', 'Ida', 'Jon', 'Kim'])} ${pick(['Berg', 'Clarke', 'Daniels', 'Ek', 'Frost', 'Grün', 'Holm'])}`,
    `20${between(18, 24)}-${String(between(1, 12)).padStart(2, '0')}-15`,
    pick(['espresso', 'Flat white', 'TEA', 'beans', '']),
    between(0, 900),
  ])
write('cards.csv', csv(cards, '\t'))
