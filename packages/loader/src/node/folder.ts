import { readdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { AccessError, LoadError, type TableReader } from '@lichen/engine'
import type { ByteSource } from '../byte-source.ts'
import type { FormatEntry } from '../format.ts'
import { createReader } from '../reader.ts'
import { matchesWildcard, parseSourcePath } from '../source-path.ts'
import { fileSource, isInside, readableError } from './file-source.ts'

export interface FolderReaderOptions {
  /** The folder of relative paths. Without it they are refused. */
  readonly root?: string
  /** Folders by the name after `lib://`. */
  readonly libs?: Readonly<Record<string, string>>
  readonly formats?: readonly FormatEntry[]
  /** Most bytes of one file. */
  readonly maxBytes?: number
}

const maxEntries = 100_000

/**
 * Reads files below the folders given and nothing else; symbolic links are followed only when they stay inside.
 * @throws LoadError `source-not-found`; AccessError
 */
export function folderReader(options: FolderReaderOptions): TableReader {
  const libraries = new Map(
    Object.entries(options.libs ?? {}).map(([name, folder]) => [name.toLowerCase(), folder]),
  )
  const placeOf = async (path: string): Promise<Place> => {
    const { library, segments, wildcard } = parseSourcePath(path)
    const folder = library === undefined ? options.root : libraries.get(library.toLowerCase())
    if (folder === undefined) throw new LoadError('source-not-found', `${path}: no such connection`)
    const prefix = library === undefined ? '' : `lib://${library}/`
    return { root: await resolved(path, folder), segments, wildcard, prefix }
  }
  return createReader({
    ...(options.formats === undefined ? {} : { formats: options.formats }),
    ...(options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes }),
    async find(path) {
      const { root, segments, wildcard, prefix } = await placeOf(path)
      const found = wildcard ? await expand(root, segments, 'files') : [segments]
      const sources: ByteSource[] = []
      for (const names of found) sources.push(await inside(root, names, prefix + names.join('/')))
      return sources
    },
    async folders(path) {
      const { root, segments, prefix } = await placeOf(path)
      const found = await expand(root, segments, 'folders')
      return found.map((names) => prefix + names.join('/'))
    },
  })
}

/** Where a path leads: names below a folder, and what stands before them in the script. */
interface Place {
  readonly root: string
  readonly segments: readonly string[]
  readonly wildcard: boolean
  readonly prefix: string
}

async function inside(
  root: string,
  segments: readonly string[],
  name: string,
): Promise<ByteSource> {
  const path = await resolved(name, join(root, ...segments))
  if (!isInside(root, path)) throw new AccessError(`${name} leads outside its folder`)
  return fileSource(name, path, root)
}

async function resolved(name: string, path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    throw readableError(name, error)
  }
}

/** The files or folders a pattern names, sorted. Links are passed over, so a pattern cannot leave the folder or loop. */
async function expand(
  root: string,
  pattern: readonly string[],
  wanted: 'files' | 'folders',
): Promise<string[][]> {
  let found: string[][] = [[]]
  let seen = 0
  for (const [depth, segment] of pattern.entries()) {
    const last = depth === pattern.length - 1
    const next: string[][] = []
    for (const names of found) {
      const entries = await readdir(join(root, ...names), { withFileTypes: true }).catch(() => [])
      seen += entries.length
      if (seen > maxEntries)
        throw new LoadError('budget-exceeded', 'The pattern looks at too many files; narrow it')
      for (const entry of entries) {
        const fits = last && wanted === 'files' ? entry.isFile() : entry.isDirectory()
        if (fits && matchesWildcard(entry.name, segment)) next.push([...names, entry.name])
      }
    }
    found = next
  }
  return found.sort((a, b) => (a.join('/') < b.join('/') ? -1 : 1))
}
