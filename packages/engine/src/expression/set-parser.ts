import type {
  ElementExpression,
  ElementItem,
  SetEntity,
  SetExpression,
  SetIdentifier,
  SetModifier,
  SetOperator,
} from './ast.ts'
import { type Lexer, quoteOf, readQuoted, type Token } from './lexer.ts'
import type { Nesting } from './nesting.ts'

/** Loosest first; element operators bind the same way. */
const precedence: Readonly<Record<SetOperator, number>> = { '+': 1, '-': 1, '*': 2, '/': 2 }
const unaryLevel = 3
const bareNumber = /^-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/
const step = /^\$(_?)(\d+)$/

export function isSymbol(token: Token, text: string): boolean {
  return token.type === 'symbol' && token.text === text
}

function operatorOf(token: Token): SetOperator | undefined {
  if (token.type !== 'symbol') return undefined
  const { text } = token
  return text === '+' || text === '-' || text === '*' || text === '/' ? text : undefined
}

/** What was found, for "… but found …". */
export function describe(token: Token, source: string): string {
  if (token.type === 'end') return 'the end'
  const text = source.slice(token.span.start, token.span.end)
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}

/** Parses `{…}` in front of an aggregation's argument or an expression. */
export class SetParser {
  readonly #lexer: Lexer
  readonly #nesting: Nesting

  constructor(lexer: Lexer, nesting: Nesting) {
    this.#lexer = lexer
    this.#nesting = nesting
  }

  /** set := '{' setexpr '}' */
  parseSet(): SetExpression {
    this.#lexer.take()
    const set = this.#parseSetExpression(0)
    this.#expect('}', 'after the set expression')
    return set
  }

  /** setexpr := operand {('+' | '-' | '*' | '/') operand} */
  #parseSetExpression(minimum: number): SetExpression {
    this.#nesting.enter()
    let left = this.#parseSetOperand()
    let height = this.#nesting.height
    for (;;) {
      const operator = operatorOf(this.#lexer.peek())
      if (operator === undefined || precedence[operator] <= minimum) break
      this.#lexer.take()
      const right = this.#parseSetExpression(precedence[operator])
      height = this.#nesting.raise(Math.max(height, this.#nesting.height))
      const span = { start: left.span.start, end: right.span.end }
      left = { kind: 'set-binary', operator, left, right, span }
    }
    this.#nesting.height = height
    this.#nesting.leave()
    return left
  }

  /** operand := '-' operand | '(' setexpr ')' | entity */
  #parseSetOperand(): SetExpression {
    const token = this.#lexer.peek()
    if (isSymbol(token, '-')) {
      this.#lexer.take()
      const operand = this.#parseSetExpression(unaryLevel - 1)
      this.#nesting.raise(this.#nesting.height)
      const span = { start: token.span.start, end: operand.span.end }
      return { kind: 'set-complement', operand, span }
    }
    if (isSymbol(token, '(')) {
      this.#lexer.take()
      const inner = this.#parseSetExpression(0)
      this.#expect(')', 'in the set expression')
      return inner
    }
    return this.#parseEntity()
  }

  /** entity := identifier ['<' mods '>'] | '<' mods '>' */
  #parseEntity(): SetEntity {
    const { start } = this.#lexer.peek().span
    const identifier = this.#parseIdentifier()
    this.#nesting.height = 1
    const modifiers = this.#parseModifiers()
    if (identifier === null && modifiers === null) {
      const found = this.#lexer.peek()
      this.#lexer.report(
        `Expected a set such as 1, $, a bookmark or <Field={…}>, but found ${this.#text(found)}`,
        found.span,
      )
      return { kind: 'set-entity', identifier, modifiers, span: { start, end: start } }
    }
    const span = { start, end: this.#lexer.lastEnd }
    return { kind: 'set-entity', identifier, modifiers, span }
  }

  /** identifier := '1' | '$' | '$'n | '$_'n | name | '[' name ']' */
  #parseIdentifier(): SetIdentifier | null {
    const token = this.#lexer.peek()
    if (token.type !== 'name' && token.type !== 'number') return null
    this.#lexer.take()
    return this.#identifierOf(token)
  }

  #identifierOf(token: Token): SetIdentifier | null {
    if (token.type === 'number') {
      if (token.value !== 1) {
        this.#lexer.report('A set begins with 1, $, $1, $_1, a bookmark or a state', token.span)
      }
      return { type: 'all' }
    }
    if (token.type !== 'name') return null
    if (token.quote !== 'bare') return { type: 'name', name: token.text }
    if (token.text === '$') return { type: 'current' }
    const match = step.exec(token.text)
    if (match === null) return { type: 'name', name: token.text }
    const steps = Number(match[2])
    if (steps === 0) return { type: 'current' }
    return match[1] === '_' ? { type: 'forward', steps } : { type: 'back', steps }
  }

  /** mods := mod {',' mod} */
  #parseModifiers(): SetModifier[] | null {
    if (isSymbol(this.#lexer.peek(), '<>')) {
      this.#lexer.take()
      return []
    }
    if (!isSymbol(this.#lexer.peek(), '<')) return null
    this.#lexer.take()
    const modifiers: SetModifier[] = []
    let height = 0
    while (!isSymbol(this.#lexer.peek(), '>')) {
      const modifier = this.#parseModifier()
      if (modifier === null) break
      height = Math.max(height, this.#nesting.height)
      modifiers.push(modifier)
      if (!isSymbol(this.#lexer.peek(), ',')) break
      this.#lexer.take()
    }
    this.#expect('>', 'after the set modifiers')
    this.#nesting.raise(height)
    return modifiers
  }

  /** mod := field [('=' | '+=' | '-=' | '*=' | '/=') elements] */
  #parseModifier(): SetModifier | null {
    const name = this.#lexer.peek()
    this.#nesting.height = 1
    if (name.type !== 'name') {
      this.#lexer.report(`Expected a field name, but found ${this.#text(name)}`, name.span)
      return null
    }
    this.#lexer.take()
    const operator = this.#parseAssignment()
    const next = this.#lexer.peek()
    const clears = isSymbol(next, ',') || isSymbol(next, '>') || operator === null
    const elements = clears ? null : this.#parseElements(0)
    const span = { start: name.span.start, end: this.#lexer.lastEnd }
    return { kind: 'set-modifier', field: name.text, operator: operator ?? '=', elements, span }
  }

  #parseAssignment(): SetModifier['operator'] | null {
    const operator = operatorOf(this.#lexer.peek())
    if (operator !== undefined) this.#lexer.take()
    const token = this.#lexer.peek()
    if (!isSymbol(token, '=')) {
      if (operator !== undefined) this.#lexer.report(`Expected = after ${operator}`, token.span)
      return null
    }
    this.#lexer.take()
    return operator === undefined ? '=' : `${operator}=`
  }

  /** elements := elemset {('+' | '-' | '*' | '/') elemset} */
  #parseElements(minimum: number): ElementExpression {
    this.#nesting.enter()
    let left = this.#parseElementOperand()
    let height = this.#nesting.height
    for (;;) {
      const operator = operatorOf(this.#lexer.peek())
      if (operator === undefined || precedence[operator] <= minimum) break
      this.#lexer.take()
      const right = this.#parseElements(precedence[operator])
      height = this.#nesting.raise(Math.max(height, this.#nesting.height))
      const span = { start: left.span.start, end: right.span.end }
      left = { kind: 'element-binary', operator, left, right, span }
    }
    this.#nesting.height = height
    this.#nesting.leave()
    return left
  }

  /** elemset := '-' elemset | '(' elements ')' | '{' items '}' | ('P' | 'E') '(' … ')' | field */
  #parseElementOperand(): ElementExpression {
    const token = this.#lexer.peek()
    const { start } = token.span
    if (isSymbol(token, '-')) {
      this.#lexer.take()
      const operand = this.#parseElements(unaryLevel - 1)
      this.#nesting.raise(this.#nesting.height)
      return { kind: 'element-complement', operand, span: { start, end: operand.span.end } }
    }
    if (isSymbol(token, '(')) {
      this.#lexer.take()
      const inner = this.#parseElements(0)
      this.#expect(')', 'in the value list')
      return inner
    }
    this.#nesting.height = 1
    if (isSymbol(token, '{')) return this.#parseElementList()
    if (token.type === 'name') return this.#parseElementName()
    this.#lexer.report(
      `Expected values in braces, P(), E() or a field, but found ${this.#text(token)}`,
      token.span,
    )
    if (token.type === 'number' || token.type === 'string') this.#lexer.take()
    return { kind: 'element-list', items: [], span: token.span }
  }

  /** ('P' | 'E') '(' [set] [field] ')' | [identifier '::'] field */
  #parseElementName(): ElementExpression {
    const token = this.#lexer.take()
    const { start } = token.span
    const field = token.type === 'name' ? token.text : ''
    const upper = field.toUpperCase()
    const isCall = token.type === 'name' && token.quote === 'bare'
    if (isSymbol(this.#lexer.peek(), ':')) return this.#parseFieldOfState(token)
    if (!isCall || (upper !== 'P' && upper !== 'E') || !isSymbol(this.#lexer.peek(), '(')) {
      return { kind: 'element-field', state: null, field, span: token.span }
    }
    this.#lexer.take()
    const set = isSymbol(this.#lexer.peek(), '{') ? this.parseSet() : null
    const height = set === null ? 0 : this.#nesting.height
    const name = this.#lexer.peek()
    if (name.type === 'name') this.#lexer.take()
    this.#expect(')', `after ${upper}(`)
    this.#nesting.raise(height)
    return {
      kind: 'element-function',
      name: upper,
      set,
      field: name.type === 'name' ? name.text : null,
      span: { start, end: this.#lexer.lastEnd },
    }
  }

  /** identifier '::' field, the identifier being taken */
  #parseFieldOfState(state: Token): ElementExpression {
    this.#expect(':', 'after the state')
    this.#expect(':', 'between the state and the field')
    const name = this.#lexer.peek()
    if (name.type === 'name') this.#lexer.take()
    else this.#lexer.report(`Expected a field name, but found ${this.#text(name)}`, name.span)
    return {
      kind: 'element-field',
      state: this.#identifierOf(state),
      field: name.type === 'name' ? name.text : '',
      span: { start: state.span.start, end: this.#lexer.lastEnd },
    }
  }

  /** '{' [item {',' item}] '}'; empty items are left out, because an expansion may yield nothing. */
  #parseElementList(): ElementExpression {
    const opening = this.#lexer.take()
    const { text, limit } = this.#lexer
    const items: ElementItem[] = []
    let at = opening.span.end
    for (;;) {
      while (at < limit && /\s/.test(text[at] ?? '')) at += 1
      const first = text[at] ?? ''
      if (at >= limit || first === '}') break
      if (first === ',') {
        at += 1
        continue
      }
      const item = this.#readItem(at)
      items.push(item)
      at = this.#afterItem(item.span.end)
      this.#lexer.moveTo(at)
      this.#nesting.enter()
      this.#nesting.leave()
    }
    const span = { start: opening.span.start, end: Math.min(at + 1, limit) }
    if (at >= limit)
      this.#lexer.report('This value list is not closed; end it with }', opening.span)
    this.#lexer.moveTo(span.end)
    return { kind: 'element-list', items, span }
  }

  /** item := value | 'literal' | "search" | [search] | `search` | $(expansion) */
  #readItem(start: number): ElementItem {
    const { text, limit } = this.#lexer
    const opener = text[start] ?? ''
    if (opener !== "'" && quoteOf(opener) === undefined) return this.#readBareItem(start)
    const quoted = readQuoted(text, start, limit)
    const span = { start, end: quoted.end }
    if (!quoted.closed) this.#lexer.report('This quote is not closed', span)
    return { type: opener === "'" ? 'literal' : 'search', text: quoted.text, span }
  }

  #readBareItem(start: number): ElementItem {
    const { text, limit } = this.#lexer
    let depth = 0
    let at = start
    for (; at < limit; at += 1) {
      const character = text[at] ?? ''
      if (character === '(') depth += 1
      else if (character === ')') depth = Math.max(0, depth - 1)
      else if (depth === 0 && (character === ',' || character === '}')) break
      else if (depth > 0 && (character === "'" || character === '"')) {
        at = readQuoted(text, at, limit).end - 1
      }
    }
    const value = text.slice(start, at).trimEnd()
    const asNumber = bareNumber.test(value) ? Number(value) : Number.NaN
    const number = Number.isFinite(asNumber) ? asNumber : null
    return { type: 'bare', text: value, number, span: { start, end: start + value.length } }
  }

  /** Offset of the `,` or `}` behind an item; anything in between is reported. */
  #afterItem(from: number): number {
    const { text, limit } = this.#lexer
    let at = from
    while (at < limit && text[at] !== ',' && text[at] !== '}') at += 1
    const rest = text.slice(from, at)
    if (rest.trim() !== '') {
      const start = from + rest.length - rest.trimStart().length
      this.#lexer.report('Expected , or } after this value', {
        start,
        end: from + rest.trimEnd().length,
      })
    }
    return at
  }

  #expect(symbol: string, where: string): void {
    const token = this.#lexer.peek()
    if (isSymbol(token, symbol)) {
      this.#lexer.take()
      return
    }
    this.#lexer.report(`Expected ${symbol} ${where}, but found ${this.#text(token)}`, token.span)
  }

  #text(token: Token): string {
    return describe(token, this.#lexer.text)
  }
}
