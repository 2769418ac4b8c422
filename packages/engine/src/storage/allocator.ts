import { LichenError } from '../base/errors.ts'

/** What memory is for; accounted apart so that `app.memory()` can say where the bytes went. */
export type MemoryPurpose = 'symbols' | 'columns' | 'indices' | 'bitsets' | 'scratch'

/**
 * Where all column, symbol, index and bitset memory comes from. Behind it stand plain buffers or shared ones;
 * the callers see typed arrays over whole buffers and give each one back with `release`.
 */
export interface Allocator {
  /** A zeroed buffer of exactly `bytes` bytes. @throws LichenError `memory-budget-exceeded` */
  allocate(bytes: number, purpose: MemoryPurpose): ArrayBufferLike
  /** Takes the bytes out of the account. The buffer must not be used afterwards. */
  release(buffer: ArrayBufferLike, purpose: MemoryPurpose): void
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
  return {
    allocate(bytes, purpose) {
      if (used + bytes > budget) {
        throw new LichenError(
          'memory-budget-exceeded',
          `${bytes} bytes of ${purpose} would pass the budget of ${budget} bytes (${used} in use)`,
          { details: { bytes, used, budget, purpose } },
        )
      }
      const buffer = newBuffer(bytes, options.shared === true)
      used += bytes
      byPurpose[purpose] += bytes
      return buffer
    },
    release(buffer, purpose) {
      used -= buffer.byteLength
      byPurpose[purpose] -= buffer.byteLength
    },
    usage: () => ({ ...byPurpose }),
    get used() {
      return used
    },
  }
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
