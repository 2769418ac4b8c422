import type { CompiledRowExpression } from '../expression/row-evaluator.ts'
import type { Value } from '../value/dual.ts'

/** What DECLARE declares: fields to be derived from another one. */
export interface FieldDefinition {
  readonly tags: readonly string[]
  /** In the order of their slots, which follow that of `$1`. */
  readonly parameters: ReadonlyMap<string, Value>
  readonly fields: readonly {
    readonly name: string
    readonly tags: readonly string[]
    /** Over a record of `$1` and the parameters. */
    readonly expression: CompiledRowExpression
  }[]
}

/** A DERIVE to be carried out when all data is loaded. */
export interface Derivation {
  readonly definition: FieldDefinition
  readonly name: string
  /** Fields by name; else those that have one of the tags. */
  readonly fields: readonly string[] | undefined
  readonly tags: readonly string[]
}
