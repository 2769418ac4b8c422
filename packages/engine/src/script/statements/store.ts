import { LichenError } from '../../base/errors.ts'
import type { TableBuilder } from '../../storage/table-builder.ts'
import { inDirectory } from '../directory.ts'
import { StatementError } from '../row-expression.ts'
import type { RunState } from '../run-state.ts'
import type { Name, StatementOf } from '../statement.ts'
import type { StoredField } from '../writer.ts'

/**
 * STORE [* | fields] FROM table INTO file [(format)]: writes a table of the script as it stands. Aliases name the fields in the file.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/ScriptRegularStatements/Store.htm
 * @throws StatementError `table-not-found`, `field-not-found`; LichenError `source-unsupported` without a writer
 */
export async function executeStore(
  { table: name, fields, path, clause }: StatementOf<'store'>,
  state: RunState,
): Promise<void> {
  const table = state.space.tables.get(name.text)
  if (table === undefined)
    throw new StatementError('table-not-found', `There is no table ${name.text}`, name.span)
  const { writer } = state.options
  if (writer === undefined)
    throw new LichenError(
      'source-unsupported',
      'This host gives scripts no files to write; give it a writer',
    )
  const wanted = fields ?? table.fields.map((field) => ({ field, alias: field }))
  const file = inDirectory(path.text, state)
  await writer.store(
    file,
    clause,
    {
      name: table.name,
      rows: table.rows,
      comment: state.tableComments.get(table.name) ?? '',
      settings: state.space.settings,
      fields: wanted.map(({ field, alias }) => storedField(table, field, alias, state)),
    },
    state.cancellation,
  )
  const text = `${file} << ${table.name} ${table.rows.toLocaleString('en')} Lines stored`
  state.log.push(text)
  state.report('statement', text, table.rows)
}

/** A field of a table as writers take it. @throws StatementError, LichenError `field-not-found` */
export function storedField(
  table: TableBuilder,
  given: Name | string,
  alias: Name | string,
  state: RunState,
): StoredField {
  const field = nameOf(given)
  const column = table.columnOf(field)
  if (column < 0) {
    const message = `Table ${table.name} has no field ${field}`
    if (typeof given === 'string') throw new LichenError('field-not-found', message)
    throw new StatementError('field-not-found', message, given.span)
  }
  const symbols = table.symbolsOf(column)
  return {
    name: nameOf(alias),
    symbols,
    format: symbols.format,
    tags: [...(state.tags.get(field) ?? [])],
    comment: state.fieldComments.get(field) ?? '',
    read: (start, count, out) => table.column(column).read(start, count, out),
  }
}

const nameOf = (name: Name | string): string => (typeof name === 'string' ? name : name.text)
