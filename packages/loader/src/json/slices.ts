import { type CancellationToken, LoadError } from '@lichen/engine'
import type { StreamSource } from '../byte-source.ts'

/** The bytes of one JSON value and their offset in the file. */
export interface JsonSlice {
  readonly bytes: Uint8Array
  readonly offset: number
}

const maxDepth = 1000
const maxSliceBytes = 256 << 20
const [quote, backslash, comma, openArray, closeArray, openObject, closeObject] = [
  0x22, 0x5c, 0x2c, 0x5b, 0x5d, 0x7b, 0x7d,
]

type Place = 'start' | 'sequence' | 'first' | 'element' | 'separator' | 'end'

function afterValue(place: Place): Place {
  return place === 'sequence' ? 'sequence' : 'separator'
}

/**
 * Cuts a file into its records without parsing them, some at a time: the elements of a top-level array, else each top-level value
 * (NDJSON, or one document). Only the records that end in one chunk of the file are held.
 * @throws LoadError `source-malformed`, `budget-exceeded` (depth 1000, 256 MiB per record)
 */
export async function* jsonSlices(
  source: StreamSource,
  cancellation: CancellationToken,
): AsyncGenerator<readonly JsonSlice[]> {
  let place: Place = 'start'
  let inside: 'nothing' | 'scalar' | 'string' | 'container' = 'nothing'
  let quoted = false
  let escaped = false
  let depth = 0
  let parts: Uint8Array[] = []
  let offset = 0
  let base = 0
  const fail = (at: number, what: string): LoadError =>
    new LoadError('source-malformed', `${source.name}: damaged JSON at byte ${at}: ${what}`)
  let slices: JsonSlice[] = []
  const take = (part: Uint8Array): void => {
    const bytes = parts.length === 0 ? part : joined([...parts, part])
    parts = []
    slices.push({ bytes, offset })
  }
  for await (const chunk of source.stream(cancellation)) {
    let from = 0
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i]!
      if (quoted) {
        if (escaped) escaped = false
        else if (byte === backslash) escaped = true
        else if (byte === quote) {
          quoted = false
          if (inside === 'string') {
            take(chunk.subarray(from, i + 1))
            inside = 'nothing'
            place = afterValue(place)
          }
        }
        continue
      }
      if (inside === 'container') {
        if (byte === quote) quoted = true
        else if (byte === openObject || byte === openArray) {
          if (++depth > maxDepth)
            throw new LoadError(
              'budget-exceeded',
              `${source.name}: the JSON at byte ${base + i} is nested deeper than ${maxDepth}`,
            )
        } else if ((byte === closeObject || byte === closeArray) && --depth === 0) {
          take(chunk.subarray(from, i + 1))
          inside = 'nothing'
          place = afterValue(place)
        }
        continue
      }
      const blank = byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
      if (inside === 'scalar') {
        if (!blank && byte !== comma && byte !== closeArray) continue
        take(chunk.subarray(from, i))
        inside = 'nothing'
        place = afterValue(place)
      }
      if (blank || (base === 0 && i < 3 && byte === [0xef, 0xbb, 0xbf][i])) continue
      if (place === 'start') {
        place = byte === openArray ? 'first' : 'sequence'
        if (place === 'first') continue
      }
      if (place === 'end') throw fail(base + i, 'something follows the array')
      if (byte === closeArray && (place === 'first' || place === 'separator')) {
        place = 'end'
        continue
      }
      if (place === 'separator') {
        if (byte !== comma) throw fail(base + i, 'a comma is missing')
        place = 'element'
        continue
      }
      offset = base + i
      from = i
      inside =
        byte === quote
          ? 'string'
          : byte === openObject || byte === openArray
            ? 'container'
            : 'scalar'
      quoted = byte === quote
      depth = 1
    }
    if (slices.length > 0) {
      yield slices
      slices = []
    }
    if (inside !== 'nothing') parts.push(chunk.subarray(from))
    base += chunk.length
    if (inside !== 'nothing' && base - offset > maxSliceBytes)
      throw new LoadError(
        'budget-exceeded',
        `${source.name}: the record at byte ${offset} is larger than ${maxSliceBytes} bytes`,
      )
  }
  if (inside === 'scalar' && place === 'sequence') {
    take(new Uint8Array(0))
    yield slices
  } else if (inside !== 'nothing' || (place !== 'end' && place !== 'sequence' && place !== 'start'))
    throw fail(base, 'the file ends early')
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
