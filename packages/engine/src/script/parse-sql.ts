import type { ConnectionKind } from './connection.ts'
import type { Cursor } from './cursor.ts'
import type { Fragment, LoadSource, StatementOf } from './statement.ts'

/** Words a statement for the connection begins with. */
export const sqlWords: ReadonlySet<string> = new Set([
  'SQL',
  'SELECT',
  'DIRECT',
  'SQLTABLES',
  'SQLCOLUMNS',
  'SQLTYPES',
])

/** Words a CONNECT statement begins with. */
export const connectWords: ReadonlySet<string> = new Set([
  'LIB',
  'ODBC',
  'OLEDB',
  'CUSTOM',
  'CONNECT',
  'CONNECT32',
  'CONNECT64',
])

const kinds: Readonly<Record<string, ConnectionKind>> = {
  LIB: 'lib',
  OLEDB: 'oledb',
  CUSTOM: 'custom',
}

/**
 * What a connection is asked for, if that follows: everything to the end is the database's own language.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/ScriptRegularStatements/SQL.htm
 */
export function sqlSource(
  cursor: Cursor,
): Extract<LoadSource, { readonly kind: 'sql' }> | undefined {
  const word = cursor.peekWord()
  if (!sqlWords.has(word)) return undefined
  if (word === 'DIRECT')
    cursor.fail(
      'DIRECT QUERY leaves data in the database, which is not built; load it by SQL SELECT',
    )
  if (word === 'SELECT') return { kind: 'sql', what: 'query', text: cursor.rest() }
  cursor.take(word)
  const text = cursor.rest()
  if (word === 'SQL') {
    if (text.text === '') cursor.fail('Expected a statement of the database after SQL')
    return { kind: 'sql', what: 'query', text }
  }
  if (text.text !== '') cursor.fail(`Unexpected text after ${word}`, text.span.start, text.span.end)
  return {
    kind: 'sql',
    what: word === 'SQLTABLES' ? 'tables' : word === 'SQLTYPES' ? 'types' : 'columns',
    text,
  }
}

/**
 * CONNECT TO with a name or connect string, in quotes or to the end. What follows in brackets, such as user and password, is not used: both belong
 * to the host's connection.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/ScriptRegularStatements/Connect.htm
 */
export function parseConnect(cursor: Cursor, span: Fragment['span']): StatementOf<'connect'> {
  const first = cursor.takeAny(['LIB', 'ODBC', 'OLEDB', 'CUSTOM'])
  if (cursor.takeAny(['CONNECT32', 'CONNECT64', 'CONNECT']) === undefined)
    cursor.fail(`Expected CONNECT TO after ${first ?? 'this word'}`)
  cursor.expect('TO', 'after CONNECT')
  const quoted = /^['"[`]/.test(cursor.peek())
  const name = quoted ? cursor.name('the name of a connection') : nameToEnd(cursor)
  if (name.text === '') cursor.fail('Expected the name of a connection after CONNECT TO')
  if (quoted && cursor.peek() === '(') cursor.rest()
  cursor.expectEnd('CONNECT')
  return { kind: 'connect', connection: kinds[first ?? ''] ?? 'odbc', name, span }
}

function nameToEnd(cursor: Cursor): StatementOf<'connect'>['name'] {
  const { text, span } = cursor.rest()
  const name = text.replace(/\s*\([^()]*\)$/, '')
  return { text: name, quoted: false, span: { start: span.start, end: span.start + name.length } }
}

/** The table a SELECT reads first, without its schema; undefined where it has none. */
export function tableOfSelect(sql: string): string | undefined {
  const plain = sql.replace(/\/\*[\s\S]*?\*\/|--[^\n]*|'(?:[^']|'')*'/g, ' ')
  const part = '(?:"[^"]*"|\\[[^\\]]*\\]|`[^`]*`|[^\\s.,;()"`[\\]]+)'
  const found = new RegExp(`\\bfrom\\s+(${part}(?:\\s*\\.\\s*${part})*)`, 'i').exec(plain)?.[1]
  const last = found === undefined ? undefined : new RegExp(`${part}$`).exec(found)?.[0]
  return last?.replace(/^["`[]|["`\]]$/g, '')
}
