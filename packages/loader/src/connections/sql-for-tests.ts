import {
  type CancellationToken,
  type Catalogue,
  type Connection,
  defaultFormatSettings,
  neverCancelled,
  type SourceColumn,
  type Value,
} from '@lichen/engine'

export interface ReadResult {
  readonly fields: readonly string[]
  readonly rows: readonly Value[][]
  /** Kind of the number format of each column, where it has one. */
  readonly formats: readonly (string | undefined)[]
  readonly batches: number
}

/** The whole result of a statement. */
export async function readAll(
  connection: Connection,
  sql: string,
  cancellation: CancellationToken = neverCancelled,
): Promise<ReadResult> {
  const source = await connection.query(sql, defaultFormatSettings, cancellation)
  return readSource(source, cancellation)
}

export async function described(connection: Connection, what: Catalogue): Promise<ReadResult> {
  const source = await connection.describe?.(what, defaultFormatSettings, neverCancelled)
  if (source === undefined) throw new Error('The connection lists nothing')
  return readSource(source)
}

async function readSource(
  source: Awaited<ReturnType<Connection['query']>>,
  cancellation: CancellationToken = neverCancelled,
): Promise<ReadResult> {
  const rows: Value[][] = []
  let formats: (string | undefined)[] = source.fields.map(() => undefined)
  let batches = 0
  for await (const batch of source.batches([...source.fields.keys()], cancellation)) {
    batches += 1
    formats = batch.columns.map(formatKind)
    for (let row = 0; row < batch.rows; row++)
      rows.push(batch.columns.map((column) => valueAt(column, row)))
  }
  return { fields: source.fields, rows, formats, batches }
}

function formatKind(column: SourceColumn): string | undefined {
  return column.kind === 'numbers' || column.kind === 'dictionary' ? column.format?.kind : undefined
}

function valueAt(column: SourceColumn, row: number): Value {
  switch (column.kind) {
    case 'numbers': {
      const number = column.values[row] ?? Number.NaN
      return Number.isNaN(number) ? null : number
    }
    case 'dictionary':
      return column.dictionary[(column.codes[row] ?? 0) - 1] ?? null
    case 'values':
      return column.values[row] ?? null
    case 'text':
      return new TextDecoder().decode(column.bytes.subarray(column.starts[row], column.ends[row]))
  }
}
