import type { KernelMemory } from './memory.ts'

/** Other threads that run programs. */
export interface ThreadPool {
  /** How many there are. */
  readonly size: number
  /**
   * Lets the threads run one program each of `programs` (addresses) over chunks they share with the caller, who runs his own part in
   * `meanwhile`; returns when all have ended.
   */
  run(memory: KernelMemory, work: SharedWork, meanwhile: () => void): void
}

/** Addresses in a memory. */
export interface SharedWork {
  readonly programs: readonly number[]
  readonly table: number
  readonly chunks: number
  readonly next: number
}

let pool: ThreadPool | undefined

/** The pool programs of this thread use, if there is one. */
export function threadPool(): ThreadPool | undefined {
  return pool
}

/** Sets the pool of this thread; undefined: none. Answers do not depend on it. */
export function useThreadPool(next: ThreadPool | undefined): void {
  pool = next
}
