import { decodeUtf8, encodeUtf8 } from '../base/utf8.ts'
import { Dual, type Value, ValueKind } from '../value/dual.ts'
import { formatNumber } from '../value/format-number.ts'
import type { FormatSettings } from '../value/format-settings.ts'
import type { NumberFormat } from '../value/number-format.ts'
import type { Allocator } from './allocator.ts'
import { equalBytes, hashBytes, hashNumber, slotCount } from './hash.ts'
import { orderOfNumbers, orderOfTexts } from './sort-order.ts'
import type { SymbolSegment, SymbolTable, VariantText } from './symbol-table.ts'

export interface StoredSymbolsOptions {
  readonly segments: readonly SymbolSegment[]
  readonly format: NumberFormat | null
  readonly settings: FormatSettings
  readonly variants: readonly VariantText[]
  readonly allocator: Allocator
  /** Known from a snapshot, so that nothing is computed again. */
  readonly known?: KnownOrders
}

/** What is otherwise built at first use. `slots` is the open-addressing table of `find`: symbol + 1, 0 = free, length a power of two. */
export interface KnownOrders {
  readonly numberCount: number
  readonly numeric?: Uint32Array
  readonly text?: Uint32Array
  readonly slots?: Uint32Array
}

const cachedTexts = 4096

/** The symbol table over flat memory. Everything derived (orders, ranks, hash, texts) appears at first use. */
export class StoredSymbols implements SymbolTable {
  readonly count: number
  readonly segments: readonly SymbolSegment[]
  readonly format: NumberFormat | null
  readonly settings: FormatSettings
  readonly variants: readonly VariantText[]
  readonly #allocator: Allocator
  readonly #orders = new Map<'numeric' | 'text', Uint32Array>()
  readonly #ranks = new Map<'numeric' | 'text', Uint32Array>()
  readonly #cachedSymbols = new Int32Array(cachedTexts).fill(-1)
  readonly #cachedTexts: string[] = []
  #numberCount: number
  #slots: Uint32Array | undefined
  #numbersByCode: Float64Array | undefined

  constructor(options: StoredSymbolsOptions) {
    this.segments = options.segments
    this.format = options.format
    this.settings = options.settings
    this.variants = options.variants
    this.#allocator = options.allocator
    this.count = options.segments.reduce((sum, segment) => sum + segment.count, 0)
    this.#numberCount = options.known?.numberCount ?? -1
    this.#slots = options.known?.slots
    if (options.known?.numeric !== undefined) this.#orders.set('numeric', options.known.numeric)
    if (options.known?.text !== undefined) this.#orders.set('text', options.known.text)
  }

  get bytes(): number {
    let bytes = this.#slots?.byteLength ?? 0
    for (const { kinds, numbers, offsets, bytes: texts } of this.segments) {
      bytes += kinds.byteLength + numbers.byteLength + offsets.byteLength + texts.byteLength
    }
    for (const array of [...this.#orders.values(), ...this.#ranks.values()])
      bytes += array.byteLength
    return bytes + (this.#numbersByCode?.byteLength ?? 0)
  }

  /** Symbols that have a number. */
  get numberCount(): number {
    if (this.#numberCount < 0) {
      this.#numberCount = 0
      for (const { kinds } of this.segments)
        for (const kind of kinds) this.#numberCount += kind & ValueKind.Number
    }
    return this.#numberCount
  }

  get allNumbers(): boolean {
    return this.numberCount === this.count
  }

  get allText(): boolean {
    return this.numberCount === 0
  }

  kindAt(symbol: number): number {
    const segment = this.#segmentOf(symbol)
    return segment.kinds[symbol - segment.start]!
  }

  numberAt(symbol: number): number {
    const segment = this.#segmentOf(symbol)
    return segment.numbers[symbol - segment.start]!
  }

  textAt(symbol: number): string {
    const place = symbol & (cachedTexts - 1)
    if (this.#cachedSymbols[place] === symbol) return this.#cachedTexts[place]!
    const text = this.#freshText(symbol)
    this.#cachedSymbols[place] = symbol
    this.#cachedTexts[place] = text
    return text
  }

  valueAt(symbol: number): Value {
    const kind = this.kindAt(symbol)
    if (kind === ValueKind.Text) return this.textAt(symbol)
    const number = this.numberAt(symbol)
    return kind === ValueKind.Number && this.format === null
      ? number
      : new Dual(this.textAt(symbol), number)
  }

  find(value: Value): number {
    if (value === null || this.count === 0) return -1
    if (typeof value === 'string') {
      const bytes = encodeUtf8(value)
      return this.#probe(hashBytes(bytes, 0, bytes.length), (symbol) => this.#isText(symbol, bytes))
    }
    const number = typeof value === 'number' ? value : value.number
    return this.#probe(hashNumber(number), (symbol) => this.numberAt(symbol) === number)
  }

  numbersByCode(): Float64Array {
    if (this.#numbersByCode === undefined) {
      const all = new Float64Array(this.#allocator.allocate((this.count + 1) * 8, 'indices'))
      all[0] = Number.NaN
      for (const segment of this.segments) all.set(segment.numbers, segment.start + 1)
      this.#numbersByCode = all
    }
    return this.#numbersByCode
  }

  order(by: 'numeric' | 'text'): Uint32Array {
    const known = this.#orders.get(by)
    if (known !== undefined) return known
    const order = this.#keep(
      by === 'numeric' ? this.#numericOrder() : orderOfTexts(this.#texts(0, this.count)),
    )
    this.#orders.set(by, order)
    return order
  }

  rank(by: 'numeric' | 'text'): Uint32Array {
    const known = this.#ranks.get(by)
    if (known !== undefined) return known
    const order = this.order(by)
    const rank = new Uint32Array(this.#allocator.allocate(this.count * 4, 'indices'))
    for (let i = 0; i < order.length; i++) rank[order[i]!] = i
    this.#ranks.set(by, rank)
    return rank
  }

  /** The hash table behind `find`, for a snapshot. */
  findSlots(): Uint32Array {
    if (this.#slots === undefined) {
      const slots = new Uint32Array(this.#allocator.allocate(slotCount(this.count) * 4, 'indices'))
      const mask = slots.length - 1
      for (const { start, count, kinds, numbers, offsets, bytes } of this.segments) {
        for (let i = 0; i < count; i++) {
          const byText = kinds[i] === ValueKind.Text
          const hash = byText
            ? hashBytes(bytes, offsets[i]!, offsets[i + 1]!)
            : hashNumber(numbers[i]!)
          let slot = hash & mask
          while (slots[slot] !== 0) slot = (slot + 1) & mask
          slots[slot] = start + i + 1
        }
      }
      this.#slots = slots
    }
    return this.#slots
  }

  #probe(hash: number, matches: (symbol: number) => boolean): number {
    const slots = this.findSlots()
    const mask = slots.length - 1
    let slot = hash & mask
    for (let step = 0; step < slots.length; step++) {
      const symbol = slots[slot]! - 1
      if (symbol < 0) return -1
      if (matches(symbol)) return symbol
      slot = (slot + 1) & mask
    }
    return -1
  }

  #isText(symbol: number, wanted: Uint8Array): boolean {
    const { start, kinds, offsets, bytes } = this.#segmentOf(symbol)
    if (kinds[symbol - start] !== ValueKind.Text) return false
    const from = offsets[symbol - start]!
    const length = offsets[symbol - start + 1]! - from
    return length === wanted.length && equalBytes(bytes, from, wanted, 0, length)
  }

  #freshText(symbol: number): string {
    const { start, kinds, numbers, offsets, bytes } = this.#segmentOf(symbol)
    const i = symbol - start
    if (kinds[i] === ValueKind.Number) return formatNumber(numbers[i]!, this.format, this.settings)
    return decodeUtf8(bytes, offsets[i]!, offsets[i + 1]!)
  }

  #texts(from: number, to: number): string[] {
    const texts: string[] = []
    for (let symbol = from; symbol < to; symbol++) texts.push(this.#freshText(symbol))
    return texts
  }

  #numericOrder(): Uint32Array {
    const withNumber = new Uint32Array(this.numberCount)
    const numbers = new Float64Array(this.numberCount)
    const textOnly: number[] = []
    const texts: string[] = []
    let next = 0
    for (let symbol = 0; symbol < this.count; symbol++) {
      if ((this.kindAt(symbol) & ValueKind.Number) === 0) {
        textOnly.push(symbol)
        texts.push(this.#freshText(symbol))
        continue
      }
      withNumber[next] = symbol
      numbers[next] = this.numberAt(symbol)
      next += 1
    }
    const order = orderOfNumbers(numbers)
    for (let i = 0; i < order.length; i++) order[i] = withNumber[order[i]!]!
    const full = new Uint32Array(this.count)
    full.set(order)
    full.set(
      orderOfTexts(texts).map((index) => textOnly[index]!),
      order.length,
    )
    return full
  }

  #keep(order: Uint32Array): Uint32Array {
    const kept = new Uint32Array(this.#allocator.allocate(order.byteLength, 'indices'))
    kept.set(order)
    return kept
  }

  #segmentOf(symbol: number): SymbolSegment {
    const { segments } = this
    if (segments.length === 1) return segments[0]!
    let low = 0
    let high = segments.length - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if (segments[middle]!.start <= symbol) low = middle
      else high = middle - 1
    }
    return segments[low]!
  }
}
