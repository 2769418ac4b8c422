import { commentStarts, matchAt, type ScriptLine, type ScriptState, wordAt } from './state.ts'
import { controlWords, prefixWords, roleAfter, statementWords } from './words.ts'

const label = /(?:[^\s:;,'"`[\]()=]+|"(?:[^"]|"")*"|\[(?:[^\]]|\]\])*\]|`[^`]*`)[ \t]*:(?!:)/y
const assignment = /(?:[^\s:;,'"`[\]()=$]+|"(?:[^"]|"")*"|\[[^\]]*\])(?=[ \t]*=)/y
const include = /\$\(\s*(?:must_)?include\s*=/iy
const section = /\/\/\/\$tab(?:\s|$)/iy

/** Reads the first token of a statement, or what stands between statements. */
export function beginStatement(line: ScriptLine, state: ScriptState): string | null {
  const { string, pos } = line
  if (string[pos] === ';') {
    line.pos += 1
    return 'separator'
  }
  if (commentStarts(string, pos)) return betweenComment(line, state)
  const first = wordAt(line)
  const isSet = first === 'SET' || first === 'LET'
  if (matchAt(include, line) !== '') {
    begin(state, 'include', '$')
    line.pos += 1
    return 'macroName'
  }
  if (first === 'REM' || first === 'TRACE') {
    begin(state, first === 'REM' ? 'remark' : 'trace', first)
    line.pos += first.length
    return first === 'REM' ? 'comment' : 'keyword'
  }
  const named = isSet ? '' : matchAt(label, line)
  if (named !== '') {
    begin(state, 'regular', '')
    state.labelled = true
    line.pos += named.length
    return 'labelName'
  }
  const assigned = isSet ? '' : matchAt(assignment, line)
  if (assigned !== '') {
    begin(state, 'control', '=')
    line.pos += assigned.length
    return 'variableName.definition'
  }
  if (controlWords.has(first)) return beginControl(line, state, first)
  begin(state, 'regular', '')
  return beginRegular(line, state)
}

/** The keyword of a regular statement, which may come behind a label. */
export function beginRegular(line: ScriptLine, state: ScriptState): string | null {
  const first = wordAt(line)
  const expansion = line.string.startsWith('$(', line.pos)
  state.keyword = expansion && !state.labelled ? '$' : first
  state.labelled = false
  if (first === '') return null
  if (!statementWords.has(first) && !prefixWords.has(first)) return null
  line.pos += first.length
  return styleOfKeyword(state, first)
}

export function endStatement(state: ScriptState): void {
  state.mode = ''
  state.labelled = false
  state.part = 'prefix'
  state.role = ''
  state.afterInline = false
  state.brackets = ''
  state.depth = 0
}

/** The word is a keyword where it stands: what follows is read by its rules. */
export function styleOfKeyword(state: ScriptState, word: string): string {
  state.role = roleAfter[word] ?? ''
  if (word === 'LOAD') state.part = 'load'
  else if (word === 'SQL' || word === 'SELECT') state.part = 'sql'
  else if (prefixWords.has(word)) return 'modifier'
  else if (state.part === 'prefix') state.part = 'other'
  return 'keyword'
}

function begin(state: ScriptState, mode: ScriptState['mode'], keyword: string): void {
  endStatement(state)
  state.count += 1
  state.mode = mode
  state.keyword = keyword
  if (mode === 'control') state.part = 'control'
}

function betweenComment(line: ScriptLine, state: ScriptState): string {
  const { string, pos } = line
  const isSection = pos === 0 && matchAt(section, line) !== ''
  const end = string[pos + 1] === '/' ? string.length : string.indexOf('*/', pos + 2) + 2
  if (end === 1) state.open = '/*'
  line.pos = end === 1 ? string.length : end
  return isSection ? 'heading' : 'comment'
}

function beginControl(line: ScriptLine, state: ScriptState, first: string): string {
  begin(state, 'control', first)
  state.role = roleAfter[first] ?? ''
  line.pos += first.length
  const what = first === 'END' ? (/^\s+(\w+)/.exec(line.string.slice(line.pos))?.[1] ?? '') : ''
  state.keyword = first === 'END' ? `END ${what.toUpperCase()}` : first.replace(/^END(?=.)/, 'END ')
  state.blocks = blocksAfter(state.blocks, state.keyword)
  if (first === 'ELSE') endStatement(state)
  return 'controlKeyword'
}

const openers: Readonly<Record<string, string>> = {
  IF: 'i',
  SUB: 's',
  FOR: 'f',
  DO: 'd',
  SWITCH: 'w',
}
const closers: Readonly<Record<string, string>> = {
  'END IF': 'i',
  'END SUB': 's',
  NEXT: 'f',
  LOOP: 'd',
  'END SWITCH': 'w',
}
const maxBlocks = 200

/** The blocks around what follows a control word. A word that closes nothing leaves them. */
function blocksAfter(blocks: string, keyword: string): string {
  const opened = openers[keyword]
  if (opened !== undefined) return blocks.length < maxBlocks ? blocks + opened : blocks
  const bare = blocks.replace(/c$/, '')
  if (keyword === 'CASE' || keyword === 'DEFAULT') return bare.endsWith('w') ? `${bare}c` : blocks
  const closed = closers[keyword]
  return closed !== undefined && bare.endsWith(closed) ? bare.slice(0, -1) : blocks
}
