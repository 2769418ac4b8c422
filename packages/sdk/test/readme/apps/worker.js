// worker.js
import { serveApps } from '@lichen/sdk/worker'

serveApps(self, { libraries: { data: 'https://example.org/data/' } })
