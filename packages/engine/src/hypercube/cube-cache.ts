import { LichenError } from '../base/errors.ts'
import type { Selections } from '../selection/selections.ts'
import { hasHash } from '../selection/signature.ts'
import { sameSymbols } from '../selection/state-set.ts'

export interface CubeCacheOptions {
  /** false: nothing is kept, for measuring and for tests of determinism. */
  readonly enabled?: boolean
  readonly entries?: number
  /** At most about this many bytes of columns. A larger cube is not kept. */
  readonly bytes?: number
  /** Milliseconds from any start, by which computations are timed; the runtime's clock when absent. */
  readonly now?: () => number
}

/** Runtimes without it keep cubes by use and size alone. */
declare const performance: { now(): number } | undefined

const runtimeClock = (): number => (typeof performance === 'undefined' ? 0 : performance.now())

/** A straight or pivot table. */
interface Sized {
  readonly bytes: number
}

export interface ComputedCube<C extends Sized> {
  readonly cube: C
  /** Whether it follows from what the key names alone. */
  readonly isLasting: boolean
}

interface Kept<C> {
  readonly cube: C
  readonly selections: readonly Selections[]
  /** What its computation took. */
  readonly ms: number
  /** The lowest goes first. */
  readonly worth: number
}

/**
 * The cubes computed last, by all that they follow from. When there is no more room, those go first whose computation takes the least time for
 * the bytes they take, and of equals the least recently used; what was not used for long goes whatever it took (GreedyDual-Size,
 * https://www.usenix.org/legacy/publications/library/proceedings/usits97/cao.html). Never shared between views.
 */
export class CubeCache<C extends Sized> {
  readonly enabled: boolean
  readonly #entries: number
  readonly #limit: number
  readonly #now: () => number
  readonly #kept = new Map<string, Kept<C>>()
  #bytes = 0
  /** The worth of what went last: what is used from now on is worth so much more. */
  #floor = 0

  constructor({
    enabled = true,
    entries = 64,
    bytes = 64 * 1024 * 1024,
    now = runtimeClock,
  }: CubeCacheOptions = {}) {
    if (!(entries >= 1 && bytes >= 0))
      throw new LichenError(
        'invalid-argument',
        'A cube cache needs at least 1 entry and no negative bytes',
      )
    this.enabled = enabled
    this.#entries = entries
    this.#limit = bytes
    this.#now = now
  }

  get size(): number {
    return this.#kept.size
  }

  get bytes(): number {
    return this.#bytes
  }

  /**
   * The cube under a key, computed when it is not there and kept when it is lasting. The key names view, generation, definition and the
   * signatures of `selections`; where a signature is a hash, the selections themselves are compared.
   */
  get(key: string, selections: readonly Selections[], compute: () => ComputedCube<C>): C {
    if (!this.enabled) return compute().cube
    const known = this.#kept.get(key)
    if (known !== undefined && isSame(known.selections, selections)) {
      this.#keep(key, known)
      return known.cube
    }
    const start = this.#now()
    const { cube, isLasting } = compute()
    if (isLasting) this.#keep(key, { cube, selections, ms: this.#now() - start })
    else this.#drop(key)
    return cube
  }

  /** Drops a cube that turned out not to be lasting. */
  forget(key: string): void {
    this.#drop(key)
  }

  clear(): void {
    this.#kept.clear()
    this.#bytes = 0
    this.#floor = 0
  }

  /** As the newest, worth anew what it takes to compute. */
  #keep(key: string, { cube, selections, ms }: Omit<Kept<C>, 'worth'>): void {
    this.#drop(key)
    if (cube.bytes > this.#limit) return
    const worth = this.#floor + ms / Math.max(1, cube.bytes)
    this.#kept.set(key, { cube, selections, ms, worth })
    this.#bytes += cube.bytes
    while (this.#kept.size > this.#entries || this.#bytes > this.#limit) this.#dropLeast()
  }

  #dropLeast(): void {
    let least: string | undefined
    let worth = Number.POSITIVE_INFINITY
    for (const [key, kept] of this.#kept) {
      if (kept.worth >= worth) continue
      least = key
      worth = kept.worth
    }
    if (least === undefined) return
    this.#floor = worth
    this.#drop(least)
  }

  #drop(key: string): void {
    this.#bytes -= this.#kept.get(key)?.cube.bytes ?? 0
    this.#kept.delete(key)
  }
}

function isSame(kept: readonly Selections[], asked: readonly Selections[]): boolean {
  return asked.every((selections, index) => {
    const other = kept[index]
    return other !== undefined && (!hasHash(selections.signature) || sameSymbols(other, selections))
  })
}
