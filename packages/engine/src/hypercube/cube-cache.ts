import { LichenError } from '../base/errors.ts'
import type { Selections } from '../selection/selections.ts'
import { hasHash } from '../selection/signature.ts'
import { sameSymbols } from '../selection/state-set.ts'
import type { Cube } from './cube.ts'

export interface CubeCacheOptions {
  /** false: nothing is kept, for measuring and for tests of determinism. */
  readonly enabled?: boolean
  readonly entries?: number
  /** At most about this many bytes of columns. A larger cube is not kept. */
  readonly bytes?: number
}

export interface ComputedCube {
  readonly cube: Cube
  /** Whether it follows from what the key names alone. */
  readonly isLasting: boolean
}

interface Kept {
  readonly cube: Cube
  readonly selections: readonly Selections[]
}

/** The cubes computed last, by all that they follow from; least recently used go first. Never shared between views. */
export class CubeCache {
  readonly enabled: boolean
  readonly #entries: number
  readonly #limit: number
  readonly #kept = new Map<string, Kept>()
  #bytes = 0

  constructor({ enabled = true, entries = 64, bytes = 64 * 1024 * 1024 }: CubeCacheOptions = {}) {
    if (!(entries >= 1 && bytes >= 0))
      throw new LichenError(
        'invalid-argument',
        'A cube cache needs at least 1 entry and no negative bytes',
      )
    this.enabled = enabled
    this.#entries = entries
    this.#limit = bytes
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
  get(key: string, selections: readonly Selections[], compute: () => ComputedCube): Cube {
    if (!this.enabled) return compute().cube
    const known = this.#kept.get(key)
    const { cube, isLasting } =
      known !== undefined && isSame(known.selections, selections)
        ? { cube: known.cube, isLasting: true }
        : compute()
    this.#drop(key)
    if (!isLasting) return cube
    this.#kept.set(key, { cube, selections })
    this.#bytes += cube.bytes
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#entries && this.#bytes <= this.#limit) break
      this.#drop(oldest)
    }
    return cube
  }

  /** Drops a cube that turned out not to be lasting. */
  forget(key: string): void {
    this.#drop(key)
  }

  clear(): void {
    this.#kept.clear()
    this.#bytes = 0
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
