import {
  AccessError,
  LichenError,
  LoadError,
  type TableReader,
  type TableWriter,
} from '@lichen/engine'
import { type Guarded, type Route, routedReader } from './routed-reader.ts'
import { parseSourcePath } from './source-path.ts'
import { isWebAddress } from './web-reader.ts'

/**
 * Several places under one reader: `lib://name/folder/file` is `folder/file` of the reader of that name, a relative path goes to `relative`, an
 * http(s) address to `web`, both unchanged. Whatever readers can do beyond `resolve` and `open` is handed on: a place that cannot tell of files
 * tells nothing, and what else it cannot do is an error.
 * @throws LoadError `source-not-found` for a name or kind of path nobody serves; AccessError; errors of a reader with its library in the message;
 * LichenError `invalid-argument` for two names equal but for case
 */
export function libraryReader(
  libraries: Readonly<Record<string, TableReader>>,
  relative?: TableReader,
  web?: TableReader,
): TableReader {
  const routes = new Routes(libraries, relative, web)
  return routedReader((path) => routes.of(path), routes.all())
}

/** The same for STORE: `lib://name/file` is `file` of the writer of that name, a relative path goes to `relative`. @throws as `libraryReader` */
export function libraryWriter(
  libraries: Readonly<Record<string, TableWriter>>,
  relative?: TableWriter,
): TableWriter {
  const routes = new Routes(libraries, relative)
  return {
    async store(path, clause, table, cancellation) {
      const { place, below, guarded } = routes.of(path)
      await guarded(() => place.store(below, clause, table, cancellation))
    },
  }
}

class Routes<Place extends object> {
  readonly #libraries: Map<string, Place>
  readonly #relative: Place | undefined
  readonly #web: Place | undefined

  constructor(libraries: Readonly<Record<string, Place>>, relative?: Place, web?: Place) {
    const entries = Object.entries(libraries)
    this.#libraries = new Map(entries.map(([name, place]) => [name.toLowerCase(), place]))
    this.#relative = relative
    this.#web = web
    if (this.#libraries.size < entries.length)
      throw new LichenError('invalid-argument', 'Two libraries have one name; case does not count')
  }

  of(path: string): Route<Place> {
    if (isWebAddress(path)) return unchanged(path, this.#web, 'addresses are not read here')
    const { library, segments } = parseSourcePath(path)
    if (library === undefined)
      return unchanged(path, this.#relative, 'there is no root; write lib://connection/file')
    const place = this.#libraries.get(library.toLowerCase())
    if (place === undefined) throw new LoadError('source-not-found', `${path}: no such connection`)
    const prefix = `lib://${library}/`
    const below = segments.join('/')
    const guarded: Guarded = async (work) => {
      try {
        return await work()
      } catch (error) {
        throw named(prefix, below, error)
      }
    }
    return { place, below, guarded, full: (name) => prefix + name }
  }

  all(): Place[] {
    const places = [...this.#libraries.values(), this.#relative, this.#web]
    return places.filter((place) => place !== undefined)
  }
}

function unchanged<Place>(path: string, place: Place | undefined, missing: string): Route<Place> {
  if (place === undefined)
    throw new LoadError(
      'source-not-found',
      isWebAddress(path) ? `An address was asked for: ${missing}` : `${path}: ${missing}`,
    )
  return { place, below: path, full: (name) => name, guarded: (work) => work() }
}

function named(prefix: string, below: string, error: unknown): unknown {
  if (!(error instanceof LichenError) || error.code === 'cancelled') return error
  const { code, details, message } = error
  const full = message.startsWith(below) ? prefix + message : `${prefix}${below}: ${message}`
  const options = { details, cause: error }
  if (error instanceof AccessError) return new AccessError(full, options)
  if (error instanceof LoadError) return new LoadError(code, full, options)
  return new LichenError(code, full, options)
}
