export { type ServeAppsOptions, serveApps, type ThreadPort } from './serve-apps.ts'
export { type ServeQixOptions, serveQix } from './serve-qix.ts'
