import {
  type CancellationToken,
  LoadError,
  type OpenSource,
  throwIfCancelled,
} from '@lichen/engine'
import { toCell } from '../json/cells.ts'
import { GrowingColumn } from '../json/columns.ts'
import type { RestSelect, RestTable } from './rest-select.ts'
import { pageRows } from './result-pages.ts'

const maxFields = 10_000

/** The rows of the documents of a REST service. Values are kept once each, as a dictionary and codes. */
export class RestRows {
  readonly #select: RestSelect
  readonly #columns = new Map<string, GrowingColumn>()
  /** Rows of each table so far, which are its keys. */
  readonly #keys = new Map<RestTable, number>()
  readonly #name: string
  #rows = 0

  constructor(select: RestSelect, name: string) {
    this.#select = select
    this.#name = name
    if (select.kind === 'nested') this.#announce(select.root)
    else for (const { alias } of select.fields ?? []) this.#column(alias)
  }

  /** Takes the rows of one document. `records`: those at the place the connection says. */
  add(document: unknown, records: readonly unknown[]): void {
    const select = this.#select
    if (select.kind === 'nested')
      this.#addTable(
        select.root,
        select.wrap ? document : propertyOf(document, select.root.name),
        undefined,
      )
    else {
      const found = select.path === undefined ? records : recordsAt(document, select.path)
      for (const record of found) this.#addRecord(record, select.fields)
    }
  }

  open(): OpenSource {
    const all = [...this.#columns.values()]
    const rows = this.#rows
    const name = this.#name
    return {
      fields: [...this.#columns.keys()],
      rows,
      async *batches(fields, cancellation: CancellationToken) {
        for (let start = 0; start < rows; start += pageRows) {
          throwIfCancelled(cancellation)
          const end = Math.min(rows, start + pageRows)
          yield {
            rows: end - start,
            columns: fields.map((index) => {
              const column = all[index]
              if (column === undefined)
                throw new LoadError('field-not-found', `${name} has no field ${index}`)
              const { dictionary } = column
              const codes = column.codes(start, end)
              return { kind: 'dictionary', codes, dictionary, format: null }
            }),
          }
        }
      },
    }
  }

  /** Columns stand in the order of the SELECT, also when no document has them. */
  #announce({ fields, value, tables }: RestTable): void {
    for (const { alias } of fields) this.#column(alias)
    if (value !== undefined) this.#column(value)
    for (const table of tables) this.#announce(table)
  }

  /** A row for each object, before those of the tables below it. */
  #addTable(table: RestTable, found: unknown, parent: number | undefined): void {
    if (found === undefined || found === null) return
    for (const record of Array.isArray(found) ? found : [found]) {
      const row = this.#rows++
      const key = (this.#keys.get(table) ?? 0) + 1
      this.#keys.set(table, key)
      const isObject = typeof record === 'object' && record !== null && !Array.isArray(record)
      for (const { name, alias } of table.fields) {
        if (name === table.key) this.#set(alias, row, key)
        else if (name === table.parentKey) this.#set(alias, row, parent)
        else if (isObject) this.#set(alias, row, propertyOf(record, name))
        else if (name === '@Value') this.#set(alias, row, record)
      }
      if (!isObject && table.value !== undefined) this.#set(table.value, row, record)
      if (isObject)
        for (const below of table.tables) this.#addTable(below, propertyOf(record, below.name), key)
    }
  }

  #addRecord(record: unknown, fields: RestTable['fields'] | undefined): void {
    const row = this.#rows++
    if (fields !== undefined)
      for (const { name, alias } of fields) this.#set(alias, row, valueAt(record, name))
    else if (typeof record === 'object' && record !== null)
      for (const [key, value] of Object.entries(record))
        this.#set(Array.isArray(record) ? `@${Number(key) + 1}` : key, row, value)
    else this.#set('@1', row, record)
  }

  #set(alias: string, row: number, value: unknown): void {
    const cell = toCell(value)
    const column = this.#column(alias)
    if (cell !== null) column.set(row, cell)
  }

  #column(alias: string): GrowingColumn {
    const known = this.#columns.get(alias)
    if (known !== undefined) return known
    if (this.#columns.size >= maxFields)
      throw new LoadError('budget-exceeded', `${this.#name} has more than ${maxFields} fields`)
    const column = new GrowingColumn()
    this.#columns.set(alias, column)
    return column
  }
}

/** The property itself, never one of the prototype. */
function propertyOf(document: unknown, name: string): unknown {
  if (typeof document !== 'object' || document === null || !Object.hasOwn(document, name))
    return undefined
  const value: unknown = Reflect.get(document, name)
  return value
}

/** What is found going down from name to name; a property whose own name has dots comes first. */
export function valueAt(document: unknown, path: string): unknown {
  const whole = propertyOf(document, path)
  return whole === undefined ? path.split('.').reduce(propertyOf, document) : whole
}

/** The records at a path: the elements of an array, or the one thing that is there. */
export function recordsAt(document: unknown, path: string): readonly unknown[] {
  const found = valueAt(document, path)
  if (found === undefined || found === null) return []
  return Array.isArray(found) ? found : [found]
}
