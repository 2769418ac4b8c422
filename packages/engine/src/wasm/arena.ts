import type { KernelExports } from './kernels.ts'
import { type KernelMemory, kernelMemoryOf } from './memory.ts'

interface WasmApi {
  readonly Instance: new (module: object, imports: object) => { readonly exports: KernelExports }
}

declare const WebAssembly: WasmApi

const alignment = 64

/** Something does not lie in the arena or has no room there: whoever planned work by kernels does it in JavaScript. */
export class NotInArena extends Error {}

/** Arrays that are copied into the arena as they are. */
export type TableValues = Uint8Array | Uint16Array | Int32Array | Uint32Array | Float64Array

/**
 * The room to work of one kernel memory, for this thread alone to hand out. What is taken lives until the `borrow` around it ends, what is
 * kept until there is no more room for new things. Regions are addresses in bytes from the start of the memory.
 */
export class Arena {
  readonly memory: KernelMemory
  readonly exports: KernelExports
  readonly buffer: ArrayBufferLike
  /** Taken regions end here, kept ones begin at `#floor`. */
  #top: number
  #floor: number
  #depth = 0
  #isCrowded = false
  #most = 0
  #tables = new WeakMap<object, Map<string, number>>()
  #generation = 0

  constructor(memory: KernelMemory) {
    this.memory = memory
    this.buffer = memory.buffer
    this.exports = new WebAssembly.Instance(memory.module, {
      env: { memory: memory.memory },
    }).exports
    this.#top = memory.roomAt
    this.#floor = this.buffer.byteLength
  }

  /** Changes when what was kept is gone. */
  get generation(): number {
    return this.#generation
  }

  /** The most bytes of the room that were ever in use: they take memory from then on. */
  get bytes(): number {
    return this.#most
  }

  /** Gives back all that is taken during the work. */
  borrow<T>(work: () => T): T {
    const top = this.#top
    if (this.#depth === 0 && this.#isCrowded) this.#forget()
    this.#depth += 1
    try {
      return work()
    } finally {
      this.#depth -= 1
      this.#top = top
    }
  }

  /** As `borrow`, begun anew without what was kept when that leaves no room; undefined where something is not in the arena. */
  attempt<T>(work: () => T): T | undefined {
    const before = this.#generation
    try {
      return this.borrow(work)
    } catch (error) {
      if (!(error instanceof NotInArena)) throw error
      const isWorthTrying = this.#depth === 0 && this.#isCrowded && this.#generation === before
      // Nothing was forgotten yet: the next `borrow` does it.
      return isWorthTrying ? this.attempt(work) : undefined
    }
  }

  /** So many bytes, whatever they are. @throws NotInArena */
  take(bytes: number): number {
    const at = this.#top
    const end = at + placed(bytes)
    if (this.#depth === 0 || end > this.#floor) throw new NotInArena()
    this.#top = end
    this.#note()
    return at
  }

  /** So many bytes that stay until `generation` changes, whatever they are. @throws NotInArena */
  keep(bytes: number): number {
    const at = this.#floor - placed(bytes)
    // A quarter of the room stays for what is taken.
    const { roomAt } = this.memory
    if (at < Math.max(this.#top, roomAt + (this.buffer.byteLength - roomAt) / 4)) {
      this.#isCrowded = true
      throw new NotInArena()
    }
    this.#floor = at
    this.#note()
    return at
  }

  /** A copy of values that do not change any more. @throws NotInArena */
  table(values: TableValues): number {
    return this.tableFor(values, '', () => values)
  }

  /** A table made from something that does not change, by a key: the same one as long as it is kept. @throws NotInArena */
  tableFor(source: object, key: string, make: () => TableValues): number {
    const known = this.#tables.get(source)?.get(key)
    if (known !== undefined) return known
    const values = make()
    const at = this.keep(values.byteLength)
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    new Uint8Array(this.buffer, at, bytes.length).set(bytes)
    const tables = this.#tables.get(source) ?? new Map<string, number>()
    this.#tables.set(source, tables.set(key, at))
    return at
  }

  #note(): void {
    const used = this.#top - this.memory.roomAt + this.buffer.byteLength - this.#floor
    if (used > this.#most) this.#most = used
  }

  #forget(): void {
    this.#tables = new WeakMap()
    this.#floor = this.buffer.byteLength
    this.#isCrowded = false
    this.#generation += 1
  }
}

function placed(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment
}

const arenas = new WeakMap<ArrayBufferLike, Arena>()
let isEnabled = true

/** The arena of the memory a buffer is of, made when first asked for; undefined where kernels do not reach. */
export function arenaOf(buffer: ArrayBufferLike): Arena | undefined {
  if (!isEnabled) return undefined
  const known = arenas.get(buffer)
  if (known !== undefined) return known
  const memory = kernelMemoryOf(buffer)
  if (memory === undefined) return undefined
  const made = new Arena(memory)
  arenas.set(buffer, made)
  return made
}

/** Turns the kernels off and on again, for measuring and for tests: answers do not depend on them. */
export function enableKernels(enabled: boolean): void {
  isEnabled = enabled
}
