import {
  type CancellationToken,
  LoadError,
  type OpenSource,
  type SourceBatch,
  throwIfCancelled,
} from '@lichen/engine'
import type { StreamSource } from '../byte-source.ts'
import type { Format } from '../format.ts'
import { parseJson, toCell } from './cells.ts'
import { GrowingColumn } from './columns.ts'
import { type JsonSlice, jsonSlices } from './slices.ts'

const batchRows = 1 << 16
const maxFields = 10_000

/**
 * JSON: an array of objects, NDJSON, or with `table is 'a.b'` the array at that path of one document.
 * Fields are the keys in order of first appearance; a missing key or null is NULL; text stays text; true is -1, false 0;
 * nested values are their JSON text; integers past 2^53 are text. Elements of arrays become `@1`, `@2` …
 * @throws LoadError `source-malformed` with the byte, `budget-exceeded`
 */
export const jsonFormat: Format = {
  open: (source, clause, _settings, cancellation) => {
    const table = clause.options.get('table')
    return openJson(source, typeof table === 'string' ? table : undefined, cancellation)
  },
}

/** Reads all records at once, since the fields are known only at the end; they are kept as dictionaries and codes. */
export async function openJson(
  source: StreamSource,
  table: string | undefined,
  cancellation: CancellationToken,
): Promise<OpenSource> {
  const columns = new RecordColumns(source.name)
  let rows = 0
  for await (const slices of jsonSlices(source, cancellation))
    for (const slice of slices) {
      const parsed = parse(slice, source.name)
      for (const record of table === undefined ? [parsed] : descend(parsed, table, source.name)) {
        columns.add(record, rows++)
        if (rows % 1024 === 0) throwIfCancelled(cancellation)
      }
    }
  const fields = [...columns.byName.keys()]
  const all = [...columns.byName.values()]
  return {
    fields,
    rows,
    batches: (wanted, token) => readBatches(source.name, all, rows, wanted, token),
  }
}

async function* readBatches(
  name: string,
  all: readonly GrowingColumn[],
  rows: number,
  wanted: readonly number[],
  cancellation: CancellationToken,
): AsyncGenerator<SourceBatch> {
  for (let row = 0; row < rows; row += batchRows) {
    throwIfCancelled(cancellation)
    const end = Math.min(rows, row + batchRows)
    yield {
      rows: end - row,
      columns: wanted.map((index) => {
        const column = all[index]
        if (column === undefined)
          throw new LoadError('field-not-found', `${name} has no field ${index}`)
        return {
          kind: 'dictionary',
          codes: column.codes(row, end),
          dictionary: column.dictionary,
          format: null,
        }
      }),
    }
  }
}

/** The columns by name, and in the order of the keys of the record before, which the next most often has, too. */
class RecordColumns {
  readonly byName = new Map<string, GrowingColumn>()
  readonly #name: string
  readonly #order: { readonly key: string; readonly column: GrowingColumn }[] = []

  constructor(name: string) {
    this.#name = name
  }

  add(record: unknown, row: number): void {
    let place = 0
    if (Array.isArray(record))
      for (const value of record) this.#set(`@${place + 1}`, place++, value, row)
    else if (typeof record === 'object' && record !== null)
      for (const key of Object.keys(record)) this.#set(key, place++, Reflect.get(record, key), row)
    else this.#set('@1', 0, record, row)
  }

  #set(key: string, place: number, value: unknown, row: number): void {
    const last = this.#order[place]
    const column = last?.key === key ? last.column : this.#column(key, place)
    const cell = toCell(value)
    if (cell !== null) column.set(row, cell)
  }

  #column(key: string, place: number): GrowingColumn {
    let column = this.byName.get(key)
    if (column === undefined) {
      if (this.byName.size >= maxFields)
        throw new LoadError('budget-exceeded', `${this.#name} has more than ${maxFields} fields`)
      column = new GrowingColumn()
      this.byName.set(key, column)
    }
    this.#order[place] = { key, column }
    return column
  }
}

function parse(slice: JsonSlice, name: string): unknown {
  try {
    return parseJson(slice.bytes)
  } catch {
    throw new LoadError(
      'source-malformed',
      `${name}: damaged JSON in the record at byte ${slice.offset}`,
    )
  }
}

function descend(document: unknown, path: string, name: string): readonly unknown[] {
  let at = document
  for (const key of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key))
      throw new LoadError(
        'table-not-found',
        `${name} has nothing at ${path}; table is 'a.b' names keys from the outside in`,
      )
    at = Object.entries(at).find(([candidate]) => candidate === key)?.[1]
  }
  return Array.isArray(at) ? at : [at]
}
