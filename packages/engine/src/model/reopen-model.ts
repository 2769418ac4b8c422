import { assert } from '../base/assert.ts'
import type { Codes, Column } from '../storage/column.ts'
import { StoredSymbols } from '../storage/stored-symbols.ts'
import type { DataSpace } from '../storage/table-builder.ts'
import type { Model, ModelTable } from './model.ts'

/** What authors said of the tables and fields of a model beside its data. */
export interface ReopenedNotes {
  /** By field name; tags the model finds by itself (`$key`, `$numeric` …) are left out. */
  readonly tags: ReadonlyMap<string, readonly string[]>
  readonly fieldComments: ReadonlyMap<string, string>
  readonly tableComments: ReadonlyMap<string, string>
  /** Tables of LOOSEN TABLE, without those that a circular reference made loose. */
  readonly loosened: readonly string[]
}

/**
 * Puts the tables of a model back into an empty space, as they were before they were associated: synthetic keys are taken apart into the
 * fields they stand for. Symbols and columns are read where they lie, nothing is copied before it changes; the model must outlast the space.
 */
export function reopenModel(model: Model, space: DataSpace): ReopenedNotes {
  for (const { name, symbols, system } of model.fields) {
    if (system) continue
    assert(symbols instanceof StoredSymbols, 'the symbols of a model are stored ones')
    space.adoptSymbols(name, symbols)
  }
  const keys = keyTables(model)
  for (const table of model.tables) {
    if (table.synthetic) continue
    const columns = inLoadOrder(plainColumns(table, keys), table, model)
    const fields = [...columns.keys()]
    const builder = space.createTable(
      table.name,
      fields.map((field) => model.fields[field]?.name ?? ''),
    )
    builder.adoptColumns([...columns.values()], table.rows)
  }
  return notesOf(model)
}

/** Synthetic key → the table whose row r is its symbol r. */
function keyTables(model: Model): ReadonlyMap<number, ModelTable> {
  const keys = new Map<number, ModelTable>()
  for (const table of model.tables) {
    const own = [...table.columns.keys()].find(
      (field) => `${model.fields[field]?.name} Table` === table.name,
    )
    if (table.synthetic && own !== undefined) keys.set(own, table)
  }
  return keys
}

/** The columns of a table with those its synthetic keys stand for in their place. */
function plainColumns(
  table: ModelTable,
  keys: ReadonlyMap<number, ModelTable>,
): ReadonlyMap<number, Column | Codes> {
  const columns = new Map<number, Column | Codes>()
  const expand = (from: ModelTable, rowsOf: Uint32Array | undefined): void => {
    for (const [field, column] of from.columns) {
      const keyed = keys.get(field)
      if (keyed === from) continue
      if (keyed !== undefined) expand(keyed, follow(column, rowsOf, table.rows))
      else if (rowsOf === undefined) columns.set(field, column)
      else columns.set(field, follow(column, rowsOf, table.rows))
    }
  }
  expand(table, undefined)
  return columns
}

function inLoadOrder(
  columns: ReadonlyMap<number, Column | Codes>,
  { loaded }: ModelTable,
  { fields }: Model,
): ReadonlyMap<number, Column | Codes> {
  if (loaded === undefined) return columns
  const place = (field: number): number => loaded.indexOf(fields[field]?.name ?? '')
  return new Map([...columns].sort(([left], [right]) => place(left) - place(right)))
}

/** For each row of a table the code of a column; `keys` are codes of the key whose rows the column has, 0 for none. */
function follow(column: Column, keys: Uint32Array | undefined, rows: number): Uint32Array {
  const codes = new Uint32Array(column.rows)
  column.read(0, column.rows, codes)
  if (keys === undefined) return codes
  const followed = new Uint32Array(rows)
  for (let row = 0; row < rows; row++) {
    const key = keys[row]!
    if (key !== 0) followed[row] = codes[key - 1]!
  }
  return followed
}

const found: ReadonlySet<string> = new Set([
  '$key',
  '$numeric',
  '$integer',
  '$text',
  '$ascii',
  '$date',
  '$timestamp',
  '$synthetic',
])

function notesOf(model: Model): ReopenedNotes {
  const fields = model.fields.filter((field) => !field.system)
  const tables = model.tables.filter((table) => !table.synthetic)
  const byCycle = (name: string): boolean =>
    model.notes.some((note) => note.endsWith(`: table ${name} is loosely coupled`))
  return {
    tags: new Map(fields.map(({ name, tags }) => [name, tags.filter((tag) => !found.has(tag))])),
    fieldComments: commentsOf(fields),
    tableComments: commentsOf(tables),
    loosened: tables.flatMap(({ name, loose }) => (loose && !byCycle(name) ? [name] : [])),
  }
}

function commentsOf(
  named: readonly { readonly name: string; readonly comment: string }[],
): ReadonlyMap<string, string> {
  return new Map(
    named.flatMap(({ name, comment }) => (comment === '' ? [] : [[name, comment] as const])),
  )
}
