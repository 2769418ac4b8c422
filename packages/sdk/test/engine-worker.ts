import { serveApps, serveQix } from '../src/worker.ts'

serveQix(self)
serveApps(self)
