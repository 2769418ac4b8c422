import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeUtf8 } from '../base/utf8.ts'
import { Dual, type Value } from '../value/dual.ts'
import { createAllocator } from './allocator.ts'
import { chunkRows } from './column-builder.ts'
import type { SourceColumn } from './source.ts'
import { DataSpace, type TableBuilder } from './table-builder.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 200)

function textColumn(cells: readonly string[], interpret = true): SourceColumn {
  const encoded = cells.map((cell) => encodeUtf8(cell))
  const offsets = new Uint32Array(cells.length + 1)
  encoded.forEach((bytes, i) => {
    offsets[i + 1] = offsets[i]! + bytes.length
  })
  const bytes = new Uint8Array(offsets[cells.length]!)
  for (const [i, cell] of encoded.entries()) bytes.set(cell, offsets[i]!)
  return {
    kind: 'text',
    bytes,
    starts: offsets.subarray(0, cells.length),
    ends: offsets.subarray(1),
    interpret,
  }
}

const columnValues = (table: TableBuilder, column: number) =>
  Array.from({ length: table.rows }, (_, row) => table.valueAt(column, row))

describe('appendBatch', () => {
  test('text cells are trimmed and interpreted once per distinct cell', () => {
    const table = new DataSpace(createAllocator()).createTable('T', ['F'])
    const column = textColumn([' 7 ', '7', '007', '', 'x y', '1.50', '2020-02-03'])
    table.appendBatch({ rows: 7, columns: [column] }, [0])
    expect(columnValues(table, 0)).toEqual([
      7,
      7,
      7,
      '',
      'x y',
      new Dual('1.50', 1.5),
      new Dual('2020-02-03', 43864),
    ])
    expect(table.symbolsOf(0).count).toBe(5)
  })

  test('uninterpreted text stays text, missing cells are NULL', () => {
    const table = new DataSpace(createAllocator()).createTable('T', ['F'])
    const column = { ...textColumn(['7', ' a '], false), missing: Uint8Array.of(1, 0) }
    table.appendBatch({ rows: 2, columns: [column] }, [0])
    expect(columnValues(table, 0)).toEqual([null, ' a '])
  })

  test('dictionaries keep row order as load order, and may grow between batches', () => {
    const table = new DataSpace(createAllocator()).createTable('T', ['F'])
    const dictionary: Value[] = ['a', 'b']
    const batch = (codes: number[]) => ({
      rows: codes.length,
      columns: [
        { kind: 'dictionary', codes: Uint8Array.from(codes), dictionary, format: null } as const,
      ],
    })
    table.appendBatch(batch([2, 0, 1]), [0])
    dictionary.push(3)
    table.appendBatch(batch([3, 3, 2]), [0])
    expect(columnValues(table, 0)).toEqual(['b', null, 'a', 3, 3, 'b'])
    expect(table.codeAt(0, 0)).toBe(1)
  })

  test('keep selects rows, fields without a source are NULL, columns may be left out', () => {
    const table = new DataSpace(createAllocator()).createTable('T', ['A', 'B'])
    const columns: SourceColumn[] = [
      { kind: 'values', values: ['x', 'y', 'z'] },
      { kind: 'numbers', values: Float64Array.of(1, Number.NaN, 3), format: null },
    ]
    table.appendBatch({ rows: 3, columns }, [-1, 1], Uint8Array.of(0, 1, 1))
    expect(columnValues(table, 0)).toEqual([null, null])
    expect(columnValues(table, 1)).toEqual([null, 3])
  })

  test('settings of the space at the time of the batch interpret the text', () => {
    const space = new DataSpace(createAllocator())
    const table = space.createTable('T', ['F'])
    table.appendBatch({ rows: 1, columns: [textColumn(['1,5'])] }, [0])
    space.settings = { ...space.settings, decimalSep: ',', thousandSep: '.' }
    table.appendBatch({ rows: 1, columns: [textColumn(['2,5'])] }, [0])
    expect(table.valueAt(0, 1)).toEqual(new Dual('2,5', 2.5))
  })
})

describe('DataSpace', () => {
  test('tables share symbols by field name; the last column takes them with it', () => {
    const space = new DataSpace(createAllocator())
    const left = space.createTable('L', ['K'])
    const right = space.createTable('R', ['K'])
    left.appendRow(['a'])
    right.appendRow(['b'])
    right.appendRow(['a'])
    expect(right.codeAt(0, 1)).toBe(left.codeAt(0, 0))
    space.dropTable('L')
    expect(space.hasSymbols('K')).toBe(true)
    space.dropTable('R')
    expect(space.hasSymbols('K')).toBe(false)
    expect(space.allocator.used).toBe(0)
  })

  test('a field added late is NULL in earlier rows', () => {
    const table = new DataSpace(createAllocator()).createTable('T', ['A'])
    table.appendRow([1])
    table.addField('B')
    table.appendRow([2, 'b'])
    expect(columnValues(table, 1)).toEqual([null, 'b'])
    expect(() => table.addField('B')).toThrow(/already has a field B/)
  })

  test('renaming a field joins it with the values of the new name', () => {
    const space = new DataSpace(createAllocator())
    const left = space.createTable('L', ['A'])
    const right = space.createTable('R', ['B'])
    for (const value of ['x', new Dual('one', 1), null]) left.appendRow([value])
    right.appendRow([1])
    space.renameField('A', 'B')
    expect(left.fields).toEqual(['B'])
    expect(left.codeAt(0, 1)).toBe(right.codeAt(0, 0))
    expect(columnValues(left, 0)).toEqual(['x', 1, null])
    expect(space.hasSymbols('A')).toBe(false)
  })

  test('renaming a table keeps its place', () => {
    const space = new DataSpace(createAllocator())
    space.createTable('A')
    space.createTable('B')
    space.renameTable('A', 'C')
    expect([...space.tables.keys()]).toEqual(['C', 'B'])
    expect(space.tables.get('C')?.name).toBe('C')
  })
})

test('rows appended in any way read back as they were, over chunk borders', () => {
  const table = new DataSpace(createAllocator()).createTable('T', ['F'])
  const rows = chunkRows * 2 + 5
  const values = Float64Array.from({ length: rows }, (_, row) => (row * 7919) % 100_000)
  table.appendBatch({ rows, columns: [{ kind: 'numbers', values, format: null }] }, [0])
  for (const row of [0, chunkRows - 1, chunkRows, rows - 1])
    expect(table.valueAt(0, row)).toBe(values[row])
  const column = table.column(0).finish()
  for (const row of [0, chunkRows - 1, chunkRows, rows - 1])
    expect(column.codeAt(row)).toBe(table.codeAt(0, row))
  table.retainRows(Uint8Array.from({ length: rows }, (_, row) => (row % 2 === 1 ? 1 : 0)))
  expect(table.rows).toBe(chunkRows + 2)
  expect(table.valueAt(0, 1)).toBe(values[3])
})

test('batches of cells agree with cell by cell interpretation', () => {
  const cell = fc.oneof(
    fc.constantFrom('', ' ', '1', ' 1', '1.0', '-3', '2020-01-01', 'abc', '1e3'),
    fc.string(),
  )
  fc.assert(
    fc.property(fc.array(fc.array(cell, { maxLength: 20 }), { maxLength: 5 }), (batches) => {
      const together = new DataSpace(createAllocator()).createTable('T', ['F'])
      const single = new DataSpace(createAllocator()).createTable('T', ['F'])
      for (const cells of batches) {
        together.appendBatch({ rows: cells.length, columns: [textColumn(cells)] }, [0])
        for (const one of cells) single.appendBatch({ rows: 1, columns: [textColumn([one])] }, [0])
      }
      expect(columnValues(together, 0)).toEqual(columnValues(single, 0))
    }),
    { seed, numRuns },
  )
})
