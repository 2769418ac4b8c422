/** How the numbers of a column are to be read: as they are, as hundredths, or as places in `texts`. */
export type ColumnKind = 'integer' | 'cents' | 'text'

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
