import type { BinaryOperator, UnaryOperator } from './ast.ts'

/** Binding strength of binary operators, loosest first; all are left-associative. */
export const binaryPrecedence: ReadonlyMap<string, number> = new Map<BinaryOperator, number>([
  ['or', 1],
  ['xor', 1],
  ['and', 2],
  ['=', 4],
  ['<>', 4],
  ['<', 4],
  ['<=', 4],
  ['>', 4],
  ['>=', 4],
  ['like', 4],
  ['precedes', 4],
  ['follows', 4],
  ['bitor', 5],
  ['bitxor', 5],
  ['bitand', 6],
  ['<<', 7],
  ['>>', 7],
  ['&', 8],
  ['+', 9],
  ['-', 9],
  ['*', 10],
  ['/', 10],
])

/** `not` takes everything up to `and`; the others only their operand. */
export const unaryPrecedence: Readonly<Record<UnaryOperator, number>> = {
  not: 3,
  '-': 11,
  '+': 11,
  bitnot: 11,
}

export function isBinaryOperator(text: string): text is BinaryOperator {
  return binaryPrecedence.has(text)
}

export function isUnaryOperator(text: string): text is UnaryOperator {
  return Object.hasOwn(unaryPrecedence, text)
}

/** Words that qualify an aggregation when they begin its arguments. */
export const qualifierWords: ReadonlySet<string> = new Set([
  'distinct',
  'nodistinct',
  'total',
  'all',
])
