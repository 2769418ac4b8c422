export { startThreads, type Threads, type ThreadsOptions } from './pool.ts'
