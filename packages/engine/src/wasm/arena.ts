import { type Kernels, kernelModule } from './kernels.ts'

/** The part of the WebAssembly API used here; runtimes without it, and pages whose policy forbids it, go without. */
interface WasmApi {
  readonly Memory: new (size: {
    readonly initial: number
    readonly maximum: number
  }) => { readonly buffer: ArrayBuffer }
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: Kernels }
}

declare const WebAssembly: WasmApi | undefined

/** 32 MiB in pages of 64 KiB. The memory never grows: that would detach its buffer, and with the first detached buffer V8 slows all typed arrays. */
const pages = 512
const alignment = 64
/** Slots of the scratch blocks. */
export const blockSlots = 4096

/**
 * The fixed memory of the kernels of this thread. What is taken lives until the `borrow` around it ends; tables live on until there is no
 * more room for new ones. What is taken is 0, but for bare `room`.
 */
export class Arena {
  readonly kernels: Kernels
  readonly buffer: ArrayBuffer
  readonly #first: Uint32Array
  readonly #second: Uint32Array
  /** Taken regions end here, tables begin at `#floor`. */
  #top: number
  #floor: number
  #depth = 0
  #isCrowded = false
  #tables = new WeakMap<Int32Array, number>()

  constructor(api: WasmApi) {
    const memory = new api.Memory({ initial: pages, maximum: pages })
    this.buffer = memory.buffer
    const module = new api.Module(kernelModule(pages))
    this.kernels = new api.Instance(module, { env: { memory } }).exports
    this.#first = new Uint32Array(this.buffer, 0, blockSlots)
    this.#second = new Uint32Array(this.buffer, blockSlots * 4, blockSlots)
    this.#top = blockSlots * 8
    this.#floor = this.buffer.byteLength
  }

  /** Gives back all that is taken during the work. */
  borrow<T>(work: () => T): T {
    const top = this.#top
    if (this.#depth === 0 && this.#isCrowded) this.#dropTables()
    this.#depth += 1
    try {
      return work()
    } finally {
      this.#depth -= 1
      this.#top = top
    }
  }

  /** The address of room for so many bytes, whatever they are. */
  room(bytes: number): number | undefined {
    return this.#take(bytes)
  }

  bytes(length: number): Uint8Array | undefined {
    const at = this.#take(length)
    return at === undefined ? undefined : new Uint8Array(this.buffer, at, length).fill(0)
  }

  words(length: number): Uint32Array | undefined {
    const at = this.#take(length * 4)
    return at === undefined ? undefined : new Uint32Array(this.buffer, at, length).fill(0)
  }

  doubles(length: number): Float64Array | undefined {
    const at = this.#take(length * 8)
    return at === undefined ? undefined : new Float64Array(this.buffer, at, length).fill(0)
  }

  /** Address of a copy of a table that does not change any more; undefined when there is no room. */
  table(values: Int32Array): number | undefined {
    const known = this.#tables.get(values)
    if (known !== undefined) return known
    const at = (this.#floor - values.byteLength) & -alignment
    // Half of the memory stays for what is taken.
    if (at < Math.max(this.#top, this.buffer.byteLength / 2)) {
      this.#isCrowded = true
      return undefined
    }
    this.#floor = at
    new Int32Array(this.buffer, at, values.length).set(values)
    this.#tables.set(values, at)
    return at
  }

  /** Address of up to `blockSlots` codes: their own where they lie here, else that of a copy, valid until the next one. */
  firstBlock(codes: Uint32Array, count: number): number {
    return this.#place(codes, count, this.#first)
  }

  secondBlock(codes: Uint32Array, count: number): number {
    return this.#place(codes, count, this.#second)
  }

  #place(codes: Uint32Array, count: number, block: Uint32Array): number {
    if (codes.buffer === this.buffer) return codes.byteOffset
    block.set(codes.length === count ? codes : codes.subarray(0, count))
    return block.byteOffset
  }

  #take(bytes: number): number | undefined {
    const at = this.#top
    const end = (at + bytes + alignment - 1) & -alignment
    if (this.#depth === 0 || end > this.#floor || bytes > this.buffer.byteLength) return undefined
    this.#top = end
    return at
  }

  #dropTables(): void {
    this.#tables = new WeakMap()
    this.#floor = this.buffer.byteLength
    this.#isCrowded = false
  }
}

let known: Arena | null | undefined
let isEnabled = true

/** The arena of this thread, made when first asked for; null where there is none. */
export function arena(): Arena | null {
  if (!isEnabled) return null
  if (known === undefined) known = makeArena()
  return known
}

/** Turns the kernels off and on again, for measuring and for tests: answers do not depend on them. */
export function enableKernels(enabled: boolean): void {
  isEnabled = enabled
}

function makeArena(): Arena | null {
  if (typeof WebAssembly === 'undefined') return null
  try {
    return new Arena(WebAssembly)
  } catch {
    // A content security policy without 'wasm-unsafe-eval', or no memory: the loops in JavaScript do the same.
    return null
  }
}
