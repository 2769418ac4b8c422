import type { Expression } from '../expression/ast.ts'

/** Functions that use nothing but the number of their first argument and give a value with a number, or NULL. */
const ofNumber: ReadonlySet<string> = new Set([
  'floor',
  'ceil',
  'round',
  'frac',
  'year',
  'month',
  'day',
  'hour',
  'minute',
  'second',
  'week',
  'weekday',
  'date',
  'time',
  'timestamp',
])
/** Functions that give a value with a number, or NULL. */
const giveNumber: ReadonlySet<string> = new Set([...ofNumber, 'makedate', 'maketime'])
const arithmetic: ReadonlySet<string> = new Set(['+', '-', '*', '/'])
const comparison: ReadonlySet<string> = new Set(['=', '<>', '<', '<=', '>', '>='])

/**
 * Whether an expression makes no use of the texts of its fields, where these have numbers: then nobody needs to make the texts.
 * False in case of doubt.
 */
export function usesNumbersOnly(root: Expression): boolean {
  return holds(root, false)
}

/** `number`: what stands here counts by its number alone. */
function holds(node: Expression, number: boolean): boolean {
  switch (node.kind) {
    case 'literal':
      return true
    case 'field':
      return number
    case 'call': {
      const first = ofNumber.has(node.name.toLowerCase())
      return node.args.every((argument, index) => holds(argument, first && index === 0))
    }
    case 'unary':
      return holds(node.operand, node.operator === '-')
    case 'binary': {
      const { operator, left, right } = node
      if (arithmetic.has(operator)) return holds(left, true) && holds(right, true)
      const compared = comparison.has(operator)
      return (
        holds(left, compared && givesNumber(right)) && holds(right, compared && givesNumber(left))
      )
    }
    default:
      return false
  }
}

function givesNumber(node: Expression): boolean {
  switch (node.kind) {
    case 'literal':
      return typeof node.value === 'number'
    case 'call':
      return giveNumber.has(node.name.toLowerCase())
    case 'unary':
      return node.operator === '-'
    case 'binary':
      return arithmetic.has(node.operator)
    default:
      return false
  }
}
