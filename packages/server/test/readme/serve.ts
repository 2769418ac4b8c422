import { serve } from '@lichen/server'

const serving = await serve({ host: '127.0.0.1', port: 0, apps: 'apps', data: 'data' })
await serving.stop()
