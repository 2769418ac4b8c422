import type { DataLocation, OwnMemory } from '../contenders/contender.ts'
import type { Answer, Task } from '../workloads/task.ts'
import type { Timing } from './clock.ts'

/** What the runner asks of a contender's process, one JSON text a line. */
export type Command =
  | { readonly op: 'load'; readonly data: DataLocation }
  | { readonly op: 'tune'; readonly data: DataLocation }
  /** Without `forms` all of them. */
  | { readonly op: 'answers'; readonly task: Task; readonly forms?: readonly string[] }
  | { readonly op: 'time'; readonly task: Task; readonly form: string }
  | { readonly op: 'memory' }

export interface FormAnswer {
  readonly form: string
  /** The steps of a brush that are checked, or one answer. */
  readonly answers: readonly Answer[]
  /** Net ms of a run after a first. */
  readonly ms: number
}

export interface MemoryUse {
  /** Resident bytes of the process. */
  readonly resident: number
  readonly peak: number
  readonly own?: OwnMemory
}

/** By command, in its order: the time of the load, nothing, the answers by form, the times of all steps, the memory. */
export interface Replies {
  readonly load: Timing
  readonly tune: null
  readonly answers: readonly FormAnswer[]
  readonly time: readonly Timing[]
  readonly memory: MemoryUse
}

export type Reply = { readonly result: Replies[keyof Replies] } | { readonly error: string }
