import type { AggregationDefinition } from '../aggregation/aggregation.ts'
import type { Span } from '../base/errors.ts'
import type { ScalarFunction } from '../functions/registry.ts'
import type { Value } from '../value/dual.ts'
import type { BinaryOperator, SetExpression, SortOrdering, SortType, UnaryOperator } from './ast.ts'

/**
 * A bound expression: names are resolved to indices. A tree of the record phase has fields and virtual rows as leaves, a tree of the
 * group phase has aggregates and inter-record calls; both may have aggregates with TOTAL.
 */
export type Bound =
  | { readonly kind: 'literal'; readonly value: Value; readonly span: Span }
  | { readonly kind: 'field'; readonly field: number; readonly span: Span }
  | {
      readonly kind: 'unary'
      readonly operator: UnaryOperator
      readonly operand: Bound
      readonly span: Span
    }
  | {
      readonly kind: 'binary'
      readonly operator: BinaryOperator
      readonly left: Bound
      readonly right: Bound
      readonly span: Span
    }
  | {
      readonly kind: 'call'
      readonly definition: ScalarFunction
      readonly args: readonly Bound[]
      readonly span: Span
    }
  | { readonly kind: 'aggregate'; readonly index: number; readonly span: Span }
  /** The value of the virtual row of an Aggr that a record belongs to. */
  | { readonly kind: 'virtual'; readonly index: number; readonly span: Span }
  | { readonly kind: 'inter-record'; readonly index: number; readonly span: Span }
  /** The value of a synthetic dimension in the row of the chart. */
  | { readonly kind: 'listed'; readonly key: string; readonly span: Span }

export interface BoundAggregation {
  readonly definition: AggregationDefinition
  readonly args: readonly Bound[]
  readonly distinct: boolean
  /** Undefined: the object's own selections. */
  readonly set: SetExpression | undefined
  /** Undefined: over all dimensions. Null: over none. Else the fields whose dimensions are kept. */
  readonly total: readonly number[] | null | undefined
  /** Aggregates inside the arguments are evaluated first: 0 where there are none. */
  readonly depth: number
  readonly span: Span
}

export interface AggrDimension {
  readonly field: number
  readonly criteria: readonly { readonly type: SortType; readonly ordering: SortOrdering }[]
}

export interface BoundAggr {
  readonly program: Program
  readonly body: Bound
  readonly dimensions: readonly AggrDimension[]
  readonly distinct: boolean
  readonly set: SetExpression | undefined
  readonly span: Span
}

export type InterRecordName =
  | 'above'
  | 'below'
  | 'top'
  | 'bottom'
  | 'before'
  | 'after'
  | 'first'
  | 'last'
  | 'rowno'
  | 'noofrows'
  | 'columnno'
  | 'noofcolumns'
  | 'rank'
  | 'vrank'
  | 'hrank'
  | 'column'
  | 'dimensionality'
  | 'secondarydimensionality'

export interface BoundInterRecord {
  readonly name: InterRecordName
  readonly total: boolean
  readonly args: readonly Bound[]
  readonly span: Span
}

/** What the trees of one object or one Aggr refer to by index. Equal aggregations are one. */
export interface Program {
  readonly aggregations: readonly BoundAggregation[]
  readonly aggrs: readonly BoundAggr[]
  readonly interRecords: readonly BoundInterRecord[]
}

/** The children of a node, in order. */
export function childrenOf(bound: Bound): readonly Bound[] {
  switch (bound.kind) {
    case 'unary':
      return [bound.operand]
    case 'binary':
      return [bound.left, bound.right]
    case 'call':
      return bound.args
    default:
      return []
  }
}

/** Calls `visit` for every node, parents first. */
export function visitBound(bound: Bound, visit: (node: Bound) => void): void {
  visit(bound)
  for (const child of childrenOf(bound)) visitBound(child, visit)
}

/** The fields a tree of the record phase reads itself. */
export function fieldsOf(trees: readonly Bound[]): Set<number> {
  const fields = new Set<number>()
  for (const tree of trees)
    visitBound(tree, (node) => node.kind === 'field' && fields.add(node.field))
  return fields
}

/** Whether the tree refers to an aggregate, a virtual row or a row around it, rather than to the record alone. */
export function isPlain(tree: Bound): boolean {
  let plain = true
  visitBound(tree, (node) => {
    if (
      node.kind === 'aggregate' ||
      node.kind === 'virtual' ||
      node.kind === 'inter-record' ||
      node.kind === 'listed'
    )
      plain = false
    if (node.kind === 'call' && !node.definition.pure) plain = false
  })
  return plain
}

/** Virtual rows that trees refer to. */
export function virtualsOf(trees: readonly Bound[]): number[] {
  const found = new Set<number>()
  for (const tree of trees)
    visitBound(tree, (node) => node.kind === 'virtual' && found.add(node.index))
  return [...found]
}

/** Aggregates that trees refer to. */
export function aggregatesOf(trees: readonly Bound[]): number[] {
  const found = new Set<number>()
  for (const tree of trees)
    visitBound(tree, (node) => node.kind === 'aggregate' && found.add(node.index))
  return [...found]
}
