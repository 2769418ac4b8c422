import type { ErrorCode, Span } from '../base/errors.ts'

/** Something wrong in a source text; parsers collect these and never throw. */
export interface Diagnostic {
  readonly code: ErrorCode
  readonly message: string
  readonly span: Span
}

/**
 * A parsed expression. `span` covers the node in the source, without parentheses around it; parentheses are not
 * nodes. No tree is higher than `maxDepth` of the parser, so plain recursion over it is safe.
 */
export type Expression = Literal | Field | Call | Unary | Binary | SortSpec | OuterSet | Missing

export interface Literal {
  readonly kind: 'literal'
  readonly value: number | string
  readonly span: Span
}

/** How a name was written. Outside LOAD a double quote names a variable, so it matters. */
export type Quote = 'bare' | 'double' | 'bracket' | 'backtick'

export interface Field {
  readonly kind: 'field'
  readonly name: string
  readonly quote: Quote
  readonly span: Span
}

/** `total` is null-free: absent means no TOTAL, `fields: null` means TOTAL without a list. */
export interface Total {
  readonly fields: readonly string[] | null
}

/** A function or aggregation with its qualifiers; which of the two it is, the binder knows. ALL is read as `{1} TOTAL`. */
export interface Call {
  readonly kind: 'call'
  /** As written. */
  readonly name: string
  readonly nameSpan: Span
  readonly args: readonly Expression[]
  readonly set?: SetExpression
  /** True for DISTINCT, false for NODISTINCT, absent for neither. */
  readonly distinct?: boolean
  readonly total?: Total
  readonly span: Span
}

export type UnaryOperator = '-' | '+' | 'not' | 'bitnot'

export interface Unary {
  readonly kind: 'unary'
  readonly operator: UnaryOperator
  readonly operand: Expression
  readonly span: Span
}

export type ArithmeticOperator = '+' | '-' | '*' | '/'
export type ComparisonOperator = '=' | '<>' | '<' | '<=' | '>' | '>='
export type TextOperator = 'like' | 'precedes' | 'follows'
export type LogicalOperator = 'and' | 'or' | 'xor'
export type BitOperator = 'bitand' | 'bitor' | 'bitxor' | '<<' | '>>'
export type BinaryOperator =
  | ArithmeticOperator
  | ComparisonOperator
  | TextOperator
  | LogicalOperator
  | BitOperator
  | '&'

export interface Binary {
  readonly kind: 'binary'
  readonly operator: BinaryOperator
  readonly left: Expression
  readonly right: Expression
  readonly span: Span
}

export type SortType = 'numeric' | 'text' | 'frequency' | 'load_order'
export type SortOrdering = 'ascending' | 'descending' | 'reverse'

/** A structured parameter of Aggr: `(Month,(NUMERIC,ASCENDING))`. */
export interface SortSpec {
  readonly kind: 'sort-spec'
  readonly dimension: Expression
  readonly criteria: readonly { readonly type: SortType; readonly ordering: SortOrdering }[]
  readonly span: Span
}

/** `{<Year={2018}>} Sum(A)/Count(B)`: the set applies to every aggregation of `body`. */
export interface OuterSet {
  readonly kind: 'outer-set'
  readonly set: SetExpression
  readonly body: Expression
  readonly span: Span
}

/** Stands where an operand should be; a diagnostic says so. */
export interface Missing {
  readonly kind: 'missing'
  readonly span: Span
}

/** Union, exclusion, intersection, symmetric difference. */
export type SetOperator = '+' | '-' | '*' | '/'

export type SetExpression = SetBinary | SetComplement | SetEntity

export interface SetBinary {
  readonly kind: 'set-binary'
  readonly operator: SetOperator
  readonly left: SetExpression
  readonly right: SetExpression
  readonly span: Span
}

export interface SetComplement {
  readonly kind: 'set-complement'
  readonly operand: SetExpression
  readonly span: Span
}

/** `all` = 1, `current` = $, `back`/`forward` = $n/$_n, `name` = bookmark or alternate state. */
export type SetIdentifier =
  | { readonly type: 'all' }
  | { readonly type: 'current' }
  | { readonly type: 'back'; readonly steps: number }
  | { readonly type: 'forward'; readonly steps: number }
  | { readonly type: 'name'; readonly name: string }

/** Null identifier: none written, `$` unless an outer set is inherited. Null modifiers: no angle brackets. */
export interface SetEntity {
  readonly kind: 'set-entity'
  readonly identifier: SetIdentifier | null
  readonly modifiers: readonly SetModifier[] | null
  readonly span: Span
}

/** Null elements: clear the field. */
export interface SetModifier {
  readonly kind: 'set-modifier'
  readonly field: string
  readonly operator: '=' | '+=' | '-=' | '*=' | '/='
  readonly elements: ElementExpression | null
  readonly span: Span
}

export type ElementExpression =
  | ElementBinary
  | ElementComplement
  | ElementList
  | ElementFunction
  | ElementField

export interface ElementBinary {
  readonly kind: 'element-binary'
  readonly operator: SetOperator
  readonly left: ElementExpression
  readonly right: ElementExpression
  readonly span: Span
}

export interface ElementComplement {
  readonly kind: 'element-complement'
  readonly operand: ElementExpression
  readonly span: Span
}

export interface ElementList {
  readonly kind: 'element-list'
  readonly items: readonly ElementItem[]
  readonly span: Span
}

/**
 * `bare`: an unquoted value, case-insensitive, matched by number when `number` is not null (dates and the like stay
 * text). `literal`: 'single quotes', case-sensitive. `search`: double quotes, brackets or backticks.
 */
export type ElementItem =
  | {
      readonly type: 'bare'
      readonly text: string
      readonly number: number | null
      readonly span: Span
    }
  | { readonly type: 'literal'; readonly text: string; readonly span: Span }
  | { readonly type: 'search'; readonly text: string; readonly span: Span }

/** P() or E(); null set = `$`, null field = the field of the modifier around it. */
export interface ElementFunction {
  readonly kind: 'element-function'
  readonly name: 'P' | 'E'
  readonly set: SetExpression | null
  readonly field: string | null
  readonly span: Span
}

/** `<F=G>` or `<F=State::G>`: the values of another field, or of a field in another state; null state = the set's own selections. */
export interface ElementField {
  readonly kind: 'element-field'
  readonly state: SetIdentifier | null
  readonly field: string
  readonly span: Span
}
