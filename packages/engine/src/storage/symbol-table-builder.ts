import { LichenError } from '../base/errors.ts'
import { decodeUtf8, encodeUtf8, encodeUtf8Into } from '../base/utf8.ts'
import { Dual, type Value, ValueKind } from '../value/dual.ts'
import { formatNumber } from '../value/format-number.ts'
import { defaultFormatSettings, type FormatSettings } from '../value/format-settings.ts'
import type { NumberFormat } from '../value/number-format.ts'
import type { Allocator } from './allocator.ts'
import type { Bitset } from './bitset.ts'
import { growBytes, growNumbers, growWords, nextCapacity } from './growing.ts'
import { equalBytes, hashBytes, hashNumber, slotCount } from './hash.ts'
import { StoredSymbols } from './stored-symbols.ts'
import type { SymbolSegment, VariantText } from './symbol-table.ts'

/** Beside the ValueKind bits: the default text of a number shown by another text is already among the variants. */
const plainNoted = 4

export interface FinishedSymbols {
  readonly symbols: StoredSymbols
  /** Old code → new code, 0 → 0, length `count + 1`; codes that were dropped map to 0. Null when nothing was dropped. */
  readonly remap: Uint32Array | null
}

/**
 * The values of one field while tables load. Equal numbers are one symbol and show the first text that came; a value without a
 * number is known by its text. The format of the first number becomes the field's format, and a text equal to that format's is not stored.
 * The settings in force at construction format the field for good, whatever SET changes later.
 */
export class SymbolTableBuilder {
  readonly settings: FormatSettings
  readonly #allocator: Allocator
  readonly #variants = new Map<string, VariantText>()
  #count = 0
  #kinds: Uint8Array
  #numbers: Float64Array
  #hashes: Uint32Array
  #offsets: Uint32Array
  #bytes: Uint8Array
  /** Symbol + 1, or 0 for a free slot. */
  #slots: Uint32Array
  #format: NumberFormat | null = null
  #formatKnown = false

  constructor(allocator: Allocator, settings: FormatSettings = defaultFormatSettings) {
    this.#allocator = allocator
    this.settings = settings
    this.#kinds = new Uint8Array(allocator.allocate(16, 'symbols'))
    this.#numbers = new Float64Array(allocator.allocate(16 * 8, 'symbols'))
    this.#hashes = new Uint32Array(allocator.allocate(16 * 4, 'symbols'))
    this.#offsets = new Uint32Array(allocator.allocate(17 * 4, 'symbols'))
    this.#bytes = new Uint8Array(allocator.allocate(64, 'symbols'))
    this.#slots = new Uint32Array(allocator.allocate(32 * 4, 'scratch'))
  }

  get count(): number {
    return this.#count
  }

  get format(): NumberFormat | null {
    return this.#format
  }

  /** Sets how numbers without a text of their own are shown, also those already here. */
  setFormat(format: NumberFormat | null): void {
    this.#format = format
    this.#formatKnown = true
  }

  /** The symbol of a value that is not NULL. `table` and `row` say who brought it, for variant texts. */
  add(value: Exclude<Value, null>, table: string, row: number): number {
    if (typeof value === 'number') return this.addNumber(value, null, null, table, row)
    if (typeof value === 'string') return this.addString(value)
    return this.addNumber(value.number, null, value.text, table, row)
  }

  /** A finite number; `text` null = as `format` shows it. */
  addNumber(
    number: number,
    format: NumberFormat | null,
    text: string | null,
    table: string,
    row: number,
  ): number {
    if (!this.#formatKnown) this.setFormat(format)
    const hash = hashNumber(number)
    const known = this.#findNumber(number, hash)
    if (known >= 0) {
      this.#noteText(known, format, text, table, row)
      return known
    }
    if (text === null && sameFormat(format, this.#format))
      return this.#insert(hash, ValueKind.Number, number)
    const own = text ?? formatNumber(number, format, this.settings)
    if (own === this.#defaultText(number)) return this.#insert(hash, ValueKind.Number, number)
    this.#makeRoom(own.length * 3)
    const start = this.#offsets[this.#count]!
    return this.#insert(hash, ValueKind.Dual, number, encodeUtf8Into(own, this.#bytes, start))
  }

  addString(text: string): number {
    this.#makeRoom(text.length * 3)
    const start = this.#offsets[this.#count]!
    const end = encodeUtf8Into(text, this.#bytes, start)
    const hash = hashBytes(this.#bytes, start, end)
    const known = this.#findText(this.#bytes, start, end, hash)
    return known >= 0 ? known : this.#insert(hash, ValueKind.Text, Number.NaN, end)
  }

  /** UTF-8 bytes[start … end) as a text without a number. */
  addText(bytes: Uint8Array, start: number, end: number): number {
    const hash = hashBytes(bytes, start, end)
    const known = this.#findText(bytes, start, end, hash)
    if (known >= 0) return known
    this.#makeRoom(end - start)
    const at = this.#offsets[this.#count]!
    for (let i = start; i < end; i++) this.#bytes[at + i - start] = bytes[i]!
    return this.#insert(hash, ValueKind.Text, Number.NaN, at + end - start)
  }

  valueAt(symbol: number): Value {
    const kind = this.#kinds[symbol]! & 3
    if (kind === ValueKind.Text) return this.#storedText(symbol)
    const number = this.#numbers[symbol]!
    if (kind === ValueKind.Dual) return new Dual(this.#storedText(symbol), number)
    return this.#format === null ? number : new Dual(this.#defaultText(number), number)
  }

  /** NaN where the symbol has no number. */
  numberAt(symbol: number): number {
    return this.#numbers[symbol]!
  }

  textAt(symbol: number): string {
    return this.#kinds[symbol]! & ValueKind.Text
      ? this.#storedText(symbol)
      : this.#defaultText(this.#numbers[symbol]!)
  }

  /** By number when the value has one, else by exact text; -1 when unknown. */
  find(value: Value): number {
    if (value === null) return -1
    if (typeof value === 'string') {
      const bytes = encodeUtf8(value)
      return this.#findText(bytes, 0, bytes.length, hashBytes(bytes, 0, bytes.length))
    }
    const number = typeof value === 'number' ? value : value.number
    return this.#findNumber(number, hashNumber(number))
  }

  /** A table took another name, or none (it was dropped): variants follow. */
  renameTable(from: string, to: string | null): void {
    for (const [key, variant] of this.#variants) {
      if (variant.table !== from) continue
      if (to === null) this.#variants.delete(key)
      else this.#variants.set(key, { ...variant, table: to })
    }
  }

  /**
   * The symbols as immutable flat arrays, in load order; with `used` (over symbols) only those. The builder stays as it was and
   * may go on growing.
   */
  finish(used?: Bitset): FinishedSymbols {
    const count = used === undefined ? this.#count : used.count()
    const remap = count === this.#count ? null : new Uint32Array(this.#count + 1)
    const segment = this.#copySegment(count, remap === null ? undefined : used, remap)
    const variants: VariantText[] = []
    for (const variant of this.#variants.values()) {
      const symbol = remap === null ? variant.symbol : remap[variant.symbol + 1]! - 1
      if (symbol >= 0) variants.push({ ...variant, symbol })
    }
    const symbols = new StoredSymbols({
      segments: [segment],
      format: this.#format,
      settings: this.settings,
      variants,
      allocator: this.#allocator,
    })
    return { symbols, remap }
  }

  /** Gives the memory back; the builder must not be used afterwards. */
  release(): void {
    for (const array of [this.#kinds, this.#numbers, this.#hashes, this.#offsets, this.#bytes]) {
      this.#allocator.release(array.buffer, 'symbols')
    }
    this.#allocator.release(this.#slots.buffer, 'scratch')
  }

  #copySegment(count: number, used: Bitset | undefined, remap: Uint32Array | null): SymbolSegment {
    const keeps = (symbol: number) => used === undefined || used.has(symbol)
    let byteCount = 0
    for (let symbol = 0; symbol < this.#count; symbol++) {
      if (keeps(symbol)) byteCount += this.#offsets[symbol + 1]! - this.#offsets[symbol]!
    }
    const kinds = new Uint8Array(this.#allocator.allocate(count, 'symbols'))
    const numbers = new Float64Array(this.#allocator.allocate(count * 8, 'symbols'))
    const offsets = new Uint32Array(this.#allocator.allocate((count + 1) * 4, 'symbols'))
    const bytes = new Uint8Array(this.#allocator.allocate(byteCount, 'symbols'))
    let next = 0
    let end = 0
    for (let symbol = 0; symbol < this.#count; symbol++) {
      if (!keeps(symbol)) continue
      kinds[next] = this.#kinds[symbol]! & 3
      numbers[next] = this.#numbers[symbol]!
      for (let i = this.#offsets[symbol]!; i < this.#offsets[symbol + 1]!; i++)
        bytes[end++] = this.#bytes[i]!
      next += 1
      offsets[next] = end
      if (remap !== null) remap[symbol + 1] = next
    }
    return { start: 0, count, kinds, numbers, offsets, bytes }
  }

  #defaultText(number: number): string {
    return formatNumber(number, this.#format, this.settings)
  }

  #storedText(symbol: number): string {
    return decodeUtf8(this.#bytes, this.#offsets[symbol]!, this.#offsets[symbol + 1]!)
  }

  #noteText(
    symbol: number,
    format: NumberFormat | null,
    text: string | null,
    table: string,
    row: number,
  ): void {
    const kind = this.#kinds[symbol]!
    const plain = text === null && sameFormat(format, this.#format)
    if (plain && (kind & 3 & ValueKind.Text) === 0) return
    if (plain && (kind & plainNoted) !== 0) return
    const number = this.#numbers[symbol]!
    const own = text ?? formatNumber(number, format, this.settings)
    if (plain) this.#kinds[symbol] = kind | plainNoted
    if (own === this.textAt(symbol)) return
    const key = `${symbol}:${own}`
    if (!this.#variants.has(key)) this.#variants.set(key, { symbol, text: own, table, row })
  }

  #findNumber(number: number, hash: number): number {
    const mask = this.#slots.length - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const symbol = this.#slots[slot]! - 1
      if (symbol < 0) return -1
      if (this.#numbers[symbol] === number) return symbol
    }
  }

  #findText(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const mask = this.#slots.length - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const symbol = this.#slots[slot]! - 1
      if (symbol < 0) return -1
      if (this.#hashes[symbol] !== hash || this.#kinds[symbol] !== ValueKind.Text) continue
      const from = this.#offsets[symbol]!
      const length = this.#offsets[symbol + 1]! - from
      if (length === end - start && equalBytes(this.#bytes, from, bytes, start, length))
        return symbol
    }
  }

  /** Adds a symbol whose text, if any, already stands in the bytes up to `end`. */
  #insert(
    hash: number,
    kind: ValueKind,
    number: number,
    end: number = this.#offsets[this.#count]!,
  ): number {
    const symbol = this.#count
    if (symbol + 1 >= this.#kinds.length) this.#growSymbols()
    this.#kinds[symbol] = kind
    this.#numbers[symbol] = number + 0
    this.#hashes[symbol] = hash
    this.#offsets[symbol + 1] = end
    this.#count = symbol + 1
    if (this.#count * 2 > this.#slots.length) this.#rehash()
    else this.#place(symbol)
    return symbol
  }

  #place(symbol: number): void {
    const mask = this.#slots.length - 1
    let slot = this.#hashes[symbol]! & mask
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
    this.#slots[slot] = symbol + 1
  }

  #rehash(): void {
    this.#allocator.release(this.#slots.buffer, 'scratch')
    this.#slots = new Uint32Array(
      this.#allocator.allocate(slotCount(this.#count * 2) * 4, 'scratch'),
    )
    for (let symbol = 0; symbol < this.#count; symbol++) this.#place(symbol)
  }

  #growSymbols(): void {
    const capacity = nextCapacity(this.#kinds.length, this.#count + 2)
    this.#kinds = growBytes(this.#kinds, capacity, this.#allocator, 'symbols')
    this.#numbers = growNumbers(this.#numbers, capacity, this.#allocator, 'symbols')
    this.#hashes = growWords(this.#hashes, capacity, this.#allocator, 'symbols')
    this.#offsets = growWords(this.#offsets, capacity + 1, this.#allocator, 'symbols')
  }

  #makeRoom(bytes: number): void {
    const needed = this.#offsets[this.#count]! + bytes
    if (needed <= this.#bytes.length) return
    if (needed > 0xffffffff) {
      throw new LichenError(
        'budget-exceeded',
        'The texts of one field pass 4 GiB; split the field or load fewer values',
      )
    }
    this.#bytes = growBytes(
      this.#bytes,
      nextCapacity(this.#bytes.length, needed),
      this.#allocator,
      'symbols',
    )
  }
}

export function sameFormat(left: NumberFormat | null, right: NumberFormat | null): boolean {
  if (left === right) return true
  if (left === null || right === null) return false
  return (
    left.kind === right.kind &&
    left.pattern === right.pattern &&
    left.decimalSeparator === right.decimalSeparator &&
    left.thousandSeparator === right.thousandSeparator
  )
}
