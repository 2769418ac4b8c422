import type { Text } from '@codemirror/state'
import { type ScriptState, startState } from './state.ts'
import { readToken, startLine } from './tokens.ts'

/** Offsets in UTF-16 units of the document. */
export interface Range {
  readonly from: number
  readonly to: number
}

/** From its first word to its last; the end mark and comments behind it do not belong to it. */
export interface OutlinedStatement extends Range {
  /** First word in upper case, after a label; `END IF` for ENDIF; `=` for an assignment without LET; `$` when it starts with an expansion. */
  readonly keyword: string
}

/** The structure of a script. */
export interface Outline {
  readonly statements: readonly OutlinedStatement[]
  /** Comments and data of INLINE that go over several lines; data with their brackets. */
  readonly spans: readonly Range[]
  /** Starts of the lines `///$tab Name`. */
  readonly sections: readonly number[]
  /** A quote is not closed before the end of the script. */
  readonly openAtEnd: boolean
}

const known = new WeakMap<Text, Outline>()

/** The outline of a document, found once. */
export function outlineOf(doc: Text): Outline {
  const found = known.get(doc) ?? readOutline(doc)
  known.set(doc, found)
  return found
}

function readOutline(doc: Text): Outline {
  const reading = new OutlineReading()
  let start = 0
  for (const string of doc.iterLines()) {
    reading.line(string, start)
    start += string.length + 1
  }
  return reading.done()
}

class OutlineReading {
  readonly #statements: OutlinedStatement[] = []
  readonly #spans: Range[] = []
  readonly #sections: number[] = []
  readonly #state: ScriptState = startState()
  /** Where the statement under way starts, -1 between statements. */
  #from = -1
  #to = 0
  #spanFrom = 0

  line(string: string, start: number): void {
    const state = this.#state
    const line = { string, pos: 0 }
    startLine(state)
    if (state.mode === '') this.#end()
    while (line.pos < string.length) {
      const at = line.pos
      const { count, open } = state
      const style = readToken(line, state)
      // A remark is no statement.
      if (state.count !== count) this.#from = state.mode === 'remark' ? -1 : start + at
      if (style === 'heading') this.#sections.push(start)
      if (style !== 'comment' && style !== 'separator') {
        const text = string.slice(at, line.pos).trimEnd()
        if (text !== '') this.#to = start + at + text.length
      }
      if (open === '' && isSpan(state.open)) this.#spanFrom = start + at
      if (isSpan(open) && state.open === '')
        this.#spans.push({ from: this.#spanFrom, to: start + line.pos })
      if (state.mode === '') this.#end()
    }
  }

  done(): Outline {
    this.#end()
    return {
      statements: this.#statements,
      spans: this.#spans,
      sections: this.#sections,
      openAtEnd: /^['"[`]$/.test(this.#state.open),
    }
  }

  #end(): void {
    const { keyword } = this.#state
    if (this.#from >= 0) this.#statements.push({ from: this.#from, to: this.#to, keyword })
    this.#from = -1
  }
}

function isSpan(open: string): boolean {
  return open === '/*' || open === 'data]' || open === 'data"'
}
