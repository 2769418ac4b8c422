import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LichenError } from '../base/errors.ts'
import { buildModel } from '../model/build-model.ts'
import type { Model } from '../model/model.ts'
import { createAllocator } from '../storage/allocator.ts'
import { DataSpace } from '../storage/table-builder.ts'
import { Dual, type Value } from '../value/dual.ts'
import { defaultFormatSettings } from '../value/format-settings.ts'
import { crc32c } from './crc32c.ts'
import { openSnapshot } from './open-snapshot.ts'
import { writeSnapshot } from './write-snapshot.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 60)

function modelOf(tables: Readonly<Record<string, readonly (readonly Value[])[]>>): Model {
  const space = new DataSpace(createAllocator())
  for (const [heading, rows] of Object.entries(tables)) {
    const [name = '', fields = ''] = heading.split(': ')
    const table = space.createTable(name, fields.split(', '))
    for (const row of rows) table.appendRow(row)
  }
  const comments = { fields: new Map([['A', 'über A']]), tables: new Map([['T', 'about T']]) }
  return buildModel(space, { settings: defaultFormatSettings, comments })
}

function bytesOf(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** Everything one can see of a model, as plain data. */
function described(model: Model) {
  return {
    tables: model.tables.map(({ columns, ...table }) => ({
      ...table,
      columns: [...columns].map(([field, column]) => [
        field,
        Array.from({ length: column.rows }, (_, row) => column.codeAt(row)),
      ]),
    })),
    fields: model.fields.map(({ symbols, places, ...field }) => ({
      ...field,
      places: places.map((place) => place.table),
      values: Array.from({ length: symbols.count }, (_, symbol) => [
        symbols.valueAt(symbol),
        symbols.textAt(symbol),
      ]),
      found: Array.from({ length: symbols.count }, (_, symbol) =>
        symbols.find(symbols.valueAt(symbol)),
      ),
      orders: [
        [...symbols.order('numeric')],
        [...symbols.order('text')],
        [...symbols.rank('numeric')],
      ],
      variants: symbols.variants,
      format: symbols.format,
      allNumbers: symbols.allNumbers,
      allText: symbols.allText,
    })),
    links: model.links.map(({ column: _, ...link }) => link),
    components: model.components,
    settings: model.settings,
    notes: model.notes,
  }
}

const small = () =>
  modelOf({
    'T: A, B': [
      ['x', 1],
      ['y', new Dual('one', 1)],
      [null, 2.5],
    ],
    'U: A, B, C': [['x', 1, 'ü']],
  })

test('crc32c has the check value of its catalogue entry', () => {
  expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283)
  const bytes = Uint8Array.from({ length: 100 }, (_, i) => i * 7)
  expect(crc32c(bytes.subarray(33), crc32c(bytes.subarray(0, 33)))).toBe(crc32c(bytes))
})

describe('round trip', () => {
  test('a model with synthetic key, variants, comments and extras comes back as it was', () => {
    const model = small()
    const extras = new Map([
      ['script', Uint8Array.of(1, 2, 3)],
      ['empty', new Uint8Array(0)],
    ])
    const opened = openSnapshot(bytesOf(writeSnapshot(model, extras)))
    expect(described(opened.model)).toEqual(described(model))
    expect([...opened.extras].map(([name, bytes]) => [name, [...bytes]])).toEqual([
      ['script', [1, 2, 3]],
      ['empty', []],
    ])
  })

  test('the same from an odd address, and copied into an allocator that counts', () => {
    const bytes = bytesOf(writeSnapshot(small()))
    const shifted = new Uint8Array(bytes.length + 3)
    shifted.set(bytes, 3)
    expect(described(openSnapshot(shifted.subarray(3)).model)).toEqual(described(small()))
    const allocator = createAllocator({ shared: true })
    expect(described(openSnapshot(bytes, allocator).model)).toEqual(described(small()))
    expect(allocator.used).toBeGreaterThanOrEqual(bytes.length)
    expect(() => openSnapshot(bytes, createAllocator({ budget: 100 }))).toThrow(/budget/)
  })

  test('any model', () => {
    const value = fc.oneof(
      fc.constant(null),
      fc.integer({ min: -3, max: 3 }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.string({ maxLength: 4 }),
      fc
        .tuple(fc.string({ maxLength: 2 }), fc.integer({ min: 0, max: 3 }))
        .map(([text, number]) => new Dual(text, number)),
    )
    const rows = fc.array(fc.array(value, { minLength: 3, maxLength: 3 }), { maxLength: 20 })
    fc.assert(
      fc.property(rows, rows, rows, (first, second, third) => {
        const model = modelOf({ 'T: A, B, C': first, 'U: B, C, D': second, 'V: D, A, E': third })
        expect(described(openSnapshot(bytesOf(writeSnapshot(model))).model)).toEqual(
          described(model),
        )
      }),
      { seed, numRuns },
    )
  })

  test('buffers are the model’s own memory, not copies', () => {
    const model = small()
    const codes = model.tables[1]?.columns.values().next().value?.segments[0]?.codes
    expect(writeSnapshot(model).some((part) => part.buffer === codes?.buffer)).toBe(true)
  })
})

describe('damage', () => {
  const good = bytesOf(
    writeSnapshot(modelOf({ 'T: A': [['x'], [1]] }), new Map([['e', Uint8Array.of(9)]])),
  )
  const codeOf = (bytes: Uint8Array) => {
    try {
      openSnapshot(bytes)
    } catch (error) {
      return error instanceof LichenError ? error.code : String(error)
    }
    return 'opened'
  }

  test('cut off anywhere it is malformed', () => {
    for (let length = 0; length < good.length; length++)
      expect(codeOf(good.slice(0, length))).toBe('snapshot-malformed')
    expect(codeOf(bytesOf([good, Uint8Array.of(0)]))).toBe('snapshot-malformed')
  })

  test('any flipped bit is noticed', () => {
    for (let bit = 0; bit < good.length * 8; bit++) {
      const bad = good.slice()
      bad[bit >>> 3]! ^= 1 << (bit & 7)
      const code = codeOf(bad)
      if (code !== 'snapshot-malformed') expect([bit, code]).toEqual([bit, 'snapshot-malformed'])
    }
  })

  test('a newer format says so', () => {
    const newer = good.slice()
    const view = new DataView(newer.buffer)
    view.setUint32(8, 2, true)
    view.setUint32(60, crc32c(newer.subarray(0, 60)), true)
    expect(codeOf(newer)).toBe('snapshot-too-new')
  })

  test('a catalogue that lies under a right checksum is malformed, not a crash', () => {
    const view = new DataView(good.buffer, good.byteOffset)
    const length = view.getUint32(12, true)
    for (let at = 0; at < length; at++) {
      for (const change of [0x01, 0x80, 0xff]) {
        const bad = good.slice()
        bad[64 + at]! ^= change
        const badView = new DataView(bad.buffer)
        badView.setUint32(16, crc32c(bad.subarray(64, 64 + length)), true)
        badView.setUint32(60, crc32c(bad.subarray(0, 60)), true)
        expect(['snapshot-malformed', 'opened']).toContain(codeOf(bad))
      }
    }
  })
})
