import { popcount } from '../base/popcount.ts'
import type { Vector } from '../value/vector.ts'
import { NotInArena } from '../wasm/arena.ts'
import { type Operand, type Program, recordCount } from '../wasm/program.ts'
import type { CodedAccumulator } from './coded.ts'

/** Bits of the map of one aggregation: 64 MiB. */
const maxBits = 2 ** 29
/** Pairs there is room for at first; memory that is not written to is not taken. */
const fewestPairs = 2 ** 21
/** Bytes of bits from which on putting those of several threads together costs more than marking them. */
const mostPlanned = 2 ** 22

/** Counts the codes seen in each group but NULL: a bitmap with a run of bits for each group; as pairs where that would grow too large. */
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

  /** Only as bits: pairs are not walked by group. Many bits take longer than the records. */
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

/**
 * A set of (group, code): pairs as they come, now and then put in order of their groups, where those of one group follow each other and what it
 * has twice is dropped. NULL is left out.
 */
class CodePairs {
  readonly #codes: number
  #groupOf: Uint32Array = new Uint32Array(fewestPairs)
  #codeOf: Uint32Array = new Uint32Array(fewestPairs)
  #size = 0
  /** Pairs in front that are in order. */
  #settled = 0
  #counts: Uint32Array = new Uint32Array(0)

  constructor(codes: number) {
    this.#codes = codes
  }

  resize(groups: number): void {
    if (groups <= this.#counts.length) return
    const counts = new Uint32Array(Math.max(groups, this.#counts.length * 2))
    counts.set(this.#counts)
    this.#counts = counts
  }

  add(groups: Uint32Array | undefined, codes: Uint32Array, count: number): void {
    this.#makeRoom(count)
    if (groups === undefined) this.#groupOf.fill(0, this.#size, this.#size + count)
    else this.#groupOf.set(groups.subarray(0, count), this.#size)
    this.#codeOf.set(codes.subarray(0, count), this.#size)
    this.#size += count
  }

  /** The codes whose bits are set in `words` words from some word on. */
  addBits(group: number, bits: Uint32Array, from: number, words: number): void {
    this.#makeRoom(words * 32)
    for (let w = 0; w < words; w++)
      for (let word = bits[from + w]!; word !== 0; word &= word - 1) {
        this.#groupOf[this.#size] = group
        this.#codeOf[this.#size++] = w * 32 + 31 - Math.clz32(word & -word)
      }
  }

  #makeRoom(more: number): void {
    if (this.#size + more <= this.#codeOf.length) return
    this.#settle()
    const needed = this.#size * 2 + more
    if (needed <= this.#codeOf.length) return
    const length = Math.max(needed, this.#codeOf.length * 2)
    this.#groupOf = lengthened(this.#groupOf, length)
    this.#codeOf = lengthened(this.#codeOf, length)
  }

  #settle(): void {
    if (this.#settled === this.#size) return
    const groups = this.#groupOf
    const codes = this.#codeOf
    const counts = this.#counts.fill(0)
    for (let i = 0; i < this.#size; i++) counts[groups[i]!]! += 1
    const ends = new Uint32Array(counts.length)
    for (let group = 0, end = 0; group < ends.length; group++) ends[group] = end += counts[group]!
    const ordered = new Uint32Array(this.#size)
    for (let i = this.#size - 1; i >= 0; i--) ordered[--ends[groups[i]!]!] = codes[i]!
    // By code the group it was last seen in, and 1; NULL is in all of them.
    const seenIn = new Uint32Array(this.#codes)
    let size = 0
    for (let group = 0, at = 0; group < counts.length; group++) {
      const first = size
      seenIn[0] = group + 1
      for (const end = at + counts[group]!; at < end; at++) {
        const code = ordered[at]!
        if (seenIn[code] === group + 1) continue
        seenIn[code] = group + 1
        groups[size] = group
        codes[size++] = code
      }
      counts[group] = size - first
    }
    this.#size = size
    this.#settled = size
  }

  of(group: number): number {
    this.#settle()
    return this.#counts[group] ?? 0
  }

  markCodes(seen: Uint32Array): void {
    this.#settle()
    for (let i = 0; i < this.#size; i++) {
      const code = this.#codeOf[i]!
      seen[code >>> 5]! |= 1 << (code & 31)
    }
  }
}

function lengthened(array: Uint32Array, length: number): Uint32Array {
  const next = new Uint32Array(length)
  next.set(array)
  return next
}
