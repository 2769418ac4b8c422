import type { Role } from './words.ts'

/** A line and how far it is read; the `StringStream` of CodeMirror is one. */
export interface ScriptLine {
  readonly string: string
  pos: number
}

/** What reading knows at a place of a script. Plain values, so that a shallow copy is a copy. */
export interface ScriptState {
  /** '' between statements. */
  mode: '' | 'regular' | 'control' | 'remark' | 'trace' | 'include'
  /** Statements begun so far. */
  count: number
  /** First word of the statement, or of the last one, in upper case as the engine's splitter has it. */
  keyword: string
  /** A label was read and the keyword is yet to come. */
  labelled: boolean
  /** Which words are keywords: those before LOAD, of LOAD, of SQL, of control clauses, of other statements, or none in the text of SET. */
  part: 'prefix' | 'load' | 'sql' | 'control' | 'other' | 'free'
  role: Role
  /** Opening sign of what goes on over the line's end: a quote, a comment, data of INLINE. */
  open: string
  afterInline: boolean
  /** Parentheses and expansions that are open in the statement, as `(`, `{` and `$`. */
  brackets: string
  /** Parentheses open in `$(Include=…)`. */
  depth: number
  /** Control blocks around this place, one letter each: i(f), s(ub), f(or), d(o), w (switch), c(ase). */
  blocks: string
}

export function startState(): ScriptState {
  return {
    mode: '',
    count: 0,
    keyword: '',
    labelled: false,
    part: 'prefix',
    role: '',
    open: '',
    afterInline: false,
    brackets: '',
    depth: 0,
    blocks: '',
  }
}

/** What a sticky pattern matches at the place of reading, '' for nothing. */
export function matchAt(pattern: RegExp, line: ScriptLine): string {
  pattern.lastIndex = line.pos
  return pattern.exec(line.string)?.[0] ?? ''
}

const bareWord = /[\p{L}_][\p{L}\p{N}_]*/uy

/** The word at the place of reading in upper case, '' for none. */
export function wordAt(line: ScriptLine): string {
  return matchAt(bareWord, line).toUpperCase()
}

/** `lib://` is a path, not a comment. */
export function commentStarts(text: string, at: number): boolean {
  if (text.startsWith('/*', at)) return true
  return text.startsWith('//', at) && !/lib:$/i.test(text.slice(Math.max(0, at - 4), at))
}

/** Offset after the sign that closes the quote `sign`, whose content is read from `from`; -1 when it is not in the line. Doubled it stands for itself. */
export function endOfQuote(text: string, from: number, sign: string): number {
  const close = sign === '[' ? ']' : sign
  let found = text.indexOf(close, from)
  while (found !== -1 && text[found + 1] === close) found = text.indexOf(close, found + 2)
  return found === -1 ? -1 : found + 1
}
