import { Dual, LichenError, type NumberFormat, type Value } from '@lichen/engine'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  collect,
  type ReadColumn,
  readColumns,
  storedField,
  storedTable,
  valuesOf,
} from './table-for-tests.ts'
import { storeQvd, writeQvd } from './write.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 200)

const createdAt = new Date('2024-05-17T08:36:31.999Z')
const date: NumberFormat = { kind: 'date', pattern: 'M/D/YYYY' }

/** Four rows. The values of Mixed were loaded in another order, and its `gone` is not in this table. */
const mixed: ReadColumn = {
  name: 'Mixed',
  format: null,
  dictionary: [0.5, 'é', 'gone', 7],
  codes: [4, 0, 1, 2],
}
const golden = storedTable(
  'T & Co',
  4,
  [
    storedField(mixed, { tags: ['$key'], comment: 'a "b" <c>' }),
    storedField({ name: 'Day', format: date, dictionary: [45000, 45001], codes: [1, 2, 1, 2] }),
    storedField({
      name: 'Twin',
      format: null,
      dictionary: [new Dual('one', 1), new Dual('half', 0.5), new Dual('uno', -1)],
      codes: [1, 2, 2, 3],
    }),
    storedField({ name: 'Same', format: null, dictionary: ['x'], codes: [1, 1, 1, 1] }),
  ],
  "The table's comment",
)
const origin = {
  createdAt,
  creator: 'test.qvf',
  lineage: [{ discriminator: 'INLINE;', statement: '' }],
}

const goldenHeader = [
  '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>',
  ' <QvdTableHeader>',
  '   <QvBuildNo>50689</QvBuildNo>',
  '   <CreatorDoc>test.qvf</CreatorDoc>',
  '   <CreateUtcTime>2024-05-17 08:36:31</CreateUtcTime>',
  '   <SourceCreateUtcTime></SourceCreateUtcTime>',
  '   <SourceFileUtcTime></SourceFileUtcTime>',
  '   <SourceFileSize>-1</SourceFileSize>',
  '   <StaleUtcTime></StaleUtcTime>',
  '   <TableName>T &amp; Co</TableName>',
  '   <Fields>',
  // Three symbols and NULL: indices 2, 3, 4 in three bits, the widest field first.
  ...goldenField('Mixed', [0, 3, -2], 'UNKNOWN,0,0,,,', [3, 0, 18], 'a &quot;b&quot; &lt;c&gt;', [
    '$key',
  ]),
  // Two symbols in the last place of the record take its three bits that are left.
  ...goldenField('Day', [5, 3, 0], 'DATE,0,0,M/D/YYYY,,', [2, 18, 10], '', [
    '$numeric',
    '$integer',
    '$timestamp',
    '$date',
  ]),
  ...goldenField('Twin', [3, 2, 0], 'UNKNOWN,0,0,,,', [3, 28, 32], '', ['$numeric']),
  // One symbol in all rows takes no bit.
  ...goldenField('Same', [0, 0, 0], 'UNKNOWN,0,0,,,', [1, 60, 3], '', ['$ascii', '$text']),
  '   </Fields>',
  '   <Compression></Compression>',
  '   <RecordByteSize>1</RecordByteSize>',
  '   <NoOfRecords>4</NoOfRecords>',
  '   <Offset>63</Offset>',
  '   <Length>4</Length>',
  '   <Lineage>',
  '     <LineageInfo>',
  '       <Discriminator>INLINE;</Discriminator>',
  '       <Statement></Statement>',
  '     </LineageInfo>',
  '   </Lineage>',
  "   <Comment>The table's comment</Comment>",
  '   <EncryptionInfo></EncryptionInfo>',
  '   <TableTags></TableTags>',
  '   <ProfilingData></ProfilingData>',
  ' </QvdTableHeader>',
  '\0',
].join('\r\n')

function goldenField(
  name: string,
  bits: readonly number[],
  format: string,
  place: readonly number[],
  comment: string,
  tags: readonly string[],
): string[] {
  const [type, decimals, useThousand, pattern, decimal, thousand] = format.split(',')
  return [
    '     <QvdFieldHeader>',
    `       <FieldName>${name}</FieldName>`,
    `       <BitOffset>${bits[0]}</BitOffset>`,
    `       <BitWidth>${bits[1]}</BitWidth>`,
    `       <Bias>${bits[2]}</Bias>`,
    '       <NumberFormat>',
    `         <Type>${type}</Type>`,
    `         <nDec>${decimals}</nDec>`,
    `         <UseThou>${useThousand}</UseThou>`,
    `         <Fmt>${pattern}</Fmt>`,
    `         <Dec>${decimal}</Dec>`,
    `         <Thou>${thousand}</Thou>`,
    '       </NumberFormat>',
    `       <NoOfSymbols>${place[0]}</NoOfSymbols>`,
    `       <Offset>${place[1]}</Offset>`,
    `       <Length>${place[2]}</Length>`,
    `       <Comment>${comment}</Comment>`,
    ...(tags.length === 0
      ? ['       <Tags></Tags>']
      : [
          '       <Tags>',
          ...tags.map((tag) => `         <String>${tag}</String>`),
          '       </Tags>',
        ]),
    '     </QvdFieldHeader>',
  ]
}

// biome-ignore format: a line for each symbol and record
const goldenBody = [
  // Mixed, in order of first appearance
  0x01, 7, 0, 0, 0,                                          // 7: an integer of 32 bits
  0x02, 0, 0, 0, 0, 0, 0, 0xe0, 0x3f,                        // 0.5: a double
  0x04, 0xc3, 0xa9, 0,                                       // é: UTF-8 and a zero
  // Day: without texts, which the format gives
  0x01, 0xc8, 0xaf, 0, 0,                                    // 45000
  0x01, 0xc9, 0xaf, 0, 0,                                    // 45001
  // Twin
  0x05, 1, 0, 0, 0, 0x6f, 0x6e, 0x65, 0,                     // 1 "one"
  0x06, 0, 0, 0, 0, 0, 0, 0xe0, 0x3f, 0x68, 0x61, 0x6c, 0x66, 0, // 0.5 "half"
  0x05, 0xff, 0xff, 0xff, 0xff, 0x75, 0x6e, 0x6f, 0,         // -1 "uno"
  // Same
  0x04, 0x78, 0,                                             // x
  // Records: Day Twin Mixed
  0b000_00_010,                                              // 45000, one, 7: index 0 + 2
  0b001_01_000,                                              // 45001, half, NULL
  0b000_01_011,                                              // 45000, half, 0.5
  0b001_10_100,                                              // 45001, uno, é
]

describe('a QVD byte by byte', () => {
  test('header, symbols and records', async () => {
    const bytes = await collect(writeQvd(golden, origin))
    const base = bytes.indexOf(0) + 1
    expect(new TextDecoder().decode(bytes.subarray(0, base))).toBe(goldenHeader)
    expect([...bytes.subarray(base)]).toEqual(goldenBody)
  })
  test('is the same each time, and through a sink', async () => {
    const parts: Uint8Array[] = []
    await storeQvd(golden, origin, async (chunk) => {
      parts.push(chunk)
    })
    expect(Buffer.concat(parts)).toEqual(Buffer.from(await collect(writeQvd(golden, origin))))
  })
  test('the moment may be serial days', async () => {
    const days = createdAt.getTime() / 86_400_000 + 25_569
    expect(await collect(writeQvd(golden, { ...origin, createdAt: days }))).toEqual(
      await collect(writeQvd(golden, origin)),
    )
  })
  test('reads back', async () => {
    const columns = await readColumns(await collect(writeQvd(golden, origin)))
    expect(columns.map(valuesOf)).toEqual([
      [7, null, 0.5, 'é'],
      [45000, 45001, 45000, 45001],
      [new Dual('one', 1), new Dual('half', 0.5), new Dual('half', 0.5), new Dual('uno', -1)],
      ['x', 'x', 'x', 'x'],
    ])
    expect(columns.map((column) => column.format)).toEqual([null, date, null, null])
  })
  test('cut off anywhere it is a malformed source', async () => {
    const bytes = await collect(writeQvd(golden, origin))
    for (let end = 0; end < bytes.length; end++)
      await expect(readColumns(bytes.slice(0, end))).rejects.toMatchObject({
        code: 'source-malformed',
      })
  })
  test('with any bit flipped it reads or fails with a typed error', async () => {
    const bytes = await collect(writeQvd(golden, origin))
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const damaged = bytes.slice()
      damaged[bit >> 3]! ^= 1 << (bit & 7)
      const outcome = await readColumns(damaged).catch((error: unknown) => error)
      if (!(outcome instanceof LichenError)) {
        expect(outcome).toBeInstanceOf(Array)
        expect((await readColumns(damaged)).every(({ codes }) => codes.length <= 4)).toBe(true)
      }
    }
  })
})

describe('what Qlik products do', () => {
  const body = async (rows: number, ...columns: Omit<ReadColumn, 'format'>[]): Promise<string> => {
    const table = storedTable(
      'T',
      rows,
      columns.map((column) => storedField({ ...column, format: null })),
    )
    const bytes = await collect(writeQvd(table, { createdAt }))
    const text = new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)))
    const found = text.match(/<(?:BitOffset|BitWidth|Bias|NoOfSymbols|RecordByteSize)>-?\d+/g) ?? []
    const bits = found.map((each) => each.replace(/^.*>/, '')).join(' ')
    return `${bits} | ${[...bytes.subarray(bytes.indexOf(0) + 1)].join(' ')}`
  }
  test('a table without rows has records of one byte, which its last field takes', async () => {
    expect(
      await body(
        0,
        { name: 'A', dictionary: ['gone'], codes: [] },
        { name: 'B', dictionary: [], codes: [] },
      ),
    ).toBe('0 0 0 0 0 8 0 0 1 | ')
  })
  test('so has one whose fields are the same in all rows', async () => {
    expect(await body(2, { name: 'A', dictionary: [1], codes: [1, 1] })).toBe(
      '0 8 0 1 1 | 1 1 0 0 0 0 0',
    )
  })
  test('a field of NULLs has no symbols', async () => {
    expect(await body(2, { name: 'A', dictionary: [], codes: [0, 0] })).toBe('0 8 -2 0 1 | 0 0')
  })
  test('one value and NULL take two bits', async () => {
    expect(
      await body(
        2,
        { name: 'A', dictionary: ['', 'x'], codes: [0, 1] },
        { name: 'B', dictionary: [1, 2], codes: [1, 2] },
      ),
    ).toBe('0 2 -2 1 2 6 0 2 1 | 4 0 1 1 0 0 0 1 2 0 0 0 0 6')
  })
  test('numbers are integers of 32 bits where they can be', async () => {
    const dictionary = [-0, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, new Dual('', -(2 ** 31) - 1)]
    expect(await body(5, { name: 'A', dictionary, codes: [1, 2, 3, 4, 5] })).toBe(
      `0 8 0 5 1 | 1 0 0 0 0 1 255 255 255 127 1 0 0 0 128 2 0 0 0 0 0 0 224 65 6 0 0 32 0 0 0 224 193 0 0 1 2 3 4`,
    )
  })
})

describe('what a QVD cannot hold', () => {
  const store = (dictionary: readonly Value[], name = 'A'): Promise<Uint8Array> => {
    const codes = dictionary.map((_, symbol) => symbol + 1)
    const field = storedField({ name, format: null, dictionary, codes })
    return collect(writeQvd(storedTable('T', codes.length, [field]), { createdAt }))
  }
  test.each([
    ['a zero in a text', ['fine', 'a\0b']],
    ['half a surrogate pair', ['a\ud83d']],
    ['half a pair in a dual', [new Dual('\ude00x', 1)]],
    ['a number that is none', [Number.POSITIVE_INFINITY]],
  ])('%s', async (_, dictionary) => {
    await expect(store(dictionary)).rejects.toMatchObject({ code: 'source-unsupported' })
  })
  test('a zero in a name', async () => {
    await expect(store([1], 'a\0b')).rejects.toMatchObject({ code: 'invalid-argument' })
  })
  test('no fields, or two of one name', async () => {
    const field = storedField({ name: 'A', format: null, dictionary: [], codes: [] })
    for (const fields of [[], [field, field]])
      await expect(
        collect(writeQvd(storedTable('T', 0, fields), { createdAt })),
      ).rejects.toMatchObject({ code: 'invalid-argument' })
  })
  test('a moment out of range', async () => {
    for (const moment of [Number.NaN, 1e9, new Date(Number.NaN)])
      await expect(
        collect(writeQvd(golden, { ...origin, createdAt: moment })),
      ).rejects.toMatchObject({ code: 'invalid-argument' })
  })
  test('cancelled it ends', async () => {
    await expect(collect(writeQvd(golden, origin, { cancelled: true }))).rejects.toMatchObject({
      code: 'cancelled',
    })
  })
})

const text = fc
  .string({ unit: 'binary', maxLength: 40 })
  .map((each) => each.replaceAll('\0', '\ufffd'))
const number = fc
  .oneof(
    fc.integer(),
    fc.integer({ min: -(2 ** 33), max: 2 ** 33 }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  )
  .map((each) => each + 0)
const value: fc.Arbitrary<Exclude<Value, null>> = fc.oneof(
  number,
  text,
  fc.tuple(text, number).map(([shown, n]) => new Dual(shown, n)),
)
const keyOf = (each: Value): string =>
  each instanceof Dual ? `d${each.number} ${each.text}` : `${typeof each} ${each}`
const formats = fc.constantFrom<NumberFormat | null>(
  null,
  date,
  { kind: 'time', pattern: 'hh:mm' },
  { kind: 'interval', pattern: 'D hh:mm' },
  { kind: 'money', pattern: '€ #,##0.00', decimalSeparator: '.', thousandSeparator: ',' },
  { kind: 'integer', pattern: '0', decimalSeparator: '.' },
  { kind: 'fixed', pattern: '# ##0,00', decimalSeparator: ',', thousandSeparator: ' ' },
)
const tables = fc.integer({ min: 0, max: 60 }).chain((rows) =>
  fc.array(
    fc
      .record({
        name: text,
        format: formats,
        dictionary: fc.uniqueArray(value, { selector: keyOf, maxLength: 80 }),
        tags: fc.array(text, { maxLength: 2 }),
        comment: text,
        low: fc.integer({ min: 0, max: 1 }),
      })
      .chain(({ low, ...field }) =>
        fc
          .array(
            fc.integer({
              min: Math.min(low, field.dictionary.length),
              max: field.dictionary.length,
            }),
            { minLength: rows, maxLength: rows },
          )
          .map((codes) => ({ ...field, codes })),
      ),
    { minLength: 1, maxLength: 8 },
  ),
)

/** Values of the rows that are not NULL, each once, as they come. */
function firstAppearances(values: readonly Value[]): Value[] {
  const found = new Map<string, Value>()
  for (const each of values)
    if (each !== null && !found.has(keyOf(each))) found.set(keyOf(each), each)
  return [...found.values()]
}

test('every table reads back as it was, with the values that occur in order of first appearance', async () => {
  await fc.assert(
    fc.asyncProperty(tables, async (fields) => {
      const names = new Set(fields.map((field) => field.name))
      fc.pre(names.size === fields.length)
      const rows = fields[0]?.codes.length ?? 0
      const table = storedTable(
        'T',
        rows,
        fields.map(({ tags, comment, ...column }) => storedField(column, { tags, comment })),
      )
      const columns = await readColumns(await collect(writeQvd(table, { createdAt })))
      for (const [i, field] of fields.entries()) {
        const { name, format, dictionary, codes } = columns[i]!
        const values = valuesOf(field)
        expect(name).toBe(field.name)
        expect(valuesOf({ dictionary, codes })).toEqual(values)
        if (rows === 0) continue
        expect(format).toEqual(field.format)
        expect(dictionary).toEqual(firstAppearances(values))
      }
    }),
    { seed, numRuns },
  )
})
