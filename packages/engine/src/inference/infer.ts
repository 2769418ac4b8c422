import { LichenError } from '../base/errors.ts'
import type { ModelView } from '../model/view.ts'
import type { Selections } from '../selection/selections.ts'
import type { Bitset } from '../storage/bitset.ts'
import type { Inference, RowSet, StateCounts, ValueState } from './inference.ts'
import { Propagation } from './propagation.ts'
import { countStates, type StateInputs, stateOf, statesOf } from './value-states.ts'

/**
 * What follows from selections in a view. Cheap to call: everything is worked out when asked for. An `InferenceCache` shares the work
 * between equal selections.
 */
export function infer(view: ModelView, selections: Selections): Inference {
  return inferenceOver(new Propagation(view, selections), selections)
}

/** An inference that uses a propagation of equal selected symbols; the locks are its own. */
export function inferenceOver(propagation: Propagation, selections: Selections): Inference {
  return new LazyInference(propagation, selections)
}

class LazyInference implements Inference {
  readonly view: ModelView
  readonly selections: Selections
  readonly signature: string
  readonly #propagation: Propagation
  readonly #states = new Map<number, Uint8Array>()

  constructor(propagation: Propagation, selections: Selections) {
    this.view = propagation.view
    this.selections = selections
    this.signature = selections.signature
    this.#propagation = propagation
  }

  possibleRows(table: number): RowSet {
    if (this.view.tables[table] === undefined) {
      throw new LichenError('invalid-argument', `There is no table of index ${table} in the view`)
    }
    return this.#propagation.rows(table)
  }

  possible(field: number): Bitset {
    return this.#propagation.symbols(this.#known(field), 'kept')
  }

  possibleWithoutOwn(field: number): Bitset {
    return this.#propagation.symbols(this.#known(field), 'lifted')
  }

  state(field: number, symbol: number): ValueState {
    const inputs = this.#inputs(field)
    if (!(symbol >= 0 && symbol < inputs.possible.size)) {
      throw new LichenError('invalid-argument', `Field ${field} has no symbol ${symbol}`)
    }
    return stateOf(inputs, symbol)
  }

  states(field: number): Uint8Array {
    let states = this.#states.get(field)
    if (states === undefined) {
      states = statesOf(this.#inputs(field))
      this.#states.set(field, states)
    }
    return states
  }

  counts(field: number): StateCounts {
    return countStates(this.#inputs(field))
  }

  frequencies(field: number): Uint32Array {
    return this.#propagation.frequencies(this.#known(field))
  }

  #inputs(field: number): StateInputs {
    const selection = this.selections.fields.get(field)
    const possibleWithoutOwn = this.possibleWithoutOwn(field)
    // With a selection its own field's states follow from the others alone.
    const possible = selection === undefined ? possibleWithoutOwn : this.possible(field)
    return { selection, possible, possibleWithoutOwn }
  }

  #known(field: number): number {
    if (this.view.fields[field] === undefined) {
      throw new LichenError('invalid-argument', `There is no field of index ${field} in the view`)
    }
    return field
  }
}
