import type {
  ElementExpression,
  ElementItem,
  SetExpression,
  SetIdentifier,
  SetModifier,
  SetOperator,
} from './ast.ts'
import { isBareName } from './lexer.ts'

const unaryLevel = 3

function levelOf(operator: SetOperator): number {
  return operator === '+' || operator === '-' ? 1 : 2
}

export function quoted(open: string, text: string, close: string): string {
  return `${open}${text.replaceAll(close, close + close)}${close}`
}

export function printName(name: string): string {
  return isBareName(name) ? name : quoted('[', name, ']')
}

/** A set without the braces around it. */
export function printSet(set: SetExpression, minimum = 0): string {
  switch (set.kind) {
    case 'set-binary': {
      const level = levelOf(set.operator)
      const left = printSet(set.left, level)
      return wrap(`${left} ${set.operator} ${printSet(set.right, level + 1)}`, level < minimum)
    }
    case 'set-complement':
      return `-${printSet(set.operand, unaryLevel)}`
    case 'set-entity': {
      const identifier = set.identifier === null ? '' : printIdentifier(set.identifier)
      const modifiers =
        set.modifiers === null ? '' : `<${set.modifiers.map(printModifier).join(', ')}>`
      return identifier + modifiers
    }
  }
}

function wrap(text: string, needed: boolean): string {
  return needed ? `(${text})` : text
}

function printIdentifier(identifier: SetIdentifier): string {
  switch (identifier.type) {
    case 'all':
      return '1'
    case 'current':
      return '$'
    case 'back':
      return `$${identifier.steps}`
    case 'forward':
      return `$_${identifier.steps}`
    case 'name':
      return identifier.name.startsWith('$')
        ? quoted('[', identifier.name, ']')
        : printName(identifier.name)
  }
}

function printModifier({ field, operator, elements }: SetModifier): string {
  return `${printName(field)}${operator}${elements === null ? '' : printElements(elements, 0)}`
}

function printElements(elements: ElementExpression, minimum: number): string {
  switch (elements.kind) {
    case 'element-binary': {
      const level = levelOf(elements.operator)
      const left = printElements(elements.left, level)
      const right = printElements(elements.right, level + 1)
      return wrap(`${left} ${elements.operator} ${right}`, level < minimum)
    }
    case 'element-complement':
      return `-${printElements(elements.operand, unaryLevel)}`
    case 'element-list':
      return `{${elements.items.map(printItem).join(', ')}}`
    case 'element-function': {
      const set = elements.set === null ? '' : `{${printSet(elements.set)}}`
      const field = elements.field === null ? '' : printName(elements.field)
      return `${elements.name}(${[set, field].filter((part) => part !== '').join(' ')})`
    }
    case 'element-field':
      return elements.state === null
        ? printName(elements.field)
        : `${printIdentifier(elements.state)}::${printName(elements.field)}`
  }
}

function printItem(item: ElementItem): string {
  if (item.type === 'bare') return item.text
  return item.type === 'literal' ? quoted("'", item.text, "'") : quoted('"', item.text, '"')
}
