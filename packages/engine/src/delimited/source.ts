import { type CancellationToken, neverCancelled, throwIfCancelled } from '../base/cancellation.ts'
import { utf8Of } from './encoding.ts'
import type { DelimitedOptions } from './options.ts'
import { DelimitedScanner } from './scanner.ts'
import type { TextBatch } from './text-batch.ts'

/** A delimited text whose labels are known and whose records are still to come. */
export interface DelimitedSource {
  readonly fields: readonly string[]
  /** May be called once. @throws LoadError `source-malformed`; LichenError `cancelled` */
  batches(
    fields: readonly number[],
    cancellation?: CancellationToken,
  ): AsyncGenerator<TextBatch, void, undefined>
}

/**
 * Reads as far as the labels. Chunks are of any size and are not kept.
 * @throws LoadError `source-malformed`; LichenError `invalid-argument` for impossible options
 */
export async function openDelimited(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: DelimitedOptions = {},
): Promise<DelimitedSource> {
  const scanner = new DelimitedScanner(options)
  const iterator =
    Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]()
  let ended = false
  const more = async (): Promise<boolean> => {
    if (ended) return false
    const next = await iterator.next()
    if (next.done === true) {
      ended = true
      scanner.finish()
    } else scanner.push(next.value)
    return true
  }
  let fields = scanner.labels()
  while (fields === undefined && (await more())) fields = scanner.labels()
  return {
    fields: fields ?? [],
    async *batches(wanted, cancellation = neverCancelled) {
      try {
        scanner.project(wanted)
        do {
          throwIfCancelled(cancellation)
          for (let batch = scanner.next(); batch !== undefined; batch = scanner.next()) yield batch
        } while (await more())
      } finally {
        if (!ended) await iterator.return?.()
      }
    },
  }
}

/** A text in memory, such as that of INLINE, without waiting. @throws LoadError `source-malformed` */
export function scanText(
  text: string | Uint8Array,
  options: DelimitedOptions = {},
): {
  readonly fields: readonly string[]
  batches(fields: readonly number[]): Generator<TextBatch, void, undefined>
} {
  const scanner = new DelimitedScanner(
    typeof text === 'string' ? { ...options, encoding: 'utf8' } : options,
  )
  scanner.push(typeof text === 'string' ? utf8Of(text) : text)
  scanner.finish()
  return {
    fields: scanner.labels() ?? [],
    *batches(wanted) {
      scanner.project(wanted)
      for (let batch = scanner.next(); batch !== undefined; batch = scanner.next()) yield batch
    },
  }
}
