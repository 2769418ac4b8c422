import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createAllocator } from '../storage/allocator.ts'
import { DataSpace } from '../storage/table-builder.ts'
import { Dual, type Value } from '../value/dual.ts'
import { defaultFormatSettings } from '../value/format-settings.ts'
import { buildModel } from './build-model.ts'
import type { Model } from './model.ts'
import { reopenModel } from './reopen-model.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 100)

type Rows = readonly (readonly Value[])[]

function spaceOf(tables: Readonly<Record<string, Rows>>): DataSpace {
  const space = new DataSpace(createAllocator())
  for (const [heading, rows] of Object.entries(tables)) {
    const [name = '', fields = ''] = heading.split(': ')
    const table = space.createTable(name, fields.split(', '))
    for (const row of rows) table.appendRow(row)
  }
  return space
}

const settings = defaultFormatSettings

/** Tables of a space as cells. */
function cells(space: DataSpace): unknown {
  return [...space.tables.values()].map((table) => ({
    name: table.name,
    fields: table.fields,
    rows: Array.from({ length: table.rows }, (_, row) =>
      table.fields.map((_, column) => table.valueAt(column, row)),
    ),
  }))
}

function reopened(model: Model): DataSpace {
  const space = new DataSpace(createAllocator(), model.settings)
  reopenModel(model, space)
  return space
}

describe('reopenModel', () => {
  it('gives the tables back that a model was built of, synthetic keys taken apart', () => {
    const value = fc.oneof(
      fc.constant(null),
      fc.integer({ min: -3, max: 3 }),
      fc.constantFrom('x', 'y', 'ü'),
      fc
        .tuple(fc.constantFrom('one', '1,0'), fc.integer({ min: 0, max: 2 }))
        .map(([text, number]) => new Dual(text, number)),
    )
    const rows = fc.array(fc.array(value, { minLength: 4, maxLength: 4 }), { maxLength: 12 })
    const fields = fc.uniqueArray(fc.constantFrom('A', 'B', 'C', 'D', 'E'), {
      minLength: 1,
      maxLength: 4,
    })
    const tables = fc
      .array(fc.tuple(fields, rows), { minLength: 1, maxLength: 4 })
      .map((list) =>
        Object.fromEntries(list.map(([names, each], i) => [`T${i}: ${names.join(', ')}`, each])),
      )
    fc.assert(
      fc.property(tables, (given) => {
        const space = spaceOf(given)
        const again = reopened(buildModel(space, { settings }))
        expect(cells(again)).toEqual(cells(space))
        // Whatever is added later finds the values that are there.
        for (const field of again.fields())
          expect(again.symbols(field).find('x')).toBe(
            again.symbols(field).count === 0 ? -1 : textsOf(again, field).indexOf('x'),
          )
      }),
      { seed, numRuns },
    )
  })

  it('grows and shrinks without touching the model', () => {
    const rows: Rows = Array.from({ length: 70_000 }, (_, row) => [row % 300, `t${row % 7}`])
    const model = buildModel(spaceOf({ 'T: A, B': rows }), { settings })
    const before = [...(model.fields[0]?.places[0]?.column.segments[0]?.codes ?? [])]
    const space = reopened(model)
    const table = space.tables.get('T')
    table?.appendRow([1000, 'new'])
    expect(table?.rows).toBe(70_001)
    expect(table?.valueAt(0, 70_000)).toBe(1000)
    expect(table?.valueAt(1, 69_999)).toBe(`t${69_999 % 7}`)
    const keep = new Uint8Array(70_001)
    keep[5] = 1
    keep[70_000] = 1
    table?.retainRows(keep)
    const small = buildModel(space, { settings })
    expect(small.fields.map(({ symbols }) => symbols.count)).toEqual([2, 2])
    expect([...(model.fields[0]?.places[0]?.column.segments[0]?.codes ?? [])]).toEqual(before)
  })

  it('gives all its memory back', () => {
    const model = buildModel(spaceOf({ 'T: A, B': [['x', 1]], 'U: A, B, C': [['x', 1, 2]] }), {
      settings,
    })
    const allocator = createAllocator()
    const space = new DataSpace(allocator, settings)
    reopenModel(model, space)
    space.tables.get('T')?.appendRow(['y', 2])
    space.release()
    expect(allocator.used).toBe(0)
  })

  it('tells what authors said, and which tables were loosened by them', () => {
    const space = spaceOf({
      'T: A, B': [['x', 1]],
      'U: B, C': [[1, 2]],
      'V: C, A': [[2, 'x']],
      'W: A': [],
    })
    const model = buildModel(space, {
      settings,
      loosened: new Set(['W']),
      tags: new Map([['A', ['mine', '$dimension']]]),
      comments: { fields: new Map([['A', 'about A']]), tables: new Map([['T', 'about T']]) },
    })
    const notes = reopenModel(model, new DataSpace(createAllocator(), settings))
    expect(notes.tags.get('A')).toEqual(['mine', '$dimension'])
    expect([...notes.fieldComments]).toEqual([['A', 'about A']])
    expect([...notes.tableComments]).toEqual([['T', 'about T']])
    expect(notes.loosened).toEqual(['W'])
  })
})

function textsOf(space: DataSpace, field: string): readonly string[] {
  const symbols = space.symbols(field)
  return Array.from({ length: symbols.count }, (_, symbol) =>
    Number.isNaN(symbols.numberAt(symbol)) ? symbols.textAt(symbol) : '',
  )
}
