import { type CancellationToken, neverCancelled, throwIfCancelled } from '../base/cancellation.ts'
import { utf8Of } from './encoding.ts'
import type { DelimitedOptions } from './options.ts'
import { Pieces } from './pieces.ts'
import { pieceBytes } from './scan-memory.ts'
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
 * Reads as far as the labels. Chunks are of any size and are not kept; of a large text those that are not needed any more are given back with
 * `next`, to be filled again.
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
  const more: More = async (spare) => {
    if (ended) return undefined
    const next = await iterator.next(spare)
    if (next.done !== true) return next.value
    ended = true
    return undefined
  }
  let fields = scanner.labels()
  while (fields === undefined && !ended) {
    const chunk = await more()
    if (chunk === undefined) scanner.finish()
    else scanner.push(chunk)
    fields = scanner.labels()
  }
  return {
    fields: fields ?? [],
    async *batches(wanted, cancellation = neverCancelled) {
      try {
        scanner.project(wanted)
        throwIfCancelled(cancellation)
        const { plan } = scanner
        const rest = plan === undefined ? undefined : scanner.takeRest()
        if (plan !== undefined && rest !== undefined) {
          const text = await gathered(more, scanner, undefined)
          const isLarge = text !== undefined && rest.length + text.length >= pieceBytes
          const pieces = isLarge ? Pieces.open(plan, rest) : undefined
          if (text !== undefined && pieces !== undefined) {
            pieces.push(text)
            yield* byPieces(scanner, pieces, more, cancellation)
            return
          }
          scanner.pushText(rest)
          if (text !== undefined) scanner.pushText(text)
          if (ended) scanner.finish()
        }
        for (;;) {
          throwIfCancelled(cancellation)
          yield* batchesAtHand(scanner)
          if (ended) break
          const chunk = await more()
          if (chunk === undefined) scanner.finish()
          else scanner.push(chunk)
        }
      } finally {
        if (!ended) await iterator.return?.()
      }
    },
  }
}

function* batchesAtHand(scanner: DelimitedScanner): Generator<TextBatch, void, undefined> {
  for (let batch = scanner.next(); batch !== undefined; batch = scanner.next()) yield batch
}

/** The next chunk, undefined at the end. `spare` is one that nobody uses any more: who makes the chunks may fill it again. */
type More = (spare?: Uint8Array) => Promise<Uint8Array | undefined>

/** The next chunks, enough of them for a piece; undefined when there are none. */
async function gathered(
  more: More,
  scanner: DelimitedScanner,
  spare: Uint8Array | undefined,
): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = []
  let length = 0
  do {
    const chunk = await more(parts.length === 0 ? spare : undefined)
    if (chunk === undefined) break
    const text = scanner.convert(chunk)
    length += text.length
    parts.push(text)
  } while (length < pieceBytes)
  const [first] = parts
  if (first === undefined || parts.length === 1) return first
  const all = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** The rest of a text in pieces; the next is read while one is used. */
async function* byPieces(
  scanner: DelimitedScanner,
  pieces: Pieces,
  more: More,
  cancellation: CancellationToken,
): AsyncGenerator<TextBatch, void, undefined> {
  let final = false
  let reading: Promise<void> | undefined
  let chunk: Uint8Array | undefined
  const read = async (): Promise<void> => {
    const text = await gathered(more, scanner, chunk)
    chunk = text
    reading = undefined
    if (text === undefined) final = true
    else pieces.push(text)
  }
  try {
    for (;;) {
      throwIfCancelled(cancellation)
      pieces.cut(final)
      if (!final && pieces.isHungry && reading === undefined) {
        reading = read()
        // Told when it is waited for.
        reading.catch(() => {})
      }
      if (reading !== undefined && pieces.isShort) {
        await reading
        continue
      }
      const next = pieces.next()
      if (next !== undefined) {
        if (next instanceof Uint8Array) scanner.pushText(next)
        else scanner.pushPiece(next)
        yield* batchesAtHand(scanner)
      } else if (reading !== undefined) await reading
      else if (final) break
    }
    scanner.finish()
    yield* batchesAtHand(scanner)
  } finally {
    await reading?.catch(() => {})
    pieces.close()
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
