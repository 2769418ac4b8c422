import {
  Dual,
  defaultFormatSettings,
  type FormatClause,
  type NumberFormat,
  neverCancelled,
  type StoredTable,
  type Value,
} from '@lichen/engine'
import fc from 'fast-check'
import { type FileMetaData, parquetMetadata } from 'hyparquet'
import { describe, expect, test } from 'vitest'
import { bytesSource } from '../byte-source.ts'
import { collect, storedField, storedTable } from '../qvd/table-for-tests.ts'
import { openParquet } from './index.ts'
import { parquetWriter } from './write.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 60)

interface Given {
  readonly values: readonly Value[]
  readonly format?: NumberFormat | null
}

function tableOf(columns: Readonly<Record<string, Given>>): StoredTable {
  const fields = Object.entries(columns).map(([name, { values, format = null }]) => {
    const dictionary = [...new Set(values)].filter((value) => value !== null)
    const codeOf = new Map(dictionary.map((value, index) => [value, index + 1]))
    return storedField({
      name,
      format,
      dictionary,
      codes: values.map((value) => (value === null ? 0 : (codeOf.get(value) ?? 0))),
    })
  })
  return storedTable('T', Object.values(columns)[0]?.values.length ?? 0, fields)
}

const clauseOf = (items: readonly (readonly [string, string])[] = []): FormatClause => ({
  format: 'parquet',
  options: new Map(items),
})

const written = (table: StoredTable, clause = clauseOf()): Promise<Uint8Array> =>
  collect(parquetWriter.write(table, clause, neverCancelled))

const metadataOf = (bytes: Uint8Array): FileMetaData =>
  parquetMetadata(Uint8Array.from(bytes).buffer)

interface ReadAgain {
  readonly values: Value[][]
  readonly formats: (string | undefined)[]
}

async function readAgain(bytes: Uint8Array): Promise<ReadAgain> {
  const source = await openParquet(bytesSource('x.parquet', bytes), defaultFormatSettings)
  const values: Value[][] = source.fields.map(() => [])
  const formats: (string | undefined)[] = source.fields.map(() => undefined)
  for await (const { rows, columns } of source.batches([...source.fields.keys()], neverCancelled))
    for (const [i, column] of columns.entries()) {
      if (column.kind === 'numbers' || column.kind === 'dictionary')
        formats[i] = column.format?.kind
      for (let row = 0; row < rows; row++) {
        if (column.kind === 'dictionary')
          values[i]?.push(column.dictionary[column.codes[row]! - 1] ?? null)
        else if (column.kind === 'numbers')
          values[i]?.push(Number.isNaN(column.values[row]) ? null : column.values[row]!)
        else if (column.kind === 'values') values[i]?.push(column.values[row] ?? null)
      }
    }
  return { values, formats }
}

describe('the type of a field', () => {
  const date: NumberFormat = { kind: 'date', pattern: 'YYYY-MM-DD' }
  const timestamp: NumberFormat = { kind: 'timestamp', pattern: 'YYYY-MM-DD hh:mm:ss' }
  const time: NumberFormat = { kind: 'time', pattern: 'hh:mm:ss' }
  const interval: NumberFormat = { kind: 'interval', pattern: 'hh:mm' }
  const jan = new Dual('Jan', 1)
  type Case = readonly [
    name: string,
    given: Given,
    type: string,
    logical: string | undefined,
    expected: readonly Value[],
    format?: string,
  ]
  const cases: readonly Case[] = [
    [
      'small integers',
      { values: [1, null, -(2 ** 31)] },
      'INT32',
      undefined,
      [1, null, -(2 ** 31)],
    ],
    [
      'integers',
      { values: [1, 2 ** 31, 2 ** 53 - 1] },
      'INT64',
      undefined,
      [1, 2 ** 31, 2 ** 53 - 1],
    ],
    ['large integers', { values: [2 ** 53, 1] }, 'DOUBLE', undefined, [2 ** 53, 1]],
    ['numbers', { values: [0.1, 2, null] }, 'DOUBLE', undefined, [0.1, 2, null]],
    ['texts', { values: ['a', null, ''] }, 'BYTE_ARRAY', 'STRING', ['a', null, '']],
    ['numbers and texts', { values: [1, 'a'] }, 'BYTE_ARRAY', 'STRING', ['1', 'a']],
    ['nothing but NULL', { values: [null] }, 'BYTE_ARRAY', 'STRING', [null]],
    ['names of numbers', { values: [jan, 2] }, 'BYTE_ARRAY', 'STRING', ['Jan', '2']],
    ['trailing zeros', { values: [new Dual('1.50', 1.5)] }, 'DOUBLE', undefined, [1.5]],
    ['leading zeros', { values: [new Dual('01', 1)] }, 'BYTE_ARRAY', 'STRING', ['01']],
    [
      'dates',
      { values: [45292, null, 1], format: date },
      'INT32',
      'DATE',
      [45292, null, 1],
      'date',
    ],
    [
      'dates with a text of their own',
      { values: [new Dual('New Year', 45292)], format: date },
      'INT32',
      'DATE',
      [45292],
      'date',
    ],
    [
      'timestamps',
      { values: [45292.5, 1.25], format: timestamp },
      'INT64',
      'TIMESTAMP',
      [45292.5, 1.25],
      'timestamp',
    ],
    ['timestamps of whole days', { values: [2], format: timestamp }, 'INT32', 'DATE', [2], 'date'],
    ['times', { values: [0.5, 0], format: time }, 'INT64', 'TIME', [0.5, 0], 'time'],
    ['times past a day', { values: [1.5], format: time }, 'DOUBLE', undefined, [1.5]],
    ['intervals', { values: [3], format: interval }, 'DOUBLE', undefined, [3]],
  ]
  test.each(cases.map((each) => [each[0], each] as const))('%s', async (_, each) => {
    const [, given, type, logical, expected, format] = each
    for (const compression of ['snappy', 'uncompressed']) {
      const bytes = await written(tableOf({ x: given }), clauseOf([['compression', compression]]))
      const element = metadataOf(bytes).schema[1]
      expect([element?.type, element?.logical_type?.type]).toEqual([type, logical])
      expect(await readAgain(bytes)).toEqual({ values: [expected], formats: [format] })
    }
  })

  test('is that of the values its rows have', async () => {
    const field = storedField({ name: 'a', format: null, dictionary: ['x', 1, 2], codes: [2, 3] })
    expect(metadataOf(await written(storedTable('T', 2, [field]))).schema[1]?.type).toBe('INT32')
  })
})

test('tables of any values are read as they were', async () => {
  const integer = fc.option(fc.integer(), { nil: null })
  const number = fc.option(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
    {
      nil: null,
    },
  )
  const text = fc.option(fc.string({ unit: 'grapheme', maxLength: 8 }), { nil: null })
  const rows = fc.array(fc.tuple(integer, number, text), { minLength: 1, maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(rows, async (given) => {
      const columns = [
        given.map((row) => row[0]),
        given.map((row) => row[1]),
        given.map((row) => row[2]),
      ] as const
      const [i, n, t] = columns
      const table = tableOf({ i: { values: i }, n: { values: n }, t: { values: t } })
      expect((await readAgain(await written(table))).values).toEqual(columns)
    }),
    { seed, numRuns },
  )
})

test('times of a day to the millisecond are the same number again', async () => {
  const timestamp: NumberFormat = { kind: 'timestamp', pattern: 'YYYY-MM-DD hh:mm:ss.fff' }
  const moment = fc
    .tuple(fc.integer({ min: -20_000, max: 65_000 }), fc.integer({ min: 0, max: 86_399_999 }))
    .map(([day, millis]) => day + millis / 86_400_000)
  await fc.assert(
    fc.asyncProperty(fc.array(moment, { minLength: 1, maxLength: 500 }), async (values) => {
      const table = tableOf({ x: { values: [...values, 0.5], format: timestamp } })
      expect((await readAgain(await written(table))).values).toEqual([[...values, 0.5]])
    }),
    { seed, numRuns: 20 },
  )
})

test('many rows come in row groups, each a chunk of its own', async () => {
  const rows = 300_000
  const codes = Array.from({ length: rows }, (_, row) => row % 4)
  const field = storedField({ name: 'a', format: null, dictionary: ['x', 'y', 'z'], codes })
  const chunks: Uint8Array[] = []
  const table = storedTable('T', rows, [field])
  for await (const chunk of parquetWriter.write(table, clauseOf(), neverCancelled))
    chunks.push(chunk)
  const bytes = new Uint8Array(Buffer.concat(chunks))
  const groups = metadataOf(bytes).row_groups
  expect(groups.map((group) => Number(group.num_rows))).toEqual([131072, 131072, 37856])
  expect(chunks).toHaveLength(groups.length + 1)
  expect(groups[0]?.columns[0]?.meta_data?.encodings).toContain('RLE_DICTIONARY')
  const [values] = (await readAgain(bytes)).values
  expect(values?.every((value, row) => value === [null, 'x', 'y', 'z'][row % 4])).toBe(true)
})

test('a table without rows keeps its fields', async () => {
  const bytes = await written(tableOf({ a: { values: [] }, b: { values: [] } }))
  const source = await openParquet(bytesSource('x', bytes), defaultFormatSettings)
  expect([source.fields, source.rows]).toEqual([['a', 'b'], 0])
})

describe('what Parquet cannot hold is refused', () => {
  const refused = (table: StoredTable, clause = clauseOf()) =>
    expect(written(table, clause)).rejects.toMatchObject({ code: 'source-unsupported' })
  test('compressions, items and names', async () => {
    const table = tableOf({ a: { values: [1] } })
    for (const compression of ['gzip', 'lz4', 'brotli', 'zstd', 'lz4_hadoop', ''])
      await refused(table, clauseOf([['compression', compression]]))
    await refused(table, clauseOf([['delimiter', '.']]))
    const [field] = table.fields
    if (field !== undefined) await refused({ ...table, fields: [field, field] })
  })
  test('half a surrogate pair', () => refused(tableOf({ a: { values: ['a\udc00'] } })))
})
