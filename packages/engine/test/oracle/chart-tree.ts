import type { ChartOperator, ChartUnaryOperator } from './chart-value.ts'

/* Expressions as trees of the tests' own, and their text. */

export type Tree =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'field'; readonly name: string }
  | {
      readonly kind: 'unary'
      readonly operator: ChartUnaryOperator
      readonly operand: Tree
    }
  | {
      readonly kind: 'binary'
      readonly operator: ChartOperator
      readonly left: Tree
      readonly right: Tree
    }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Tree[] }
  | Aggregate
  | Aggr
  /** An outer set, which stands first in the text. */
  | { readonly kind: 'within'; readonly set: SetTree; readonly body: Tree }

export interface Aggregate {
  readonly kind: 'aggregate'
  readonly name: string
  readonly args: readonly Tree[]
  readonly set: SetTree | null
  readonly distinct: boolean
  /** Null: per row of the chart. A list: TOTAL, by these fields if there are any. */
  readonly total: readonly string[] | null
}

export interface Aggr {
  readonly kind: 'aggr'
  readonly body: Tree
  readonly dimensions: readonly string[]
}

export type SetOperation = '+' | '-' | '*' | '/'

export type SetTree =
  | {
      readonly kind: 'entity'
      readonly identifier: '' | '$' | '1'
      readonly modifiers: readonly Modifier[]
    }
  | {
      readonly kind: 'operation'
      readonly operator: SetOperation
      readonly left: SetTree
      readonly right: SetTree
    }

export interface Modifier {
  readonly field: string
  readonly operator: '=' | '+=' | '-=' | '*=' | '/='
  /** Null: the field is cleared. */
  readonly elements: Elements | null
}

export type Elements =
  | { readonly kind: 'list'; readonly items: readonly ElementOf[] }
  | { readonly kind: 'possible' | 'excluded'; readonly set: SetTree | null }
  | {
      readonly kind: 'operation'
      readonly operator: SetOperation
      readonly left: Elements
      readonly right: Elements
    }

/** 'literal', bare text, number, or "search". */
export interface ElementOf {
  readonly kind: 'literal' | 'bare' | 'number' | 'search'
  readonly text: string
}

/** Loosest first. */
const strength: Readonly<Record<ChartOperator, number>> = {
  or: 1,
  xor: 1,
  and: 2,
  '=': 4,
  '<>': 4,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  like: 4,
  precedes: 4,
  follows: 4,
  '&': 5,
  '+': 6,
  '-': 6,
  '*': 7,
  '/': 7,
}
const unaryStrength: Readonly<Record<ChartUnaryOperator, number>> = { not: 3, '-': 8, '+': 8 }

/** The text of a tree with the fewest parentheses; `blank` stands around symbols, where none is needed. */
export function textOfTree(tree: Tree, blank = ' '): string {
  const print = (node: Tree, weakest: number): string => {
    switch (node.kind) {
      case 'number':
        return String(node.value)
      case 'text':
        return quoted(node.text, "'")
      case 'field':
        return fieldText(node.name)
      case 'unary': {
        const level = unaryStrength[node.operator]
        const text = `${node.operator}${node.operator === 'not' ? ' ' : ''}${print(node.operand, level)}`
        return level < weakest ? `(${text})` : text
      }
      case 'binary': {
        const level = strength[node.operator]
        const around = /[a-z]/.test(node.operator) ? ` ${blank}` : blank
        const text = `${print(node.left, level)}${around}${node.operator}${around}${print(node.right, level + 1)}`
        return level < weakest ? `(${text})` : text
      }
      case 'call':
        return `${node.name}(${node.args.map((arg) => print(arg, 0)).join(`,${blank}`)})`
      case 'aggregate':
        return `${node.name}(${qualifiers(node)}${node.args.map((arg) => print(arg, 0)).join(`,${blank}`)})`
      case 'aggr':
        return `Aggr(${[print(node.body, 0), ...node.dimensions.map(fieldText)].join(`,${blank}`)})`
      case 'within':
        return `{${textOfSet(node.set)}}${blank}${print(node.body, 0)}`
    }
  }
  return print(tree, 0)
}

function qualifiers({ set, distinct, total }: Aggregate): string {
  const by = total === null || total.length === 0 ? '' : `<${total.map(fieldText).join(', ')}> `
  return [
    set === null ? '' : `{${textOfSet(set)}} `,
    distinct ? 'DISTINCT ' : '',
    total === null ? '' : `TOTAL ${by}`,
  ].join('')
}

export function fieldText(name: string): string {
  return /^[A-Za-z]\w*$/.test(name) ? name : `[${name}]`
}

export function textOfSet(set: SetTree): string {
  if (set.kind === 'operation')
    return `${operandText(set.left)} ${set.operator} ${operandText(set.right)}`
  const { identifier, modifiers } = set
  const text = modifiers.map(modifierText).join(', ')
  return text === '' && identifier !== '' ? identifier : `${identifier}<${text}>`
}

function operandText(set: SetTree): string {
  return set.kind === 'operation' ? `(${textOfSet(set)})` : textOfSet(set)
}

function modifierText({ field, operator, elements }: Modifier): string {
  return `${fieldText(field)}${operator}${elements === null ? '' : elementsText(elements)}`
}

function elementsText(elements: Elements): string {
  switch (elements.kind) {
    case 'list':
      return `{${elements.items.map(itemText).join(',')}}`
    case 'operation': {
      const sides = [elements.left, elements.right].map((side) =>
        side.kind === 'operation' ? `(${elementsText(side)})` : elementsText(side),
      )
      return sides.join(elements.operator)
    }
    default:
      return `${elements.kind === 'possible' ? 'P' : 'E'}(${elements.set === null ? '' : `{${textOfSet(elements.set)}}`})`
  }
}

function itemText({ kind, text }: ElementOf): string {
  if (kind === 'literal') return quoted(text, "'")
  return kind === 'search' ? quoted(text, '"') : text
}

function quoted(text: string, mark: string): string {
  return `${mark}${text.replaceAll(mark, mark + mark)}${mark}`
}

/** The children of a node that are evaluated where it stands: not those of aggregations. */
export function partsOf(tree: Tree): readonly Tree[] {
  switch (tree.kind) {
    case 'unary':
      return [tree.operand]
    case 'binary':
      return [tree.left, tree.right]
    case 'call':
      return tree.args
    default:
      return []
  }
}

/** The nodes of a tree above its aggregations, and these. */
export function nodesOf(tree: Tree): readonly Tree[] {
  return [tree, ...partsOf(tree).flatMap(nodesOf)]
}
