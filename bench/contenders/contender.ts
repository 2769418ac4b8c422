import type { DataSet } from '../data/files.ts'
import type { Answer, Task } from '../workloads/task.ts'

export interface DataLocation {
  readonly set: DataSet
  readonly folder: string
}

/** What the report says about memory beside the resident size of the process. */
export interface OwnMemory {
  /** Of the data: symbols and columns. */
  readonly bytesPerRow: number
  /** Of the data with its indices, hashes and orders. */
  readonly indexedPerRow: number
  /** Of what is remembered of earlier answers, and of memory to work in. */
  readonly otherPerRow: number
}

/**
 * One engine in a process of its own. `run` is timed, and what it returns must hold the whole answer as the engine hands it to its user:
 * columns of groups and lists of values, with at most a first page of a hundred rows turned into objects.
 */
export interface Contender {
  /** From the CSV files to a state in which queries can be asked; what was loaded before is dropped. Timed. */
  load(data: DataLocation): Promise<void>
  /** What makes later queries faster and no user waits for: better types, a joined table. Not timed. */
  tune?(data: DataLocation): Promise<void>
  /** The ways this engine can do the task, all of which are checked and the fastest counted; empty when it cannot. */
  forms(task: Task): readonly string[]
  /** Puts the engine in the state before the click and clears what it remembers of earlier answers. Not timed. */
  before?(task: Task, step: number): Promise<void> | void
  run(task: Task, form: string, step: number): Promise<unknown> | unknown
  /** The result of `run` in the words of the task. Not timed. */
  answer(task: Task, form: string, result: unknown, step: number): Promise<Answer> | Answer
  memory?(): OwnMemory
  close?(): Promise<void> | void
}
