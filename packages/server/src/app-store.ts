import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { LichenError } from '@lichen/engine'

/** A saved app as the list of apps shows it. */
export interface StoredApp {
  readonly id: string
  readonly bytes: number
  /** Milliseconds since 1970. */
  readonly modified: number
}

const extension = '.lichen'

/**
 * Saved apps as files of one folder. A save writes beside, syncs and renames: whoever looks sees the old app or the new one.
 * Ids may be any text; files are named by their escaped form. @throws LichenError `not-found`, `invalid-argument`
 */
export class AppStore {
  readonly folder: string

  constructor(folder: string) {
    this.folder = folder
  }

  async list(): Promise<readonly StoredApp[]> {
    const names = await readdir(this.folder).catch(() => [])
    const files = names.filter((name) => name.endsWith(extension)).sort()
    const stats = await Promise.allSettled(files.map((name) => stat(join(this.folder, name))))
    // One deleted since the folder was read is not there any more.
    return files.flatMap((name, index) => {
      const found = stats[index]
      const id = idOf(name)
      if (found?.status !== 'fulfilled' || id === undefined) return []
      const { size, mtimeMs } = found.value
      return [{ id, bytes: size, modified: mtimeMs }]
    })
  }

  async read(id: string): Promise<Uint8Array> {
    try {
      return await readFile(this.#path(id))
    } catch (cause) {
      throw new LichenError('not-found', 'There is no app of that id', { cause, details: { id } })
    }
  }

  async write(id: string, parts: readonly Uint8Array[]): Promise<void> {
    const target = this.#path(id)
    const beside = `${target}.${randomUUID()}.tmp`
    await mkdir(this.folder, { recursive: true })
    try {
      const file = await open(beside, 'w')
      try {
        for (const part of parts) await file.writeFile(part)
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(beside, target)
    } catch (error) {
      await rm(beside, { force: true })
      throw error
    }
    const folder = await open(this.folder, constants.O_RDONLY)
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
  }

  async delete(id: string): Promise<void> {
    try {
      await rm(this.#path(id))
    } catch (cause) {
      throw new LichenError('not-found', 'There is no app of that id', { cause, details: { id } })
    }
  }

  #path(id: string): string {
    const name = fileName(id)
    if (name === '' || name.length > longestName)
      throw new LichenError(
        'invalid-argument',
        `The id of an app has 1 to ${longestName} characters, those beyond letters, digits and blanks counting 3 for each byte`,
        { details: { id } },
      )
    return join(this.folder, `${name}${extension}`)
  }
}

/** In characters; with the extension and what a save adds while it writes, file systems take up to 255. */
const longestName = 200

/** The id with everything escaped that a file system may read in its own way: separators, a leading dot, wildcards. Empty for what is no text. */
function fileName(id: string): string {
  const halfCharacter = /\p{Surrogate}/u
  if (halfCharacter.test(id)) return ''
  return encodeURIComponent(id).replaceAll('%20', ' ').replaceAll('*', '%2A').replace(/^\./, '%2E')
}

/** undefined for a file that no save has named. */
function idOf(file: string): string | undefined {
  try {
    return decodeURIComponent(file.slice(0, -extension.length))
  } catch {
    return undefined
  }
}
