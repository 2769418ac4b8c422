import { parentPort } from 'node:worker_threads'
import { serveApps } from '../src/worker.ts'

if (parentPort !== null) serveApps(parentPort)
