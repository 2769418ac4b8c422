import type { Span } from '../base/errors.ts'
import type { Fragment, Name } from './fragment.ts'

/** One field of a definition: an expression over `$1`, the field it is derived from, and the parameters. */
export interface DefinedField {
  readonly expression: Fragment
  readonly name: Name
  readonly tags: readonly string[]
}

export interface ParameterValue {
  readonly name: Name
  readonly value: Fragment
}

/** Statements that say what holds for fields and their values. */
export type FieldStatement =
  | {
      readonly kind: 'autonumber'
      readonly fields: readonly Name[]
      readonly namespace: Name | undefined
      readonly span: Span
    }
  /** The text that stands for all listed values of a field; undefined for none. */
  | { readonly kind: 'star'; readonly symbol: string | undefined; readonly span: Span }
  | {
      readonly kind: 'search'
      readonly included: boolean
      readonly fields: readonly Name[]
      readonly span: Span
    }
  | {
      readonly kind: 'declare'
      readonly name: Name
      readonly tags: readonly string[]
      readonly parameters: readonly ParameterValue[]
      readonly fields: readonly DefinedField[]
      /** The definition this one takes its fields and tags from. */
      readonly using: Name | undefined
      readonly span: Span
    }
  | {
      readonly kind: 'derive'
      /** Fields by name, by tags, or by the tags of the definition. */
      readonly from: 'fields' | 'tags' | 'definition'
      readonly fields: readonly Name[]
      readonly tags: readonly string[]
      readonly using: Name
      readonly span: Span
    }

/** Statements that concern the host of the script: its files, programs and time. */
export type HostStatement =
  | { readonly kind: 'directory'; readonly path: string; readonly span: Span }
  | { readonly kind: 'execute'; readonly command: Fragment; readonly span: Span }
  | { readonly kind: 'sleep'; readonly milliseconds: Fragment; readonly span: Span }
