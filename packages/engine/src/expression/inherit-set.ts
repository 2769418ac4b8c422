import type { SetExpression } from './ast.ts'

/**
 * The set an inner set means inside an outer one: an entity without identifier starts from the outer set, and its own modifiers come last.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/ChartFunctions/SetAnalysis/inner-outer-set-expressions.htm
 */
export function inheritSet(outer: SetExpression | undefined, inner: SetExpression): SetExpression {
  if (outer === undefined) return inner
  switch (inner.kind) {
    case 'set-binary':
      return {
        ...inner,
        left: inheritSet(outer, inner.left),
        right: inheritSet(outer, inner.right),
      }
    case 'set-complement':
      return { ...inner, operand: inheritSet(outer, inner.operand) }
    case 'set-entity':
      return inner.identifier === null ? refine(outer, inner.modifiers ?? []) : inner
  }
}

function refine(
  outer: SetExpression,
  modifiers: NonNullable<Extract<SetExpression, { kind: 'set-entity' }>['modifiers']>,
): SetExpression {
  switch (outer.kind) {
    case 'set-binary':
      return {
        ...outer,
        left: refine(outer.left, modifiers),
        right: refine(outer.right, modifiers),
      }
    case 'set-complement':
      return { ...outer, operand: refine(outer.operand, modifiers) }
    case 'set-entity':
      return { ...outer, modifiers: [...(outer.modifiers ?? []), ...modifiers] }
  }
}
