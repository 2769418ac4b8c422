import type { Cursor } from './cursor.ts'
import { filePath } from './file-path.ts'
import { formatClause } from './parse-format-clause.ts'
import type { Fragment, Name, StatementOf } from './statement.ts'

type StoredName = NonNullable<StatementOf<'store'>['fields']>[number]

/** `STORE [* FROM | field [AS name] {, …} FROM] table INTO file [(format)]`, behind the keyword. */
export function parseStore(cursor: Cursor, span: Fragment['span']): StatementOf<'store'> {
  const fields = storedNames(cursor)
  const table = cursor.name('a table name after STORE')
  cursor.expect('INTO', 'after the table of STORE')
  const path = filePath(cursor, 'INTO')
  return { kind: 'store', table, fields, path, clause: formatClause(cursor), span }
}

/** Undefined for all fields. The word FROM tells a list of fields from a table. */
function storedNames(cursor: Cursor): readonly StoredName[] | undefined {
  if (cursor.takeSign('*')) {
    cursor.expect('FROM', 'after * of STORE')
    return undefined
  }
  const start = cursor.at
  const fields: StoredName[] = []
  do {
    const field = cursor.name('a field or table name after STORE')
    const alias: Name = cursor.take('AS') ? cursor.name('a field name after AS') : field
    fields.push({ field, alias })
  } while (cursor.takeSign(','))
  if (cursor.take('FROM')) return fields
  cursor.at = start
  return undefined
}
