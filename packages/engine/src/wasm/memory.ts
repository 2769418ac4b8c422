import { kernelModule } from './kernels.ts'

/** The part of the WebAssembly API used here; runtimes without it, and pages whose policy forbids it, go without. */
interface WasmApi {
  readonly Memory: new (size: MemorySize) => WasmMemory
  readonly Module: new (bytes: Uint8Array) => object
}

interface MemorySize {
  readonly initial: number
  readonly maximum: number
  readonly shared?: boolean
}

export interface WasmMemory {
  readonly buffer: ArrayBufferLike
}

declare const WebAssembly: WasmApi | undefined

const pageBytes = 65_536
/** What an address of 32 bits reaches. */
const mostPages = 65_536

/**
 * Memory that kernels read and write: first what is laid down in it, such as columns, then room to work. It never grows: that would detach
 * its buffer where it is not shared, and with the first detached buffer V8 slows all typed arrays. Pages take no memory before they are used.
 */
export interface KernelMemory {
  readonly memory: WasmMemory
  /** Functions for this memory; cheap to instantiate in any thread. */
  readonly module: object
  readonly buffer: ArrayBufferLike
  /** Where the room to work begins, in bytes. */
  readonly roomAt: number
  /** Whether other threads can attach. */
  readonly isShared: boolean
}

const known = new WeakMap<ArrayBufferLike, KernelMemory>()
const modules = new Map<boolean, object>()

/** New memory for `bytes` of data and `room` bytes to work in, all 0; undefined where there is no WebAssembly or not so much memory. */
export function createKernelMemory(bytes: number, room: number): KernelMemory | undefined {
  const roomAt = Math.ceil(bytes / pageBytes) * pageBytes
  const pages = Math.min(mostPages, Math.ceil((roomAt + room) / pageBytes))
  if (typeof WebAssembly === 'undefined' || pages * pageBytes < roomAt + room / 2) return undefined
  const isShared = typeof SharedArrayBuffer !== 'undefined'
  try {
    const size = { initial: pages, maximum: pages }
    const memory = new WebAssembly.Memory(isShared ? { ...size, shared: true } : size)
    const module = modules.get(isShared) ?? new WebAssembly.Module(kernelModule(isShared))
    modules.set(isShared, module)
    const made = { memory, module, buffer: memory.buffer, roomAt, isShared }
    known.set(memory.buffer, made)
    return made
  } catch {
    // A content security policy without 'wasm-unsafe-eval', or no address space: the loops in JavaScript do the same.
    return undefined
  }
}

/** The memory a buffer is of, if it is one that kernels read. */
export function kernelMemoryOf(buffer: ArrayBufferLike): KernelMemory | undefined {
  return known.get(buffer)
}
