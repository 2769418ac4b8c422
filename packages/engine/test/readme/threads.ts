import { startThreads } from '@lichen/engine/threads'

const threads = startThreads() // one less than there are processors
await threads.stop()
