export { openSnapshot } from './open-snapshot.ts'
export { writeSnapshot } from './write-snapshot.ts'
