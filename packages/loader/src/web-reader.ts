import { AccessError, LoadError, type TableReader } from '@lichen/engine'
import { allowedAddresses } from './allowed-addresses.ts'
import { routedReader } from './routed-reader.ts'
import { addressReader, type FetchOptions } from './url.ts'

export interface WebReaderOptions extends FetchOptions {
  /** Hosts that may be asked: `host`, `*.host`, `host:port`, `https://host`. */
  readonly allow: readonly string[]
}

/**
 * Reads `FROM [https://host/path]` when the host is on the allow-list. Redirects are followed within the list, up to `redirects`. On a server
 * `fetch` should be `pinnedFetch`, so that an allowed name cannot lead into the private network.
 * @throws LoadError `source-not-found`, `source-unsupported`, `source-malformed`, `budget-exceeded`; AccessError for every other address
 */
export function webReader(options: WebReaderOptions): TableReader {
  const allows = allowedAddresses(options.allow)
  const readerOf = (shown: string, address: string): TableReader =>
    addressReader(() => ({ name: shown, address }), allows, options)
  return routedReader(
    (path) => {
      const address = parsedAddress(path)
      if (!allows(address))
        throw new AccessError(
          'The address is not among those a script may read; ask for its host to be allowed',
        )
      const shown = shownAddress(address)
      // Below, the query is not there: the extension that names a format stands before it, and it may hold a key.
      return {
        place: readerOf(shown, address.href),
        below: shown,
        full: () => path,
        guarded: (work) => work(),
      }
    },
    [readerOf('', '')],
  )
}

export function isWebAddress(path: string): boolean {
  return /^https?:\/\//i.test(path)
}

/** An address without its query and fragment, which may hold a key or a signature. */
function shownAddress({ origin, pathname }: URL): string {
  return origin + pathname
}

function parsedAddress(path: string): URL {
  if (!isWebAddress(path))
    throw new LoadError('source-not-found', 'The path is no address; write https://host/file')
  // What a parser would drop or turn around silently is refused.
  for (let i = 0; i < path.length; i++)
    if (path.charCodeAt(i) < 0x20 || path[i] === '\\')
      throw new AccessError('The address holds a backslash or a control character')
  if (!URL.canParse(path)) throw new LoadError('source-not-found', 'The address cannot be read')
  const address = new URL(path)
  address.hash = ''
  return address
}
