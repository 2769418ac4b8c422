import { LichenError } from '../base/errors.ts'
import type { FileFacts } from '../functions/ports.ts'
import { chunkRows } from '../storage/column-builder.ts'
import type { TableBuilder } from '../storage/table-builder.ts'
import type { Value } from '../value/dual.ts'
import { sortOrder } from '../value/sort-order.ts'
import { factsOf } from './files.ts'
import { originsOfSource } from './lineage.ts'
import type { FormatClause, OpenSource } from './reader.ts'
import { codeChunksOf, codesOf } from './row-codes.ts'
import { listOf, type RunState } from './run-state.ts'
import type { StageBatch, StageSource } from './stage.ts'
import { readCells } from './text-cells.ts'

/** Rows of a batch made from memory. */
const batchRows = 65_536

/** A source with the name its table gets when there is no label. */
export interface NamedSource {
  readonly source: StageSource
  readonly name: string
  /** What functions are told of the file it is. */
  readonly file?: FileFacts
}

/** The file of FROM, or all files a wildcard path names; they must have the same fields. @throws LoadError, LichenError `source-unsupported` */
export async function fileSources(
  path: string,
  clause: FormatClause,
  state: RunState,
): Promise<readonly NamedSource[]> {
  const { reader } = state.options
  if (reader === undefined)
    throw new LichenError(
      'source-unsupported',
      `This host gives scripts no files, so "${path}" cannot be read; pass a reader`,
    )
  const paths = await reader.resolve(path)
  if (paths.length === 0) throw new LichenError('source-not-found', `No file matches "${path}"`)
  const sources: NamedSource[] = []
  for (const file of paths) {
    const open = await reader.open(file, clause, state.space.settings, state.cancellation)
    state.journal.bytes += open.file?.bytes ?? 0
    sources.push(fileTable(file, open, state))
  }
  return sources
}

/** The records of a file that is open. */
export function fileTable(file: string, open: OpenSource, state: RunState): NamedSource {
  return {
    source: { ...fileSource(open, state), origins: originsOfSource(file, open.fields) },
    name: baseName(file),
    file: factsOf(file, open.file ?? {}),
  }
}

function fileSource(open: OpenSource, state: RunState): StageSource {
  const source: StageSource = {
    fields: open.fields,
    rows: open.rows,
    batches: (wanted) => open.batches(wanted, state.cancellation),
  }
  return readCells(source, state)
}

/** Last part of a path without extension, at most 32 characters. */
export function baseName(path: string): string {
  const last = path.split(/[/\\:]/).pop() ?? path
  return last.replace(/\.[^.]*$/, '').slice(0, 32) || 'Table'
}

/** Columns of values in memory. */
export function valuesSource(
  fields: readonly string[],
  columns: readonly (readonly Value[])[],
  rows: number,
): StageSource {
  return {
    fields,
    rows,
    async *batches(wanted) {
      if (rows > 0)
        yield {
          rows,
          columns: wanted.map((field) => ({ kind: 'values', values: columns[field] ?? [] })),
        }
    },
  }
}

export function autogenerateSource(count: number): NamedSource {
  return {
    name: 'AUTOGENERATE',
    source: {
      fields: [],
      rows: count,
      async *batches() {
        for (let done = 0; done < count; done += batchRows)
          yield { rows: Math.min(batchRows, count - done), columns: [] }
      },
    },
  }
}

export interface SortKey {
  readonly field: string
  readonly descending: boolean
}

/** The rows a resident table has now; rows added while it is read are not seen. @throws LichenError `field-not-found` */
export function residentSource(table: TableBuilder, order: readonly SortKey[]): NamedSource {
  const { rows, fields } = table
  const sorted = order.length === 0 ? undefined : sortedRows(table, order)
  return {
    name: table.name,
    source: {
      fields,
      rows,
      batches: (wanted) =>
        sorted === undefined
          ? chunkBatches(table, rows, wanted)
          : sortedBatches(table, wanted, sorted),
    },
  }
}

async function* chunkBatches(
  table: TableBuilder,
  rows: number,
  wanted: readonly number[],
): AsyncIterable<StageBatch> {
  const columns = wanted.map((column) => ({
    symbols: table.symbolsOf(column),
    chunks: codeChunksOf(table, column),
  }))
  for (let start = 0, chunk = 0; start < rows; start += chunkRows, chunk++)
    yield {
      rows: Math.min(chunkRows, rows - start),
      columns: columns.flatMap(({ symbols, chunks }) => {
        const codes = chunks[chunk]
        return codes === undefined ? [] : [{ kind: 'symbols', symbols, codes }]
      }),
    }
}

async function* sortedBatches(
  table: TableBuilder,
  wanted: readonly number[],
  sorted: Uint32Array,
): AsyncIterable<StageBatch> {
  const columns = wanted.map((column) => ({
    symbols: table.symbolsOf(column),
    codes: codesOf(table, column),
  }))
  for (let start = 0; start < sorted.length; start += batchRows) {
    const end = Math.min(sorted.length, start + batchRows)
    yield {
      rows: end - start,
      columns: columns.map(({ symbols, codes }) => {
        const taken = new Uint32Array(end - start)
        for (let i = start; i < end; i++) taken[i - start] = codes[sorted[i]!]!
        return { kind: 'symbols', symbols, codes: taken }
      }),
    }
  }
}

/** Row numbers in the order of the keys: numbers, then texts, NULL last; equal rows stay as loaded. */
function sortedRows(table: TableBuilder, order: readonly SortKey[]): Uint32Array {
  const keys = order.map(({ field, descending }) => {
    const column = table.columnOf(field)
    if (column < 0)
      throw new LichenError(
        'field-not-found',
        `ORDER BY: table "${table.name}" has no field "${field}"; it has ${listOf(table.fields)}`,
      )
    return {
      ranks: ranksOf(table, column),
      codes: codesOf(table, column),
      sign: descending ? -1 : 1,
    }
  })
  const rows = new Uint32Array(table.rows)
  for (let row = 0; row < rows.length; row++) rows[row] = row
  return rows.sort((left, right) => {
    for (const { ranks, codes, sign } of keys) {
      const difference = ranks[codes[left]!]! - ranks[codes[right]!]!
      if (difference !== 0) return difference * sign
    }
    return left - right
  })
}

/** Place of each code in the default order. */
function ranksOf(table: TableBuilder, column: number): Uint32Array {
  const symbols = table.symbolsOf(column)
  const values: Value[] = [null]
  for (let symbol = 0; symbol < symbols.count; symbol++) values.push(symbols.valueAt(symbol))
  const codes = Array.from(values.keys()).sort((left, right) =>
    sortOrder(values[left] ?? null, values[right] ?? null),
  )
  const ranks = new Uint32Array(values.length)
  for (const [rank, code] of codes.entries()) ranks[code] = rank
  return ranks
}
