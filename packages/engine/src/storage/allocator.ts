import { LichenError } from '../base/errors.ts'
import { createKernelMemory } from '../wasm/memory.ts'

/** What memory is for; accounted apart so that `app.memory()` can say where the bytes went. */
export type MemoryPurpose = 'symbols' | 'columns' | 'indices' | 'bitsets' | 'scratch'

/** Zeroed bytes within a buffer. */
export interface Place {
  readonly buffer: ArrayBufferLike
  /** Bytes from the start of the buffer; a multiple of 64 or 0. */
  readonly offset: number
}

/**
 * Where all column, symbol, index and bitset memory comes from. Behind it stand plain buffers, shared ones, and memory that kernels read
 * in place; the callers see typed arrays and give each one back with `release`.
 */
export interface Allocator {
  /** A zeroed buffer of exactly `bytes` bytes. @throws LichenError `memory-budget-exceeded` */
  allocate(bytes: number, purpose: MemoryPurpose): ArrayBufferLike
  /**
   * Says that about `bytes` bytes are going to be asked for by `place`. From `kernelsFrom` on they get memory that kernels read in
   * place, together with room to work, which takes no memory before it is used.
   */
  reserve(bytes: number): void
  /** Zeroed bytes that stay where they are: in what was reserved, else a buffer of their own. @throws LichenError `memory-budget-exceeded` */
  place(bytes: number, purpose: MemoryPurpose): Place
  /** Takes the bytes out of the account. The memory must not be used afterwards. */
  release(memory: { readonly byteLength: number }, purpose: MemoryPurpose): void
  /** Bytes in use now, by purpose. */
  usage(): Readonly<Record<MemoryPurpose, number>>
  /** Bytes in use over all purposes. */
  readonly used: number
}

export interface AllocatorOptions {
  /** Bytes; unlimited when absent. */
  readonly budget?: number
  /** Use SharedArrayBuffer, so that workers attach without copying. */
  readonly shared?: boolean
  /** Bytes of columns from which on they lie in memory that kernels read in place; half a megabyte when absent, infinite for never. */
  readonly kernelsFrom?: number
}

/** Fewer bytes of columns are read as quickly without kernels. */
const defaultKernelsFrom = 1 << 19
const alignment = 64

/** Room to work beside so many bytes of data: row lists, gathered codes, sums of each thread. */
function roomFor(bytes: number): number {
  return Math.min(2 ** 29, 2 ** 25 + bytes)
}

/** One allocator serves one model. */
export function createAllocator(options: AllocatorOptions = {}): Allocator {
  const budget = options.budget ?? Number.POSITIVE_INFINITY
  const byPurpose: Record<MemoryPurpose, number> = {
    symbols: 0,
    columns: 0,
    indices: 0,
    bitsets: 0,
    scratch: 0,
  }
  let used = 0
  let reserved: { readonly buffer: ArrayBufferLike; readonly end: number; at: number } | undefined
  const requireRoom = (bytes: number, purpose: MemoryPurpose): void => {
    if (used + bytes > budget) {
      throw new LichenError(
        'memory-budget-exceeded',
        `${bytes} bytes of ${purpose} would pass the budget of ${budget} bytes (${used} in use)`,
        { details: { bytes, used, budget, purpose } },
      )
    }
  }
  const take = (bytes: number, purpose: MemoryPurpose): void => {
    used += bytes
    byPurpose[purpose] += bytes
  }
  const allocate = (bytes: number, purpose: MemoryPurpose): ArrayBufferLike => {
    requireRoom(bytes, purpose)
    const buffer = newBuffer(bytes, options.shared === true)
    take(bytes, purpose)
    return buffer
  }
  return {
    allocate,
    reserve(bytes) {
      const isFew = bytes < (options.kernelsFrom ?? defaultKernelsFrom)
      const memory = isFew ? undefined : createKernelMemory(bytes, roomFor(bytes))
      reserved = memory && { buffer: memory.buffer, end: memory.roomAt, at: 0 }
    },
    place(bytes, purpose) {
      const end = reserved === undefined ? 0 : reserved.at + placedBytes(bytes)
      if (reserved === undefined || bytes === 0 || end > reserved.end)
        return { buffer: allocate(bytes, purpose), offset: 0 }
      requireRoom(bytes, purpose)
      take(bytes, purpose)
      const place = { buffer: reserved.buffer, offset: reserved.at }
      reserved.at = end
      return place
    },
    release(memory, purpose) {
      used -= memory.byteLength
      byPurpose[purpose] -= memory.byteLength
    },
    usage: () => ({ ...byPurpose }),
    get used() {
      return used
    },
  }
}

/** What `bytes` bytes take in reserved memory. */
export function placedBytes(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment
}

function newBuffer(bytes: number, shared: boolean): ArrayBufferLike {
  try {
    return shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes)
  } catch (cause) {
    throw new LichenError('memory-budget-exceeded', `The machine could not give ${bytes} bytes`, {
      cause,
      details: { bytes },
    })
  }
}
