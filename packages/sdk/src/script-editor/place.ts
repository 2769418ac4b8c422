import type { EditorState } from '@codemirror/state'
import { outlineOf } from './outline.ts'
import { type ScriptState, startState } from './state.ts'
import { readToken, startLine } from './tokens.ts'

/** What may be completed at a place of a script. */
export type PlaceKind =
  | 'statement'
  | 'load'
  | 'expression'
  | 'control'
  | 'clause'
  | 'table'
  | 'field'
  | 'variable'
  | 'sub'
  | 'path'
  | 'format'
  | 'sql'
  | 'none'

export interface Place {
  readonly kind: PlaceKind
  /** Where the word under way starts, with its opening bracket. */
  readonly from: number
}

/** The place at `pos`, read from the start of its statement. */
export function placeAt(editor: EditorState, pos: number): Place {
  const { doc } = editor
  const state = startState()
  let from = 0
  let begun = state
  let isEmpty = false
  for (const statement of outlineOf(doc).statements) {
    if (statement.from >= pos) break
    from = statement.from
  }
  const last = doc.lineAt(pos)
  for (let number = doc.lineAt(from).number; number <= last.number; number++) {
    const { text: string, from: start } = doc.line(number)
    const line = { string, pos: Math.max(0, from - start) }
    startLine(state)
    while (line.pos < string.length && start + line.pos < pos) {
      const at = line.pos
      // Before the first word of a statement stands an empty token, which begins it.
      const before = isEmpty ? begun : { ...state }
      const style = readToken(line, state)
      const end = start + line.pos
      isEmpty = line.pos === at
      begun = before
      if (end > pos || (end === pos && isUnderWay(string.slice(at, line.pos), style, state)))
        return within(before, style, string.slice(at, pos - start), start + at)
    }
  }
  return { kind: kindIn(state), from: pos }
}

/** Whether typing on would make the token that ends here longer. */
function isUnderWay(token: string, style: string | null, state: ScriptState): boolean {
  if (style === 'comment' && token.startsWith('//')) return true
  if (style === 'macroName') return !token.endsWith(')')
  if (style === 'heading') return true
  return /[\p{L}\p{N}_.@%#$]$/u.test(token) || (state.open !== '' && token !== '')
}

function within(before: ScriptState, style: string | null, text: string, from: number): Place {
  if (style === 'macroName') {
    const called = /^\$\(\s*#?(?=[\p{L}\p{N}_.]*$)/u.exec(text)
    return called === null
      ? { kind: 'none', from }
      : { kind: 'variable', from: from + called[0].length }
  }
  if (isSilent(style)) return { kind: 'none', from }
  const opener = before.open === '' ? text[0] : before.open
  if (before.role === 'path') return { kind: 'path', from }
  if (before.open !== '' || opener === "'") return { kind: 'none', from }
  const kind = kindIn(before)
  const isQuoted = opener === '"' || opener === '[' || opener === '`'
  return { kind: isQuoted && kind !== 'table' ? 'field' : kind, from }
}

const silent: ReadonlySet<string> = new Set([
  'comment',
  'heading',
  'content',
  'number',
  'labelName',
  'bracket',
])

function isSilent(style: string | null): boolean {
  return style !== null && silent.has(style)
}

/** What may follow what was read. */
function kindIn(state: ScriptState): PlaceKind {
  const { mode, part, role, keyword } = state
  if (state.open !== '') return 'none'
  if (mode === '') return 'statement'
  if (mode !== 'regular' && mode !== 'control') return 'none'
  if (part === 'free') return 'none'
  if (part === 'sql') return 'sql'
  if (role === 'table' || role === 'path' || role === 'format') return role
  if (role === 'sub') return keyword === 'CALL' ? 'sub' : 'none'
  if (role === 'alias') return 'field'
  if (role === 'variable') return 'variable'
  if (part === 'prefix') return state.brackets === '' ? 'load' : 'field'
  if (part === 'load') return 'expression'
  if (part === 'control' || keyword === 'LET') return 'control'
  return 'clause'
}
