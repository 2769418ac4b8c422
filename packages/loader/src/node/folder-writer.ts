import { randomUUID } from 'node:crypto'
import { open, realpath, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AccessError, LichenError, LoadError, type TableWriter } from '@lichen/engine'
import { parseSourcePath } from '../source-path.ts'
import { createWriter } from '../writer.ts'
import type { WrittenFormatEntry } from '../written-format.ts'
import { isInside, openedPath, readableError } from './file-source.ts'

export interface FolderWriterOptions {
  /** The folder of relative paths. Without it they are refused. */
  readonly root?: string
  /** Folders by the name after `lib://`. */
  readonly libs?: Readonly<Record<string, string>>
  readonly formats?: readonly WrittenFormatEntry[]
}

/**
 * Writes files below the folders given and nothing else, into folders that are there. A file is written under a name of its own, brought to the
 * disk and renamed, so that whoever reads sees the old one or the new one.
 * @throws LoadError `source-not-found`; AccessError
 */
export function folderWriter(options: FolderWriterOptions): TableWriter {
  const libraries = new Map(
    Object.entries(options.libs ?? {}).map(([name, folder]) => [name.toLowerCase(), folder]),
  )
  return createWriter({
    ...(options.formats === undefined ? {} : { formats: options.formats }),
    async put(path, bytes) {
      const { library, segments, wildcard } = parseSourcePath(path)
      const folder = library === undefined ? options.root : libraries.get(library.toLowerCase())
      if (folder === undefined)
        throw new LoadError('source-not-found', `${path}: no such connection`)
      if (wildcard) throw new AccessError(`${path} names no single file; leave out * and ?`)
      await replaceFile(path, await placeOf(path, folder, segments), bytes)
    },
  })
}

/** The file below its folder; a link may lead elsewhere only inside. */
async function placeOf(path: string, folder: string, segments: readonly string[]): Promise<string> {
  const root = await resolved(path, folder)
  const parent = await resolved(path, join(root, ...segments.slice(0, -1)))
  if (parent !== root && !isInside(root, parent))
    throw new AccessError(`${path} leads outside its folder`)
  return join(parent, segments[segments.length - 1] ?? '')
}

async function resolved(name: string, path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    throw readableError(name, error)
  }
}

/** Writes a file under a name of its own, and then in the place of another. `path` must be resolved already. */
export async function replaceFile(
  name: string,
  path: string,
  bytes: AsyncIterable<Uint8Array>,
): Promise<void> {
  const temporary = `${path}.${randomUUID()}.part`
  try {
    const file = await open(temporary, 'wx')
    try {
      // A folder on the way may have become a link since it was resolved.
      if (dirname(await openedPath(file, temporary)) !== dirname(path))
        throw new AccessError(`${name} leads outside its folder`)
      for await (const chunk of bytes) await file.writeFile(chunk)
      await file.sync()
    } finally {
      await file.close()
    }
    // A link in the last place is replaced, not followed.
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw writableError(name, error)
  }
}

/** An error of the system without its path; others as they are. */
function writableError(name: string, error: unknown): unknown {
  if (!(error instanceof Error && 'syscall' in error && 'code' in error)) return error
  const { code } = error
  return code === 'EACCES' || code === 'EPERM' || code === 'EISDIR'
    ? new AccessError(`${name} may not be written`)
    : new LichenError('script-failed', `${name} could not be written (${String(code)})`)
}
