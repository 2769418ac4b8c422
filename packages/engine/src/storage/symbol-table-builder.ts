import { LichenError } from '../base/errors.ts'
import { decodeUtf8, encodeUtf8, encodeUtf8Into } from '../base/utf8.ts'
import { Dual, type Value, ValueKind } from '../value/dual.ts'
import { formatNumber } from '../value/format-number.ts'
import { defaultFormatSettings, type FormatSettings } from '../value/format-settings.ts'
import { type NumberFormat, sameFormat } from '../value/number-format.ts'
import type { Allocator } from './allocator.ts'
import type { Bitset } from './bitset.ts'
import { growBytes, growNumbers, growWords, nextCapacity } from './growing.ts'
import { equalBytes, hashBytes, hashEnds, hashNumber, slotCount } from './hash.ts'
import { StoredSymbols } from './stored-symbols.ts'
import { copyOfAll, copyOfUsed, inOneSegment } from './symbol-copy.ts'
import type { SymbolSegment } from './symbol-table.ts'
import { VariantTexts } from './variant-texts.ts'

/** Beside the ValueKind bits: the default text of a number shown by another text is already among the variants. */
const plainNoted = 4

/** Places for texts seen lately. */
const recentTexts = 1 << 14

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
  #variants = new VariantTexts()
  #count = 0
  #kinds: Uint8Array
  #numbers: Float64Array
  #hashes: Uint32Array
  #offsets: Uint32Array
  #bytes: Uint8Array
  /** Symbol + 1, doubled, and 1 where it has a text of its own; 0 for a free slot. */
  #slots: Uint32Array
  /** Symbols + 1 of texts seen lately, by a hash that is quicker than that of the slots; made at the first text. */
  #recent = new Uint32Array(0)
  #format: NumberFormat | null = null
  #formatKnown = false
  /** Numbers, offsets and bytes are those of the finished symbols; hashes and slots are given up until something is added or sought. */
  #lent = false

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

  /** Takes over all values of finished symbols, for an empty builder with their settings. Their arrays are read until values are added or sought. */
  adopt({ segments, format, variants, numberCount }: StoredSymbols): void {
    const segment = inOneSegment(segments)
    const { count, kinds } = segment
    this.#count = count
    this.#kinds = growBytes(this.#kinds, nextCapacity(16, count + 2), this.#allocator, 'symbols')
    this.#kinds.set(kinds)
    this.#lend(segment)
    this.#variants = new VariantTexts(variants)
    this.#format = format
    this.#formatKnown = format !== null || numberCount > 0
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
    if (this.#lent) this.#takeBack()
    if (!this.#formatKnown) this.setFormat(format)
    const hash = hashNumber(number)
    const place = this.#placeOfNumber(number, hash)
    if (place !== 0) {
      const known = (place >>> 1) - 1
      // The usual case needs no look at the kind of the symbol.
      if (text !== null || (place & 1) !== 0 || !sameFormat(format, this.#format))
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

  /**
   * A finite number shown by the ASCII bytes[start … end), which are not its default text: the quick way of `addNumber` with that text.
   * -1, and nothing added, where it takes more than that: the field has a format, or the number is here with another text.
   */
  addShown(number: number, bytes: Uint8Array, start: number, end: number): number {
    if (this.#lent) this.#takeBack()
    if (!this.#formatKnown) this.setFormat(null)
    if (this.#format !== null) return -1
    const hash = hashNumber(number)
    const known = this.#findNumber(number, hash)
    if (known >= 0) return this.#hasText(known, bytes, start, end) ? known : -1
    return this.#insert(hash, ValueKind.Dual, number, this.#putBytes(bytes, start, end))
  }

  addString(text: string): number {
    if (this.#lent) this.#takeBack()
    this.#makeRoom(text.length * 3)
    const start = this.#offsets[this.#count]!
    const end = encodeUtf8Into(text, this.#bytes, start)
    const hash = hashBytes(this.#bytes, start, end)
    const known = this.#findText(this.#bytes, start, end, hash)
    return known >= 0 ? known : this.#insert(hash, ValueKind.Text, Number.NaN, end)
  }

  /** UTF-8 bytes[start … end) as a text without a number. */
  addText(bytes: Uint8Array, start: number, end: number): number {
    if (this.#lent) this.#takeBack()
    const place = hashEnds(bytes, start, end) & (recentTexts - 1)
    const recent = this.#recent[place] ?? 0
    if (recent !== 0 && this.#hasText(recent - 1, bytes, start, end)) return recent - 1
    const hash = hashBytes(bytes, start, end)
    const known = this.#findText(bytes, start, end, hash)
    const symbol =
      known >= 0
        ? known
        : this.#insert(hash, ValueKind.Text, Number.NaN, this.#putBytes(bytes, start, end))
    if (this.#recent.length === 0) this.#recent = new Uint32Array(recentTexts)
    this.#recent[place] = symbol + 1
    return symbol
  }

  valueAt(symbol: number): Value {
    const kind = this.#kinds[symbol]! & 3
    if (kind === ValueKind.Text) return this.#storedText(symbol)
    const number = this.#numbers[symbol]!
    if (kind === ValueKind.Dual) return new Dual(this.#storedText(symbol), number)
    return this.#format === null ? number : new Dual(this.#defaultText(number), number)
  }

  /** As a ValueKind: a number without a text of its own, a text, or both. */
  kindAt(symbol: number): number {
    return this.#kinds[symbol]! & ValueKind.Dual
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
    if (this.#lent) this.#takeBack()
    if (typeof value === 'string') {
      const bytes = encodeUtf8(value)
      return this.#findText(bytes, 0, bytes.length, hashBytes(bytes, 0, bytes.length))
    }
    const number = typeof value === 'number' ? value : value.number
    return this.#findNumber(number, hashNumber(number))
  }

  /** A table took another name, or none (it was dropped): variants follow. */
  renameTable(from: string, to: string | null): void {
    this.#variants.renameTable(from, to)
  }

  /**
   * The symbols as immutable flat arrays, in load order; with `used` (over symbols) only those. The builder stays as it was and
   * may go on growing; until it does, it shares the arrays when all symbols were used, so that they do not take their memory twice.
   */
  finish(used?: Bitset): FinishedSymbols {
    const all = used === undefined || used.count() === this.#count
    const remap = all ? null : new Uint32Array(this.#count + 1)
    const own = {
      start: 0,
      count: this.#count,
      kinds: this.#kinds,
      numbers: this.#numbers,
      offsets: this.#offsets,
      bytes: this.#bytes,
    }
    const segment =
      remap === null || used === undefined
        ? copyOfAll(own, this.#allocator)
        : copyOfUsed(own, used, remap, this.#allocator)
    if (remap === null) this.#lend(segment)
    const symbols = new StoredSymbols({
      segments: [segment],
      format: this.#format,
      settings: this.settings,
      variants: this.#variants.list(remap),
      allocator: this.#allocator,
    })
    return { symbols, remap }
  }

  /** Gives the memory back; the builder must not be used afterwards. */
  release(): void {
    this.#allocator.release(this.#kinds.buffer, 'symbols')
    if (!this.#lent) this.#releaseShared()
  }

  #releaseShared(): void {
    for (const array of [this.#numbers, this.#hashes, this.#offsets, this.#bytes])
      this.#allocator.release(array.buffer, 'symbols')
    this.#allocator.release(this.#slots.buffer, 'scratch')
  }

  #lend({ numbers, offsets, bytes }: SymbolSegment): void {
    if (!this.#lent) this.#releaseShared()
    this.#lent = true
    this.#numbers = numbers
    this.#offsets = offsets
    this.#bytes = bytes
    this.#hashes = new Uint32Array(0)
    this.#slots = new Uint32Array(0)
  }

  /** Arrays of its own again, with what `#lend` gave up. */
  #takeBack(): void {
    const allocate = (bytes: number): ArrayBufferLike => this.#allocator.allocate(bytes, 'symbols')
    const capacity = this.#kinds.length
    const numbers = new Float64Array(allocate(capacity * 8))
    const offsets = new Uint32Array(allocate((capacity + 1) * 4))
    const bytes = new Uint8Array(allocate(Math.max(64, this.#bytes.length)))
    numbers.set(this.#numbers)
    offsets.set(this.#offsets)
    bytes.set(this.#bytes)
    const hashes = new Uint32Array(allocate(capacity * 4))
    for (let symbol = 0; symbol < this.#count; symbol++)
      hashes[symbol] =
        (this.#kinds[symbol]! & ValueKind.Number) === 0
          ? hashBytes(bytes, offsets[symbol]!, offsets[symbol + 1]!)
          : hashNumber(numbers[symbol]!)
    this.#numbers = numbers
    this.#offsets = offsets
    this.#bytes = bytes
    this.#hashes = hashes
    this.#lent = false
    this.#rehash()
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
    this.#variants.note(symbol, own, table, row)
  }

  #findNumber(number: number, hash: number): number {
    return (this.#placeOfNumber(number, hash) >>> 1) - 1
  }

  /** What its slot holds, 0 for an unknown number. */
  #placeOfNumber(number: number, hash: number): number {
    const slots = this.#slots
    const numbers = this.#numbers
    const mask = slots.length - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const place = slots[slot]!
      if (place === 0 || numbers[(place >>> 1) - 1] === number) return place
    }
  }

  #hasText(symbol: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.#offsets[symbol]!
    const length = end - start
    return (
      this.#offsets[symbol + 1]! - from === length &&
      equalBytes(this.#bytes, from, bytes, start, length)
    )
  }

  #findText(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const mask = this.#slots.length - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const symbol = (this.#slots[slot]! >>> 1) - 1
      if (symbol < 0) return -1
      if (this.#hashes[symbol] !== hash || this.#kinds[symbol] !== ValueKind.Text) continue
      if (this.#hasText(symbol, bytes, start, end)) return symbol
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
    this.#slots[slot] = this.#slotOf(symbol)
  }

  #slotOf(symbol: number): number {
    return ((symbol + 1) << 1) | ((this.#kinds[symbol]! & ValueKind.Text) >>> 1)
  }

  #rehash(): void {
    this.#allocator.release(this.#slots.buffer, 'scratch')
    const slots = new Uint32Array(
      this.#allocator.allocate(slotCount(this.#count * 2) * 4, 'scratch'),
    )
    this.#slots = slots
    const hashes = this.#hashes
    const mask = slots.length - 1
    for (let symbol = 0; symbol < this.#count; symbol++) {
      let slot = hashes[symbol]! & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = this.#slotOf(symbol)
    }
  }

  #growSymbols(): void {
    const capacity = nextCapacity(this.#kinds.length, this.#count + 2)
    this.#kinds = growBytes(this.#kinds, capacity, this.#allocator, 'symbols')
    this.#numbers = growNumbers(this.#numbers, capacity, this.#allocator, 'symbols')
    this.#hashes = growWords(this.#hashes, capacity, this.#allocator, 'symbols')
    this.#offsets = growWords(this.#offsets, capacity + 1, this.#allocator, 'symbols')
  }

  /** Puts bytes behind those of the last symbol and returns where they end. */
  #putBytes(bytes: Uint8Array, start: number, end: number): number {
    this.#makeRoom(end - start)
    const at = this.#offsets[this.#count]!
    const own = this.#bytes
    for (let i = start; i < end; i++) own[at + i - start] = bytes[i]!
    return at + end - start
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
    const capacity = nextCapacity(this.#bytes.length, needed)
    this.#bytes = growBytes(this.#bytes, capacity, this.#allocator, 'symbols')
  }
}
