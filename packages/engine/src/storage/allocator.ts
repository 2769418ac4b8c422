import { LichenError } from '../base/errors.ts'
import { createKernelMemory, type KernelMemory } from '../wasm/memory.ts'

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
  /**
   * As `place`, for texts, which are there before anybody knows how much columns take: from `kernelsFrom` on in memory of their own that
   * kernels read in place, several fields together.
   */
  placeTexts(bytes: number): Place
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
  /** Bytes of columns, and of texts of a field, from which on they lie in memory that kernels read in place; half a megabyte when absent, infinite for never. */
  readonly kernelsFrom?: number
}

/** Fewer bytes of columns are read as quickly without kernels. */
const defaultKernelsFrom = 1 << 19
const alignment = 64

/** Room to work beside so many bytes of data: row lists, gathered codes, sums of each thread. */
function roomFor(bytes: number): number {
  return Math.min(2 ** 29, 2 ** 25 + bytes)
}

/** Bytes of texts that are given memory together, at least; each further time twice as many. */
const leastTexts = 2 ** 24

/** Room to work beside so many bytes of texts: a bit for each, and lists of chunks. */
function roomForTexts(bytes: number): number {
  return 2 ** 20 + bytes / 16
}

/** Memory that kernels read, and how much of it is given away. */
interface Reserved {
  readonly buffer: ArrayBufferLike
  readonly end: number
  at: number
}

function reservedIn(memory: KernelMemory | undefined): Reserved | undefined {
  return memory && { buffer: memory.buffer, end: memory.roomAt, at: 0 }
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
  const kernelsFrom = options.kernelsFrom ?? defaultKernelsFrom
  let reserved: Reserved | undefined
  let reservedTexts: Reserved | undefined
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
  const placeIn = (within: Reserved | undefined, bytes: number, purpose: MemoryPurpose): Place => {
    if (within === undefined || bytes === 0 || !hasRoom(within, bytes))
      return { buffer: allocate(bytes, purpose), offset: 0 }
    requireRoom(bytes, purpose)
    take(bytes, purpose)
    const place = { buffer: within.buffer, offset: within.at }
    within.at += placedBytes(bytes)
    return place
  }
  return {
    allocate,
    reserve(bytes) {
      const isFew = bytes < kernelsFrom
      reserved = reservedIn(isFew ? undefined : createKernelMemory(bytes, roomFor(bytes)))
    },
    place: (bytes, purpose) => placeIn(reserved, bytes, purpose),
    placeTexts(bytes) {
      if (bytes < kernelsFrom) return placeIn(undefined, bytes, 'symbols')
      if (reservedTexts === undefined || !hasRoom(reservedTexts, bytes)) {
        const together = Math.max(leastTexts, bytes, (reservedTexts?.end ?? 0) * 2)
        reservedTexts = reservedIn(createKernelMemory(together, roomForTexts(together)))
      }
      return placeIn(reservedTexts, bytes, 'symbols')
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

function hasRoom({ at, end }: Reserved, bytes: number): boolean {
  return at + placedBytes(bytes) <= end
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
