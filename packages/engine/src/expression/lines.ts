import type { FunctionContext } from '../functions/registry.ts'
import { numberOrNull, type Value } from '../value/dual.ts'
import type { FormatSettings } from '../value/format-settings.ts'
import { readValue } from '../value/interpret.ts'
import { type Bound, fieldsOf } from './bound.ts'
import { binaryFunctions, isTruthy, unaryFunctions } from './operators.ts'

/** A field's number times `factor`, plus `offset`; NULL where the field is. */
export interface Line {
  readonly factor: number
  readonly offset: number
}

/** What decides whether a tree is a line over some field, and which, or a value, and which. */
interface LineParts {
  /** The nodes whose values are to be known; they read one field each. */
  readonly values: readonly Bound[]
  /** Where the field itself stands, which is only added to, and multiplied by, what does not depend on it. */
  readonly lines: readonly Bound[]
}

/** `field` undefined: the tree is a value. */
export function partsOf(tree: Bound, field: number | undefined): LineParts {
  const parts = { values: [], lines: [] }
  collectLine(tree, field, parts)
  return parts
}

function collectLine(
  node: Bound,
  field: number | undefined,
  parts: { readonly values: Bound[]; readonly lines: Bound[] },
): void {
  const line = (child: Bound): void => collectLine(child, field, parts)
  const value = (child: Bound): void => collectValue(child, parts.values)
  if (!reads(node, field)) value(node)
  else if (node.kind === 'unary' && (node.operator === '-' || node.operator === '+'))
    line(node.operand)
  else if (node.kind === 'binary') {
    const { operator, left, right } = node
    if (operator === '+' || operator === '-') {
      line(left)
      line(right)
    } else if (operator === '*' && !reads(left, field)) {
      value(left)
      line(right)
    } else if (operator === '*' || operator === '/') {
      line(left)
      value(right)
    } else value(node)
  } else if (node.kind === 'call' && isCondition(node)) {
    const [test, ...branches] = node.args
    if (test !== undefined) value(test)
    for (const branch of branches) line(branch)
  } else if (node.kind === 'field') parts.lines.push(node)
  else value(node)
}

/** Parts are as large as they can be. */
function collectValue(node: Bound, parts: Bound[]): void {
  if (node.kind === 'literal') return
  if (fieldsOf([node]).size === 1) parts.push(node)
  else if (node.kind === 'unary') collectValue(node.operand, parts)
  else if (node.kind === 'binary') {
    collectValue(node.left, parts)
    collectValue(node.right, parts)
  } else if (node.kind === 'call') for (const arg of node.args) collectValue(arg, parts)
}

function reads(node: Bound, field: number | undefined): boolean {
  return field !== undefined && fieldsOf([node]).has(field)
}

function isCondition({ definition }: Extract<Bound, { kind: 'call' }>): boolean {
  return definition.name === 'If'
}

/** What a tree is where its parts have the values given: a line, a value, or undefined where it is neither. */
export function lineOf(
  node: Bound,
  valueIn: (part: Bound) => Value | undefined,
  functions: FunctionContext,
): Line | Value | undefined {
  const { settings } = functions
  const known = valueIn(node)
  if (known !== undefined) return known
  const inner = (child: Bound): Line | Value | undefined => lineOf(child, valueIn, functions)
  switch (node.kind) {
    case 'literal':
      return node.value
    case 'field':
      return { factor: 1, offset: 0 }
    case 'unary': {
      const operand = inner(node.operand)
      if (!isLine(operand))
        return operand === undefined ? undefined : unaryFunctions[node.operator](operand, settings)
      if (node.operator === '+') return operand
      return node.operator === '-'
        ? { factor: -operand.factor, offset: -operand.offset }
        : undefined
    }
    case 'binary':
      return combined(node, inner(node.left), inner(node.right), settings)
    case 'call': {
      if (isCondition(node)) {
        const [test, yes, no] = node.args
        const decided = test === undefined ? null : inner(test)
        if (decided === undefined || isLine(decided)) return undefined
        const branch = isTruthy(decided, settings) ? yes : no
        return branch === undefined ? null : inner(branch)
      }
      const args: Value[] = []
      for (const arg of node.args) {
        const value = inner(arg)
        if (value === undefined || isLine(value)) return undefined
        args.push(value)
      }
      return node.definition.evaluate(args, functions)
    }
    default:
      return undefined
  }
}

export function isLine(value: Line | Value | undefined): value is Line {
  return typeof value === 'object' && value !== null && 'factor' in value
}

function combined(
  { operator }: Extract<Bound, { kind: 'binary' }>,
  left: Line | Value | undefined,
  right: Line | Value | undefined,
  settings: FormatSettings,
): Line | Value | undefined {
  if (left === undefined || right === undefined) return undefined
  if (!isLine(left) && !isLine(right)) return binaryFunctions[operator](left, right, settings)
  const first = isLine(left) ? left : asLine(left, settings)
  const second = isLine(right) ? right : asLine(right, settings)
  if (first === null || second === null) return null
  switch (operator) {
    case '+':
      return { factor: first.factor + second.factor, offset: first.offset + second.offset }
    case '-':
      return { factor: first.factor - second.factor, offset: first.offset - second.offset }
    case '*':
      return isLine(left) && isLine(right)
        ? undefined
        : isLine(left)
          ? scaled(left, second.offset)
          : scaled(second, first.offset)
    case '/':
      if (isLine(right)) return undefined
      return second.offset === 0 ? null : divided(first, second.offset)
    default:
      return undefined
  }
}

function asLine(value: Value, settings: FormatSettings): Line | null {
  const number = numberOrNull(readValue(value, settings))
  return typeof number === 'number' ? { factor: 0, offset: number } : null
}

function scaled({ factor, offset }: Line, by: number): Line {
  return { factor: factor * by, offset: offset * by }
}

function divided({ factor, offset }: Line, by: number): Line {
  return { factor: factor / by, offset: offset / by }
}
