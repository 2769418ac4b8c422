export { CubeCache } from '../hypercube/cube-cache.ts'
