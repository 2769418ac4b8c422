import {
  Dual,
  type NumberFormat,
  neverCancelled,
  type StoredTable,
  type Value,
} from '@lichen/engine'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bytesSource } from '../byte-source.ts'
import { collect, storedField, storedTable } from '../qvd/table-for-tests.ts'
import { openJson } from './index.ts'
import { jsonLinesWriter, jsonWriter } from './write.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 100)

/** A table of columns of values, with a symbol for each value. */
function tableOf(
  columns: Readonly<Record<string, readonly Value[]>>,
  format: NumberFormat | null = null,
): StoredTable {
  const fields = Object.entries(columns).map(([name, values]) => {
    const dictionary = values.filter((value) => value !== null)
    let next = 0
    return storedField({
      name,
      format,
      dictionary,
      codes: values.map((value) => (value === null ? 0 : ++next)),
    })
  })
  return storedTable('T', Object.values(columns)[0]?.length ?? 0, fields)
}

async function written(table: StoredTable, lines = false): Promise<string> {
  const writer = lines ? jsonLinesWriter : jsonWriter
  const bytes = await collect(writer.write(table, { options: new Map() }, neverCancelled))
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
}

async function readAgain(text: string): Promise<Value[][]> {
  const bytes = new TextEncoder().encode(text)
  const source = await openJson(bytesSource('x.json', bytes), undefined, neverCancelled)
  const values: Value[][] = source.fields.map(() => [])
  for await (const batch of source.batches([...source.fields.keys()], neverCancelled))
    for (const [i, column] of batch.columns.entries())
      if (column.kind === 'dictionary')
        for (const code of column.codes) values[i]?.push(column.dictionary[code - 1] ?? null)
  return values
}

describe('a value', () => {
  const date: NumberFormat = { kind: 'date', pattern: 'YYYY-MM-DD' }
  const money: NumberFormat = { kind: 'money', pattern: '#.##0,00 €' }
  type Case = readonly [name: string, value: Value, expected: string, format?: NumberFormat]
  const cases: readonly Case[] = [
    ['NULL', null, 'null'],
    ['a number', 1.5, '1.5'],
    ['a number of a money field', 1234.5, '1234.5', money],
    ['negative zero', -0, '0'],
    ['a large number', 1e300, '1e+300'],
    ['a large integer', 2 ** 53, '9.007199254740992e+15'],
    ['a text', 'a"\\\n\u0001\u2028é😀', JSON.stringify('a"\\\n\u0001\u2028é😀')],
    ['half a surrogate pair', 'a\ud800', '"a\\ud800"'],
    ['a text of digits', '12', '"12"'],
    ['a number with trailing zeros', new Dual('1.50', 1.5), '1.50'],
    ['a number with leading zeros', new Dual('007', 7), '"007"'],
    [
      'a number of more digits than a double has',
      new Dual('12345678901234567890', Number('12345678901234567890')),
      '"12345678901234567890"',
    ],
    ['a name of a number', new Dual('Jan', 1), '"Jan"'],
    ['another number as text', new Dual('2', 1), '"2"'],
    ['a date', new Dual('2024-01-01', 45292), '"2024-01-01"', date],
  ]
  test.each(cases.map((each) => [each[0], each] as const))(
    '%s',
    async (_, [, value, expected, format]) => {
      const text = await written(tableOf({ 'the "x"': [value] }, format ?? null))
      expect(text).toBe(`[\n{"the \\"x\\"":${expected}}\n]\n`)
      JSON.parse(text)
    },
  )
})

test('lines, and tables without rows', async () => {
  const columns = { a: [1, null], b: ['x', 'y'] }
  expect(await written(tableOf(columns), true)).toBe('{"a":1,"b":"x"}\n{"a":null,"b":"y"}\n')
  expect(await written(tableOf({ a: [] }))).toBe('[]\n')
  expect(await written(tableOf({ a: [] }), true)).toBe('')
})

test('two fields of one name, and items that are not known, are refused', async () => {
  const field = storedField({ name: 'a', format: null, dictionary: [1], codes: [1] })
  const twice = storedTable('T', 1, [field, field])
  await expect(written(twice)).rejects.toMatchObject({ code: 'source-unsupported' })
  const clause = { options: new Map([['delimiter', ';']]) }
  await expect(
    collect(jsonWriter.write(tableOf({ a: [1] }), clause, neverCancelled)),
  ).rejects.toMatchObject({ code: 'source-unsupported' })
})

test('numbers, texts and NULL are read as they were, over more than one block', async () => {
  const value = fc.oneof(
    fc.constant(null),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    fc.integer(),
    fc.string({ unit: 'binary', maxLength: 6 }),
  )
  const rows = fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(rows, fc.boolean(), async (given, lines) => {
      const columns = [given.map(([first]) => first), given.map(([, second]) => second)] as const
      const again = await readAgain(await written(tableOf({ a: columns[0], b: columns[1] }), lines))
      expect(again).toEqual(columns)
    }),
    { seed, numRuns },
  )
  const many = Array.from({ length: 10_000 }, (_, row) => (row % 7 === 0 ? null : row % 1001))
  expect(await readAgain(await written(tableOf({ a: many })))).toEqual([many])
})
