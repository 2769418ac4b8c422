import { mkdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { type BufferNotes, LoadError, type ScriptBuffers } from '@lichen/engine'
import { readHeader } from '../qvd/header.ts'
import { openQvd } from '../qvd/index.ts'
import { writeQvd } from '../qvd/write.ts'
import { fileSource } from './file-source.ts'
import { replaceFile } from './folder-writer.ts'

/**
 * Keeps the results of BUFFER statements as QVD files in a folder, which is made when the first is kept; what is remembered beside the
 * table stands in its comment. Nothing is ever deleted: whoever owns the folder may empty it at any time.
 */
export function folderBuffers(folder: string): ScriptBuffers {
  const nameOf = (key: string): string => `buffer ${key.slice(0, 8)}`
  return {
    async find(key, settings) {
      try {
        const source = await fileSource(nameOf(key), join(await realpath(folder), fileName(key)))
        const { comment, tableName } = await readHeader(source)
        const notes = notesIn(comment)
        return notes && { ...notes, name: tableName, source: await openQvd(source, settings) }
      } catch (error) {
        if (isMissing(error)) return undefined
        throw error
      }
    },
    async store(key, table, notes, cancellation) {
      await mkdir(folder, { recursive: true })
      const bytes = writeQvd(
        { ...table, comment: JSON.stringify(notes) },
        { createdAt: new Date() },
        cancellation,
      )
      await replaceFile(nameOf(key), join(await realpath(folder), fileName(key)), bytes)
    },
  }
}

function fileName(key: string): string {
  if (!/^[0-9a-f]+$/.test(key))
    throw new LoadError('source-not-found', 'The key of a buffer is hexadecimal digits')
  return `${key}.qvd`
}

/** No file, or none of ours, is none. */
function isMissing(error: unknown): boolean {
  if (error instanceof LoadError)
    return error.code === 'source-not-found' || error.code === 'source-malformed'
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

function notesIn(comment: string): BufferNotes | undefined {
  try {
    const notes: unknown = JSON.parse(comment)
    if (typeof notes !== 'object' || notes === null || !('loaded' in notes)) return undefined
    const { loaded } = notes
    const bytes = 'bytes' in notes ? notes.bytes : undefined
    if (typeof loaded !== 'number') return undefined
    return { loaded, bytes: typeof bytes === 'number' ? bytes : undefined }
  } catch {
    return undefined
  }
}
