import { LoadError, type OpenSource, type TableReader } from '@lichen/engine'

/** Does work of a place; its errors may be told anew. */
export type Guarded = <Result>(work: () => Promise<Result>) => Promise<Result>

/** Where a path leads. */
export interface Route<Place> {
  readonly place: Place
  /** The path as the place is asked for it. */
  readonly below: string
  /** What the place names, as the script names it. */
  full(below: string): string
  readonly guarded: Guarded
}

/** Members that may not know: a place without them does not. */
const mayNotKnow: ReadonlySet<string> = new Set(['file', 'qvd', 'openTail'])

/** Members with a route of their own, or without a path. */
const ownMembers: ReadonlySet<string> = new Set(['resolve', 'folders', 'open', 'openBytes'])

/**
 * A reader whose paths each lead to one of `places`. Whatever one of them can do beyond `resolve` and `open` is handed on: a place that cannot
 * tell of files tells nothing, and what else it cannot do is an error.
 * @throws LoadError `source-unsupported`; what `routeOf` throws
 */
export function routedReader(
  routeOf: (path: string) => Route<TableReader>,
  places: readonly TableReader[],
): TableReader {
  const others = [...new Set(places.flatMap(methodsOf))]
    .filter((member) => !ownMembers.has(member))
    .map((member) => [
      member,
      async (path: string, ...rest: readonly unknown[]) => {
        const { place, below, guarded } = routeOf(path)
        const call: unknown = Reflect.get(place, member)
        if (typeof call === 'function')
          return guarded(async () => Reflect.apply(call, place, [below, ...rest]))
        if (mayNotKnow.has(member)) return undefined
        throw new LoadError('source-unsupported', `${below}: its place does not offer ${member}`)
      },
    ])
  // Bytes in memory are of no place; any that reads formats will do.
  const ofBytes = places.find((place) => place.openBytes !== undefined)
  return {
    async resolve(path) {
      const { place, below, guarded, full } = routeOf(path)
      return (await guarded(() => place.resolve(below))).map(full)
    },
    async folders(path) {
      const { place, below, guarded, full } = routeOf(path)
      return ((await guarded(async () => place.folders?.(below))) ?? []).map(full)
    },
    async open(path, ...rest) {
      const { place, below, guarded } = routeOf(path)
      return guardedSource(await guarded(() => place.open(below, ...rest)), guarded)
    },
    ...(ofBytes?.openBytes === undefined ? {} : { openBytes: ofBytes.openBytes.bind(ofBytes) }),
    // By name, so that a member added to readers is handed on too.
    ...Object.fromEntries(others),
  }
}

function guardedSource(source: OpenSource, guarded: Guarded): OpenSource {
  return {
    ...source,
    async *batches(fields, cancellation) {
      const batches = source.batches(fields, cancellation)[Symbol.asyncIterator]()
      try {
        while (true) {
          const next = await guarded(() => batches.next())
          if (next.done === true) return
          yield next.value
        }
      } finally {
        await batches.return?.()
      }
    },
  }
}

/** Names of own and inherited methods: a reader may be an object or of a class. */
function methodsOf(place: object): string[] {
  const names: string[] = []
  let at: object | null = place
  while (at !== null && at !== Object.prototype) {
    names.push(...Object.getOwnPropertyNames(at))
    at = Reflect.getPrototypeOf(at)
  }
  return names.filter(
    (name) => name !== 'constructor' && typeof Reflect.get(place, name) === 'function',
  )
}
