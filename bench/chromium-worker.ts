// The engine in a Web Worker: `kernels chromium` bundles this and serves it beside the data. What was measured goes to the page as one message.
import { urlReader } from '@lichen/loader'
import { measurePasses, type Passes } from './kernels/passes.ts'

/** What the page hears. */
export type WorkerReply = { readonly passes: Passes } | { readonly error: string }

const reply = (message: WorkerReply): void => self.postMessage(message)
const { origin, search } = self.location
const asked = new URLSearchParams(search)
const places = {
  star: `${origin}/star/`,
  wide: `${origin}/wide/`,
  reader: (root: string) => urlReader({ root }),
}
measurePasses(places, Number(asked.get('rows')), Number(asked.get('seed'))).then(
  (passes) => reply({ passes }),
  (error: unknown) =>
    reply({ error: error instanceof Error ? (error.stack ?? '') : String(error) }),
)
