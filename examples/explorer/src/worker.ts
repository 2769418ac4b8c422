import { serveQix } from '@lichen/sdk/worker'

/** The page sends one message: a port for QIX, and the address of the files behind `lib://data/`. */
self.addEventListener(
  'message',
  (event: MessageEvent<{ port: MessagePort; data: string }>) => {
    serveQix(event.data.port, { libraries: { data: event.data.data } })
  },
  { once: true },
)
