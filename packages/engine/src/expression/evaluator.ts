import type { Value } from '../value/dual.ts'
import type { Vector } from '../value/vector.ts'

/** Up to `blockRows` records or groups in evaluation, and what the leaves of a bound tree read. */
export interface Block {
  readonly count: number
  codes(field: number): Uint32Array
  aggregate(index: number): Vector
  virtual(index: number): Vector
  interRecord(index: number): InterRecordResult
  /** NULL where no synthetic dimension is known by the key. */
  listed(key: string): Vector
}

/** One value per slot; with a count also the range of each slot. */
export interface InterRecordResult {
  readonly values: Vector
  /** The values of the rows of a slot's range that exist, and how many rows of it lie beyond the edge of the segment. */
  range?(slot: number): { readonly values: readonly Value[]; readonly beyond: number }
}

/** The result is valid for the block's slots until the next call. */
export type Evaluator = (block: Block) => Vector
