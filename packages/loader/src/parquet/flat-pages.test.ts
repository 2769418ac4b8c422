import { readFile } from 'node:fs/promises'
import {
  defaultFormatSettings,
  neverCancelled,
  type SourceColumn,
  type Value,
} from '@lichen/engine'
import fc from 'fast-check'
import { type DecodedArray, parquetMetadata, parquetRead, parquetSchema } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { expect, test } from 'vitest'
import { bytesSource } from '../byte-source.ts'
import { ColumnEncoder, columnKind } from './columns.ts'
import type { FlatPage } from './flat-pages.ts'
import { openParquet } from './index.ts'
import { serialDays } from './serial-days.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 300)

function valuesOf(column: SourceColumn | undefined): readonly Value[] {
  switch (column?.kind) {
    case 'numbers':
      return Array.from(column.values, (number) => (Number.isNaN(number) ? null : number))
    case 'dictionary':
      return Array.from(column.codes, (code) => column.dictionary[code - 1] ?? null)
    case 'values':
      return column.values
    default:
      throw new Error('no text column is expected')
  }
}

// Written by DuckDB 1.5: 60 records of 22 types with and without NULL; pages-v2 has version 2 pages and delta encodings.
for (const name of ['pages-v1', 'pages-v2'])
  test(`${name}: pages read one by one hold what hyparquet reads as a whole`, async () => {
    const bytes = new Uint8Array(
      await readFile(new URL(`fixtures/${name}.parquet`, import.meta.url)),
    )
    const file = bytes.slice().buffer
    const metadata = parquetMetadata(file)
    const open = await openParquet(bytesSource(name, bytes), defaultFormatSettings)
    const columns: SourceColumn[] = []
    for await (const batch of open.batches([...open.fields.keys()], neverCancelled))
      columns.push(...batch.columns)
    expect(columns).toHaveLength(22)
    for (const [index, child] of parquetSchema(metadata).children.entries()) {
      const whole: DecodedArray[] = []
      await parquetRead({
        file,
        metadata,
        columns: [child.element.name],
        compressors,
        parsers: serialDays,
        onChunk: ({ columnData }) => whole.push(columnData),
      })
      const kind = columnKind(child, defaultFormatSettings)
      const { ticksPerDay: _, ...converted } = kind
      const expected = new ColumnEncoder(converted).encode(
        whole.flatMap((part) => Array.from(part)),
      )
      expect(valuesOf(columns[index])).toEqual(valuesOf(expected))
    }
  })

test('pages with and without a dictionary, with and without NULL, make one column', () => {
  const cell = fc.option(fc.integer({ min: -3, max: 3 }), { nil: null })
  const page = fc.record({
    cells: fc.array(cell, { maxLength: 12 }),
    coded: fc.boolean(),
    typed: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(page, { minLength: 1, maxLength: 5 }), fc.boolean(), (given, numeric) => {
      const stored = (cells: readonly (number | null)[]): DecodedArray =>
        cells.map((each) => (each === null || numeric ? each : `t${each}`))
      const encoder = (): ColumnEncoder =>
        new ColumnEncoder({ numeric, format: null, divisor: 1, places: undefined })
      const pages = given.flatMap(({ cells, coded, typed }): FlatPage[] => {
        const rows = cells.length
        const levels = cells.includes(null)
          ? cells.map((each) => (each === null ? 0 : 1))
          : undefined
        const present = cells.filter((each) => each !== null)
        if (!coded) {
          const values = typed && numeric ? BigInt64Array.from(present, BigInt) : stored(present)
          return [{ kind: 'values', rows, values, levels }]
        }
        const entries = [...new Set(present)].reverse()
        const codes = Uint32Array.from(present, (each) => entries.indexOf(each))
        return [
          { kind: 'dictionary', values: stored(entries) },
          { kind: 'codes', rows, codes, levels },
        ]
      })
      const all = given.flatMap(({ cells }) => cells)
      expect(valuesOf(encoder().ofPages(pages, all.length))).toEqual(
        valuesOf(encoder().encode(stored(all))),
      )
      expect(() => encoder().ofPages(pages, all.length + 1)).toThrow()
    }),
    { seed, numRuns },
  )
})
