import type { Span } from '../base/errors.ts'
import type { Diagnostic, Quote } from './ast.ts'

export type Token = (
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'string'; readonly text: string }
  | { readonly type: 'name'; readonly text: string; readonly quote: Quote }
  | { readonly type: 'symbol'; readonly text: string }
  | { readonly type: 'end' }
) & { readonly span: Span }

const nameStart = String.raw`\p{L}\p{M}_#$@%`
const namePart = String.raw`${nameStart}\p{N}.`
const bareName: RegExp = new RegExp(`[${nameStart}][${namePart}]*`, 'uy')
const wholeBareName: RegExp = new RegExp(`^[${nameStart}][${namePart}]*$`, 'u')
/** Where a field stands in a record of fixed width: `@1:10`, `@11:n`, `@5:8I`. */
const position: RegExp = /@\d+:(?:\d+|n)[IURBT]?(?![\p{L}\p{N}_])/uy
const number: RegExp = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y
const blanks: RegExp = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y
const longSymbols: readonly string[] = ['<>', '<=', '>=', '<<', '>>']
const closers: Readonly<Record<string, string>> = { "'": "'", '"': '"', '[': ']', '`': '`' }
const quotes: Readonly<Record<string, Quote>> = { '"': 'double', '[': 'bracket', '`': 'backtick' }

export function isBareName(text: string): boolean {
  return wholeBareName.test(text)
}

export function quoteOf(opener: string): Quote | undefined {
  return quotes[opener]
}

/** `text` with the escape of doubled closing quotes undone; `end` is past the closing quote. */
export interface Quoted {
  readonly text: string
  readonly end: number
  readonly closed: boolean
}

/** Reads 'x', "x", [x] or `x` whose opening quote stands at `start`. The closing quote is escaped by doubling. */
export function readQuoted(source: string, start: number, limit: number): Quoted {
  const closer = closers[source[start] ?? ''] ?? "'"
  let from = start + 1
  let text = ''
  for (;;) {
    const at = source.indexOf(closer, from)
    if (at === -1 || at >= limit) {
      return { text: text + source.slice(from, limit), end: limit, closed: false }
    }
    if (source[at + 1] !== closer || at + 1 >= limit) {
      return { text: text + source.slice(from, at), end: at + 1, closed: true }
    }
    text += source.slice(from, at + 1)
    from = at + 2
  }
}

/**
 * A scanner that reads one token ahead and no further, because a set, a value list and the text behind an
 * expression in a script follow other lexical rules. Diagnostics are appended to the list given.
 */
export class Lexer {
  readonly text: string
  readonly limit: number
  readonly diagnostics: Diagnostic[]
  #position: number
  #ahead: Token | undefined
  #lastEnd: number
  #read = 0

  constructor(text: string, start: number, limit: number, diagnostics: Diagnostic[]) {
    this.text = text
    this.limit = limit
    this.diagnostics = diagnostics
    this.#position = start
    this.#lastEnd = start
  }

  /** End of the last token taken. */
  get lastEnd(): number {
    return this.#lastEnd
  }

  /** Tokens taken so far. */
  get taken(): number {
    return this.#read
  }

  /** Offset of the next character that is neither blank nor comment; forgets the token read ahead. */
  offset(): number {
    this.#ahead = undefined
    return this.#skipBlanks(this.#position)
  }

  /** Continues at an offset after reading characters by other rules. */
  moveTo(offset: number): void {
    this.#ahead = undefined
    this.#position = offset
    this.#lastEnd = offset
    this.#read += 1
  }

  peek(): Token {
    this.#ahead ??= this.#scan(this.#skipBlanks(this.#position))
    return this.#ahead
  }

  take(): Token {
    const token = this.peek()
    this.#ahead = undefined
    this.#position = token.span.end
    if (token.type !== 'end') this.#lastEnd = token.span.end
    this.#read += 1
    return token
  }

  /** A silent scanner at an offset, to look further ahead than one token. */
  fork(offset: number): Lexer {
    return new Lexer(this.text, offset, this.limit, [])
  }

  report(message: string, span: Span): void {
    this.diagnostics.push({ code: 'expression-syntax', message, span })
  }

  #skipBlanks(from: number): number {
    blanks.lastIndex = from
    const skipped = blanks.test(this.text) ? blanks.lastIndex : from
    return Math.min(skipped, this.limit)
  }

  #scan(start: number): Token {
    const { text, limit } = this
    if (start >= limit) return { type: 'end', span: { start: limit, end: limit } }
    const first = text[start] ?? ''
    if (first in closers) return this.#scanQuoted(first, start)
    number.lastIndex = start
    if (number.test(text)) {
      const end = Math.min(number.lastIndex, limit)
      return this.#number(start, end)
    }
    position.lastIndex = bareName.lastIndex = start
    const name = first === '@' && position.test(text) ? position : bareName
    if (name === position || bareName.test(text)) {
      const end = Math.min(name.lastIndex, limit)
      return { type: 'name', text: text.slice(start, end), quote: 'bare', span: { start, end } }
    }
    return this.#scanSymbol(start)
  }

  #scanSymbol(start: number): Token {
    const pair = this.text.slice(start, Math.min(start + 2, this.limit))
    if (pair === '/*') {
      const span = { start, end: this.limit }
      this.report('This comment is not closed; end it with */', span)
      return { type: 'end', span }
    }
    const text = longSymbols.includes(pair)
      ? pair
      : String.fromCodePoint(this.text.codePointAt(start) ?? 0)
    return { type: 'symbol', text, span: { start, end: start + text.length } }
  }

  #number(start: number, end: number): Token {
    const value = Number(this.text.slice(start, end))
    const span = { start, end }
    if (Number.isFinite(value)) return { type: 'number', value, span }
    this.report('This number is too large', span)
    return { type: 'number', value: 0, span }
  }

  #scanQuoted(opener: string, start: number): Token {
    const { text, end, closed } = readQuoted(this.text, start, this.limit)
    const span = { start, end }
    if (!closed) this.report(`This quote is not closed; end it with ${closers[opener]}`, span)
    const quote = quotes[opener]
    return quote === undefined
      ? { type: 'string', text, span }
      : { type: 'name', text, quote, span }
  }
}
