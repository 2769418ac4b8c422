/** How the numbers of a column are to be read: as they are, as hundredths, or as places in `texts`. */
export type ColumnKind = 'integer' | 'cents' | 'text'

/** In place of a value or a code: the cell is NULL. */
export const missing = -1
/** What stands in a file where a value is missing. */
export const nullText = 'NULL'

export interface GeneratedColumn {
  readonly name: string
  readonly kind: ColumnKind
  readonly values: Int32Array
  /** The texts of a text column by code; empty for the others. */
  readonly texts: readonly string[]
}

export interface GeneratedTable {
  readonly name: string
  readonly rows: number
  readonly columns: readonly GeneratedColumn[]
}

export function integers(name: string, values: Int32Array): GeneratedColumn {
  return { name, kind: 'integer', values, texts: [] }
}

export function cents(name: string, values: Int32Array): GeneratedColumn {
  return { name, kind: 'cents', values, texts: [] }
}

export function texts(
  name: string,
  values: Int32Array,
  ofCode: readonly string[],
): GeneratedColumn {
  return { name, kind: 'text', values, texts: ofCode }
}

export function table(name: string, columns: readonly GeneratedColumn[]): GeneratedTable {
  return { name, rows: columns[0]?.values.length ?? 0, columns }
}

/** `rows` draws. */
export function drawn(rows: number, draw: () => number): Int32Array {
  const values = new Int32Array(rows)
  for (let row = 0; row < rows; row++) values[row] = draw()
  return values
}

/** The columns as a host program has them; none may miss a value. */
export function columnsOf({
  columns,
}: GeneratedTable): Record<string, Float64Array | Int32Array | string[]> {
  return Object.fromEntries(
    columns.map(({ name, kind, values, texts }) => {
      if (kind === 'text') return [name, Array.from(values, (code) => texts[code] ?? '')]
      return [name, kind === 'cents' ? Float64Array.from(values, (cents) => cents / 100) : values]
    }),
  )
}
