// page.js
import { portSocket } from '@lichen/sdk'
import enigma from 'enigma.js'
import schema from 'enigma.js/schemas/12.2027.0.json'

const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })
const session = enigma.create({
  schema,
  url: 'ws://worker/app/SessionApp_sales',
  createSocket: portSocket(worker),
})
const global = await session.open()
const app = await global.getActiveDoc()

export { app, session, worker }
