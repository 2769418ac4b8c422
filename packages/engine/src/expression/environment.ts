import type { CancellationToken } from '../base/cancellation.ts'
import type { FunctionPorts } from '../functions/ports.ts'
import type { Inference } from '../inference/inference.ts'
import type { ModelView } from '../model/view.ts'
import type { Selections } from '../selection/selections.ts'

/** What an expression needs from the app around it: the view, the states and their consequences, variables, bookmarks, clock and user. */
export interface Environment {
  readonly view: ModelView
  /** The state an object lives in: what `$` means without a name. */
  readonly state: string
  /** Selections of an alternate state; undefined when there is none of that name. `$` is the default state. */
  selectionsOf(state: string): Selections | undefined
  /** Selections `steps` back (positive) or forward (negative) in history; undefined beyond the ends. */
  historic(steps: number): Selections | undefined
  bookmark(name: string): Selections | undefined
  /** Cached by signature. */
  infer(selections: Selections): Inference
  /** Raw definition of a variable. */
  variable(name: string): string | undefined
  readonly ports: FunctionPorts
  readonly clock: { now(): number }
  readonly cancellation: CancellationToken
  readonly limits: EvaluationLimits
}

export interface EvaluationLimits {
  /** Groups of one cube or Aggr. */
  readonly maxGroups: number
  /** Records of a join that has to be expanded. */
  readonly maxJoinedRecords: number
}

export const defaultLimits: EvaluationLimits = {
  maxGroups: 10_000_000,
  maxJoinedRecords: 100_000_000,
}
