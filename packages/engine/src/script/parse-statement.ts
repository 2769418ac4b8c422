import { Cursor, SyntaxFault } from './cursor.ts'
import type { ScriptDiagnostic } from './diagnostic.ts'
import { filePath } from './file-path.ts'
import { labelOf } from './label.ts'
import { fieldStatement, parseDeclare } from './parse-field-statement.ts'
import { parseLoad, prefixWords } from './parse-load.ts'
import { prefixOfMap } from './parse-partial.ts'
import { connectWords, parseConnect, sqlWords } from './parse-sql.ts'
import { parseStore } from './parse-store.ts'
import type {
  Fragment,
  Guard,
  LetterCase,
  Name,
  Pair,
  PartialPrefix,
  RegularStatement,
  Statement,
} from './statement.ts'
import { unsupportedPrefixes } from './unsupported-prefix.ts'

export interface ParsedStatement {
  /** Undefined when the text is no statement; then there is a diagnostic. */
  readonly statement: Statement | undefined
  readonly diagnostics: readonly ScriptDiagnostic[]
}

const bodyStops: ReadonlySet<string> = new Set([
  ...prefixWords,
  ...unsupportedPrefixes,
  ...sqlWords,
  ...connectWords,
  'DISCONNECT',
  'AUTONUMBER',
  'DECLARE',
  'DERIVE',
  'DIRECTORY',
  'EXECUTE',
  'SEARCH',
  'SLEEP',
  'STAR',
  'SET',
  'LET',
  'DROP',
  'RENAME',
  'QUALIFY',
  'UNQUALIFY',
  'ALIAS',
  'STORE',
  'TRACE',
  'TAG',
  'UNTAG',
  'COMMENT',
  'FORCE',
  'CALL',
  'EXIT',
])

/** Parses one statement whose expansions are done. Never throws. */
export function parseStatement(text: string): ParsedStatement {
  const cursor = new Cursor(text)
  try {
    return { statement: statement(cursor), diagnostics: [] }
  } catch (fault) {
    if (!(fault instanceof SyntaxFault)) throw fault
    const span = {
      start: Math.min(fault.span.start, Math.max(0, text.length - 1)),
      end: Math.min(fault.span.end, text.length),
    }
    return {
      statement: undefined,
      diagnostics: [{ code: 'script-syntax', message: fault.message, span }],
    }
  }
}

function statement(cursor: Cursor): Statement {
  cursor.skip()
  const start = cursor.at
  const label = labelOf(cursor)
  const guardWord = cursor.takeAny(['WHEN', 'UNLESS'])
  if (guardWord === undefined) return regular(cursor, label, start)
  const guard: Guard = {
    condition: cursor.expression(`a condition after ${guardWord}`, bodyStops),
    wanted: guardWord === 'WHEN',
  }
  return {
    kind: 'guarded',
    guard,
    statement: regular(cursor, label, start),
    span: { start, end: cursor.at },
  }
}

function regular(cursor: Cursor, label: Name | undefined, start: number): RegularStatement {
  cursor.skip()
  const first = cursor.at
  const word = cursor.peekWord()
  const prefix = prefixOfMap(cursor)
  if (prefix !== undefined)
    return map(cursor, prefix, { start: first, end: cursor.text.trimEnd().length })
  if (prefixWords.has(word) || (sqlWords.has(word) && !isAssignment(cursor)))
    return parseLoad(cursor, label, start)
  const span = { start: first, end: cursor.text.trimEnd().length }
  if (word === 'DECLARE') return parseDeclare(cursor, label, span)
  if (unsupportedPrefixes.has(word) && !isAssignment(cursor))
    return {
      kind: 'unsupported',
      statement: word,
      span: { start: first, end: first + word.length },
    }
  if (label !== undefined)
    cursor.fail(
      word === ''
        ? 'Expected LOAD after the label'
        : `Expected LOAD after the label, found "${cursor.text.slice(first, first + word.length)}"`,
      first,
    )
  if (isAssignment(cursor)) return assignment(cursor, span)
  if (connectWords.has(word)) return parseConnect(cursor, span)
  cursor.at += word.length
  const parsed = byKeyword(word, cursor, span)
  if (parsed === undefined)
    cursor.fail(
      word === ''
        ? 'Expected a statement'
        : `Unknown statement "${cursor.text.slice(first, first + word.length)}"`,
      first,
    )
  cursor.expectEnd(word)
  return parsed
}

function isAssignment(cursor: Cursor): boolean {
  return /^(?:[^\s:;,'"`[\]()=]+|"[^"]*"|\[[^\]]*\])\s*=/.test(
    cursor.text.slice(cursor.at, cursor.at + 300),
  )
}

function assignment(cursor: Cursor, span: Fragment['span']): RegularStatement {
  const name = cursor.name('a variable name')
  cursor.expectSign('=', 'after the variable name')
  return { kind: 'let', name: name.text, value: cursor.done ? undefined : cursor.rest(), span }
}

function byKeyword(
  word: string,
  cursor: Cursor,
  span: Fragment['span'],
): RegularStatement | undefined {
  switch (word) {
    case 'SET':
      return set(cursor, span)
    case 'LET':
      return assignment(cursor, span)
    case 'QUALIFY':
      return { kind: 'qualify', fields: cursor.patterns('a field name or *'), span }
    case 'UNQUALIFY':
      return { kind: 'unqualify', fields: cursor.patterns('a field name or *'), span }
    case 'ALIAS':
      return { kind: 'alias', pairs: pairs(cursor, 'AS'), span }
    case 'RENAME':
      return rename(cursor, span)
    case 'DROP':
      return drop(cursor, span)
    case 'STORE':
      return parseStore(cursor, span)
    case 'MAP':
      return map(cursor, undefined, span)
    case 'UNMAP':
      return { kind: 'unmap', fields: cursor.patterns('a field name or *'), span }
    case 'NULLASVALUE':
      return { kind: 'null-as-value', fields: cursor.patterns('a field name or *'), span }
    case 'NULLASNULL':
      return { kind: 'null-as-null', fields: cursor.patterns('a field name or *'), span }
    case 'TAG':
    case 'UNTAG':
      return tag(word === 'TAG' ? 'tag' : 'untag', cursor, span)
    case 'COMMENT':
      return comment(cursor, span)
    case 'FORCE':
      return { kind: 'force', letterCase: forcedCase(cursor), span }
    case 'LOOSEN':
      if (!cursor.take('TABLE')) cursor.expect('TABLES', 'after LOOSEN')
      return { kind: 'loosen', tables: cursor.names('a table name'), span }
    case 'BINARY':
      return { kind: 'binary', path: cursor.done ? undefined : filePath(cursor, 'BINARY'), span }
    case 'SECTION': {
      const access = cursor.take('ACCESS')
      if (!access) cursor.expect('APPLICATION', 'or ACCESS after SECTION')
      return { kind: 'section', access, span }
    }
    case 'TRACE':
      return { kind: 'trace', text: cursor.rest().text, span }
    case 'DISCONNECT':
      return { kind: 'disconnect', span }
    case 'FLUSHLOG':
      return { kind: 'nothing', span }
    case 'CALL':
      return call(cursor, span)
    case 'EXIT':
      return exit(cursor, span)
    default:
      return fieldStatement(word, cursor, span)
  }
}

function map(
  cursor: Cursor,
  prefix: PartialPrefix | undefined,
  span: Fragment['span'],
): RegularStatement {
  const fields = cursor.patterns('a field name or *')
  cursor.expect('USING', 'after the fields of MAP')
  return { kind: 'map', fields, using: cursor.name('a mapping table'), prefix, span }
}

function set(cursor: Cursor, span: Fragment['span']): RegularStatement {
  const name = cursor.name('a variable name')
  cursor.expectSign('=', 'after the variable name')
  return { kind: 'set', name: name.text, text: withoutQuotes(cursor.rest().text), span }
}

/** SET strips quotes only when one pair encloses the whole text. */
function withoutQuotes(text: string): string {
  const sign = text[0]
  if ((sign !== "'" && sign !== '"') || text.length < 2 || !text.endsWith(sign)) return text
  const inner = text.slice(1, -1)
  return inner.replaceAll(sign + sign, '').includes(sign)
    ? text
    : inner.replaceAll(sign + sign, sign)
}

function pairs(cursor: Cursor, between: string): Pair[] {
  const list: Pair[] = []
  do {
    const from = cursor.name('a name')
    cursor.expect(between, `after "${from.text}"`)
    list.push({ from, to: cursor.name(`a name after ${between}`) })
  } while (cursor.takeSign(','))
  return list
}

function rename(cursor: Cursor, span: Fragment['span']): RegularStatement {
  const what = cursor.take('TABLE') || cursor.take('TABLES') ? 'table' : 'field'
  if (what === 'field' && !cursor.take('FIELD')) cursor.expect('FIELDS', 'or TABLE after RENAME')
  if (cursor.take('USING'))
    return { kind: 'rename', what, pairs: [], using: cursor.name('a mapping table'), span }
  const bracketed = cursor.takeSign('(')
  const list = pairs(cursor, 'TO')
  if (bracketed) cursor.expectSign(')', 'after the names')
  return { kind: 'rename', what, pairs: list, using: undefined, span }
}

function drop(cursor: Cursor, span: Fragment['span']): RegularStatement {
  if (cursor.take('TABLE') || cursor.take('TABLES'))
    return { kind: 'drop-tables', tables: cursor.names('a table name'), span }
  if (!cursor.take('FIELD')) cursor.expect('FIELDS', 'or TABLE after DROP')
  const fields = cursor.names('a field name')
  return {
    kind: 'drop-fields',
    fields,
    tables: cursor.take('FROM') ? cursor.names('a table name') : [],
    span,
  }
}

function tag(kind: 'tag' | 'untag', cursor: Cursor, span: Fragment['span']): RegularStatement {
  if (!cursor.take('FIELDS')) cursor.take('FIELD')
  if (cursor.take('USING'))
    return { kind, fields: [], tag: '', using: cursor.name('a mapping table'), span }
  const bracketed = cursor.takeSign('(')
  const fields = cursor.names('a field name')
  cursor.expect('WITH', 'after the field names')
  const text = cursor.name('a tag').text
  if (bracketed) cursor.expectSign(')', 'after the tag')
  return { kind, fields, tag: text, using: undefined, span }
}

function comment(cursor: Cursor, span: Fragment['span']): RegularStatement {
  const what = cursor.take('TABLE') || cursor.take('TABLES') ? 'table' : 'field'
  if (what === 'field' && !cursor.take('FIELDS')) cursor.take('FIELD')
  if (cursor.take('USING'))
    return { kind: 'comment', what, pairs: [], using: cursor.name('a mapping table'), span }
  const bracketed = cursor.takeSign('(')
  const list = pairs(cursor, 'WITH')
  if (bracketed) cursor.expectSign(')', 'after the comment')
  return { kind: 'comment', what, pairs: list, using: undefined, span }
}

/** CAPITALIZATION, CASE UPPER or CASE LOWER; CASE MIXED leaves text as it is. */
function forcedCase(cursor: Cursor): LetterCase | undefined {
  if (cursor.take('CAPITALIZATION')) return 'capitalized'
  cursor.expect('CASE', 'or CAPITALIZATION after FORCE')
  if (cursor.take('UPPER')) return 'upper'
  if (cursor.take('LOWER')) return 'lower'
  cursor.expect('MIXED', 'or UPPER or LOWER after CASE')
  return undefined
}

function call(cursor: Cursor, span: Fragment['span']): RegularStatement {
  const name = cursor.name('the name of a SUB')
  if (!cursor.takeSign('(')) return { kind: 'call', name, arguments: [], span }
  const list = cursor.peek() === ')' ? [] : cursor.expressions('an argument')
  cursor.expectSign(')', 'after the arguments')
  return { kind: 'call', name, arguments: list, span }
}

function exit(cursor: Cursor, span: Fragment['span']): RegularStatement {
  const what = cursor.takeAny(['SCRIPT', 'SUB', 'FOR', 'DO'])
  if (what === undefined) cursor.fail('Expected SCRIPT, SUB, FOR or DO after EXIT')
  const word = cursor.takeAny(['WHEN', 'UNLESS'])
  const guard =
    word === undefined ? undefined : { condition: cursor.rest(), wanted: word === 'WHEN' }
  if (guard !== undefined && guard.condition.text === '')
    cursor.fail(`Expected a condition after ${word}`)
  return { kind: 'exit', what: exits[what] ?? 'script', guard, span }
}

const exits: Readonly<Record<string, 'script' | 'sub' | 'for' | 'do'>> = {
  SCRIPT: 'script',
  SUB: 'sub',
  FOR: 'for',
  DO: 'do',
}
