// worker.js
import { serveQix } from '@lichen/sdk/worker'

serveQix(self, { libraries: { data: 'https://example.org/data/' } })
