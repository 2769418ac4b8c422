import type { ScriptDiagnostic } from './diagnostic.ts'
import { QuoteFinder } from './quotes.ts'

/** A statement as it stands in the script. */
export interface RawStatement {
  /** From its first word to before the end mark; comments are blanks, so offsets agree with the script. */
  readonly text: string
  readonly start: number
  readonly end: number
  /** First word in upper case, after a label; `END IF` for ENDIF; `=` for an assignment without LET; `$` when it starts with an expansion; '' when there is no word. */
  readonly keyword: string
}

export interface SplitScript {
  readonly statements: readonly RawStatement[]
  readonly diagnostics: readonly ScriptDiagnostic[]
}

/** Clauses that end with their line as well as with a semicolon. */
const control = new Set([
  'SUB',
  'CALL',
  'FOR',
  'NEXT',
  'DO',
  'LOOP',
  'IF',
  'ELSEIF',
  'ELSE',
  'END',
  'ENDIF',
  'ENDSUB',
  'ENDSWITCH',
  'SWITCH',
  'CASE',
  'DEFAULT',
  'EXIT',
])
const word = /[\p{L}_][\p{L}\p{N}_]*/uy
const label = /(?:[^\s:;,'"`[\]()=]+|"(?:[^"]|"")*"|\[(?:[^\]]|\]\])*\]|`[^`]*`)[ \t]*:(?!:)/y
const assignment = /(?:[^\s:;,'"`[\]()=$]+|"(?:[^"\n]|"")*"|\[[^\]\n]*\])[ \t]*=/y
const include = /\$\(\s*(?:must_)?include\s*=/iy

/**
 * Cuts a script into statements. Regular statements end with `;`; control statements also with their line. Never throws;
 * runs in linear time. Source: section "Script syntax and data structures" of the public Qlik help.
 */
export function splitScript(text: string): SplitScript {
  return new Splitter(text).run()
}

class Splitter {
  readonly #text: string
  readonly #quotes: QuoteFinder
  readonly #statements: RawStatement[] = []
  readonly #diagnostics: ScriptDiagnostic[] = []
  #at = 0
  /** Pieces of the current statement with comments blanked. */
  #pieces: string[] = []
  #copied = 0

  constructor(text: string) {
    this.#text = text
    this.#quotes = new QuoteFinder(text)
  }

  run(): SplitScript {
    for (;;) {
      this.#skipBetween()
      if (this.#at >= this.#text.length) break
      this.#statement()
    }
    return { statements: this.#statements, diagnostics: this.#diagnostics }
  }

  #skipBetween(): void {
    for (;;) {
      const sign = this.#text[this.#at]
      if (sign === undefined) return
      if (sign === ';' || /[\s\uFEFF]/.test(sign)) this.#at += 1
      else {
        const end = this.#commentEnd(this.#at)
        if (end === -1) return
        this.#at = end
      }
    }
  }

  #statement(): void {
    const start = this.#at
    this.#pieces = []
    this.#copied = start
    const first = this.#wordAt(start).toUpperCase()
    const isSet = first === 'SET' || first === 'LET'
    const labelled = !isSet && this.#matches(label, start)
    if (this.#matches(include, start)) this.#include(start)
    else if (first === 'REM') this.#at = this.#nextSemicolon(start)
    else if (first === 'TRACE') this.#trace(start)
    else if (labelled) this.#labelled(start)
    else if (!isSet && this.#matches(assignment, start)) this.#control(start, '=')
    else if (control.has(first)) this.#control(start, first)
    else this.#regular(start, this.#text.startsWith('$(', start) ? '$' : first)
  }

  #labelled(start: number): void {
    label.lastIndex = start
    this.#at = start + (label.exec(this.#text)?.[0].length ?? 0)
    this.#blankComments()
    const expansion = this.#text.startsWith('$(', this.#at)
    this.#regular(start, expansion ? '' : this.#wordAt(this.#at).toUpperCase())
  }

  #regular(start: number, keyword: string): void {
    const text = this.#text
    const free = keyword === 'SET'
    while (this.#at < text.length) {
      const sign = text[this.#at] ?? ''
      if (sign === ';') break
      if (this.#quotes.isQuote(sign)) this.#quoted(free)
      else if (sign === '/') this.#slash()
      else if ((sign === 'i' || sign === 'I') && !isWordSign(text[this.#at - 1]) && this.#inline())
        continue
      else this.#at += 1
    }
    this.#finish(start, keyword)
  }

  #quoted(free: boolean): void {
    const end = this.#quotes.end(this.#at)
    if (end === -1 && !free) {
      this.#report(`This ${this.#text[this.#at]} is not closed`, this.#at, this.#at + 1)
    }
    this.#at = end === -1 ? this.#at + 1 : end
  }

  /** Steps over the data of INLINE, which holds quotes and comment signs as plain text. Tells whether there was an INLINE. */
  #inline(): boolean {
    if (this.#wordAt(this.#at).toUpperCase() !== 'INLINE') return false
    let data = this.#at + 6
    while (/\s/.test(this.#text[data] ?? '')) data += 1
    const sign = this.#text[data]
    if (sign !== '[' && sign !== '"') {
      this.#at += 6
      return true
    }
    const end = sign === '[' ? this.#text.indexOf(']', data) : this.#quotes.end(data) - 1
    if (end < 0)
      this.#report(
        `The data of INLINE is not closed: ${sign === '[' ? ']' : '"'} is missing`,
        data,
        data + 1,
      )
    this.#at = end < 0 ? this.#text.length : end + 1
    return true
  }

  #control(start: number, first: string): void {
    const text = this.#text
    const lineBreak = text.indexOf('\n', start)
    const lineEnd = lineBreak === -1 ? text.length : lineBreak
    if (first === 'ELSE') this.#at = start + 4
    const untilThen = first === 'IF' || first === 'ELSEIF'
    while (this.#at < lineEnd && first !== 'ELSE') {
      const sign = text[this.#at] ?? ''
      if (sign === ';') break
      if (this.#quotes.isQuote(sign)) {
        const end = this.#quotes.end(this.#at, lineEnd)
        this.#at = end === -1 ? this.#at + 1 : end
      } else if (sign === '/') this.#slash()
      else if (
        untilThen &&
        !isWordSign(text[this.#at - 1]) &&
        this.#wordAt(this.#at).toUpperCase() === 'THEN'
      ) {
        this.#at += 4
        break
      } else this.#at += 1
    }
    this.#finish(start, first)
  }

  #trace(start: number): void {
    this.#at = this.#nextSemicolon(start)
    this.#finish(start, 'TRACE')
  }

  #nextSemicolon(start: number): number {
    const end = this.#text.indexOf(';', start)
    return end === -1 ? this.#text.length : end
  }

  /** `$(Include=…)` is a statement of its own, with or without a semicolon. */
  #include(start: number): void {
    let depth = 0
    while (this.#at < this.#text.length) {
      const sign = this.#text[this.#at]
      this.#at += 1
      if (sign === '(') depth += 1
      else if (sign === ')' && --depth === 0) break
    }
    this.#finish(start, '$')
  }

  #finish(start: number, first: string): void {
    const end = Math.min(this.#at, this.#text.length)
    this.#pieces.push(this.#text.slice(this.#copied, end))
    const whole = this.#pieces.join('')
    const text = whole.trimEnd()
    const keyword =
      first === 'END'
        ? `END ${(/^\s*END\s+(\w+)/i.exec(text)?.[1] ?? '').toUpperCase()}`
        : first.replace(/^END(?=IF|SUB|SWITCH)/, 'END ')
    if (text !== '') this.#statements.push({ text, start, end: start + text.length, keyword })
    this.#at = end
  }

  #blankComments(): void {
    for (;;) {
      while (/\s/.test(this.#text[this.#at] ?? '')) this.#at += 1
      if (this.#text[this.#at] !== '/' || this.#commentEnd(this.#at) === -1) return
      this.#slash()
    }
  }

  /** A comment becomes blanks of the same length; any other slash is text. */
  #slash(): void {
    const end = this.#commentEnd(this.#at)
    if (end === -1) {
      this.#at += 1
      return
    }
    this.#pieces.push(
      this.#text.slice(this.#copied, this.#at),
      this.#text.slice(this.#at, end).replace(/[^\n]/g, ' '),
    )
    this.#copied = end
    this.#at = end
  }

  /** Offset after the comment that starts at `at`, or -1 where none starts. `lib://` is a path, not a comment. */
  #commentEnd(at: number): number {
    const text = this.#text
    if (text.startsWith('//', at)) {
      if (/lib:$/i.test(text.slice(Math.max(0, at - 4), at))) return -1
      const end = text.indexOf('\n', at)
      return end === -1 ? text.length : end
    }
    if (!text.startsWith('/*', at)) return -1
    const end = text.indexOf('*/', at + 2)
    if (end === -1) this.#report('This comment is not closed: */ is missing', at, at + 2)
    return end === -1 ? text.length : end + 2
  }

  #wordAt(at: number): string {
    word.lastIndex = at
    return word.exec(this.#text)?.[0] ?? ''
  }

  #matches(pattern: RegExp, at: number): boolean {
    pattern.lastIndex = at
    return pattern.test(this.#text)
  }

  #report(message: string, start: number, end: number): void {
    this.#diagnostics.push({ code: 'script-syntax', message, span: { start, end } })
  }
}

function isWordSign(sign: string | undefined): boolean {
  return sign !== undefined && /[\p{L}\p{N}_@.#$]/u.test(sign)
}
