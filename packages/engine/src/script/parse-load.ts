import type { Cursor } from './cursor.ts'
import { filePath } from './file-path.ts'
import { labelOf } from './label.ts'
import { bufferPrefix } from './parse-buffer.ts'
import { formatClause } from './parse-format-clause.ts'
import { parseBelongsTo, parseHierarchy } from './parse-hierarchy.ts'
import { partialPrefix } from './parse-partial.ts'
import { sqlSource } from './parse-sql.ts'
import type {
  Fragment,
  JoinSide,
  LoadField,
  LoadSource,
  LoadStatement,
  Name,
  Prefix,
} from './statement.ts'

const sourceWords = ['FROM', 'FROM_FIELD', 'INLINE', 'RESIDENT', 'AUTOGENERATE', 'EXTENSION']
const clauseStops: ReadonlySet<string> = new Set([
  ...sourceWords,
  'WHERE',
  'WHILE',
  'GROUP',
  'ORDER',
])
const fieldStops: ReadonlySet<string> = new Set([...clauseStops, 'AS'])
const orderStops: ReadonlySet<string> = new Set([...clauseStops, 'ASC', 'DESC'])
const loadStops: ReadonlySet<string> = new Set([
  'LOAD',
  'SELECT',
  'SQL',
  'SQLTABLES',
  'SQLCOLUMNS',
  'SQLTYPES',
  'CONCATENATE',
  'JOIN',
  'KEEP',
  'INNER',
  'LEFT',
  'RIGHT',
  'OUTER',
  'CROSSTABLE',
  'MAPPING',
  'NOCONCATENATE',
  'GENERIC',
  'INTERVALMATCH',
  'HIERARCHY',
  'HIERARCHYBELONGSTO',
  'ADD',
  'REPLACE',
  'MERGE',
  'BUFFER',
])

/** Words a LOAD may begin with. Those not built are named when they are met. */
export const prefixWords: ReadonlySet<string> = new Set([
  'LOAD',
  'JOIN',
  'KEEP',
  'INNER',
  'LEFT',
  'RIGHT',
  'OUTER',
  'CONCATENATE',
  'NOCONCATENATE',
  'MAPPING',
  'CROSSTABLE',
  'GENERIC',
  'INTERVALMATCH',
  'HIERARCHY',
  'HIERARCHYBELONGSTO',
  'FIRST',
  'SAMPLE',
  'ADD',
  'REPLACE',
  'MERGE',
  'BUFFER',
])

/** Prefixes, then LOAD, fields, source and clauses. A label may come first or after a prefix. @throws SyntaxFault */
export function parseLoad(
  cursor: Cursor,
  labelBefore: Name | undefined,
  start: number,
): LoadStatement {
  const prefixes: Prefix[] = []
  let label = labelBefore
  while (!cursor.take('LOAD')) {
    const own = label === undefined && prefixes.length > 0 ? labelOf(cursor) : undefined
    const sql = own === undefined ? sqlSource(cursor) : undefined
    if (sql !== undefined) return select(sql, label, prefixes, cursor, start)
    if (own === undefined) prefixes.push(prefix(cursor))
    else label = own
  }
  const distinct = cursor.take('DISTINCT')
  const fields = fieldList(cursor)
  const source = loadSource(cursor)
  let where: Fragment | undefined
  let repeat: Fragment | undefined
  let groupBy: readonly Fragment[] = []
  let orderBy: LoadStatement['orderBy'] = []
  while (!cursor.done) {
    if (cursor.take('WHERE')) where = cursor.expression('a condition after WHERE', clauseStops)
    else if (cursor.take('WHILE'))
      repeat = cursor.expression('a condition after WHILE', clauseStops)
    else if (cursor.take('GROUP', 'BY'))
      groupBy = cursor.expressions('a field after GROUP BY', clauseStops)
    else if (cursor.take('ORDER', 'BY')) orderBy = sortKeys(cursor)
    else cursor.expectEnd('LOAD')
  }
  return {
    kind: 'load',
    label,
    prefixes,
    distinct,
    fields,
    source,
    where,
    while: repeat,
    groupBy,
    orderBy,
    span: { start, end: cursor.text.trimEnd().length },
  }
}

/** A SELECT is a LOAD of all fields of what the connection gives. */
function select(
  source: LoadSource,
  label: Name | undefined,
  prefixes: readonly Prefix[],
  cursor: Cursor,
  start: number,
): LoadStatement {
  const span = { start, end: cursor.text.trimEnd().length }
  return {
    kind: 'load',
    label,
    prefixes,
    distinct: false,
    fields: [{ kind: 'all', span }],
    source,
    where: undefined,
    while: undefined,
    groupBy: [],
    orderBy: [],
    span,
  }
}

function prefix(cursor: Cursor): Prefix {
  cursor.skip()
  const start = cursor.at
  const word = cursor.peekWord()
  const span = { start, end: start + word.length }
  if (
    word === 'INNER' ||
    word === 'LEFT' ||
    word === 'RIGHT' ||
    word === 'OUTER' ||
    word === 'JOIN' ||
    word === 'KEEP'
  ) {
    const side: JoinSide = sideOf(cursor.takeAny(['INNER', 'LEFT', 'RIGHT', 'OUTER']))
    const kind = cursor.take('KEEP') ? 'keep' : 'join'
    if (kind === 'join' && !cursor.take('JOIN')) cursor.fail(`Expected JOIN or KEEP after ${word}`)
    return { kind, side, table: target(cursor), span }
  }
  if (cursor.take('CONCATENATE')) return { kind: 'concatenate', table: target(cursor), span }
  if (cursor.take('NOCONCATENATE')) return { kind: 'noconcatenate', span }
  if (cursor.take('MAPPING')) return { kind: 'mapping', span }
  if (cursor.take('GENERIC')) return { kind: 'generic', span }
  const partial = partialPrefix(cursor)
  if (partial !== undefined) return partial
  if (cursor.take('BUFFER')) return bufferPrefix(cursor, span)
  if (cursor.take('CROSSTABLE')) return crosstable(cursor, span)
  if (cursor.take('HIERARCHY')) return parseHierarchy(cursor, span)
  if (cursor.take('HIERARCHYBELONGSTO')) return parseBelongsTo(cursor, span)
  if (cursor.take('INTERVALMATCH')) {
    cursor.expectSign('(', 'after INTERVALMATCH')
    const [field, ...keys] = cursor.names('a field of INTERVALMATCH')
    cursor.expectSign(')', 'after the fields of INTERVALMATCH')
    if (field === undefined) cursor.fail('INTERVALMATCH needs a field')
    return { kind: 'intervalmatch', field, keys, span }
  }
  if (word === 'FIRST' || word === 'SAMPLE') {
    cursor.take(word)
    return {
      kind: word === 'FIRST' ? 'first' : 'sample',
      amount: cursor.expression(`a number after ${word}`, loadStops),
      span,
    }
  }
  cursor.fail(word === '' ? 'Expected LOAD' : `Expected LOAD, found "${word}"`)
}

function sideOf(word: string | undefined): JoinSide {
  return word === 'INNER'
    ? 'inner'
    : word === 'LEFT'
      ? 'left'
      : word === 'RIGHT'
        ? 'right'
        : 'outer'
}

function target(cursor: Cursor): Name | undefined {
  if (!cursor.takeSign('(')) return undefined
  const table = cursor.name('a table name')
  cursor.expectSign(')', 'after the table name')
  return table
}

function crosstable(cursor: Cursor, span: Prefix['span']): Prefix {
  cursor.expectSign('(', 'after CROSSTABLE')
  const attribute = cursor.name('the attribute field of CROSSTABLE')
  cursor.expectSign(',', 'after the attribute field')
  const data = cursor.name('the data field of CROSSTABLE')
  let qualifiers = 1
  if (cursor.takeSign(',')) {
    const count = cursor.expression('the number of qualifying columns')
    qualifiers = Number(count.text)
    if (!Number.isInteger(qualifiers) || qualifiers < 0)
      cursor.fail(
        'The number of qualifying columns is a whole number',
        count.span.start,
        count.span.end,
      )
  }
  cursor.expectSign(')', 'after the arguments of CROSSTABLE')
  return { kind: 'crosstable', attribute, data, qualifiers, span }
}

function fieldList(cursor: Cursor): LoadField[] {
  const fields: LoadField[] = []
  do {
    cursor.skip()
    const start = cursor.at
    if (cursor.peek() === '*') {
      cursor.takeSign('*')
      fields.push({ kind: 'all', span: { start, end: start + 1 } })
    } else {
      const expression = cursor.expression('a field', fieldStops)
      fields.push({
        kind: 'expression',
        expression,
        alias: cursor.take('AS') ? cursor.name('a field name after AS') : undefined,
      })
    }
  } while (cursor.takeSign(','))
  return fields
}

function loadSource(cursor: Cursor): LoadSource {
  if (cursor.take('FROM')) {
    const path = filePath(cursor, 'FROM')
    return { kind: 'from', path, clause: formatClause(cursor) }
  }
  if (cursor.take('RESIDENT'))
    return { kind: 'resident', table: cursor.name('a table name after RESIDENT') }
  if (cursor.take('AUTOGENERATE'))
    return {
      kind: 'autogenerate',
      rows: cursor.expression('a number after AUTOGENERATE', clauseStops),
    }
  if (cursor.take('INLINE'))
    return { kind: 'inline', data: inlineData(cursor), clause: formatClause(cursor) }
  if (cursor.take('FROM_FIELD')) return fieldSource(cursor)
  if (cursor.take('EXTENSION')) {
    const span = { start: cursor.at - 'EXTENSION'.length, end: cursor.at }
    cursor.rest()
    return { kind: 'extension', span }
  }
  return { kind: 'preceding' }
}

function fieldSource(cursor: Cursor): LoadSource {
  cursor.expectSign('(', 'after FROM_FIELD')
  const table = cursor.name('a table name')
  cursor.expectSign(',', 'after the table name')
  const field = cursor.name('a field name')
  cursor.expectSign(')', 'after the field name')
  return { kind: 'from-field', table, field, clause: formatClause(cursor) }
}

function inlineData(cursor: Cursor): Fragment {
  const sign = cursor.peek()
  if (sign !== '[') {
    const { text, span, quoted } = cursor.name('[data] after INLINE')
    if (!quoted) cursor.fail('The data of INLINE stands in [ ] or " "', span.start, span.end)
    return { text, span }
  }
  const start = cursor.at + 1
  const end = cursor.text.indexOf(']', start)
  if (end === -1) cursor.fail('The data of INLINE is not closed: ] is missing', start - 1, start)
  cursor.at = end + 1
  return { text: cursor.text.slice(start, end), span: { start, end } }
}

function sortKeys(cursor: Cursor): { field: Fragment; descending: boolean }[] {
  const keys: { field: Fragment; descending: boolean }[] = []
  do {
    const field = cursor.expression('a field after ORDER BY', orderStops)
    const descending = cursor.take('DESC')
    if (!descending) cursor.take('ASC')
    keys.push({ field, descending })
  } while (cursor.takeSign(','))
  return keys
}
