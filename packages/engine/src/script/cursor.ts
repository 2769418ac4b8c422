import type { Span } from '../base/errors.ts'
import { QuoteFinder, unquote } from './quotes.ts'
import type { Fragment, Name } from './statement.ts'

/** Stops the reading of one statement; caught by `parseStatement`, which turns it into a diagnostic. */
export class SyntaxFault extends Error {
  readonly span: Span
  constructor(message: string, span: Span) {
    super(message)
    this.span = span
  }
}

const word = /[\p{L}_@%#$][\p{L}\p{N}_.@%#$]*/uy
const bareName = /[^\s,;()[\]"'`=<>+*/&|!{}]+/y
const maxNesting = 500

/** Reads the text of one statement from left to right. Keywords are matched without case. */
export class Cursor {
  readonly text: string
  at = 0
  readonly #quotes: QuoteFinder

  constructor(text: string) {
    this.text = text
    this.#quotes = new QuoteFinder(text)
  }

  /** At the next token unless told otherwise. */
  fail(
    message: string,
    start: number = this.#nextToken(),
    end: number = this.#tokenEnd(start),
  ): never {
    throw new SyntaxFault(message, { start, end })
  }

  skip(): void {
    while (this.at < this.text.length && /[\s\uFEFF]/.test(this.text[this.at] ?? '')) this.at += 1
  }

  get done(): boolean {
    this.skip()
    return this.at >= this.text.length
  }

  /** The next word in upper case, '' when something else follows. Not taken. */
  peekWord(): string {
    this.skip()
    word.lastIndex = this.at
    return (word.exec(this.text)?.[0] ?? '').toUpperCase()
  }

  peek(): string {
    this.skip()
    return this.text[this.at] ?? ''
  }

  /** Takes the words when they follow in this order. */
  take(...words: readonly string[]): boolean {
    const start = this.at
    for (const expected of words) {
      if (this.peekWord() !== expected) {
        this.at = start
        return false
      }
      this.at += expected.length
    }
    return true
  }

  takeAny(words: readonly string[]): string | undefined {
    return words.find((candidate) => this.take(candidate))
  }

  takeSign(sign: string): boolean {
    this.skip()
    if (!this.text.startsWith(sign, this.at)) return false
    this.at += sign.length
    return true
  }

  expectSign(sign: string, where: string): void {
    if (!this.takeSign(sign)) this.fail(`Expected ${sign} ${where}, found ${this.#found()}`)
  }

  expect(keyword: string, where: string): void {
    if (!this.take(keyword)) this.fail(`Expected ${keyword} ${where}, found ${this.#found()}`)
  }

  expectEnd(statement: string): void {
    if (!this.done) this.fail(`Unexpected ${this.#found()} after ${statement}`)
  }

  /** A field, table or variable name: bare or quoted. */
  name(what: string): Name {
    this.skip()
    const start = this.at
    const sign = this.text[start] ?? ''
    if (this.#quotes.isQuote(sign)) return this.#quoted(what)
    bareName.lastIndex = start
    const bare = bareName.exec(this.text)?.[0]
    if (bare === undefined) this.fail(`Expected ${what}, found ${this.#found()}`)
    this.at = start + bare.length
    return { text: bare, quoted: false, span: { start, end: this.at } }
  }

  /** Names separated by commas. */
  names(what: string): Name[] {
    const names = [this.name(what)]
    while (this.takeSign(',')) names.push(this.name(what))
    return names
  }

  /** `*` or a name that may hold wildcards. */
  pattern(what: string): Name {
    this.skip()
    const start = this.at
    const found = /[^\s,;()[\]"'`]+/y
    found.lastIndex = start
    const bare = found.exec(this.text)?.[0]
    if (bare === undefined) return this.name(what)
    this.at = start + bare.length
    return { text: bare, quoted: false, span: { start, end: this.at } }
  }

  patterns(what: string): Name[] {
    const patterns = [this.pattern(what)]
    while (this.takeSign(',')) patterns.push(this.pattern(what))
    return patterns
  }

  #quoted(what: string): Name {
    const start = this.at
    const end = this.#quotes.end(start)
    if (end === -1) this.fail(`The quote of ${what} is not closed`, start, start + 1)
    this.at = end
    return { text: unquote(this.text.slice(start, end)), quoted: true, span: { start, end } }
  }

  /** The text up to a comma, an end or one of the words outside brackets and quotes: an expression, not yet parsed. */
  expression(what: string, stops: ReadonlySet<string> = noStops): Fragment {
    this.skip()
    const start = this.at
    const depth: string[] = []
    let end = start
    while (this.at < this.text.length) {
      const sign = this.text[this.at] ?? ''
      if (depth.length === 0 && (sign === ',' || sign === ';')) break
      if (this.#quotes.isQuote(sign)) {
        const close = this.#quotes.end(this.at)
        if (close === -1) this.fail(`This ${sign} is not closed`, this.at, this.at + 1)
        this.at = close
      } else if (sign === '(' || sign === '{') {
        if (depth.length >= maxNesting)
          this.fail(`Brackets are nested deeper than ${maxNesting}`, this.at, this.at + 1)
        depth.push(sign)
        this.at += 1
      } else if (sign === ')' || sign === '}') {
        if (depth.length === 0) break
        depth.pop()
        this.at += 1
      } else {
        const next = this.#wordHere()
        if (next === '') this.at += 1
        else if (depth.length === 0 && stops.has(next.toUpperCase()) && !this.#isField(next)) break
        else this.at += next.length
      }
      if (!/\s/.test(sign)) end = this.at
    }
    if (depth.length > 0) this.fail(`A bracket in ${what} is not closed`, start, this.at)
    if (end === start) this.fail(`Expected ${what}, found ${this.#found()}`)
    return { text: this.text.slice(start, end), span: { start, end } }
  }

  expressions(what: string, stops: ReadonlySet<string> = noStops): Fragment[] {
    const list = [this.expression(what, stops)]
    while (this.takeSign(',')) list.push(this.expression(what, stops))
    return list
  }

  /** Everything to the end, trimmed. */
  rest(): Fragment {
    this.skip()
    const start = this.at
    this.at = this.text.length
    const text = this.text.slice(start).trimEnd()
    return { text, span: { start, end: start + text.length } }
  }

  /** GROUP and ORDER begin a clause only before BY; else a field may have that name. */
  #isField(name: string): boolean {
    const after = this.at + name.length
    return /^(group|order)$/i.test(name) && !/^\s+by\b/i.test(this.text.slice(after, after + 40))
  }

  #wordHere(): string {
    word.lastIndex = this.at
    const found = word.exec(this.text)?.[0]
    if (found !== undefined) return found
    // A number is stepped over whole, so that the e of 1e5 is not taken for a word.
    const number = /\d[\p{L}\p{N}_.]*/uy
    number.lastIndex = this.at
    return number.exec(this.text)?.[0] ?? ''
  }

  #nextToken(): number {
    this.skip()
    return this.at
  }

  #tokenEnd(start: number): number {
    const token = /\s*(?:[\p{L}\p{N}_.@%#$]+|\S)/uy
    token.lastIndex = start
    const length = token.exec(this.text)?.[0].length ?? 1
    return start + length
  }

  #found(): string {
    this.skip()
    if (this.at >= this.text.length) return 'the end of the statement'
    return `"${this.text.slice(this.at, Math.min(this.#tokenEnd(this.at), this.at + 40))}"`
  }
}

const noStops: ReadonlySet<string> = new Set()
