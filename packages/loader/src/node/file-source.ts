import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { AccessError, LoadError } from '@lichen/engine'
import { type ByteSource, checkRange, streamOf } from '../byte-source.ts'

/**
 * A regular file. Each read opens the file anew, so there is nothing to close; a file that changes meanwhile is an error.
 * `path` must be resolved already: a symbolic link in its last place is refused, and so is a device or pipe.
 * @throws LoadError `source-not-found`, `source-malformed`; AccessError
 */
export async function fileSource(name: string, path: string): Promise<ByteSource> {
  const before = await withFile(name, path, (file) => file.stat())
  const source: ByteSource = {
    name,
    size: before.size,
    read: (start, end) =>
      withFile(name, path, async (file) => {
        checkRange(name, before.size, start, end)
        const now = await file.stat()
        if (now.ino !== before.ino || now.size !== before.size || now.mtimeMs !== before.mtimeMs)
          throw new LoadError('source-malformed', `${name} changed while it was read; load again`)
        const bytes = new Uint8Array(end - start)
        for (let done = 0; done < bytes.length; ) {
          const { bytesRead } = await file.read(bytes, done, bytes.length - done, start + done)
          if (bytesRead === 0) throw new LoadError('source-malformed', `${name} ends early`)
          done += bytesRead
        }
        return bytes
      }),
    stream: (cancellation) => streamOf(source, cancellation),
  }
  return source
}

async function withFile<T>(
  name: string,
  path: string,
  use: (file: FileHandle) => Promise<T>,
): Promise<T> {
  // Without O_NONBLOCK opening a pipe would wait for a writer.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  let file: FileHandle
  try {
    file = await open(path, flags)
  } catch (error) {
    throw readableError(name, error)
  }
  try {
    if (!(await file.stat()).isFile())
      throw new AccessError(`${name} is not a regular file; only files can be read`)
    return await use(file)
  } finally {
    await file.close()
  }
}

/** The system's error without its path: a script's author need not know where the root lies. */
export function readableError(name: string, error: unknown): LoadError | AccessError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'EACCES' || code === 'EPERM' || code === 'ELOOP')
    return new AccessError(`${name} may not be read`)
  const reason = code === '' || code === 'ENOENT' || code === 'ENOTDIR' ? '' : ` (${code})`
  return new LoadError('source-not-found', `${name} was not found${reason}`)
}
