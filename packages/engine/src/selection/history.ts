import { LichenError } from '../base/errors.ts'
import { emptyState, type SelectionState, sameState } from './state-set.ts'

/** Back and forward over the selections of all alternate states together. */
export class SelectionHistory {
  readonly limit: number
  #steps: SelectionState[]
  #at = 0

  /** `limit`: how many steps back are kept, at least 1. @throws LichenError `invalid-argument` */
  constructor(initial: SelectionState = emptyState, options: { readonly limit?: number } = {}) {
    const limit = options.limit ?? 100
    if (!Number.isInteger(limit) || limit < 1) {
      throw new LichenError(
        'invalid-argument',
        `The history limit must be a whole number above 0, not ${limit}`,
      )
    }
    this.limit = limit
    this.#steps = [initial]
  }

  get current(): SelectionState {
    return this.#step(this.#at)
  }

  get backCount(): number {
    return this.#at
  }

  get forwardCount(): number {
    return this.#steps.length - 1 - this.#at
  }

  /** Makes a state the current one and forgets the steps forward. A state equal to the current one is no step. */
  push(state: SelectionState): void {
    if (sameState(state, this.current)) return
    this.#steps.length = this.#at + 1
    this.#steps.push(state)
    if (this.#steps.length > this.limit + 1) this.#steps.shift()
    this.#at = this.#steps.length - 1
  }

  /** Replaces the current state without a step, as within a modal selection. */
  replace(state: SelectionState): void {
    this.#steps[this.#at] = state
  }

  /** Takes the current step away as if it had never been made, as a rejected modal selection does. */
  drop(): SelectionState {
    if (this.#at > 0) {
      this.#steps.splice(this.#at, 1)
      this.#at -= 1
    }
    return this.current
  }

  /** One step back, or undefined when there is none. */
  back(): SelectionState | undefined {
    if (this.#at === 0) return undefined
    this.#at -= 1
    return this.current
  }

  forward(): SelectionState | undefined {
    if (this.forwardCount === 0) return undefined
    this.#at += 1
    return this.current
  }

  /** The state `steps` back (negative: forward) without going there, as `$1` and `$_1` of set expressions ask. */
  peek(steps: number): SelectionState | undefined {
    return this.#steps[this.#at - steps]
  }

  /** Rewrites every remembered step, as a reload must: symbols change, values survive. */
  rewrite(change: (state: SelectionState) => SelectionState): void {
    this.#steps = this.#steps.map(change)
  }

  #step(at: number): SelectionState {
    return this.#steps[at] ?? emptyState
  }
}
