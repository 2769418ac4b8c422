import { type CancellationToken, LichenError, LoadError, throwIfCancelled } from '@lichen/engine'
import { type ByteSource, bytesSource } from './byte-source.ts'

/** Real tables compress up to some 100 to 1; past the first megabyte a higher ratio is taken for an attack. */
const maxRatio = 250
const freeBytes = 1 << 20

/**
 * The content of a gzip file, in memory.
 * @throws LoadError `source-malformed`; `budget-exceeded` past `maxBytes` or 250 times the file's size
 */
export async function gunzip(
  source: ByteSource,
  maxBytes: number,
  cancellation: CancellationToken,
): Promise<ByteSource> {
  const limit = Math.min(maxBytes, freeBytes + source.size * maxRatio)
  const parts: Uint8Array[] = []
  let total = 0
  try {
    const compressed = new Blob([new Uint8Array(await source.read(0, source.size))])
    const reader = compressed.stream().pipeThrough(new DecompressionStream('gzip')).getReader()
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      throwIfCancelled(cancellation)
      total += next.value.length
      if (total > limit) {
        await reader.cancel()
        throw new LoadError(
          'budget-exceeded',
          `${source.name} unpacks to more than ${limit} bytes; unpack it yourself if it is meant to`,
        )
      }
      parts.push(next.value)
    }
  } catch (error) {
    if (error instanceof LichenError) throw error
    throw new LoadError('source-malformed', `${source.name} is not a whole gzip file`, {
      cause: error,
    })
  }
  const bytes = new Uint8Array(total)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytesSource(source.name, bytes)
}
