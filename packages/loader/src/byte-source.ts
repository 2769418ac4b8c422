import { type CancellationToken, LoadError, neverCancelled, throwIfCancelled } from '@lichen/engine'

/** Bytes that can only be read from the beginning; `stream` may be called again to start over. */
export interface StreamSource {
  /** As the script names it; shown in errors, never a path of the machine. */
  readonly name: string
  stream(cancellation: CancellationToken): AsyncIterable<Uint8Array>
}

/** Bytes of known size that can be read anywhere. */
export interface ByteSource extends StreamSource {
  /** Bytes. */
  readonly size: number
  /** When the bytes last changed, in milliseconds since 1970, UTC; undefined when that is not known. */
  readonly modified?: number | undefined
  /** Exactly the bytes [start, end), owned by the caller. @throws LoadError `source-malformed` when they are not there */
  read(start: number, end: number): Promise<Uint8Array>
}

const chunkBytes = 1 << 20

/** @throws LoadError `source-malformed` */
export function checkRange(name: string, size: number, start: number, end: number): void {
  if (start >= 0 && start <= end && end <= size) return
  throw new LoadError(
    'source-malformed',
    `${name} ends early: bytes ${start} to ${end} are needed, the file has ${size}`,
  )
}

/**
 * A stream made of ranged reads; while one chunk is used the next one is read. A chunk that is given back with `next` may be read into again.
 */
export async function* streamOf(
  source: {
    readonly size: number
    read(start: number, end: number, into: Uint8Array | undefined): Promise<Uint8Array>
  },
  cancellation: CancellationToken,
): AsyncGenerator<Uint8Array, void, Uint8Array | undefined> {
  let spare: Uint8Array | undefined
  const read = (start: number): Promise<Uint8Array> => {
    const end = Math.min(source.size, start + chunkBytes)
    const into = spare !== undefined && spare.length >= end - start ? spare : undefined
    const chunk = source.read(start, end, into?.subarray(0, end - start))
    spare = undefined
    // Nobody waits for the chunk ahead when the reader stops early.
    chunk.catch(() => {})
    return chunk
  }
  let next = source.size > 0 ? read(0) : undefined
  for (let start = chunkBytes; next !== undefined; start += chunkBytes) {
    throwIfCancelled(cancellation)
    const chunk = await next
    next = start < source.size ? read(start) : undefined
    spare = yield chunk
  }
}

/** Bytes in memory; `modified` in milliseconds since 1970, UTC. */
export function bytesSource(name: string, bytes: Uint8Array, modified?: number): ByteSource {
  const source: ByteSource = {
    name,
    size: bytes.length,
    modified,
    async read(start, end) {
      checkRange(name, bytes.length, start, end)
      return bytes.slice(start, end)
    },
    stream: (cancellation) => streamOf(source, cancellation),
  }
  return source
}

/** A Blob or a File of a page. */
export function blobSource(name: string, blob: Blob): ByteSource {
  const source: ByteSource = {
    name,
    size: blob.size,
    modified: blob instanceof File ? blob.lastModified : undefined,
    async read(start, end) {
      checkRange(name, blob.size, start, end)
      return new Uint8Array(await blob.slice(start, end).arrayBuffer())
    },
    stream: (cancellation) => streamOf(source, cancellation),
  }
  return source
}

/**
 * The bytes of a stream, which is read to its end and held; readers may then read them in any order.
 * @throws LoadError `budget-exceeded` past `maxBytes` (default 1 GiB); LichenError `cancelled`
 */
export async function streamSource(
  name: string,
  stream: ReadableStream<Uint8Array>,
  {
    maxBytes = 2 ** 30,
    cancellation = neverCancelled,
  }: { readonly maxBytes?: number; readonly cancellation?: CancellationToken } = {},
): Promise<ByteSource> {
  const reader = stream.getReader()
  const parts: Uint8Array[] = []
  let size = 0
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      throwIfCancelled(cancellation)
      size += next.value.length
      if (size > maxBytes)
        throw new LoadError(
          'budget-exceeded',
          `${name} has more than the ${maxBytes} bytes allowed; split it or raise maxBytes`,
        )
      parts.push(next.value)
    }
  } catch (error) {
    // Whoever writes the stream learns that nobody reads on.
    await reader.cancel().catch(() => undefined)
    throw error
  }
  const bytes = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytesSource(name, bytes)
}
