import type { Cube } from '../hypercube/cube.ts'

/** The cubes last computed by one connection, by what they follow from. */
export class CubeCache {
  readonly #limit: number
  readonly #cubes = new Map<string, Cube>()

  constructor(limit: number = 32) {
    this.#limit = limit
  }

  /** The cube under a key, computed when it is not there. */
  get(key: string, compute: () => Cube): Cube {
    const known = this.#cubes.get(key)
    const cube = known ?? compute()
    this.#cubes.delete(key)
    this.#cubes.set(key, cube)
    const oldest = this.#cubes.size > this.#limit ? this.#cubes.keys().next().value : undefined
    if (oldest !== undefined) this.#cubes.delete(oldest)
    return cube
  }

  clear(): void {
    this.#cubes.clear()
  }
}
