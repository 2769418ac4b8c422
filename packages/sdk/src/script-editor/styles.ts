import { type ScriptLine, type ScriptState, wordAt } from './state.ts'
import { endStatement, styleOfKeyword } from './statement-start.ts'
import {
  controlClauses,
  loadClauses,
  operatorWords,
  prefixWords,
  roleAfter,
  sqlWords,
  statementClauses,
  statementWords,
} from './words.ts'

/** Reads the word `text` that stands at the place of reading. */
export function styleOfWord(line: ScriptLine, state: ScriptState, text: string): string | null {
  const bare = wordAt(line)
  if (bare === 'THEN' && state.mode === 'control' && /^(?:ELSE)?IF$/.test(state.keyword)) {
    line.pos += bare.length
    endStatement(state)
    return 'controlKeyword'
  }
  state.afterInline = bare === 'INLINE' && state.mode === 'regular'
  // The splitter takes INLINE for itself whatever follows it.
  line.pos += state.afterInline ? bare.length : text.length
  return keywordOf(line, state, text.toUpperCase()) ?? nameOf(line, state)
}

function keywordOf(line: ScriptLine, state: ScriptState, word: string): string | undefined {
  if (state.part === 'free') return undefined
  if (state.part === 'sql') return sqlWords.has(word) ? 'keyword' : undefined
  if (operatorWords.has(word)) return 'operatorKeyword'
  if (state.role === 'format' && state.brackets !== '') return undefined
  if (state.part === 'prefix')
    return statementWords.has(word) || prefixWords.has(word)
      ? styleOfKeyword(state, word)
      : undefined
  if (state.part === 'control') return controlKeyword(state, word)
  if (state.part === 'load') return loadKeyword(line, state, word)
  return state.brackets === '' ? statementKeyword(state, word) : undefined
}

function controlKeyword(state: ScriptState, word: string): string | undefined {
  if (state.brackets !== '' || !controlClauses.has(word)) return undefined
  state.role = word === 'EACH' ? 'variable' : ''
  return 'controlKeyword'
}

function loadKeyword(line: ScriptLine, state: ScriptState, word: string): string | undefined {
  if (word === 'DISTINCT') return 'keyword'
  if (state.brackets !== '' || !loadClauses.has(word)) return undefined
  // GROUP and ORDER begin a clause only before BY; else a field may have that name.
  if ((word === 'GROUP' || word === 'ORDER') && !/^\s+by\b/i.test(line.string.slice(line.pos)))
    return undefined
  state.role = word === 'FROM' ? 'path' : (roleAfter[word] ?? '')
  return 'keyword'
}

function statementKeyword(state: ScriptState, word: string): string | undefined {
  if (!statementClauses.has(word)) return undefined
  if (word === 'FROM') state.role = 'table'
  else if (word !== 'TO' && word !== 'WITH') state.role = roleAfter[word] ?? ''
  return 'keyword'
}

/** A name that is no keyword: of a field unless something else is expected here. */
function nameOf(line: ScriptLine, state: ScriptState): string {
  if (state.part === 'sql') return 'name'
  const { role, keyword } = state
  if (role === 'path') return 'string.special'
  if (role === 'format') return 'attributeName'
  if (role === 'sub') {
    state.role = keyword === 'SUB' ? 'variable' : ''
    return keyword === 'SUB' ? 'variableName.function.definition' : 'variableName.function'
  }
  if (/^\s*\(/.test(line.string.slice(line.pos, line.pos + 40))) return 'variableName.function'
  if (role !== '') return nameStyles[role]
  if (state.part === 'control' || keyword === 'LET') return 'variableName'
  return state.part === 'prefix' && state.brackets === '' ? 'variableName' : 'propertyName'
}

const nameStyles = {
  variable: 'variableName.definition',
  table: 'typeName',
  alias: 'propertyName.definition',
} as const

/** The style of a quoted text, whose sign is `state.open`. */
export function styleOfQuoted({ open, part, role }: ScriptState): string {
  if (role === 'path') return 'string.special'
  if (open === "'" || part === 'free') return 'string'
  if (role === 'table' || role === 'alias' || role === 'variable') return nameStyles[role]
  return 'propertyName'
}

/** Offset after the parenthesis that closes the `$(` at `at`, at most `limit`. */
export function expansionEnd(text: string, at: number, limit: number): number {
  let depth = 0
  for (let end = at + 1; end < limit; end++) {
    if (text[end] === '(') depth += 1
    else if (text[end] === ')') depth -= 1
    if (depth === 0) return end + 1
  }
  return limit
}
