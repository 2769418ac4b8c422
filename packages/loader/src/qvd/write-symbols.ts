import {
  type CancellationToken,
  LoadError,
  type StoredField,
  type StoredSymbols,
  throwIfCancelled,
} from '@lichen/engine'

/** What the header says of a field's symbols. */
export interface SymbolSummary {
  /** Bytes of the field's part of the symbol section. */
  readonly bytes: number
  /** `$numeric`, `$integer`, `$timestamp`, `$date`, `$ascii`, `$text`, as far as they hold for all symbols. */
  readonly tags: readonly string[]
}

const numberBit = 1
const textBit = 2

const chunkBytes = 1 << 16
/** Symbols between two looks at the cancellation. */
const askEvery = 1 << 14

/**
 * Measures the symbols listed.
 * @throws LoadError `source-unsupported` for a text that UTF-8 with an ending zero cannot hold; LichenError `cancelled`
 */
export function summarizeSymbols(
  { name, symbols, format }: StoredField,
  listed: Uint32Array,
  cancellation: CancellationToken,
): SymbolSummary {
  let bytes = 0
  let allKinds = numberBit | textBit
  let anyKind = 0
  let allIntegers = true
  let allAscii = true
  for (let i = 0; i < listed.length; i++) {
    if (i % askEvery === 0) throwIfCancelled(cancellation)
    const symbol = listed[i]!
    const kind = kindOf(symbols, symbol)
    bytes += 1
    if (kind & numberBit) {
      const number = symbols.numberAt(symbol)
      if (!Number.isFinite(number)) throw unsupported(name, 'a number that is not finite')
      bytes += isInt32(number) ? 4 : 8
      allIntegers &&= Number.isInteger(number)
    }
    if (kind & textBit) {
      const text = symbols.textAt(symbol)
      const length = utf8Length(text)
      if (length < 0)
        throw unsupported(name, 'a text with a zero character or half a surrogate pair')
      bytes += length + 1
      allAscii &&= length === text.length
    }
    allKinds &= kind
    anyKind |= kind
  }
  const tags: string[] = []
  if (anyKind === textBit) tags.push(...(allAscii ? ['$ascii'] : []), '$text')
  else if (listed.length > 0 && allKinds & numberBit) {
    tags.push('$numeric')
    if (allIntegers) tags.push('$integer')
    if (format?.kind === 'date' || format?.kind === 'timestamp') tags.push('$timestamp')
    if (format?.kind === 'date') tags.push('$date')
  }
  return { bytes, tags }
}

/** The symbols listed, one behind the other, in chunks; each is a new array. They must have been summarized. @throws LichenError `cancelled` */
export function* encodeSymbols(
  { symbols }: StoredField,
  listed: Uint32Array,
  cancellation: CancellationToken,
): Generator<Uint8Array> {
  let chunk = new DataView(new ArrayBuffer(chunkBytes))
  let bytes = new Uint8Array(chunk.buffer)
  let end = 0
  for (let i = 0; i < listed.length; i++) {
    if (i % askEvery === 0) throwIfCancelled(cancellation)
    const symbol = listed[i]!
    const kind = kindOf(symbols, symbol)
    const text = kind & textBit ? symbols.textAt(symbol) : ''
    const room = 10 + text.length * 3
    if (end + room > bytes.length) {
      if (end > 0) yield bytes.subarray(0, end)
      chunk = new DataView(new ArrayBuffer(Math.max(chunkBytes, room)))
      bytes = new Uint8Array(chunk.buffer)
      end = 0
    }
    const start = end++
    if (kind & numberBit) {
      const number = symbols.numberAt(symbol)
      const double = !isInt32(number)
      if (double) chunk.setFloat64(end, number, true)
      else chunk.setInt32(end, number, true)
      end += double ? 8 : 4
      bytes[start] = (double ? 0x02 : 0x01) + (kind & textBit ? 0x04 : 0)
    } else bytes[start] = 0x04
    if (kind & textBit) {
      end = putText(text, bytes, end)
      bytes[end++] = 0
    }
  }
  if (end > 0) yield bytes.subarray(0, end)
}

function kindOf(symbols: StoredSymbols, symbol: number): number {
  const known = symbols.kindAt?.(symbol)
  if (known !== undefined) return known
  const value = symbols.valueAt(symbol)
  if (typeof value === 'number') return numberBit
  return typeof value === 'string' ? textBit : numberBit | textBit
}

function isInt32(number: number): boolean {
  return (number | 0) === number
}

/** Bytes of a text in UTF-8; -1 when it has a zero character or half a surrogate pair. */
export function utf8Length(text: string): number {
  let bytes = text.length
  let halves = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit === 0) return -1
    if (unit < 0x80) continue
    // Each half of a pair counts two of the four bytes.
    if (unit >= 0xd800 && unit <= 0xdfff) halves += 1
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2
  }
  return halves > 0 && /\p{Surrogate}/u.test(text) ? -1 : bytes
}

const utf8 = new TextEncoder()

/** Writes the text from `at` on and returns where it ends. Short ASCII is faster without the encoder. */
function putText(text: string, bytes: Uint8Array, at: number): number {
  if (text.length > 24) return at + utf8.encodeInto(text, bytes.subarray(at)).written
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit >= 0x80) return at + utf8.encodeInto(text, bytes.subarray(at)).written
    bytes[at + i] = unit
  }
  return at + text.length
}

function unsupported(field: string, what: string): LoadError {
  return new LoadError(
    'source-unsupported',
    `Field ${field} cannot be stored as QVD: it has ${what}; replace it first, e.g. with KeepChar or Replace`,
  )
}
