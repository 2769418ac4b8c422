import {
  AccessError,
  type CancellationToken,
  LoadError,
  type TableReader,
  type TableWriter,
} from '@lichen/engine'
import type { ByteSource } from '../byte-source.ts'
import type { FormatEntry } from '../format.ts'
import {
  answerTo,
  defaultTimeout,
  type HttpAnswer,
  type HttpManner,
  type HttpRequest,
} from '../http-answer.ts'
import { type HttpFile, httpSource, knownSource } from '../http-source.ts'
import { createReader } from '../reader.ts'
import { matchesWildcard, parseSourcePath } from '../source-path.ts'
import { cancellable } from '../url.ts'
import { createWriter } from '../writer.ts'
import type { WrittenFormatEntry } from '../written-format.ts'
import { type UploadTarget, upload } from './upload.ts'

/** How files of a store are fetched and written. */
export interface StoreOptions {
  /** What stands before every path, e.g. `sales/2024`; a script cannot leave it. */
  readonly prefix?: string
  readonly fetch?: typeof globalThis.fetch
  /** Most bytes of one file; default 8 GiB. */
  readonly maxBytes?: number
  /** Milliseconds the store may send nothing; default 30,000. */
  readonly timeout?: number
  /** How often a request is sent again that broke off or that the store was too busy for; default 2. */
  readonly retries?: number
}

export interface StoreReaderOptions extends StoreOptions {
  readonly formats?: readonly FormatEntry[]
}

export interface StoreWriterOptions extends StoreOptions {
  readonly formats?: readonly WrittenFormatEntry[]
  /** Bytes of a part; what fits one is sent whole. Default 8 MiB, at least 5 MiB for most stores. */
  readonly partBytes?: number
}

/** A place of objects under keys; keys are whole, the prefix included. */
export interface Store {
  ask(
    name: string,
    method: 'GET' | 'HEAD',
    key: string,
    headers: Readonly<Record<string, string>>,
    cancellation: CancellationToken,
  ): Promise<HttpAnswer>
  /** Objects and folders right below a prefix of keys; a folder's key ends in a slash. */
  list(name: string, prefix: string, next: string | undefined): Promise<StorePage>
}

export interface StorePage {
  readonly objects: readonly StoredObject[]
  readonly folders: readonly string[]
  /** Where the next page begins. */
  readonly next: string | undefined
}

interface StoredObject {
  readonly key: string
  /** Bytes. */
  readonly size: number
  /** Milliseconds since 1970, UTC. */
  readonly modified: number | undefined
  readonly version: string
}

const maxEntries = 100_000
/** Entries that asking for a page counts as, so that a store that promises ever more pages is left. */
const pageCost = 100
const maxHeldBytes = 2 ** 30
const defaultPartBytes = 8 << 20

/** Reads the objects of a store below its prefix. `lib://any/file` and `file` are the same. */
export function storeReader(store: Store, options: StoreReaderOptions): TableReader {
  const { formats, maxBytes = 8 * 2 ** 30 } = options
  const root = folderKey(options.prefix)
  const readerWith = (token: CancellationToken): TableReader => {
    const fileAt = (name: string, key: string): HttpFile => ({
      name,
      maxHeld: Math.min(maxBytes, maxHeldBytes),
      ask: (method, headers = {}, cancellation = token) =>
        store.ask(name, method, key, headers, cancellation),
    })
    return createReader({
      ...(formats === undefined ? {} : { formats }),
      maxBytes,
      async find(path): Promise<ByteSource[]> {
        const { shown, segments, wildcard } = placeOf(path)
        if (!wildcard) return [await httpSource(fileAt(path, root + segments.join('/')))]
        const found = await expand(store, path, root, segments)
        return found.objects.map((object) =>
          knownSource(fileAt(shown + object.key.slice(root.length), object.key), {
            ...object,
            ranged: true,
          }),
        )
      },
      async folders(path) {
        const { shown, segments } = placeOf(path)
        const { folders } = await expand(store, path, root, segments)
        return folders.map((key) => shown + key.slice(root.length, -1))
      },
    })
  }
  return cancellable(readerWith)
}

/** Writes objects of a store below its prefix; an object is there, or new, only when all of it was taken. */
export function storeWriter(
  target: (name: string, key: string) => UploadTarget,
  options: StoreWriterOptions,
): TableWriter {
  const { formats, partBytes = defaultPartBytes } = options
  const root = folderKey(options.prefix)
  return createWriter({
    ...(formats === undefined ? {} : { formats }),
    async put(path, bytes) {
      const { segments, wildcard } = placeOf(path)
      if (wildcard) throw new AccessError(`${path} names no single file; leave out * and ?`)
      await upload(bytes, target(path, root + segments.join('/')), partBytes)
    },
  })
}

/** Sends a request, and again after a while when it broke off or the store is too busy; never a POST, whose work may have been done. */
export async function askStore(
  name: string,
  request: () => Promise<HttpRequest>,
  options: StoreOptions,
  cancellation?: CancellationToken,
): Promise<HttpAnswer> {
  const manner: HttpManner = {
    fetch: options.fetch ?? ((...all) => globalThis.fetch(...all)),
    timeout: options.timeout ?? defaultTimeout,
    redirects: 0,
    allows: () => false,
  }
  for (let left = options.retries ?? 2, pause = 100; ; left--, pause *= 3) {
    const sent = await request()
    const last = left <= 0 || sent.method === 'POST'
    const answer = await answerTo(name, sent, manner, cancellation).catch((error: unknown) => {
      // A connection that broke off; everything else would come again.
      if (last || !(error instanceof LoadError && error.code === 'source-not-found')) throw error
    })
    if (answer !== undefined && (last || !isBusy(answer.status))) return answer
    await answer?.discard()
    await new Promise((settle) => setTimeout(settle, pause))
  }
}

function isBusy(status: number): boolean {
  return status === 429 || (status >= 500 && status !== 501)
}

function placeOf(path: string): {
  /** What stands before a key in the script. */
  readonly shown: string
  readonly segments: readonly string[]
  readonly wildcard: boolean
} {
  const { library, segments, wildcard } = parseSourcePath(path)
  return { shown: library === undefined ? '' : `lib://${library}/`, segments, wildcard }
}

/** A prefix as the beginning of keys: empty, or ending in a slash. */
function folderKey(prefix = ''): string {
  const trimmed = prefix.replace(/^\/+|\/+$/g, '')
  return trimmed === '' ? '' : `${trimmed}/`
}

interface Found {
  readonly objects: readonly StoredObject[]
  readonly folders: readonly string[]
}

/** The objects and folders a pattern names, sorted by key. Only folders that may hold some are listed. */
async function expand(
  store: Store,
  name: string,
  root: string,
  pattern: readonly string[],
): Promise<Found> {
  let parents = [root]
  let objects: StoredObject[] = []
  let seen = 0
  for (const segment of pattern) {
    const head = /^[^*?]*/.exec(segment)?.[0] ?? ''
    const folders: string[] = []
    objects = []
    for (const parent of parents) {
      let next: string | undefined
      do {
        const page = await store.list(name, parent + head, next)
        seen += page.objects.length + page.folders.length + pageCost
        if (seen > maxEntries)
          throw new LoadError('budget-exceeded', `${name} looks at too many files; narrow it`)
        for (const object of page.objects)
          if (fits(object.key, parent, segment)) objects.push(object)
        for (const key of page.folders)
          if (key.endsWith('/') && fits(key.slice(0, -1), parent, segment)) folders.push(key)
        next = page.next
      } while (next !== undefined)
    }
    parents = folders
  }
  return { objects: objects.sort((a, b) => (a.key < b.key ? -1 : 1)), folders: parents.sort() }
}

/** Whether a key is a name right below its parent that the segment matches and a path can say. */
function fits(key: string, parent: string, segment: string): boolean {
  if (!key.startsWith(parent)) return false
  const name = key.slice(parent.length)
  return !name.includes('/') && matchesWildcard(name, segment) && canBeSaid(name)
}

/** Keys may be any text; those that a path would refuse or take for a pattern are passed over. */
function canBeSaid(name: string): boolean {
  try {
    return name !== '' && !parseSourcePath(name).wildcard
  } catch {
    return false
  }
}
