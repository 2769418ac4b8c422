import { ValueIds } from '../aggregation/value-ids.ts'
import type { ModelView } from '../model/view.ts'
import type { Value } from '../value/dual.ts'
import { blockRows } from '../value/vector.ts'
import type { Block, Evaluator } from './block.ts'
import type { Bound } from './bound.ts'
import { fieldsOf, visitBound } from './bound.ts'

/** What groups are made by: a code per record, 0 for NULL. */
export interface Dimension {
  /** Index of the field, or undefined for a calculated dimension. */
  readonly field: number | undefined
  /** Fields read, those of virtual rows included. */
  readonly fields: readonly number[]
  /** Number of codes; infinite while it is not known. */
  readonly size: number
  /** Of a synthetic dimension, what measures refer to it by. Its values are all codes from 1 on. */
  readonly listed?: string
  /** The codes are those of the field, for blocks of any length. */
  readonly plain?: boolean
  /** Valid until the next block, not to be changed. */
  codes(block: Block): Uint32Array
  /** Value of a code; NULL for 0. */
  valueOf(code: number): Value
  /** Its number; NaN where it has none. */
  numberOf?(code: number): number
}

export function fieldDimension(view: ModelView, field: number): Dimension {
  const symbols = view.fields[field]?.symbols
  return {
    field,
    fields: [field],
    size: (symbols?.count ?? 0) + 1,
    plain: true,
    codes: (block) => block.codes(field),
    valueOf: (code) => (code === 0 ? null : (symbols?.valueAt(code - 1) ?? null)),
    numberOf: (code) => (code === 0 ? Number.NaN : (symbols?.numberAt(code - 1) ?? Number.NaN)),
  }
}

/**
 * Distinct values of an expression of records, as codes in order of appearance. `virtualFields(index)` are the fields through which
 * records find the virtual rows of an Aggr.
 */
export function calculatedDimension(
  tree: Bound,
  evaluate: Evaluator,
  virtualFields: (index: number) => readonly number[],
): Dimension {
  const ids = new ValueIds()
  const values: Value[] = [null]
  const out = new Uint32Array(blockRows)
  const fields = fieldsOf([tree])
  visitBound(tree, (node) => {
    if (node.kind === 'virtual') for (const field of virtualFields(node.index)) fields.add(field)
  })
  return {
    field: undefined,
    fields: [...fields],
    size: Number.POSITIVE_INFINITY,
    codes(block) {
      const vector = evaluate(block)
      for (let i = 0; i < block.count; i++) {
        const code = ids.idOf(vector, i)
        if (code >= values.length) values.push(vector.get(i))
        out[i] = code
      }
      return out
    },
    valueOf: (code) => values[code] ?? null,
  }
}
