import { commentStarts, endOfQuote, matchAt, type ScriptLine, type ScriptState } from './state.ts'
import { beginRegular, beginStatement, endStatement } from './statement-start.ts'
import { expansionEnd, styleOfQuoted, styleOfWord } from './styles.ts'

const word = /(?:[\p{L}\p{M}_@%#]|\$(?!\())(?:[\p{L}\p{M}\p{N}_.@%#]|\$(?!\())*/uy
const number = /(?:\d[\p{L}\p{N}_.]*|\.\d+)/uy
const variable = /\$\(\s*#?[^\s()'"=,;$]+\s*\)/y
const operator = /<=|>=|<>|<<|>>|[-+*/<>=&^!?|:]/y
const quotes = `'"[\``

/**
 * Reads one token of the line from `line.pos` on, which it moves. Gives the name of its style, see `language.ts`, or null.
 * Statements begin and end where the engine's splitter has them, but for what a line does not know: that a quote is never
 * closed, and that a name over several lines is a label.
 */
export function readToken(line: ScriptLine, state: ScriptState): string | null {
  if (line.pos === 0) startLine(state)
  if (state.open !== '') return readOpen(line, state)
  const blanks = matchAt(/\s+/y, line)
  if (blanks !== '') {
    line.pos += blanks.length
    return null
  }
  if (state.mode === '') return beginStatement(line, state)
  if (state.mode === 'remark' || state.mode === 'trace') return readText(line, state)
  if (state.mode === 'include') return readInclude(line, state)
  const isFree = state.part === 'free'
  const style = readPart(line, state)
  if (!isFree || style === null) return style
  return /^(?:propertyName|variableName|operator|paren|punctuation)/.test(style) ? 'string' : style
}

/** To be called for lines without any character, too. */
export function startLine(state: ScriptState): void {
  if (state.mode === 'control' && state.open === '') endStatement(state)
}

function readPart(line: ScriptLine, state: ScriptState): string | null {
  const { string, pos } = line
  const sign = string[pos] ?? ''
  const afterInline = state.afterInline
  state.afterInline = false
  if (sign === ';') {
    line.pos += 1
    endStatement(state)
    return 'separator'
  }
  if (commentStarts(string, pos)) return readComment(line, state)
  const keyword = state.labelled ? beginRegular(line, state) : null
  if (keyword !== null) return keyword
  if (quotes.includes(sign)) return readQuote(line, state, afterInline)
  if (string.startsWith('$(', pos)) return readExpansion(line, state)
  if (sign === '(' || sign === ')' || sign === '{' || sign === '}') return readBracket(line, state)
  const digits = matchAt(number, line)
  if (digits !== '') {
    line.pos += digits.length
    return 'number'
  }
  const text = matchAt(word, line)
  if (text !== '') return styleOfWord(line, state, text)
  if (state.role === 'path' && sign !== ',') {
    line.pos += 1
    return 'string.special'
  }
  if (sign === '=' && state.role === 'variable') {
    state.role = ''
    if (state.keyword === 'SET') state.part = 'free'
  }
  if (sign === ',' && state.role === 'alias') state.role = ''
  const signs = matchAt(operator, line)
  line.pos += commentStarts(string, pos + 1) ? 1 : Math.max(1, signs.length)
  if (signs !== '') return 'operator'
  return sign === ',' ? 'punctuation' : null
}

function readComment(line: ScriptLine, state: ScriptState): string {
  const { string, pos } = line
  const end = string[pos + 1] === '/' ? string.length : string.indexOf('*/', pos + 2) + 2
  if (end === 1) state.open = '/*'
  line.pos = end === 1 ? string.length : end
  return 'comment'
}

function readQuote(line: ScriptLine, state: ScriptState, afterInline: boolean): string | null {
  const sign = line.string[line.pos] ?? ''
  if (afterInline && (sign === '[' || sign === '"')) {
    line.pos += 1
    state.open = sign === '[' ? 'data]' : 'data"'
    return 'bracket'
  }
  if (state.mode === 'control' && endOfQuote(line.string, line.pos + 1, sign) === -1) {
    line.pos += 1
    return null
  }
  state.open = sign
  line.pos += 1
  return line.string.startsWith('$(', line.pos) ? styleOfQuoted(state) : readQuoted(line, state)
}

/** What was begun before and holds its own signs: a comment, a quote or the data of INLINE. */
function readOpen(line: ScriptLine, state: ScriptState): string {
  const { string } = line
  if (state.open === '/*') {
    const end = string.indexOf('*/', line.pos)
    line.pos = end === -1 ? string.length : end + 2
    if (end === -1) return 'comment'
    state.open = ''
    if (state.mode === 'control') endStatement(state)
    return 'comment'
  }
  if (state.open === 'data]' || state.open === 'data"') return readData(line, state)
  return readQuoted(line, state)
}

function readData(line: ScriptLine, state: ScriptState): string {
  const { string, pos } = line
  const end = state.open === 'data]' ? string.indexOf(']', pos) : endOfQuote(string, pos, '"') - 1
  if (end < 0) line.pos = string.length
  else if (end > pos) line.pos = end
  else {
    line.pos = end + 1
    state.open = ''
    state.role = 'format'
    return 'bracket'
  }
  return 'content'
}

/** Up to the closing quote or the next expansion, whichever comes first. */
function readQuoted(line: ScriptLine, state: ScriptState): string {
  const { string, pos } = line
  const found = endOfQuote(string, pos, state.open)
  const end = found === -1 ? string.length : found
  const expansion = string.indexOf('$(', pos)
  if (expansion === pos) {
    line.pos = expansionEnd(string, pos, found === -1 ? end : end - 1)
    return 'macroName'
  }
  const style = styleOfQuoted(state)
  line.pos = expansion === -1 || expansion >= end ? end : expansion
  if (line.pos === found) state.open = ''
  return style
}

function readExpansion(line: ScriptLine, state: ScriptState): string {
  const whole = matchAt(variable, line)
  line.pos += whole === '' ? 2 : whole.length
  if (whole === '' && state.brackets.length < maxDepth) state.brackets += '$'
  return 'macroName'
}

const maxDepth = 200

function readBracket(line: ScriptLine, state: ScriptState): string {
  const sign = line.string[line.pos] ?? ''
  line.pos += 1
  if (sign === '(' || sign === '{') {
    if (state.role === 'path') state.role = 'format'
    if (state.brackets.length < maxDepth) state.brackets += sign
    return 'paren'
  }
  const opener = state.brackets.at(-1)
  state.brackets = state.brackets.slice(0, -1)
  if (state.brackets === '' && state.role === 'format') state.role = ''
  return opener === '$' ? 'macroName' : 'paren'
}

/** TRACE and REM hold any text up to the semicolon. */
function readText(line: ScriptLine, state: ScriptState): string {
  const { string, pos } = line
  const isRemark = state.mode === 'remark'
  const found = string.indexOf(';', pos)
  const end = found === -1 ? string.length : found
  if (end === pos) {
    line.pos += 1
    endStatement(state)
    return isRemark ? 'comment' : 'separator'
  }
  const expansion = isRemark ? -1 : string.indexOf('$(', pos)
  if (expansion === pos) {
    line.pos = expansionEnd(string, pos, end)
    return 'macroName'
  }
  line.pos = expansion === -1 || expansion > end ? end : expansion
  return isRemark ? 'comment' : 'string'
}

/** `$(Include=…)` ends with the parenthesis that closes it. */
function readInclude(line: ScriptLine, state: ScriptState): string {
  const { string, pos } = line
  let at = pos
  do {
    const sign = string[at]
    if (sign === '(') state.depth += 1
    if (sign === ')') state.depth -= 1
    at += 1
  } while (at < string.length && !(state.depth === 0 && string[at - 1] === ')'))
  line.pos = at
  if (state.depth === 0 && string[at - 1] === ')') endStatement(state)
  return 'macroName'
}
