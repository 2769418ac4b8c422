export { AppStore, type StoredApp } from './app-store.ts'
export type { User } from './identity.ts'
export { type RunReport, runScript } from './run-script.ts'
export {
  defaultServeLimits,
  type ServeLimits,
  type ServeOptions,
  type Serving,
  serve,
} from './serve.ts'
