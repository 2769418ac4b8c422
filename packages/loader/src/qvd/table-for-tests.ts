import {
  Dual,
  defaultFormatSettings,
  type NumberFormat,
  neverCancelled,
  type StoredField,
  type StoredSymbols,
  type StoredTable,
  type Value,
} from '@lichen/engine'
import { bytesSource } from '../byte-source.ts'
import { openQvd } from './index.ts'

export interface ReadColumn {
  readonly name: string
  readonly format: NumberFormat | null
  readonly dictionary: readonly Value[]
  readonly codes: readonly number[]
}

/** All columns of a QVD as our reader gives them. */
export async function readColumns(bytes: Uint8Array): Promise<ReadColumn[]> {
  const source = await openQvd(bytesSource('test.qvd', bytes), defaultFormatSettings)
  const codes: number[][] = source.fields.map(() => [])
  const dictionaries: (readonly Value[])[] = source.fields.map(() => [])
  const formats: (NumberFormat | null)[] = source.fields.map(() => null)
  for await (const batch of source.batches([...source.fields.keys()], neverCancelled))
    for (const [i, column] of batch.columns.entries()) {
      if (column.kind !== 'dictionary') throw new Error('QVD columns are dictionaries')
      for (const code of column.codes) codes[i]?.push(code)
      dictionaries[i] = column.dictionary
      formats[i] = column.format
    }
  return source.fields.map((name, i) => ({
    name,
    format: formats[i] ?? null,
    dictionary: dictionaries[i] ?? [],
    codes: codes[i] ?? [],
  }))
}

export const valuesOf = ({
  dictionary,
  codes,
}: Pick<ReadColumn, 'dictionary' | 'codes'>): Value[] =>
  codes.map((code) => dictionary[code - 1] ?? null)

export async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return new Uint8Array(Buffer.concat(parts))
}

/** Symbols that know whether a number has a text of its own. */
export function symbolsOf(dictionary: readonly Value[]): StoredSymbols {
  const at = (symbol: number): Value => dictionary[symbol] ?? null
  return {
    count: dictionary.length,
    valueAt: at,
    numberAt(symbol) {
      const value = at(symbol)
      return value instanceof Dual ? value.number : typeof value === 'number' ? value : Number.NaN
    },
    textAt(symbol) {
      const value = at(symbol)
      return value instanceof Dual ? value.text : String(value)
    },
    kindAt(symbol) {
      const value = at(symbol)
      return value instanceof Dual ? 3 : typeof value === 'number' ? 1 : 2
    },
  }
}

export function storedField(
  { name, format, dictionary, codes }: ReadColumn,
  more: Partial<StoredField> = {},
): StoredField {
  return {
    name,
    format,
    symbols: symbolsOf(dictionary),
    tags: [],
    comment: '',
    read(start, count, out) {
      for (let i = 0; i < count; i++) out[i] = codes[start + i] ?? 0
    },
    ...more,
  }
}

export function storedTable(
  name: string,
  rows: number,
  fields: readonly StoredField[],
  comment = '',
): StoredTable {
  return { name, rows, fields, comment, settings: defaultFormatSettings }
}
