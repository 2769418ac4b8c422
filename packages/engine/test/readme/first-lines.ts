import { createApp } from '@lichen/engine'

const app = createApp({ tables: { Sales: { Region: ['EU', 'US'], Amount: [5, 7] } } })
app.field('Region').select(['EU'])
app.evaluate('Sum(Amount)').number // 5

export { app }
