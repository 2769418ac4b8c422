import { type CancellationToken, neverCancelled } from '../base/cancellation.ts'
import type { Environment } from '../expression/environment.ts'
import type { Cube } from '../hypercube/cube.ts'
import { CubeCache, type CubeCacheOptions } from '../hypercube/cube-cache.ts'
import type { CubeDefinition } from '../hypercube/definition.ts'
import { computePivot } from '../hypercube/pivot.ts'
import type { PivotDefinition } from '../hypercube/pivot-definition.ts'
import type { Pivot } from '../hypercube/pivot-table.ts'
import { computeCube } from '../hypercube/straight.ts'
import type { Selections } from '../selection/selections.ts'
import { defaultState } from '../selection/state-set.ts'

export interface CubeReading {
  readonly cancellation?: CancellationToken
  /** Selections by state that the cube sees in place of the session's, as a modal object does until its mode ends. */
  readonly selections?: ReadonlyMap<string, Selections>
}

/** The part of a session that cubes follow from. */
interface CubeSubject {
  readonly document: { readonly generation: number }
  readonly states: readonly string[]
  selections(state: string): Selections
  environment(state: string, cancellation: CancellationToken): Environment
}

/**
 * The cubes of one session: computed once for equal definitions, selections of all states, data and content. What looks at the clock, at
 * chance or at the history of selections is computed at every reading.
 */
export class SessionCubes {
  readonly #subject: CubeSubject
  readonly #straight: CubeCache<Cube>
  readonly #pivots: CubeCache<Pivot>
  #revision = 0

  /** `options` are those of each kind of table. */
  constructor(subject: CubeSubject, options: CubeCacheOptions) {
    this.#subject = subject
    this.#straight = new CubeCache(options)
    this.#pivots = new CubeCache(options)
  }

  get bytes(): number {
    return this.#straight.bytes + this.#pivots.bytes
  }

  clear(): void {
    this.#straight.clear()
    this.#pivots.clear()
  }

  /** Variables or bookmarks changed. */
  contentChanged(): void {
    this.#revision += 1
  }

  /** @throws LichenError as `computeCube` */
  read(definition: CubeDefinition, reading: CubeReading): Cube {
    return this.#read(this.#straight, definition, reading, computeCube)
  }

  /** @throws LichenError as `computePivot` */
  readPivot(definition: PivotDefinition, reading: CubeReading): Pivot {
    return this.#read(this.#pivots, definition, reading, computePivot)
  }

  #read<D extends CubeDefinition, C extends Cube | Pivot>(
    cache: CubeCache<C>,
    definition: D,
    { cancellation, selections: own }: CubeReading,
    compute: (definition: D, environment: Environment) => C,
  ): C {
    const { states, document } = this.#subject
    const state = definition.state || defaultState
    const seen = states.map((name) => own?.get(name) ?? this.#subject.selections(name))
    const signatures = seen.map(({ signature }) => signature)
    const key = JSON.stringify([
      [document.generation, this.#revision, state],
      states,
      signatures,
      definition,
    ])
    return cache.get(key, seen, () => {
      const witness = new Witness(
        this.#subject.environment(state, cancellation ?? neverCancelled),
        () => cache.forget(key),
      )
      // Pages are made later too: they see the selections of the cube, not those of their moment.
      const byState = new Map(states.map((name, index) => [name, seen[index]]))
      const cube = compute(definition, {
        ...witness.environment,
        selectionsOf: (name) => byState.get(name === '' ? defaultState : name),
      })
      return { cube, isLasting: witness.isLasting() }
    })
  }
}

/** Watches whether a computation looks at what the key of a cube does not tell. */
class Witness {
  readonly environment: Environment
  #isLasting = true

  /** `onLate`: a page that was made after the computation looked at what passes. */
  constructor(environment: Environment, onLate: () => void) {
    const { clock, ports, cancellation } = environment
    let isDone = false
    const passing = (): void => {
      this.#isLasting = false
      if (isDone) onLate()
    }
    this.isLasting = () => {
      isDone = true
      return this.#isLasting
    }
    this.environment = {
      ...environment,
      // Pages are made later, for other readers than the one who may give up.
      cancellation: {
        get cancelled() {
          return !isDone && cancellation.cancelled
        },
      },
      clock: {
        now: () => {
          passing()
          return clock.now()
        },
      },
      historic: (steps) => {
        passing()
        return environment.historic(steps)
      },
      ports: {
        ...ports,
        ...(ports.utcNow === undefined
          ? {}
          : {
              utcNow: () => {
                passing()
                return ports.utcNow?.() ?? clock.now()
              },
            }),
        random: () => {
          passing()
          return ports.random?.() ?? Math.random()
        },
      },
    }
  }

  /** Once the computation is done: whether its result is the same until the key changes. */
  readonly isLasting: () => boolean
}
