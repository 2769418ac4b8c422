import { LoadError, type OpenSource, type TableReader } from '@lichen/engine'
import { type ByteSource, bytesSource } from './byte-source.ts'
import { refuseForeign } from './foreign.ts'
import { chooseFormat, type FormatEntry, mayBeForeign } from './format.ts'
import { gunzip } from './gzip.ts'
import { matchesWildcard, parseSourcePath } from './source-path.ts'

/** The formats of this package. */
export const standardFormats: readonly FormatEntry[] = [
  {
    names: ['qvd'],
    extensions: ['qvd'],
    load: async () => (await import('./qvd/index.ts')).qvdFormat,
  },
  {
    names: ['parquet'],
    extensions: ['parquet'],
    load: async () => (await import('./parquet/index.ts')).parquetFormat,
  },
  {
    names: ['arrow', 'ipc', 'feather'],
    extensions: ['arrow', 'feather', 'arrows', 'ipc'],
    load: async () => (await import('./arrow/index.ts')).arrowFormat,
  },
  {
    names: ['json', 'ndjson', 'jsonl'],
    extensions: ['json', 'ndjson', 'jsonl'],
    load: async () => (await import('./json/index.ts')).jsonFormat,
  },
  {
    names: ['ooxml', 'xlsx'],
    extensions: ['xlsx', 'xlsm'],
    load: async () => (await import('./xlsx/index.ts')).xlsxFormat,
  },
  {
    names: ['fix'],
    extensions: [],
    load: async () => (await import('./fixed/index.ts')).fixedFormat,
  },
  {
    names: ['xml', 'xmlsimple', 'xmlsax'],
    extensions: ['xml'],
    load: async () => (await import('./xml/index.ts')).xmlFormat,
  },
  {
    names: ['html'],
    extensions: ['html', 'htm'],
    load: async () => (await import('./html/index.ts')).htmlFormat,
  },
  {
    names: ['kml'],
    extensions: ['kml'],
    load: async () => (await import('./kml/index.ts')).kmlFormat,
  },
  {
    names: ['txt', 'csv'],
    extensions: ['csv', 'txt', 'tab', 'tsv'],
    load: async () => (await import('./delimited/index.ts')).delimitedFormat,
  },
]

type SourceFile = NonNullable<OpenSource['file']>

export interface ReaderOptions {
  /** The files a path names, in the order to be read; the name of each opens it again. @throws LoadError, AccessError */
  find(path: string): Promise<readonly ByteSource[]>
  /** The folders a path names, where places have folders. @throws LoadError, AccessError */
  folders?(path: string): Promise<readonly string[]>
  readonly formats?: readonly FormatEntry[]
  /** Most bytes of one file; default 8 GiB. */
  readonly maxBytes?: number
}

const maxScriptBytes = 16 << 20

/** A reader over any place that finds bytes by path. */
export function createReader(options: ReaderOptions): TableReader {
  const formats = options.formats ?? standardFormats
  const maxBytes = options.maxBytes ?? 8 * 2 ** 30
  const findOne = async (path: string): Promise<ByteSource> => {
    const [source] = await options.find(path)
    if (source === undefined) throw new LoadError('source-not-found', `${path} was not found`)
    return source
  }
  return {
    resolve: async (path) => (await options.find(path)).map((source) => source.name),
    ...(options.folders === undefined ? {} : { folders: options.folders }),
    async open(path, clause, settings, cancellation) {
      const packed = /\.gz$/i.test(path)
      const name = packed ? path.slice(0, -3) : path
      const found = await findOne(path)
      checkSize(found, maxBytes)
      const source = packed ? await gunzip(found, maxBytes, cancellation) : found
      if (mayBeForeign(formats, name, clause)) await refuseForeign(source)
      const format = await chooseFormat(formats, name, clause).load()
      const open = await format.open(source, clause, settings, cancellation)
      return { ...open, file: factsOf(found) }
    },
    file: async (path) => factsOf(await findOne(path)),
    async qvd(path) {
      const source = await findOne(path)
      return (await import('./qvd/index.ts')).describeQvd(source)
    },
    async openTail(path, clause, settings, cancellation, from) {
      const entry = chooseFormat(formats, path, clause)
      if (!entry.names.includes('txt')) return undefined
      const source = await findOne(path)
      checkSize(source, maxBytes)
      const { openTail } = await import('./tail.ts')
      const open = await openTail(source, await entry.load(), clause, settings, cancellation, from)
      return open && { ...open, file: factsOf(source) }
    },
    async openBytes(name, bytes, clause, settings, cancellation) {
      const entry = chooseFormat(formats, name, clause)
      return (await entry.load()).open(bytesSource(name, bytes), clause, settings, cancellation)
    },
    async readBytes(path) {
      const source = await findOne(path)
      checkSize(source, maxBytes)
      return source.read(0, source.size)
    },
    async readText(path) {
      const source = await findOne(path)
      checkSize(source, Math.min(maxBytes, maxScriptBytes))
      return decodeScript(source.name, await source.read(0, source.size))
    },
  }
}

/** A reader over files held in the page, by name. `lib://data/x.csv` finds the key `lib://data/x.csv`, else `x.csv`. */
export function fileReader(
  files: ReadonlyMap<string, ByteSource>,
  formats: readonly FormatEntry[] = standardFormats,
): TableReader {
  return createReader({
    formats,
    async find(path) {
      const { segments, wildcard } = parseSourcePath(path)
      const below = segments.join('/')
      if (wildcard) {
        const names = [...files.keys()].filter(
          (name) => matchesWildcard(name, path) || matchesWildcard(name, below),
        )
        return names.sort().map((name) => renamed(files.get(name), name))
      }
      const source = files.get(path) ?? files.get(below)
      if (source === undefined) throw new LoadError('source-not-found', `${path} was not found`)
      return [renamed(source, path)]
    },
  })
}

function renamed(source: ByteSource | undefined, name: string): ByteSource {
  if (source === undefined) throw new LoadError('source-not-found', `${name} was not found`)
  return {
    name,
    size: source.size,
    modified: source.modified,
    read: (start, end) => source.read(start, end),
    stream: (cancellation) => source.stream(cancellation),
  }
}

function factsOf({ size, modified }: ByteSource): SourceFile {
  return { bytes: size, modified }
}

function checkSize(source: ByteSource, maxBytes: number): void {
  if (source.size <= maxBytes) return
  throw new LoadError(
    'budget-exceeded',
    `${source.name} has ${source.size} bytes, more than the ${maxBytes} allowed; split it or raise maxBytes`,
  )
}

function decodeScript(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new LoadError('source-malformed', `${name} is not UTF-8; save the script as UTF-8`)
  }
}
