import type { Call, Expression, Field, Quote, SortSpec } from './ast.ts'
import { isBareName } from './lexer.ts'
import {
  binaryPrecedence,
  isBinaryOperator,
  isUnaryOperator,
  qualifierWords,
  unaryPrecedence,
} from './precedence.ts'
import { printName, printSet, quoted } from './set-printer.ts'

/** Text that parses to the same tree, with the fewest parentheses; a missing operand prints as nothing. */
export function printExpression(ast: Expression): string {
  return print(ast, 0)
}

const quoteMarks: Readonly<Record<Exclude<Quote, 'bare'>, readonly [string, string]>> = {
  double: ['"', '"'],
  bracket: ['[', ']'],
  backtick: ['`', '`'],
}

/** `minimum`: an operator that binds looser needs parentheses. */
function print(node: Expression, minimum: number): string {
  switch (node.kind) {
    case 'literal':
      return printLiteral(node.value)
    case 'field':
      return printField(node)
    case 'call':
      return printCall(node)
    case 'unary': {
      const level = unaryPrecedence[node.operator]
      const space = node.operator.length > 1 ? ' ' : ''
      return wrap(`${node.operator}${space}${print(node.operand, level)}`, level < minimum)
    }
    case 'binary': {
      const level = binaryPrecedence.get(node.operator) ?? 0
      const text = `${print(node.left, level)} ${node.operator} ${print(node.right, level + 1)}`
      return wrap(text, level < minimum)
    }
    case 'sort-spec':
      return printSortSpec(node)
    case 'outer-set':
      return wrap(`{${printSet(node.set)}} ${print(node.body, 0)}`, minimum > 0)
    case 'missing':
      return ''
  }
}

function wrap(text: string, needed: boolean): string {
  return needed ? `(${text})` : text
}

function printLiteral(value: number | string): string {
  if (typeof value === 'string') return quoted("'", value, "'")
  return value < 0 ? `(${value})` : String(value)
}

function printField({ name, quote }: Field): string {
  if (quote !== 'bare') return quoted(quoteMarks[quote][0], name, quoteMarks[quote][1])
  const word = name.toLowerCase()
  if (!isBareName(name) || isBinaryOperator(word) || isUnaryOperator(word)) {
    return quoted('[', name, ']')
  }
  // Parentheses keep a field of this name from being read as a qualifier.
  return qualifierWords.has(word) ? `(${name})` : name
}

function printCall(call: Call): string {
  const qualifiers: string[] = []
  if (call.set !== undefined) qualifiers.push(`{${printSet(call.set)}}`)
  if (call.distinct !== undefined) qualifiers.push(call.distinct ? 'DISTINCT' : 'NODISTINCT')
  if (call.total !== undefined) {
    const { fields } = call.total
    qualifiers.push(fields === null ? 'TOTAL' : `TOTAL <${fields.map(printName).join(', ')}>`)
  }
  const args = call.args.map((arg) => print(arg, arg.kind === 'outer-set' ? 1 : 0)).join(', ')
  const head = qualifiers.join(' ')
  return `${call.name}(${head}${head !== '' && args !== '' ? ' ' : ''}${args})`
}

function printSortSpec({ dimension, criteria }: SortSpec): string {
  const name =
    dimension.kind === 'field' && dimension.quote === 'bare' && isBareName(dimension.name)
      ? dimension.name
      : print(dimension, 0)
  const parts = criteria.map(
    ({ type, ordering }) => `(${type.toUpperCase()}, ${ordering.toUpperCase()})`,
  )
  return `(${[name, ...parts].join(', ')})`
}
