// page.js
import { connect } from '@lichen/sdk'

const engine = connect(new Worker(new URL('./worker.js', import.meta.url), { type: 'module' }))
const app = await engine.createApp({ tables: { Orders: [{ Region: 'EU', Amount: 10 }] } })
await app.field('Region').select(['EU'])
const stop = await app
  .cube({ dimensions: ['Region'], measures: ['Sum(Amount)'] })
  .subscribe(async (result) => show(await result.page(0, 50)))
// and when it is no longer wanted
await stop()
engine.close()

export function show(rows) {
  show.rows = rows
}
