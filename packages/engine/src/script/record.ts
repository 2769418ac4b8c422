import type { RowReader as SourceRow } from '../expression/row-evaluator.ts'
import type { Value } from '../value/dual.ts'
import type { RowReader } from './stage.ts'

/**
 * The record an expression is evaluated for: slots are the fields of its source, then values put in place of calls that belong to
 * the whole record or group (parts of SubField, results of aggregations).
 */
export class Record implements SourceRow {
  readers: readonly RowReader[] = []
  row = 0
  readonly extras: Value[] = []
  readonly #fields: number

  constructor(fields: number) {
    this.#fields = fields
  }

  field(slot: number): Value {
    if (slot >= this.#fields) return this.extras[slot - this.#fields] ?? null
    return this.readers[slot]?.(this.row) ?? null
  }
}
