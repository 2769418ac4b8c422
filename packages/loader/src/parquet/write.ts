import {
  type FormatClause,
  LoadError,
  type StoredField,
  type StoredTable,
  throwIfCancelled,
} from '@lichen/engine'
import type { CompressionCodec, SchemaElement } from 'hyparquet'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { findOccurrence } from '../qvd/occurrence.ts'
import { checkClause, checkNames, type WrittenFormat } from '../written-format.ts'
import { type FieldType, fieldType } from './field-type.ts'

/** Values of a row group, and its rows at most: memory goes by it, not by the rows of the table. */
const groupValues = 1 << 21
const mostGroupRows = 1 << 17
const leastGroupRows = 1 << 10

/**
 * A Parquet file, row group by row group, packed by Snappy or, with `compression is uncompressed`, not. Types are those of `fieldType`; every
 * field may be NULL. Each column is read twice.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/ScriptRegularStatements/Store.htm
 * @throws LoadError `source-unsupported` for two fields of one name, another compression, a text that UTF-8 cannot hold
 */
export const parquetWriter: WrittenFormat = {
  async *write(table, clause, cancellation) {
    checkNames(table, 'Parquet')
    const codec = codecOf(clause)
    const types = table.fields.map((field) =>
      fieldType(field, findOccurrence(field, table.rows, cancellation).symbols),
    )
    const bytes = new ByteWriter()
    const root: SchemaElement = { name: 'schema', num_children: types.length }
    const schema = [root, ...types.map(({ element }) => element)]
    const writer = new ParquetWriter({ writer: bytes, schema, codec, createdBy: 'lichen' })
    const taken = (): Uint8Array => {
      const chunk = bytes.getBytes().slice()
      bytes.index = 0
      return chunk
    }
    for (const columns of rowGroups(table, types)) {
      throwIfCancelled(cancellation)
      const columnData = columns.map((data, i) => ({ name: table.fields[i]!.name, data }))
      await writer.write({ columnData, rowGroupSize: mostGroupRows })
      yield taken()
    }
    await writer.finish()
    yield taken()
  },
}

/** The compressions that Qlik documents; those that are slow in JavaScript are not written. */
function codecOf(clause: FormatClause): CompressionCodec {
  checkClause(clause, 'Parquet', (item) => item === 'compression' || item === 'parquet')
  const compression = clause.options.get('compression') ?? 'snappy'
  const name = compression === true ? '' : compression.toLowerCase()
  if (name === 'snappy') return 'SNAPPY'
  if (name === 'uncompressed') return 'UNCOMPRESSED'
  throw new LoadError(
    'source-unsupported',
    `STORE does not write Parquet with the compression ${name}; write compression is snappy or compression is uncompressed`,
  )
}

type Values = (number | bigint | string | null)[]

/** The columns of each row group. */
function* rowGroups(
  { fields, rows }: StoredTable,
  types: readonly FieldType[],
): Generator<Values[]> {
  const wanted = Math.floor(groupValues / Math.max(1, fields.length))
  const groupRows = Math.min(mostGroupRows, Math.max(leastGroupRows, wanted))
  const codes = new Uint32Array(Math.min(rows, groupRows))
  for (let start = 0; start < rows; start += groupRows) {
    const count = Math.min(groupRows, rows - start)
    yield fields.map((field, f) => valuesOf(field, types[f]!, start, count, codes))
  }
}

/** A value is made once a row group. */
function valuesOf(
  field: StoredField,
  { valueAt }: FieldType,
  start: number,
  count: number,
  codes: Uint32Array,
): Values {
  field.read(start, count, codes)
  const known = new Map<number, Values[number]>([[0, null]])
  const values: Values = []
  for (let row = 0; row < count; row++) {
    const code = codes[row]!
    let value = known.get(code)
    if (value === undefined) {
      value = valueAt(code - 1)
      known.set(code, value)
    }
    values.push(value)
  }
  return values
}
