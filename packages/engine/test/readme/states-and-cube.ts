import { createApp } from '@lichen/engine'

const app = createApp({ tables: { Sales: { Region: ['EU', 'US'], Amount: [5, 7] } } })
app.field('Region').select(['EU'])
app.field('Region').values() // EU selected, US alternative
app.cube({ dimensions: ['Region'], measures: ['Sum(Amount)'] }).page()

export { app }
