import { constants, type Stats } from 'node:fs'
import { type FileHandle, open, readlink, realpath, stat } from 'node:fs/promises'
import { sep } from 'node:path'
import { AccessError, type CancellationToken, LoadError } from '@lichen/engine'
import { type ByteSource, checkRange, streamOf } from '../byte-source.ts'

/**
 * A regular file. Each read opens the file anew, so there is nothing to close; a file that changes meanwhile is an error.
 * `path` must be resolved already: a symbolic link in its last place is refused, and so is a device or pipe. With `root`, a resolved folder, the
 * file that was opened must lie below it: a folder on the way may have become a link since the path was resolved.
 * @throws LoadError `source-not-found`, `source-malformed`; AccessError
 */
export async function fileSource(name: string, path: string, root?: string): Promise<ByteSource> {
  const place: Place = { name, path, root }
  const before = await withFile(place, (file) => file.stat())
  const source: ByteSource = {
    name,
    size: before.size,
    modified: before.mtimeMs,
    read: (start, end) =>
      withFile(place, async (file) => {
        checkRange(name, before.size, start, end)
        checkSame(name, before, await file.stat())
        return readFully(name, file, start, end)
      }),
    stream: (cancellation) => streamFile(place, before, cancellation),
  }
  return source
}

interface Place {
  readonly name: string
  readonly path: string
  readonly root: string | undefined
}

/** The whole file through one handle: a read ahead then waits for the disk only, not for the event loop. */
async function* streamFile(
  place: Place,
  before: Stats,
  cancellation: CancellationToken,
): AsyncGenerator<Uint8Array, void, Uint8Array | undefined> {
  const { name } = place
  const file = await openRegular(place)
  let reading: Promise<unknown> = Promise.resolve()
  try {
    checkSame(name, before, await file.stat())
    yield* streamOf(
      {
        size: before.size,
        read: (start, end, into) => {
          const chunk = readFully(name, file, start, end, into)
          reading = chunk.catch(() => {})
          return chunk
        },
      },
      cancellation,
    )
    checkSame(name, before, await file.stat())
  } finally {
    await reading
    await file.close()
  }
}

function checkSame(name: string, before: Stats, now: Stats): void {
  if (now.ino !== before.ino || now.size !== before.size || now.mtimeMs !== before.mtimeMs)
    throw new LoadError('source-malformed', `${name} changed while it was read; load again`)
}

async function readFully(
  name: string,
  file: FileHandle,
  start: number,
  end: number,
  into?: Uint8Array,
): Promise<Uint8Array> {
  const bytes = into ?? new Uint8Array(end - start)
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, start + done)
    if (bytesRead === 0) throw new LoadError('source-malformed', `${name} ends early`)
    done += bytesRead
  }
  return bytes
}

async function withFile<T>(place: Place, use: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await openRegular(place)
  try {
    return await use(file)
  } finally {
    await file.close()
  }
}

async function openRegular({ name, path, root }: Place): Promise<FileHandle> {
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
    if (root !== undefined && !isInside(root, await openedPath(file, path)))
      throw new AccessError(`${name} leads outside its folder`)
    return file
  } catch (error) {
    await file.close()
    throw error
  }
}

/** Whether a resolved path lies below a resolved folder. */
export function isInside(root: string, path: string): boolean {
  return path.startsWith(root.endsWith(sep) ? root : root + sep)
}

/** Where the file lies that was opened as `path`: as the system tells it, or, where it does not, as far as the path leads to that file still. */
export async function openedPath(file: FileHandle, path: string): Promise<string> {
  const told = await readlink(`/proc/self/fd/${file.fd}`).catch(() => undefined)
  if (told !== undefined) return told
  const now = await realpath(path).catch(() => '')
  const [opened, there] = await Promise.all([file.stat(), stat(now).catch(() => undefined)])
  return there?.ino === opened.ino && there.dev === opened.dev ? now : ''
}

/** The system's error without its path: a script's author need not know where the root lies. */
export function readableError(name: string, error: unknown): LoadError | AccessError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'EACCES' || code === 'EPERM' || code === 'ELOOP')
    return new AccessError(`${name} may not be read`)
  const reason = code === '' || code === 'ENOENT' || code === 'ENOTDIR' ? '' : ` (${code})`
  return new LoadError('source-not-found', `${name} was not found${reason}`)
}
