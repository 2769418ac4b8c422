import type { ErrorCode, Span } from '../base/errors.ts'
import { LichenError } from '../base/errors.ts'
import type { Value } from '../value/dual.ts'
import type { Record } from './record.ts'

/** A parsed expression of a LOAD, ready to be bound to records. */
export interface RowExpression {
  /** Slots of the source fields it reads, ascending. */
  readonly slots: readonly number[]
  /** The expression is nothing but this field. */
  readonly field: number | undefined
  /** Depends on the slots alone: not on position, clock, chance or rows stored before. */
  readonly pure: boolean
  /** Makes no use of the texts of fields that have numbers. */
  readonly numbersOnly: boolean
  /** Sees what was stored before it, so that rows have to be stored one by one. */
  readonly sequential: boolean
  /** Two-argument SubField calls, which repeat the record once per part; their parts are the record's extras in this order. */
  readonly repeats: readonly Repeat[]
  bind(record: Record): () => Value
}

/** The parts a record is repeated for. */
export interface Repeat {
  /** Index among the record's extras. */
  readonly extra: number
  bind(record: Record): () => readonly Value[]
}

/** A mistake at a place of the statement's text; the interpreter adds file, line and caret. */
export class StatementError extends LichenError {
  readonly span: Span
  constructor(code: ErrorCode, message: string, span: Span, cause?: unknown) {
    super(code, message, cause === undefined ? {} : { cause })
    this.span = span
  }
}
