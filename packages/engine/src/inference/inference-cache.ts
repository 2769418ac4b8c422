import { LichenError } from '../base/errors.ts'
import type { ModelView } from '../model/view.ts'
import type { Selections } from '../selection/selections.ts'
import { hasHash } from '../selection/signature.ts'
import { sameSymbols } from '../selection/state-set.ts'
import { inferenceOver } from './infer.ts'
import type { Inference } from './inference.ts'
import { Propagation } from './propagation.ts'

export interface InferenceCacheOptions {
  /** false: nothing is kept, for measuring and for tests of determinism. */
  readonly enabled?: boolean
  /** At most this many selections. */
  readonly entries?: number
  /** At most about this many bytes, counted when something is added. */
  readonly bytes?: number
}

/**
 * Remembers what follows from selections: going back, forward and equal selections of other users of the same view cost nothing. Keyed
 * by view, reduction and signature, so that nothing crosses views, generations of a model or reductions; least recently used go first.
 */
export class InferenceCache {
  readonly enabled: boolean
  readonly #entries: number
  readonly #bytes: number
  readonly #kept = new Map<string, Propagation>()
  readonly #viewNumbers = new WeakMap<ModelView, number>()
  #views = 0

  constructor(options: InferenceCacheOptions = {}) {
    this.enabled = options.enabled ?? true
    this.#entries = options.entries ?? 64
    this.#bytes = options.bytes ?? 256 * 1024 * 1024
    if (!(this.#entries >= 1 && this.#bytes >= 0)) {
      throw new LichenError(
        'invalid-argument',
        'An inference cache needs at least 1 entry and no negative bytes',
      )
    }
  }

  get size(): number {
    return this.#kept.size
  }

  /** Memory of everything kept; grows while inferences are asked more. */
  get bytes(): number {
    let total = 0
    for (const propagation of this.#kept.values()) total += propagation.bytes
    return total
  }

  /** The inference of these selections, sharing earlier work where the selected symbols are equal. */
  infer(view: ModelView, selections: Selections): Inference {
    if (!this.enabled) return inferenceOver(new Propagation(view, selections), selections)
    const key = `${this.#numberOf(view)}|${view.reduction}|${selections.signature}`
    let propagation = this.#kept.get(key)
    if (propagation !== undefined && !isSame(propagation.selections, selections))
      propagation = undefined
    propagation ??= new Propagation(view, selections, this.#akin(view, selections))
    this.#kept.delete(key)
    this.#kept.set(key, propagation)
    this.#evict(propagation)
    return inferenceOver(propagation, selections)
  }

  clear(): void {
    for (const propagation of this.#kept.values()) propagation.release()
    this.#kept.clear()
  }

  /** The newest kept propagation of the view that differs in one field at most, so that little has to be worked out again. */
  #akin(view: ModelView, selections: Selections): Propagation | null {
    const newestFirst = [...this.#kept.values()].reverse().slice(0, lookedBack)
    return (
      newestFirst.find(
        (kept) => kept.view === view && differingFields(kept.selections, selections) <= 1,
      ) ?? null
    )
  }

  #evict(newest: Propagation): void {
    let bytes = this.bytes
    for (const [key, propagation] of this.#kept) {
      if (this.#kept.size <= this.#entries && bytes <= this.#bytes) return
      if (propagation === newest) return
      this.#kept.delete(key)
      bytes -= propagation.bytes
      propagation.release()
    }
  }

  #numberOf(view: ModelView): number {
    let number = this.#viewNumbers.get(view)
    if (number === undefined) {
      number = this.#views++
      this.#viewNumbers.set(view, number)
    }
    return number
  }
}

/** How many kept selections are looked at for one to start from. */
const lookedBack = 8

function differingFields(a: Selections, b: Selections): number {
  let count = 0
  for (const [field, { symbols }] of a.fields) {
    const other = b.fields.get(field)?.symbols
    if (other === undefined || !(other === symbols || other.equals(symbols))) count += 1
  }
  for (const field of b.fields.keys()) if (!a.fields.has(field)) count += 1
  return count
}

/** Hashed signatures are checked against the sets, so that a collision costs time, never a wrong answer. */
function isSame(kept: Selections, asked: Selections): boolean {
  return !hasHash(asked.signature) || sameSymbols(kept, asked)
}
