import { popcount } from '../base/popcount.ts'
import type { Arena } from './arena.ts'
import { callWords, chunkWords, endOfCalls, kernelNumbers } from './kernels.ts'
import { threadPool } from './threads.ts'

/** What a chunk says of itself, as bytes into its description. */
export const chunkNumber = {
  /** Its first row, and that divided by 32. */
  row: 0,
  word: 4,
  /** Words of 32 rows. */
  words: 8,
  /** Its first record, and how many there are. */
  record: 12,
  records: 16,
} as const

/** An argument of a call: base + stride × a number of the chunk; `apart`: bytes between the regions of one thread and the next. */
export interface Operand {
  readonly base: number
  readonly stride?: number
  readonly of?: (typeof chunkNumber)[keyof typeof chunkNumber]
  readonly apart?: number
}

/** Rows cut into chunks that have at most `chunkRecords` records each. */
export interface Chunks {
  /** Address of their descriptions, `chunkWords` words each. */
  readonly at: number
  readonly count: number
  readonly records: number
}

/** Records in a chunk at most: codes, groups and lists of one lie in the cache. */
export const chunkRecords = 4096

/** A result that every thread has for itself until the program has run. */
export interface Partial<A> {
  readonly at: Operand
  /** One of each thread. */
  readonly each: readonly A[]
}

interface Call {
  readonly kernel: number
  readonly args: readonly Operand[]
}

/** Records, and records times calls, from which on it pays to wake other threads: that takes about 15 µs. */
const worthThreads = 32_768
const worthWaking = 150_000

export const recordCount: Operand = { base: 0, stride: 1, of: chunkNumber.records }

/**
 * Calls of kernels, made for every chunk of some rows, by this thread and others. Regions live as long as the `borrow` around it.
 * All methods throw `NotInArena`.
 */
export class Program {
  readonly arena: Arena
  readonly chunks: Chunks
  readonly threads: number
  readonly #calls: Call[] = []
  readonly #ends: (() => void)[] = []

  constructor(arena: Arena, chunks: Chunks) {
    this.arena = arena
    this.chunks = chunks
    const others =
      arena.memory.isShared && chunks.records >= worthThreads ? (threadPool()?.size ?? 0) : 0
    this.threads = 1 + others
  }

  call(name: string, ...args: readonly Operand[]): void {
    this.#calls.push({ kernel: kernelNumbers.get(name) ?? endOfCalls, args })
  }

  /** Four bytes for each record of a chunk. */
  slots(): Operand {
    return this.#apart(chunkRecords * 4)
  }

  bytes(length: number): Partial<Uint8Array> {
    const at = this.#apart(length)
    return { at, each: this.#each(at, (start) => new Uint8Array(this.arena.buffer, start, length)) }
  }

  words(length: number): Partial<Uint32Array> {
    const at = this.#apart(length * 4)
    return {
      at,
      each: this.#each(at, (start) => new Uint32Array(this.arena.buffer, start, length)),
    }
  }

  doubles(length: number, initial = 0): Partial<Float64Array> {
    const at = this.#apart(length * 8)
    const each = this.#each(at, (start) => new Float64Array(this.arena.buffer, start, length))
    if (initial !== 0) for (const part of each) part.fill(initial)
    return { at, each }
  }

  /** Something to do when all calls were made. */
  atEnd(work: () => void): void {
    this.#ends.push(work)
  }

  run(): void {
    const { arena, chunks, threads } = this
    const next = arena.take(4)
    new Uint32Array(arena.buffer, next, 1)[0] = 0
    const programs = Array.from({ length: threads }, (_, thread) => this.#encode(thread))
    const [own = 0, ...others] = programs
    const meanwhile = (): void => arena.exports.run(own, chunks.at, chunks.count, next)
    const pool = threadPool()
    const isShort = chunks.records * this.#calls.length < worthWaking
    if (others.length === 0 || pool === undefined || isShort) meanwhile()
    else {
      const work = { programs: others, table: chunks.at, chunks: chunks.count, next }
      pool.run(arena.memory, work, meanwhile)
    }
    for (const end of this.#ends) end()
  }

  #apart(bytes: number): Operand {
    const apart = Math.ceil(bytes / 64) * 64
    return { base: this.arena.take(apart * this.threads), apart }
  }

  #each<A extends { fill(value: number): A }>(at: Operand, view: (start: number) => A): A[] {
    return Array.from({ length: this.threads }, (_, thread) =>
      view(at.base + thread * (at.apart ?? 0)).fill(0),
    )
  }

  /** The calls as words for `run` of the module. */
  #encode(thread: number): number {
    const length = this.#calls.length * callWords + 1
    const at = this.arena.take(length * 4)
    const words = new Uint32Array(this.arena.buffer, at, length).fill(0)
    for (const [index, { kernel, args }] of this.#calls.entries()) {
      let word = index * callWords
      words[word++] = kernel
      for (const { base, stride = 0, of = 0, apart = 0 } of args) {
        words[word++] = base + thread * apart
        words[word++] = stride
        words[word++] = of
      }
    }
    words[length - 1] = endOfCalls
    return at
  }
}

/** Describes chunks of consecutive rows that are all records. @throws NotInArena */
export function chunksOfAll(arena: Arena, rows: number): Chunks {
  const count = Math.ceil(rows / chunkRecords)
  const at = arena.take(count * chunkWords * 4)
  const words = new Uint32Array(arena.buffer, at, count * chunkWords)
  for (let chunk = 0; chunk < count; chunk++) {
    const first = chunk * chunkRecords
    const own = Math.min(chunkRecords, rows - first)
    describe(words, chunk, first, (own + 31) >>> 5, first, own)
  }
  return { at, count, records: rows }
}

/** Words of row bits looked at together. */
const stepWords = 32

/** Describes chunks of rows whose bit is set, kept. @throws NotInArena */
export function keepChunksOfBits(arena: Arena, bits: Uint32Array): Chunks {
  const steps = Math.ceil(bits.length / stepWords)
  const words = new Uint32Array((steps + 1) * chunkWords)
  let count = 0
  let first = 0
  let inChunk = 0
  let records = 0
  for (let from = 0; from < bits.length; from += stepWords) {
    const to = Math.min(bits.length, from + stepWords)
    let own = 0
    for (let w = from; w < to; w++) own += popcount(bits[w]!)
    if (inChunk + own > chunkRecords) {
      describe(words, count++, first * 32, from - first, records - inChunk, inChunk)
      first = from
      inChunk = 0
    }
    if (inChunk === 0 && own === 0) first = to
    inChunk += own
    records += own
  }
  if (inChunk > 0)
    describe(words, count++, first * 32, bits.length - first, records - inChunk, inChunk)
  const at = arena.keep(count * chunkWords * 4)
  new Uint32Array(arena.buffer, at, count * chunkWords).set(words.subarray(0, count * chunkWords))
  return { at, count, records }
}

function describe(
  words: Uint32Array,
  chunk: number,
  row: number,
  rowWords: number,
  record: number,
  records: number,
): void {
  const at = chunk * chunkWords
  words[at] = row
  words[at + 1] = row >>> 5
  words[at + 2] = rowWords
  words[at + 3] = record
  words[at + 4] = records
}
