import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createAllocator } from '../storage/allocator.ts'
import { DataSpace } from '../storage/table-builder.ts'
import type { Value } from '../value/dual.ts'
import { defaultFormatSettings } from '../value/format-settings.ts'
import { type BuildOptions, buildModel } from './build-model.ts'
import { fullView } from './full-view.ts'
import { modelMemory } from './memory.ts'
import type { Model } from './model.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 100)

type Rows = Readonly<Record<string, readonly (readonly Value[])[]>>

/** `'T: A, B'` → rows. */
function modelOf(tables: Rows, options: Partial<BuildOptions> = {}): Model {
  const space = new DataSpace(createAllocator())
  for (const [heading, rows] of Object.entries(tables)) {
    const [name = '', fields = ''] = heading.split(': ')
    const table = space.createTable(name, fields.split(', '))
    for (const row of rows) table.appendRow(row)
  }
  const model = buildModel(space, { settings: defaultFormatSettings, ...options })
  space.release()
  return model
}

function rowsOf(model: Model, name: string): Record<string, Value>[] {
  const table = model.tables[model.tableIndex(name) ?? -1]
  if (table === undefined) throw new Error(`no table ${name}`)
  return Array.from({ length: table.rows }, (_, row) =>
    Object.fromEntries(
      [...table.columns].map(([field, column]) => {
        const { name: fieldName = '', symbols } = model.fields[field] ?? {}
        const code = column.codeAt(row)
        return [fieldName, code === 0 ? null : (symbols?.valueAt(code - 1) ?? null)]
      }),
    ),
  )
}

const fieldsOf = (model: Model, table: string) => {
  const found = model.tables[model.tableIndex(table) ?? -1]
  return [...(found?.columns.keys() ?? [])].map((field) => model.fields[field]?.name)
}

const linkNames = (model: Model) =>
  model.links.map(
    ({ table, field, unique }) =>
      `${model.tables[table]?.name}.${model.fields[field]?.name}${unique ? '!' : ''}`,
  )

describe('buildModel', () => {
  test('a shared field links two tables; unique says which side is one', () => {
    const model = modelOf({
      'Sales: Product, Amount': [
        ['a', 1],
        ['b', 2],
        ['a', 3],
      ],
      'Products: Product, Colour': [
        ['a', 'red'],
        ['b', 'blue'],
        [null, 'grey'],
        [null, 'grey'],
      ],
    })
    expect(linkNames(model)).toEqual(['Sales.Product', 'Products.Product!'])
    expect(model.components).toEqual([[0, 1]])
    expect(model.fields[0]?.tags).toEqual(['$key', '$ascii', '$text'])
    expect(model.fields[1]?.tags).toEqual(['$numeric', '$integer'])
    expect(rowsOf(model, 'Products')[3]).toEqual({ Product: null, Colour: 'grey' })
  })

  test('a field of three tables is one key with three links', () => {
    const model = modelOf({
      'A: K, X': [[1, 1]],
      'B: K, Y': [[1, 1]],
      'C: K, Z': [[2, 1]],
      'D: W': [[1]],
    })
    expect(linkNames(model)).toEqual(['A.K!', 'B.K!', 'C.K!'])
    expect(model.components).toEqual([[0, 1, 2], [3]])
    expect(model.fields[0]?.places.map((place) => place.table)).toEqual([0, 1, 2])
  })

  test('values of dropped tables vanish, load order stays', () => {
    const space = new DataSpace(createAllocator())
    const first = space.createTable('A', ['K'])
    const second = space.createTable('B', ['K'])
    for (const value of ['x', 'y', 'z']) first.appendRow([value])
    for (const value of ['z', 'w', 'y']) second.appendRow([value])
    space.dropTable('A')
    const model = buildModel(space, { settings: defaultFormatSettings })
    const symbols = model.fields[0]?.symbols
    expect([0, 1, 2].map((symbol) => symbols?.valueAt(symbol))).toEqual(['y', 'z', 'w'])
    expect(rowsOf(model, 'B')).toEqual([{ K: 'z' }, { K: 'w' }, { K: 'y' }])
  })

  test('a table without rows and a table without fields are tables', () => {
    const model = modelOf({ 'A: K': [], 'B: K': [[1]] })
    expect(model.tables.map((table) => table.rows)).toEqual([0, 1])
    expect(linkNames(model)).toEqual(['A.K!', 'B.K!'])
  })

  test('author tags, comments and hidden fields', () => {
    const model = modelOf(
      { 'A: _K, X': [[1, 'ä']] },
      {
        tags: new Map([['X', ['$dimension']]]),
        comments: { fields: new Map([['X', 'about X']]), tables: new Map([['A', 'about A']]) },
        hidePrefix: '_',
      },
    )
    expect(model.fields.map((field) => field.tags)).toEqual([
      ['$numeric', '$integer', '$hidden'],
      ['$text', '$dimension'],
    ])
    expect(model.fields[1]?.comment).toBe('about X')
    expect(model.tables[0]?.comment).toBe('about A')
  })
})

describe('synthetic keys', () => {
  const two: Rows = {
    'L: A, B, X': [
      [1, 1, 'x1'],
      [1, 2, 'x2'],
      [1, null, 'x3'],
      [null, null, 'x4'],
      [1, 1, 'x5'],
    ],
    'R: A, B, Y': [
      [1, 2, 'y1'],
      [1, null, 'y2'],
      [2, 2, 'y3'],
    ],
  }

  test('fields shared in twos move to a table of the occurring combinations', () => {
    const model = modelOf(two)
    expect(fieldsOf(model, 'L')).toEqual(['X', '$Syn 1'])
    expect(fieldsOf(model, 'R')).toEqual(['Y', '$Syn 1'])
    expect(rowsOf(model, '$Syn 1 Table')).toEqual([
      { '$Syn 1': 1, A: 1, B: 1 },
      { '$Syn 1': 2, A: 1, B: 2 },
      { '$Syn 1': 3, A: 1, B: null },
      { '$Syn 1': 4, A: 1, B: null },
      { '$Syn 1': 5, A: 2, B: 2 },
    ])
    expect(rowsOf(model, 'L').map((row) => row['$Syn 1'])).toEqual([1, 2, 3, null, 1])
    expect(rowsOf(model, 'R').map((row) => row['$Syn 1'])).toEqual([2, 4, 5])
    expect(linkNames(model)).toEqual(['L.$Syn 1', 'R.$Syn 1!', '$Syn 1 Table.$Syn 1!'])
    const key = model.fields[model.fieldIndex('$Syn 1') ?? -1]
    expect(key?.system).toBe(true)
    expect(key?.tags).toEqual(['$key', '$numeric', '$integer', '$synthetic', '$hidden'])
    expect(model.tables[2]?.synthetic).toBe(true)
  })

  test('a third table with one of the fields hangs on the synthetic table', () => {
    const model = modelOf({ ...two, 'C: A, Z': [[1, 'z']] })
    expect(linkNames(model)).toContain('C.A!')
    expect(linkNames(model)).toContain('$Syn 1 Table.A')
    expect(model.components).toEqual([[0, 1, 2, 3]])
    expect(model.notes).toEqual([])
  })

  test('the larger set first, the smaller nests', () => {
    const model = modelOf({
      'P: A, B, C, X': [[1, 2, 3, 0]],
      'Q: A, B, C, Y': [[1, 2, 3, 0]],
      'R: A, B, Z': [[1, 2, 0]],
    })
    expect(model.tables.map((table) => table.name)).toEqual([
      'P',
      'Q',
      'R',
      '$Syn 1 Table',
      '$Syn 2 Table',
    ])
    expect(fieldsOf(model, '$Syn 1 Table')).toEqual(['$Syn 1', 'C', '$Syn 2'])
    expect(fieldsOf(model, '$Syn 2 Table')).toEqual(['$Syn 2', 'A', 'B'])
    expect(fieldsOf(model, 'R')).toEqual(['Z', '$Syn 2'])
  })

  test('a name already taken is passed over', () => {
    const model = modelOf({ '$Syn 1: A, B': [[1, 1]], 'R: A, B': [[1, 1]] })
    expect(model.tables.map((table) => table.name)).toEqual(['$Syn 1', 'R', '$Syn 2 Table'])
  })
})

describe('circular references', () => {
  const ring: Rows = {
    'Facts: A, C, X': [
      [1, 1, 1],
      [2, 2, 2],
      [3, 3, 3],
    ],
    'AB: A, B': [
      [1, 1],
      [2, 2],
    ],
    'BC: B, C': [
      [1, 1],
      [2, 2],
    ],
  }

  test('the longest table of the loop is loosened', () => {
    const model = modelOf(ring)
    expect(model.tables.map((table) => table.loose)).toEqual([true, false, false])
    expect(linkNames(model)).toEqual(['AB.B!', 'BC.B!'])
    expect(model.components).toEqual([[0], [1, 2]])
    expect(model.notes).toEqual([
      'Circular reference through BC, AB, Facts: table Facts is loosely coupled',
    ])
    expect(model.fields[model.fieldIndex('A') ?? -1]?.tags).not.toContain('$key')
  })

  test('LOOSEN TABLE decides first', () => {
    const model = modelOf(ring, { loosened: new Set(['BC']) })
    expect(model.tables.map((table) => table.loose)).toEqual([false, false, true])
    expect(model.notes).toEqual([])
    expect(linkNames(model)).toEqual(['Facts.A!', 'AB.A!'])
  })

  test('of equally long tables the later', () => {
    const model = modelOf({ 'X: A, B': [[1, 1]], 'Y: B, C': [[1, 1]], 'Z: C, A': [[1, 1]] })
    expect(model.tables.map((table) => table.loose)).toEqual([false, false, true])
  })
})

test('any model is a forest that loses no association of two tables', () => {
  const field = fc.constantFrom('A', 'B', 'C', 'D', 'E')
  const table = fc.record({
    fields: fc.uniqueArray(field, { minLength: 1, maxLength: 4 }),
    rows: fc.array(
      fc.array(fc.option(fc.integer({ min: 0, max: 2 }), { nil: null }), {
        minLength: 4,
        maxLength: 4,
      }),
      { maxLength: 6 },
    ),
  })
  fc.assert(
    fc.property(fc.array(table, { maxLength: 5 }), (tables) => {
      const model = modelOf(
        Object.fromEntries(
          tables.map(({ fields, rows }, i) => [`T${i}: ${fields.join(', ')}`, rows]),
        ),
      )
      const nodes = new Set(model.links.flatMap(({ table: t, field: f }) => [`t${t}`, `f${f}`]))
      const trees = model.components.filter((tablesOf) =>
        model.links.some((link) => tablesOf.includes(link.table)),
      ).length
      expect(model.links.length).toBe(nodes.size - trees)
      for (const [i, { fields, rows }] of tables.entries()) {
        const found = expandRows(model, `T${i}`)
        expect(found).toEqual(
          rows.map((row) => Object.fromEntries(fields.map((name, at) => [name, row[at] ?? null]))),
        )
      }
    }),
    { seed, numRuns },
  )
})

/** The rows of a table with synthetic keys replaced by what they stand for. */
function expandRows(model: Model, table: string): Record<string, Value>[] {
  return rowsOf(model, table).map((row) => {
    let open: Record<string, Value> = row
    for (;;) {
      const key = Object.keys(open).find((name) => name.startsWith('$Syn'))
      if (key === undefined) return open
      const { [key]: value, ...rest } = open
      const synthetic = rowsOf(model, `${key} Table`)
      const parts =
        Object.keys(synthetic[0] ?? {}).length > 0
          ? synthetic.find((other) => other[key] === value)
          : undefined
      const index = model.tableIndex(`${key} Table`) ?? -1
      const names = [...(model.tables[index]?.columns.keys() ?? [])].map(
        (f) => model.fields[f]?.name ?? '',
      )
      const { [key]: _, ...own } = parts ?? Object.fromEntries(names.map((name) => [name, null]))
      open = { ...rest, ...own }
    }
  })
}

describe('fullView', () => {
  const model = modelOf({
    'Sales: K, Amount': [
      ['a', 1],
      ['b', 2],
      [null, 3],
      ['a', 4],
    ],
    'Dim: K, Name': [
      ['b', 'bee'],
      ['a', 'ay'],
    ],
  })
  const view = fullView(model)

  test('is one per model and shows everything', () => {
    expect(fullView(model)).toBe(view)
    expect(view.reduction).toBe('full')
    expect(view.visibleRows(0)).toBeNull()
    expect(view.linksOfTable(0)).toHaveLength(1)
    expect(view.linksOfField(0)).toHaveLength(2)
  })

  test('rows by code, row of code, totals', () => {
    const { offsets, rows } = view.rowIndex(0, 0)
    expect([...offsets]).toEqual([0, 1, 3, 4])
    expect([...rows]).toEqual([2, 0, 3, 1])
    const link = view.linksOfTable(1)[0]
    expect(link?.unique).toBe(true)
    if (link !== undefined) expect([...view.rowOfCode(link)]).toEqual([-1, 1, 0])
    expect([...view.totals(0)]).toEqual([1, 2, 1])
  })

  test('memory by table and field', () => {
    const report = modelMemory(model)
    expect(report.tables.map(({ table, rows, bytes }) => [table, rows, bytes])).toEqual([
      ['Sales', 4, 8],
      ['Dim', 2, 4],
    ])
    expect(report.fields.map(({ field, values }) => [field, values])).toEqual([
      ['K', 2],
      ['Amount', 4],
      ['Name', 2],
    ])
    expect(report.bytes).toBeGreaterThan(12)
  })
})
