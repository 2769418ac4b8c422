import { defaultFormatSettings, type SourceColumn } from '@lichen/engine'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ColumnCells, dates, exactNumbers, texts, truths } from './column-cells.ts'

function values(column: SourceColumn): (number | string | null)[] {
  if (column.kind === 'numbers')
    return Array.from(column.values, (number) => (Number.isNaN(number) ? null : number))
  if (column.kind !== 'dictionary') throw new Error(`unexpected ${column.kind}`)
  return Array.from(column.codes, (code) => {
    const value = column.dictionary[code - 1] ?? null
    return typeof value === 'object' ? null : value
  })
}

const numerals = fc.oneof(
  fc.constant(null),
  fc.integer().map(String),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
  fc.constantFrom('NaN', 'Infinity', '-Infinity', '0.10', '9007199254740991', '9007199254740992'),
)

describe('columns', () => {
  test('numerals are numbers as long as they keep their digits', () => {
    fc.assert(
      fc.property(fc.array(fc.array(numerals)), (batches) => {
        const cells = new ColumnCells({ name: 'a', ...exactNumbers }, defaultFormatSettings)
        for (const batch of batches)
          expect(values(cells.encode(batch))).toEqual(
            batch.map((text) => {
              if (text === null || /N|I/.test(text)) return null
              if (text.includes('.')) return Number(text)
              const whole = BigInt(text)
              const fits = whole <= 2n ** 53n - 1n && whole >= -(2n ** 53n) + 1n
              return fits ? Number(whole) : text
            }),
          )
      }),
    )
  })

  test('texts are what they were, over all batches', () => {
    const cell = fc.oneof(fc.constant(undefined), fc.constantFrom('a', 'b', ''), fc.string())
    fc.assert(
      fc.property(fc.array(fc.array(cell)), (batches) => {
        const cells = new ColumnCells({ name: 'a', ...texts }, defaultFormatSettings)
        const read = batches.map((batch) => values(cells.encode(batch)))
        expect(read).toEqual(batches.map((batch) => batch.map((text) => text ?? null)))
      }),
    )
  })

  test('a dictionary that grew large is given up, and nothing is lost', () => {
    const cells = new ColumnCells({ name: 'a', ...texts }, defaultFormatSettings)
    const batch = (start: number): string[] =>
      Array.from({ length: 40_000 }, (_, i) => `${start + i}`)
    for (const start of [0, 40_000, 80_000])
      expect(values(cells.encode(batch(start)))).toEqual(batch(start))
  })

  test('dates have the format of the script, also beside texts', () => {
    const settings = { ...defaultFormatSettings, dateFormat: 'D.M.YY' }
    const cells = new ColumnCells({ name: 'a', ...dates }, settings)
    const format = { kind: 'date', pattern: 'D.M.YY' }
    expect(cells.encode(['2024-02-29', null])).toEqual({
      kind: 'numbers',
      values: Float64Array.of(45_351, Number.NaN),
      format,
    })
    const mixed = cells.encode(['2024-02-29', 'infinity', null])
    expect(mixed).toMatchObject({ kind: 'dictionary', format })
    expect(values(mixed)).toEqual([45_351, 'infinity', null])
  })

  test('truths, bytes and nested values', () => {
    expect([true, false, 't', 'f'].map(truths.read)).toEqual([-1, 0, -1, 0])
    expect(texts.read(Uint8Array.of(0, 255))).toBe('00ff')
    expect(texts.read({ a: [1n] })).toBe('{"a":["1"]}')
  })
})
