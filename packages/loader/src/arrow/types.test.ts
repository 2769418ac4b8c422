import {
  Binary,
  Bool,
  type DataType,
  DateDay,
  DateMillisecond,
  Decimal,
  Dictionary,
  DurationMicrosecond,
  Field,
  FixedSizeBinary,
  FixedSizeList,
  Float16,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  LargeUtf8,
  List,
  Map_,
  Null,
  Struct,
  Table,
  TimeMillisecond,
  TimestampMicrosecond,
  TimestampMillisecond,
  TimestampNanosecond,
  TimestampSecond,
  tableToIPC,
  Uint8,
  Uint16,
  Uint32,
  Uint64,
  Utf8,
  vectorFromArray,
} from 'apache-arrow'
import { expect, test } from 'vitest'
import { readTable } from './table-for-tests.ts'

const noon = Date.UTC(2024, 0, 1, 12)
const serialNoon = 45292.5

/** Unscaled digits as the four words of a decimal. */
function words(digits: bigint): Uint32Array {
  return Uint32Array.from([0n, 32n, 64n, 96n], (shift) =>
    Number((BigInt.asUintN(128, digits) >> shift) & 0xffffffffn),
  )
}

const cases: readonly (readonly [string, DataType, readonly unknown[], readonly unknown[]])[] = [
  ['Null', new Null(), [null, null], [null, null]],
  ['Bool', new Bool(), [true, false, null], [-1, 0, null]],
  ['Int8', new Int8(), [-128, 127, null], [-128, 127, null]],
  ['Int16', new Int16(), [-32768, null], [-32768, null]],
  ['Int32', new Int32(), [-(2 ** 31), null, 7], [-(2 ** 31), null, 7]],
  ['Uint8', new Uint8(), [255, null], [255, null]],
  ['Uint16', new Uint16(), [65535, null], [65535, null]],
  ['Uint32', new Uint32(), [2 ** 32 - 1, null], [2 ** 32 - 1, null]],
  ['Int64', new Int64(), [-5n, 2n ** 53n - 1n, null], [-5, 2 ** 53 - 1, null]],
  [
    'Int64 past 2^53',
    new Int64(),
    [2n ** 53n, -(2n ** 63n), 1n, null],
    ['9007199254740992', '-9223372036854775808', 1, null],
  ],
  ['Uint64', new Uint64(), [2n ** 64n - 1n, 3n], ['18446744073709551615', 3]],
  ['Float16', new Float16(), [1.5, -0.25, 65504, null], [1.5, -0.25, 65504, null]],
  ['Float32', new Float32(), [0.5, Number.NaN, null], [0.5, null, null]],
  ['Float64', new Float64(), [0.1, Number.POSITIVE_INFINITY, null], [0.1, null, null]],
  [
    'Decimal',
    new Decimal(2, 38, 128),
    [words(125n), words(-1n), words(12345678901234567890123n), null],
    [1.25, -0.01, Number('123456789012345678901.23'), null],
  ],
  [
    'Utf8',
    new Utf8(),
    ['a', '', null, 'Österreich 日本 😀'],
    ['a', '', null, 'Österreich 日本 😀'],
  ],
  ['LargeUtf8', new LargeUtf8(), ['a', null, 'bc'], ['a', null, 'bc']],
  ['Binary', new Binary(), [Uint8Array.of(0, 255), null], ['00ff', null]],
  [
    'FixedSizeBinary',
    new FixedSizeBinary(2),
    [Uint8Array.of(1, 2), Uint8Array.of(171, 205)],
    ['0102', 'abcd'],
  ],
  ['DateDay', new DateDay(), [new Date(Date.UTC(2024, 0, 1)), null], [45292, null]],
  ['DateMillisecond', new DateMillisecond(), [new Date(Date.UTC(2024, 0, 1)), null], [45292, null]],
  ['TimeMillisecond', new TimeMillisecond(), [43_200_000, null], [0.5, null]],
  ['TimestampSecond', new TimestampSecond(), [noon, null], [serialNoon, null]],
  ['TimestampMillisecond', new TimestampMillisecond(), [noon, null], [serialNoon, null]],
  ['TimestampMicrosecond', new TimestampMicrosecond(), [noon, null], [serialNoon, null]],
  ['TimestampNanosecond', new TimestampNanosecond(), [noon, null], [serialNoon, null]],
  ['Duration', new DurationMicrosecond(), [43_200_000_000n, null], [0.5, null]],
  [
    'List',
    new List(new Field('item', new Int32(), true)),
    [[1, 2, null], [], null],
    ['[1,2,null]', '[]', null],
  ],
  [
    'FixedSizeList',
    new FixedSizeList(2, new Field('item', new Utf8(), true)),
    [['a', '"'], null],
    ['["a","\\""]', null],
  ],
  [
    'Struct',
    new Struct([
      new Field('b', new Bool(), true),
      new Field('d', new DateDay(), true),
      new Field('n', new Int64(), true),
    ]),
    [{ b: true, d: new Date(0), n: 2n ** 60n }, null, { b: null, d: null, n: 1n }],
    ['{"b":true,"d":25569,"n":"1152921504606846976"}', null, '{"b":null,"d":null,"n":1}'],
  ],
  [
    'Map',
    new Map_(
      new Field(
        'entries',
        new Struct<{ key: Utf8; value: Int32 }>([
          new Field('key', new Utf8(), false),
          new Field('value', new Int32(), true),
        ]),
        false,
      ),
    ),
    [new Map([['x', 1]]), null],
    ['[{"key":"x","value":1}]', null],
  ],
  [
    'Dictionary of dates',
    new Dictionary(new DateDay(), new Int8()),
    [new Date(0), null, new Date(86_400_000), new Date(0)],
    [25569, null, 25570, 25569],
  ],
]

test.each(cases)('%s', async (_, type, given, expected) => {
  const table = new Table({ x: vectorFromArray([...given], type) })
  for (const form of ['file', 'stream'] as const)
    expect((await readTable(tableToIPC(table, form))).values).toEqual([expected])
})

test('a timestamp is the number that the engine makes of its day and time', async () => {
  const moments = Array.from({ length: 1000 }, (_, i) => i * 1_234_567_891 - 6e11)
  const table = new Table({ x: vectorFromArray(moments, new TimestampMillisecond()) })
  const { values } = await readTable(tableToIPC(table, 'file'))
  expect(values).toEqual([
    moments.map((moment) => {
      const day = Math.floor(moment / 86_400_000)
      return 25569 + day + (moment - day * 86_400_000) / 86_400_000
    }),
  ])
})

test('dates, times and durations have a format, numbers have none', async () => {
  const table = new Table({
    d: vectorFromArray([new Date(0)], new DateDay()),
    t: vectorFromArray([0], new TimestampMillisecond()),
    c: vectorFromArray([0], new TimeMillisecond()),
    l: vectorFromArray([0n], new DurationMicrosecond()),
    n: vectorFromArray([0], new Int32()),
  })
  const { columns } = await readTable(tableToIPC(table, 'file'))
  expect(columns.map((column) => column.kind === 'numbers' && column.format?.kind)).toEqual([
    'date',
    'timestamp',
    'time',
    'interval',
    undefined,
  ])
})

test('a column with a dictionary keeps its codes, NULL is 0', async () => {
  const type = new Dictionary(new Utf8(), new Int16())
  const table = new Table({ x: vectorFromArray(['b', 'a', null, 'b'], type) })
  const { columns } = await readTable(tableToIPC(table, 'stream'))
  expect(columns).toEqual([
    { kind: 'dictionary', codes: Uint32Array.of(1, 2, 0, 1), dictionary: ['b', 'a'], format: null },
  ])
})
