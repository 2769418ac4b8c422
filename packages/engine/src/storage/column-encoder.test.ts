import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeUtf8 } from '../base/utf8.ts'
import type { Value } from '../value/dual.ts'
import { defaultFormatSettings, type FormatSettings } from '../value/format-settings.ts'
import { interpretText } from '../value/interpret.ts'
import { createAllocator } from './allocator.ts'
import { endsInZero, isoDateKey, plainNumber } from './cell-number.ts'
import { ColumnEncoder } from './column-encoder.ts'
import type { SourceColumn } from './source.ts'
import { SymbolTableBuilder } from './symbol-table-builder.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 300)

/** What a scanner notes of a cell of digits: all of them times 8 plus how many are decimals. */
function numeralOf(text: string): number {
  const [, whole, decimals = ''] = /^(0|[1-9]\d*)(?:\.(\d+))?$/.exec(text) ?? []
  if (whole === undefined || whole.length + decimals.length > 8) return -1
  return Number(whole + decimals) * 8 + decimals.length
}

type Column<Kind> = Extract<SourceColumn, { kind: Kind }>

function textColumn(cells: readonly string[]): Column<'text'> {
  const encoded = cells.map((cell) => encodeUtf8(cell))
  const offsets = new Uint32Array(cells.length + 1)
  for (const [i, bytes] of encoded.entries()) offsets[i + 1] = offsets[i]! + bytes.length
  const bytes = new Uint8Array(offsets[cells.length]!)
  for (const [i, cell] of encoded.entries()) bytes.set(cell, offsets[i]!)
  return {
    kind: 'text',
    bytes,
    starts: offsets.subarray(0, cells.length),
    ends: offsets.subarray(1),
    interpret: true,
  }
}

/** What a scanner notes of cells: numerals, and the numbers of those it counts; it also counts some that are never seen. */
class Marks {
  readonly #countsUpTo: number
  #numbers = new Map<string, number>()
  #by = {}

  constructor(countsUpTo: number) {
    this.#countsUpTo = countsUpTo
  }

  of(column: Column<'text'>, cells: readonly string[], isOther: boolean): SourceColumn {
    if (isOther) {
      this.#numbers = new Map([['never seen', 1]])
      this.#by = {}
    }
    const marks = Int32Array.from(cells, (cell) => this.#mark(cell))
    const most = marks.every((mark) => mark > 0) ? this.#numbers.size : Number.POSITIVE_INFINITY
    const counted = { by: this.#by, most }
    return this.#countsUpTo > 0 ? { ...column, marks, counted } : { ...column, marks }
  }

  #mark(cell: string): number {
    if (this.#countsUpTo === 0 || cell.length > this.#countsUpTo) return ~numeralOf(cell)
    const known = this.#numbers.get(cell) ?? this.#numbers.size + 1
    this.#numbers.set(cell, known)
    return known
  }
}

const cell = fc.oneof(
  fc.integer({ min: -20, max: 5000 }).map(String),
  fc.integer({ min: -(10 ** 9), max: 2 ** 53 }).map(String),
  fc
    .tuple(fc.integer({ min: -2000, max: 2000 }), fc.integer({ min: 0, max: 4 }))
    .map(([cents, places]) => (cents / 100).toFixed(places)),
  fc.double({ noNaN: true }).map(String),
  fc.stringMatching(/^[ab -]{1,3}[0-9é]{0,6}$/),
  fc
    .tuple(
      fc.constantFrom('1899', '1900', '1999', '2155', '2156', '20 0'),
      fc.constantFrom('00', '01', '12', '13', '15', '19'),
      fc.constantFrom('00', '01', '29', '31', '32'),
    )
    .map((parts) => parts.join('-')),
  fc.constantFrom(
    '',
    ' ',
    ' 7',
    '7 ',
    '007',
    '-0',
    '0.0',
    '-0.00',
    '0.0001',
    '0.00001',
    '.5',
    '5.',
  ),
  fc.constantFrom(
    '1,5',
    '1.234,50',
    '1,234.5',
    '$ 5.00',
    '5%',
    '1e3',
    '2020-01-01 10:30',
    '31.12.2020',
  ),
  fc.constantFrom(
    'a',
    'P00123',
    '3rd',
    'May',
    'e-1',
    '１２',
    'é1',
    '-',
    '--1',
    '12345678901234567890',
  ),
  fc.string(),
)
const settings: readonly FormatSettings[] = [
  defaultFormatSettings,
  { ...defaultFormatSettings, decimalSep: ',', thousandSep: '.', dateFormat: 'DD.MM.YYYY' },
  { ...defaultFormatSettings, dateFormat: 'MMM D YYYY', moneyFormat: '$ #,##0.00' },
]

/** What the symbols must be, by text alone: equal numbers are one, the first text is shown, further ones are variants. */
class Plain {
  readonly texts: string[] = []
  readonly numbers: number[] = []
  readonly variants: [number, string, number][] = []

  /** Returns the code of the value. */
  add(given: string, row: number, by: FormatSettings): number {
    const text = given.replace(/^ +| +$/g, '')
    const number = interpretText(text, by)?.number ?? Number.NaN
    const known = this.numbers.findIndex((each, i) =>
      Number.isNaN(number) ? Number.isNaN(each) && this.texts[i] === text : each === number,
    )
    if (known < 0) {
      this.texts.push(text)
      this.numbers.push(number)
    } else if (
      this.texts[known] !== text &&
      !this.variants.some(([symbol, other]) => symbol === known && other === text)
    )
      this.variants.push([known, text, row])
    return known < 0 ? this.texts.length : known + 1
  }
}

describe('cells of a text', () => {
  test('give the symbols, texts and variants that interpreting each of them gives', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.tuple(cell, fc.integer({ min: 0, max: 9 })), { maxLength: 30 }), {
          maxLength: 6,
        }),
        fc.constantFrom(...settings),
        fc.constantFrom(-1, 0, 4, 100),
        fc.record({ keeps: fc.boolean(), misses: fc.boolean(), others: fc.boolean() }),
        (batches, by, countsUpTo, { keeps, misses, others }) => {
          const symbols = new SymbolTableBuilder(createAllocator(), by)
          const encoder = new ColumnEncoder(symbols)
          const plain = new Plain()
          const marks = new Marks(countsUpTo)
          let rows = 0
          for (const [index, drawn] of batches.entries()) {
            const cells = drawn.map(([text]) => text)
            const keep = keeps ? Uint8Array.from(drawn, ([, die]) => Number(die !== 1)) : undefined
            const missing = misses
              ? Uint8Array.from(drawn, ([, die]) => Number(die === 2))
              : undefined
            const bare = textColumn(cells)
            const column = countsUpTo < 0 ? bare : marks.of(bare, cells, others && index === 2)
            const whole = missing === undefined ? column : { ...column, missing }
            const atHand = encoder.codesAtHand(whole, cells.length, by)
            const out = new Uint32Array(cells.length)
            const count = encoder.encode(whole, cells.length, keep, by, { table: 'T', rows }, out)
            const kept = drawn.filter(([, die]) => !keeps || die !== 1)
            const expected = kept.map(([text, die], i) =>
              misses && die === 2 ? 0 : plain.add(text, rows + i, by),
            )
            expect([...out.subarray(0, count)]).toEqual(expected)
            if (atHand !== undefined && keep === undefined) expect([...atHand]).toEqual(expected)
            rows += count
          }
          const { symbols: finished } = symbols.finish()
          expect(Array.from({ length: finished.count }, (_, i) => finished.textAt(i))).toEqual(
            plain.texts,
          )
          expect(Array.from({ length: finished.count }, (_, i) => finished.numberAt(i))).toEqual(
            plain.numbers.map((number) => number + 0),
          )
          expect(finished.variants.map(({ symbol, text, row }) => [symbol, text, row])).toEqual(
            plain.variants,
          )
        },
      ),
      { seed, numRuns },
    )
  })

  test('are read as numbers from their bytes only where the plain way agrees', () => {
    fc.assert(
      fc.property(cell, (text) => {
        const bytes = encodeUtf8(text)
        const number = plainNumber(bytes, 0, bytes.length, true)
        if (!Number.isNaN(number)) expect(number).toBe(Number(text) + 0 || number)
        if (!Number.isNaN(number))
          expect(endsInZero(bytes, 0, bytes.length)).toBe(/\..*0$/.test(text))
        expect(isoDateKey(bytes, 0, bytes.length) >= 0).toBe(
          /^(19\d\d|20\d\d|21[0-4]\d|215[0-5])-(0\d|1[0-5])-([0-2]\d|3[01])$/.test(text),
        )
      }),
      { seed, numRuns },
    )
  })
})

test('a dictionary with any width of codes gives what its values give', () => {
  const value = fc.oneof(
    fc.integer({ min: 0, max: 9 }),
    fc.string({ maxLength: 2 }),
    fc.constant(null),
  )
  fc.assert(
    fc.property(
      fc.uniqueArray(value, { minLength: 1, maxLength: 20 }),
      fc.array(fc.nat(), { maxLength: 40 }),
      fc.array(fc.constantFrom(0, 1), { minLength: 40, maxLength: 40 }),
      fc.boolean(),
      (dictionary: Value[], picks, marks, filtered) => {
        const codes = picks.map((pick) => pick % (dictionary.length + 1))
        const values = codes.map((code) => dictionary[code - 1] ?? null)
        const keep = filtered ? Uint8Array.from(marks) : undefined
        const encoded = (columns: readonly SourceColumn[]) => {
          const encoder = new ColumnEncoder(new SymbolTableBuilder(createAllocator()))
          return columns.map((column) => {
            const out = new Uint32Array(codes.length)
            const origin = { table: 'T', rows: 0 }
            const count = encoder.encode(
              column,
              codes.length,
              keep,
              defaultFormatSettings,
              origin,
              out,
            )
            return Array.from(out.subarray(0, count))
          })
        }
        const [expected] = encoded([{ kind: 'values', values }])
        const columns = [Uint8Array, Uint16Array, Uint32Array].map(
          (Codes) =>
            ({ kind: 'dictionary', codes: Codes.from(codes), dictionary, format: null }) as const,
        )
        expect(encoded(columns)).toEqual([expected, expected, expected])
      },
    ),
    { seed, numRuns },
  )
})
