import { createApp } from '@lichen/engine'

const app = await createApp({
  script: `Sales: LOAD * INLINE [
Region, City, Day, Amount
EU, Oslo, 2023-11-30, 10
EU, Rome, 2024-02-10, 20
US, Reno, 2024-01-05, 7
];`,
})
const pivot = app.pivot({
  rows: ['Region', 'City'],
  columns: ['=Year(Day)'],
  measures: ['Sum(Amount)'],
  totals: 'after',
})
const table = pivot.read()
table.rowHeadings // EU with Oslo, Rome and Totals inside, US with Reno and Totals, Totals
table.columnHeadings // 2023, 2024, Totals
table.page(0, 2) // 10, null, 10 for Oslo; null, 20, 20 for Rome

const year = app.field('=Year(Day)')
year.select([2024])
const inYear = app.evaluate('Sum(Amount)').number // 27
year.clear()

const place = {
  definition: 'Region',
  group: { kind: 'drill-down', definitions: ['Region', 'City'] },
} as const
const largest = {
  definition: 'City',
  limit: { mode: 'counted', count: 1, from: 'largest', others: true },
} as const
const places = app.cube({ dimensions: [place], measures: ['Sum(Amount)'] })
places.page() // EU 30, US 7; with EU selected Oslo 10, Rome 20
const cities = app.cube({ dimensions: [largest], measures: ['Sum(Amount)'] })
cities.page() // Rome 20, Others 17

app.setVariable('vRate', 'Max(Day)')
const found = app.dependencies('Sum({<Region={EU}>} Amount) * $(vRate)')
found.fields // Region, Amount, Day
found.functions // Sum, Max
found.variables // vRate

export { app, cities, found, inYear, places, table }
