import { ExpressionError, type SourceText, type Span } from '../base/errors.ts'
import type { Call, Diagnostic, Expression, SetExpression, Total } from './ast.ts'
import { Lexer, type Token } from './lexer.ts'
import { Nesting, ParseStop } from './nesting.ts'
import {
  binaryPrecedence,
  isBinaryOperator,
  isUnaryOperator,
  qualifierWords,
  unaryPrecedence,
} from './precedence.ts'
import { describe, isSymbol, SetParser } from './set-parser.ts'
import { parseSortSpec } from './sort-spec-parser.ts'

export interface ParsedExpression {
  readonly ast: Expression
  readonly diagnostics: readonly Diagnostic[]
}

export interface ParsedPart extends ParsedExpression {
  /** Offset behind the expression, at the token that stops it. */
  readonly end: number
}

export interface ParsePartOptions {
  /** Exclusive end of the text that may be read, e.g. of a line; default the whole text. */
  readonly end?: number
}

const noKeywords: ReadonlySet<string> = new Set()

/**
 * Parses a whole chart or script expression; a leading `=` is allowed. Never throws: an operand that is not there is
 * a `missing` node and a diagnostic. More than 1,000 levels or 1,000,000 tokens is a diagnostic.
 */
export function parseExpression(source: SourceText): ParsedExpression {
  const part = parsePart(source.text, 0, source.text.length, true, noKeywords)
  return { ast: part.ast, diagnostics: part.diagnostics }
}

/**
 * Parses the expression that begins at `start` inside a script and stops before `,` `;` `)` or, behind a complete
 * operand, before a keyword of `stopKeywords` (lower case), all outside parentheses. What stands between the
 * expression and the stop is reported and skipped.
 */
export function parseExpressionAt(
  source: SourceText,
  start: number,
  stopKeywords: ReadonlySet<string>,
  options: ParsePartOptions = {},
): ParsedPart {
  return parsePart(source.text, start, options.end ?? source.text.length, false, stopKeywords)
}

/** The first diagnostic as an error to throw, for callers that cannot go on without a correct expression. */
export function diagnosticError(diagnostic: Diagnostic, source: SourceText): ExpressionError {
  return new ExpressionError(diagnostic.code, diagnostic.message, source, diagnostic.span)
}

function parsePart(
  text: string,
  start: number,
  limit: number,
  whole: boolean,
  stops: ReadonlySet<string>,
): ParsedPart {
  const diagnostics: Diagnostic[] = []
  const lexer = new Lexer(text, start, limit, diagnostics)
  try {
    const ast = new ExpressionParser(lexer).parse(whole, stops)
    return { ast, diagnostics: distinct(diagnostics), end: lexer.peek().span.start }
  } catch (error) {
    if (!(error instanceof ParseStop)) throw error
    lexer.report(error.message, error.span)
    return {
      ast: { kind: 'missing', span: { start, end: limit } },
      diagnostics: distinct(diagnostics),
      end: limit,
    }
  }
}

/** A token read twice reports twice. */
function distinct(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>()
  return diagnostics.filter(({ message, span }) => {
    const key = `${span.start} ${message}`
    const isNew = !seen.has(key)
    seen.add(key)
    return isNew
  })
}

/** Qualifiers of one call while they are collected. */
interface Qualifiers {
  set?: SetExpression
  distinct?: boolean
  total?: Total
}

class ExpressionParser {
  readonly #lexer: Lexer
  readonly #nesting: Nesting
  readonly #sets: SetParser

  constructor(lexer: Lexer) {
    this.#lexer = lexer
    this.#nesting = new Nesting(lexer)
    this.#sets = new SetParser(lexer, this.#nesting)
  }

  /** whole := ['='] expression */
  parse(whole: boolean, stops: ReadonlySet<string>): Expression {
    if (whole && isSymbol(this.#lexer.peek(), '=')) this.#lexer.take()
    const ast = this.#parseBinary(0)
    this.#skipToStop(whole, stops)
    return ast
  }

  #skipToStop(whole: boolean, stops: ReadonlySet<string>): void {
    let depth = 0
    let reported = false
    for (;;) {
      const token = this.#lexer.peek()
      if (token.type === 'end') return
      if (!whole && depth === 0 && isStop(token, stops)) return
      if (!reported) {
        this.#lexer.report(
          `Expected an operator or the end, but found ${this.#text(token)}`,
          token.span,
        )
        reported = true
        if (whole) return
      }
      if (isSymbol(token, '(')) depth += 1
      if (isSymbol(token, ')')) depth -= 1
      this.#lexer.take()
    }
  }

  /** expression := operand {operator operand}, by precedence */
  #parseBinary(minimum: number): Expression {
    this.#nesting.enter()
    let left = this.#parseOperand()
    let height = this.#nesting.height
    for (;;) {
      const operator = operatorText(this.#lexer.peek())
      if (!isBinaryOperator(operator)) break
      const precedence = binaryPrecedence.get(operator) ?? 0
      if (precedence <= minimum) break
      this.#lexer.take()
      const right = this.#parseBinary(precedence)
      height = this.#nesting.raise(Math.max(height, this.#nesting.height))
      const span = { start: left.span.start, end: right.span.end }
      left = { kind: 'binary', operator, left, right, span }
    }
    this.#nesting.height = height
    this.#nesting.leave()
    return left
  }

  /** operand := number | string | field | call | '(' expression ')' | ('-' | '+' | 'not' | 'bitnot') operand | set expression */
  #parseOperand(): Expression {
    const token = this.#lexer.peek()
    this.#nesting.height = 1
    if (token.type === 'number') {
      this.#lexer.take()
      return { kind: 'literal', value: token.value, span: token.span }
    }
    if (token.type === 'string') {
      this.#lexer.take()
      return { kind: 'literal', value: token.text, span: token.span }
    }
    const operator = operatorText(token)
    if (isUnaryOperator(operator)) return this.#parseUnary(operator, token.span)
    if (isBinaryOperator(operator) || token.type === 'end') return this.#missing(token)
    if (token.type === 'name') return this.#parseName(token)
    if (token.text === '(') return this.#parseParenthesised()
    if (token.text === '{') return this.#parseOuterSet(token.span)
    return this.#missing(token)
  }

  #parseUnary(operator: '-' | '+' | 'not' | 'bitnot', span: Span): Expression {
    this.#lexer.take()
    const operand = this.#parseBinary(unaryPrecedence[operator] - 1)
    this.#nesting.raise(this.#nesting.height)
    return { kind: 'unary', operator, operand, span: { start: span.start, end: operand.span.end } }
  }

  #parseParenthesised(): Expression {
    this.#lexer.take()
    const inner = this.#parseBinary(0)
    this.#expectClosing()
    return inner
  }

  /** '{' setexpr '}' expression */
  #parseOuterSet(span: Span): Expression {
    const set = this.#sets.parseSet()
    const height = this.#nesting.height
    const body = this.#parseBinary(0)
    this.#nesting.raise(Math.max(height, this.#nesting.height))
    return { kind: 'outer-set', set, body, span: { start: span.start, end: body.span.end } }
  }

  /** field := name ; call := name '(' qualifiers [expression {',' expression}] ')' */
  #parseName(token: Token & { readonly type: 'name' }): Expression {
    this.#lexer.take()
    const { text: name, quote, span } = token
    if (quote !== 'bare' || !isSymbol(this.#lexer.peek(), '(')) {
      return { kind: 'field', name, quote, span }
    }
    if (name === '$') {
      this.#lexer.report('A dollar-sign expansion was left unexpanded here', span)
    }
    this.#lexer.take()
    this.#nesting.height = 0
    const qualifiers = this.#parseQualifiers()
    let height = this.#nesting.height
    const args: Expression[] = []
    if (!isSymbol(this.#lexer.peek(), ')')) {
      for (;;) {
        args.push(this.#parseArgument(name))
        height = Math.max(height, this.#nesting.height)
        if (!isSymbol(this.#lexer.peek(), ',')) break
        this.#lexer.take()
      }
    }
    this.#expectClosing()
    this.#nesting.raise(height)
    const end = this.#lexer.lastEnd
    return withQualifiers(qualifiers, {
      kind: 'call',
      name,
      nameSpan: span,
      args,
      span: { start: span.start, end },
    })
  }

  /** In Aggr an argument may be a structured parameter. */
  #parseArgument(callee: string): Expression {
    const token = this.#lexer.peek()
    if (callee.toLowerCase() !== 'aggr' || !isSymbol(token, '(')) return this.#parseBinary(0)
    return parseSortSpec(this.#lexer, this.#nesting, () => this.#parseBinary(0))
  }

  /** qualifiers := {set | 'DISTINCT' | 'NODISTINCT' | 'ALL' | 'TOTAL' ['<' field {',' field} '>']}, in any order */
  #parseQualifiers(): Qualifiers {
    const qualifiers: Qualifiers = {}
    let height = 0
    for (;;) {
      const token = this.#lexer.peek()
      if (isSymbol(token, '{')) {
        if (qualifiers.set !== undefined) {
          this.#lexer.report('Only one set may be given; combine sets with + - * /', token.span)
        }
        qualifiers.set = this.#sets.parseSet()
        height = Math.max(height, this.#nesting.height)
        continue
      }
      const word = this.#qualifierAhead(token)
      if (word === undefined) break
      this.#takeQualifier(word, qualifiers, token.span)
    }
    this.#nesting.height = height
    return qualifiers
  }

  /** A field may bear the name of a qualifier: one that ends the argument is no qualifier. */
  #qualifierAhead(token: Token): string | undefined {
    if (token.type !== 'name' || token.quote !== 'bare') return undefined
    const word = token.text.toLowerCase()
    if (!qualifierWords.has(word)) return undefined
    const next = this.#lexer.fork(token.span.end).peek()
    const ends = next.type === 'end' || isSymbol(next, ')') || isSymbol(next, ',')
    return ends ? undefined : word
  }

  #takeQualifier(word: string, qualifiers: Qualifiers, span: Span): void {
    this.#lexer.take()
    if (word === 'total') {
      qualifiers.total = { fields: this.#parseTotalFields() }
      return
    }
    if (word === 'all') {
      qualifiers.total = { fields: null }
      const identifier = { type: 'all' } as const
      qualifiers.set ??= { kind: 'set-entity', identifier, modifiers: null, span }
      return
    }
    qualifiers.distinct = word === 'distinct'
  }

  #parseTotalFields(): string[] | null {
    if (!isSymbol(this.#lexer.peek(), '<')) return null
    this.#lexer.take()
    const fields: string[] = []
    for (;;) {
      const token = this.#lexer.peek()
      if (token.type !== 'name') break
      this.#lexer.take()
      fields.push(token.text)
      if (!isSymbol(this.#lexer.peek(), ',')) break
      this.#lexer.take()
    }
    const token = this.#lexer.peek()
    if (isSymbol(token, '>')) this.#lexer.take()
    else {
      this.#lexer.report(
        `Expected field names and > after TOTAL <, but found ${this.#text(token)}`,
        token.span,
      )
    }
    return fields
  }

  /** Reports what is not `)` and skips to the one that closes here, so that later parts are still read. */
  #expectClosing(): void {
    const found = this.#lexer.peek()
    if (isSymbol(found, ')')) {
      this.#lexer.take()
      return
    }
    this.#lexer.report(`Expected ), but found ${this.#text(found)}`, found.span)
    let depth = 0
    for (let token = found; token.type !== 'end'; token = this.#lexer.peek()) {
      if (isSymbol(token, ';')) return
      if (isSymbol(token, '(')) depth += 1
      if (isSymbol(token, ')')) depth -= 1
      this.#lexer.take()
      if (depth < 0) return
    }
  }

  #missing(token: Token): Expression {
    this.#lexer.report(
      `Expected a value, a field or a function, but found ${this.#text(token)}`,
      token.span,
    )
    const { start } = token.span
    return { kind: 'missing', span: { start, end: start } }
  }

  #text(token: Token): string {
    return describe(token, this.#lexer.text)
  }
}

function withQualifiers(qualifiers: Qualifiers, call: Call): Call {
  return {
    ...call,
    ...(qualifiers.set === undefined ? {} : { set: qualifiers.set }),
    ...(qualifiers.distinct === undefined ? {} : { distinct: qualifiers.distinct }),
    ...(qualifiers.total === undefined ? {} : { total: qualifiers.total }),
  }
}

/** Operator words and symbols in lower case; empty where the token cannot be an operator. */
function operatorText(token: Token): string {
  if (token.type === 'symbol') return token.text
  return token.type === 'name' && token.quote === 'bare' ? token.text.toLowerCase() : ''
}

function isStop(token: Token, stops: ReadonlySet<string>): boolean {
  if (token.type === 'symbol') return token.text === ',' || token.text === ';' || token.text === ')'
  return token.type === 'name' && token.quote === 'bare' && stops.has(token.text.toLowerCase())
}
