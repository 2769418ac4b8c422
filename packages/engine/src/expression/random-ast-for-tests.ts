import fc from 'fast-check'
import type {
  BinaryOperator,
  ElementExpression,
  ElementItem,
  Expression,
  SetExpression,
  SetIdentifier,
  SetModifier,
  SetOperator,
} from './ast.ts'
import { binaryPrecedence, isBinaryOperator } from './precedence.ts'

const span = { start: 0, end: 0 }

/** A tree with every span removed, for comparing what was read. */
export function withoutSpans(tree: unknown): unknown {
  if (Array.isArray(tree)) return tree.map(withoutSpans)
  if (typeof tree !== 'object' || tree === null) return tree
  return Object.fromEntries(
    Object.entries(tree)
      .filter(([key]) => key !== 'span' && key !== 'nameSpan')
      .map(([key, value]) => [key, withoutSpans(value)]),
  )
}

const operators = [...binaryPrecedence.keys()].filter(isBinaryOperator)
const names: fc.Arbitrary<string> = fc.constantFrom(
  'A',
  'Sales',
  'Total',
  'all',
  'P',
  'E',
  '%K.1',
  'größe',
)
const anyText: fc.Arbitrary<string> = fc.string({ maxLength: 6 })
const anyName: fc.Arbitrary<string> = fc.oneof(names, anyText)
const setOperators: fc.Arbitrary<SetOperator> = fc.constantFrom('+', '-', '*', '/')

const identifiers: fc.Arbitrary<SetIdentifier> = fc.oneof(
  fc.constant<SetIdentifier>({ type: 'all' }),
  fc.constant<SetIdentifier>({ type: 'current' }),
  fc.integer({ min: 1, max: 9 }).map((steps): SetIdentifier => ({ type: 'back', steps })),
  fc.integer({ min: 1, max: 9 }).map((steps): SetIdentifier => ({ type: 'forward', steps })),
  anyName.map((name): SetIdentifier => ({ type: 'name', name })),
)

const items: fc.Arbitrary<ElementItem> = fc.oneof(
  fc.integer().map((number): ElementItem => ({ type: 'bare', text: `${number}`, number, span })),
  fc
    .constantFrom('x', 'New York', '2018-07-08', 'a*')
    .map((text): ElementItem => ({ type: 'bare', text, number: null, span })),
  anyText.map((text): ElementItem => ({ type: 'literal', text, span })),
  anyText.map((text): ElementItem => ({ type: 'search', text, span })),
)

const { set } = fc.letrec<{
  set: SetExpression
  modifier: SetModifier
  elements: ElementExpression
}>((tie) => ({
  set: fc.oneof(
    { depthSize: 'small' },
    fc.record({
      kind: fc.constant('set-entity' as const),
      identifier: identifiers,
      modifiers: fc.constant(null),
      span: fc.constant(span),
    }),
    fc.record({
      kind: fc.constant('set-entity' as const),
      identifier: fc.option(identifiers),
      modifiers: fc.array(tie('modifier'), { maxLength: 2 }),
      span: fc.constant(span),
    }),
    fc.record({
      kind: fc.constant('set-complement' as const),
      operand: tie('set'),
      span: fc.constant(span),
    }),
    fc.record({
      kind: fc.constant('set-binary' as const),
      operator: setOperators,
      left: tie('set'),
      right: tie('set'),
      span: fc.constant(span),
    }),
  ),
  modifier: fc.record({
    kind: fc.constant('set-modifier' as const),
    field: anyName,
    operator: fc.constantFrom<SetModifier['operator'][]>('=', '+=', '-=', '*=', '/='),
    elements: fc.option(tie('elements')),
    span: fc.constant(span),
  }),
  elements: fc.oneof(
    { depthSize: 'small' },
    fc.record({
      kind: fc.constant('element-list' as const),
      items: fc.array(items, { maxLength: 3 }),
      span: fc.constant(span),
    }),
    fc.record({
      kind: fc.constant('element-field' as const),
      state: fc.option(identifiers.filter(({ type }) => type !== 'all')),
      field: anyName,
      span: fc.constant(span),
    }),
    fc.record({
      kind: fc.constant('element-complement' as const),
      operand: tie('elements'),
      span: fc.constant(span),
    }),
    fc.record({
      kind: fc.constant('element-function' as const),
      name: fc.constantFrom('P' as const, 'E' as const),
      set: fc.option(tie('set')),
      field: fc.option(anyName),
      span: fc.constant(span),
    }),
    fc.record({
      kind: fc.constant('element-binary' as const),
      operator: setOperators,
      left: tie('elements'),
      right: tie('elements'),
      span: fc.constant(span),
    }),
  ),
}))

const leaves: fc.Arbitrary<Expression> = fc.oneof(
  fc
    .oneof(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), fc.nat(), anyText)
    .map((value): Expression => ({ kind: 'literal', value: value === 0 ? 0 : value, span })),
  names.map((name): Expression => ({ kind: 'field', name, quote: 'bare', span })),
  fc
    .tuple(anyText, fc.constantFrom('double' as const, 'bracket' as const, 'backtick' as const))
    .map(([name, quote]): Expression => ({ kind: 'field', name, quote, span })),
)

const criteria = fc.array(
  fc.record({
    type: fc.constantFrom(
      'numeric' as const,
      'text' as const,
      'frequency' as const,
      'load_order' as const,
    ),
    ordering: fc.constantFrom('ascending' as const, 'descending' as const, 'reverse' as const),
  }),
  { minLength: 1, maxLength: 2 },
)

const trees = fc.letrec<{
  expression: Expression
}>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'medium' },
    leaves,
    fc
      .tuple(fc.constantFrom<BinaryOperator[]>(...operators), tie('expression'), tie('expression'))
      .map(
        ([operator, left, right]): Expression => ({ kind: 'binary', operator, left, right, span }),
      ),
    fc
      .tuple(
        fc.constantFrom('-' as const, '+' as const, 'not' as const, 'bitnot' as const),
        tie('expression'),
      )
      .map(([operator, operand]): Expression => ({ kind: 'unary', operator, operand, span })),
    fc
      .record(
        {
          kind: fc.constant('call' as const),
          name: fc.constantFrom('Sum', 'Date#', 'f'),
          nameSpan: fc.constant(span),
          args: fc.array(tie('expression'), { maxLength: 3 }),
          set,
          distinct: fc.boolean(),
          total: fc.record({
            fields: fc.option(fc.array(anyName, { minLength: 1, maxLength: 2 })),
          }),
          span: fc.constant(span),
        },
        { requiredKeys: ['kind', 'name', 'nameSpan', 'args', 'span'] },
      )
      .map(({ distinct, total, ...call }): Expression => {
        // Without an argument the word of a qualifier is a field.
        if (call.args.length === 0) return call
        return {
          ...call,
          ...(distinct === undefined ? {} : { distinct }),
          ...(total === undefined ? {} : { total }),
        }
      }),
    fc.tuple(tie('expression'), anyName, criteria).map(
      ([value, name, sorted]): Expression => ({
        kind: 'call',
        name: 'Aggr',
        nameSpan: span,
        args: [
          value,
          {
            kind: 'sort-spec',
            dimension: { kind: 'field', name, quote: 'bracket', span },
            criteria: sorted,
            span,
          },
        ],
        span,
      }),
    ),
    fc
      .tuple(set, tie('expression'))
      .map(([outer, body]): Expression => ({ kind: 'outer-set', set: outer, body, span })),
  ),
}))

/** Trees as the parser makes them. */
export const expression: fc.Arbitrary<Expression> = trees.expression
