import { popcount } from '../base/popcount.ts'
import type { Vector } from '../value/vector.ts'
import { NotInArena } from '../wasm/arena.ts'
import { type Operand, type Program, recordCount } from '../wasm/program.ts'
import type { CodedAccumulator } from './coded.ts'

/** Bits of the map of one aggregation: 64 MiB. */
const maxBits = 2 ** 29
/** Bytes of bits from which on putting those of several threads together costs more than marking them. */
const mostPlanned = 2 ** 22

/** Counts the codes seen in each group but NULL: a bitmap with a run of bits for each group; hashed where that would grow too large. */
export class CodedDistinctCount implements CodedAccumulator {
  readonly #codes: number
  /** Words of a group. */
  readonly #stride: number
  #bits: Uint32Array | undefined = new Uint32Array(0)
  #pairs: CodePairs | undefined
  #groups = 0

  /** `codes`: number of codes of the field. */
  constructor(codes: number) {
    this.#codes = codes
    this.#stride = Math.ceil(codes / 32)
  }

  resize(groups: number): void {
    this.#groups = Math.max(this.#groups, groups)
    if (this.#bits === undefined) this.#pairs?.resize(groups)
    else if (groups * this.#stride > this.#bits.length) this.#lengthen(this.#bits, groups)
  }

  #lengthen(bits: Uint32Array, groups: number): void {
    const needed = groups * this.#stride
    if (needed * 32 <= maxBits) {
      this.#bits = new Uint32Array(
        Math.max(needed + this.#stride, Math.min(maxBits / 32, bits.length * 2)),
      )
      this.#bits.set(bits)
      return
    }
    const pairs = new CodePairs(this.#codes)
    pairs.resize(groups)
    for (let group = 0; (group + 1) * this.#stride <= bits.length; group++)
      pairs.addBits(group, bits, group * this.#stride, this.#stride)
    this.#pairs = pairs
    this.#bits = undefined
  }

  add(groups: Uint32Array | undefined, codes: Uint32Array, count: number): void {
    const bits = this.#bits
    if (bits === undefined) this.#pairs?.add(groups, codes, count)
    else if (groups === undefined)
      for (let i = 0; i < count; i++) {
        const code = codes[i]!
        bits[code >>> 5]! |= 1 << (code & 31)
      }
    else {
      const stride = this.#stride
      for (let i = 0; i < count; i++) {
        const code = codes[i]!
        bits[groups[i]! * stride + (code >>> 5)]! |= 1 << (code & 31)
      }
    }
  }

  plan(program: Program, groups: Operand | undefined, codes: Operand): void {
    const bits = this.#bits
    if (bits === undefined || bits.byteLength > mostPlanned) throw new NotInArena()
    if (groups === undefined) {
      const seen = program.bytes(this.#codes)
      program.call('seen32', codes, recordCount, seen.at)
      program.atEnd(() => {
        for (const part of seen.each)
          for (let code = 0; code < part.length; code++)
            if (part[code] === 1) bits[code >>> 5]! |= 1 << (code & 31)
      })
      return
    }
    const parts = program.words(bits.length)
    program.call('mark', groups, codes, recordCount, parts.at, { base: this.#stride * 4 })
    program.atEnd(() => {
      for (const part of parts.each) for (let w = 0; w < part.length; w++) bits[w]! |= part[w]!
    })
  }

  /** Only as bits: sets that are hashed are not walked by group. Many bits take longer than the records. */
  absorbs(records: number, groups: number): boolean {
    const words = (groups + 1) * this.#stride
    return words * 32 <= maxBits && words <= records * 4
  }

  absorb(other: CodedAccumulator, from: Uint32Array, to: Uint32Array, count: number): void {
    const bits = other instanceof CodedDistinctCount ? other.#bits : undefined
    if (bits === undefined) return
    const stride = this.#stride
    for (let i = 0; i < count; i++) {
      if (this.#bits === undefined) {
        this.#pairs?.addBits(to[i]!, bits, from[i]! * stride, stride)
        continue
      }
      let source = from[i]! * stride
      let target = to[i]! * stride
      for (const end = source + stride; source < end; source++, target++)
        this.#bits[target]! |= bits[source]!
    }
  }

  addCounts(counts: Uint32Array): void {
    const codes = new Uint32Array(counts.length)
    let seen = 0
    for (let code = 0; code < counts.length; code++) if (counts[code] !== 0) codes[seen++] = code
    this.add(undefined, codes, seen)
  }

  write(out: Vector, count: number): void {
    const bits = this.#bits
    if (bits === undefined) {
      for (let group = 0; group < count; group++) out.setNumber(group, this.#pairs?.of(group) ?? 0)
      return
    }
    for (let group = 0; group < count; group++) {
      const from = group * this.#stride
      let distinct = 0
      for (let w = from; w < from + this.#stride; w++) distinct += popcount(bits[w]!)
      out.setNumber(group, distinct - (bits[from]! & 1))
    }
  }

  total(out: Vector): void {
    const all = new CodedDistinctCount(this.#codes)
    all.resize(1)
    const bits = this.#bits
    const seen = all.#bits ?? new Uint32Array(this.#stride)
    if (bits === undefined) this.#pairs?.markCodes(seen)
    else
      for (let group = 0, at = 0; group < this.#groups; group++)
        for (let w = 0; w < this.#stride; w++, at++) seen[w]! |= bits[at]!
    all.write(out, 1)
  }
}

/** A set of (group, code), each one number below 2^53, with the codes of each group counted. NULL is left out. */
class CodePairs {
  readonly #codes: number
  /** The pair + 1, 0 where the slot is free. */
  #slots: Float64Array = new Float64Array(1 << 16)
  #counts: Float64Array = new Float64Array(0)
  #size = 0

  constructor(codes: number) {
    this.#codes = codes
  }

  resize(groups: number): void {
    if (groups <= this.#counts.length) return
    const counts = new Float64Array(Math.max(groups, this.#counts.length * 2))
    counts.set(this.#counts)
    this.#counts = counts
  }

  add(groups: Uint32Array | undefined, codes: Uint32Array, count: number): void {
    for (let i = 0; i < count; i++) this.addOne(groups === undefined ? 0 : groups[i]!, codes[i]!)
  }

  /** The codes whose bits are set in `words` words from some word on. */
  addBits(group: number, bits: Uint32Array, from: number, words: number): void {
    for (let w = 0; w < words; w++)
      for (let word = bits[from + w]!; word !== 0; word &= word - 1)
        this.addOne(group, w * 32 + 31 - Math.clz32(word & -word))
  }

  addOne(group: number, code: number): void {
    if (code === 0) return
    const pair = group * this.#codes + code + 1
    const at = this.#find(pair)
    if (this.#slots[at] !== 0) return
    this.#slots[at] = pair
    this.#counts[group]! += 1
    this.#size += 1
    if (this.#size * 2 > this.#slots.length) this.#rehash()
  }

  #find(pair: number): number {
    const slots = this.#slots
    const mask = slots.length - 1
    const high = Math.floor(pair / 0x1_0000_0000)
    let hash = Math.imul((pair >>> 0) ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1)
    hash ^= hash >>> 15
    let at = Math.imul(hash, 0xc2b2ae35) >>> 0
    at = (at ^ (at >>> 13)) & mask
    while (slots[at] !== 0 && slots[at] !== pair) at = (at + 1) & mask
    return at
  }

  #rehash(): void {
    const before = this.#slots
    this.#slots = new Float64Array(before.length * 2)
    for (let at = 0; at < before.length; at++) {
      const pair = before[at]!
      if (pair !== 0) this.#slots[this.#find(pair)] = pair
    }
  }

  of(group: number): number {
    return this.#counts[group] ?? 0
  }

  markCodes(seen: Uint32Array): void {
    for (let at = 0; at < this.#slots.length; at++) {
      if (this.#slots[at] === 0) continue
      const code = (this.#slots[at]! - 1) % this.#codes
      seen[code >>> 5]! |= 1 << (code & 31)
    }
  }
}
