import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { collate } from '../value/collate.ts'
import { Dual } from '../value/dual.ts'
import { formatNumber } from '../value/format-number.ts'
import { defaultFormatSettings } from '../value/format-settings.ts'
import type { NumberFormat } from '../value/number-format.ts'
import { createAllocator } from './allocator.ts'
import { Bitset } from './bitset.ts'
import { SymbolTableBuilder } from './symbol-table-builder.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 200)
const date: NumberFormat = { kind: 'date', pattern: 'YYYY-MM-DD' }

const newBuilder = () => new SymbolTableBuilder(createAllocator())

describe('SymbolTableBuilder', () => {
  test('equal numbers are one symbol, the first text is shown, others are variants with their first row', () => {
    const builder = newBuilder()
    expect(builder.add(new Dual('1.0', 1), 'T', 0)).toBe(0)
    expect(builder.add(1, 'T', 1)).toBe(0)
    expect(builder.add(new Dual('1.00', 1), 'U', 2)).toBe(0)
    expect(builder.add(new Dual('1.00', 1), 'U', 3)).toBe(0)
    expect(builder.add('1', 'U', 4)).toBe(1)
    const { symbols } = builder.finish()
    expect(symbols.textAt(0)).toBe('1.0')
    expect(symbols.variants).toEqual([
      { symbol: 0, text: '1', table: 'T', row: 1 },
      { symbol: 0, text: '1.00', table: 'U', row: 2 },
    ])
    expect(symbols.valueAt(1)).toBe('1')
    expect(symbols.find('1')).toBe(1)
    expect(symbols.find(new Dual('x', 1))).toBe(0)
  })

  test('minus zero is zero', () => {
    const builder = newBuilder()
    expect(builder.add(-0, 'T', 0)).toBe(builder.add(0, 'T', 1))
    expect(Object.is(builder.finish().symbols.numberAt(0), 0)).toBe(true)
  })

  test('a text equal to the default formatting is not stored', () => {
    const builder = newBuilder()
    builder.addNumber(43831, date, '2020-01-01', 'T', 0)
    builder.addNumber(43832, date, '2.1.2020', 'T', 1)
    builder.addNumber(43833, null, null, 'T', 2)
    const { symbols } = builder.finish()
    expect(symbols.format).toEqual(date)
    expect([0, 1, 2].map((symbol) => symbols.kindAt(symbol))).toEqual([1, 3, 3])
    expect([0, 1, 2].map((symbol) => symbols.textAt(symbol))).toEqual([
      '2020-01-01',
      '2.1.2020',
      '43833',
    ])
    expect(symbols.valueAt(0)).toEqual(new Dual('2020-01-01', 43831))
  })

  test('finish keeps used symbols in load order and says where they went', () => {
    const builder = newBuilder()
    for (const value of ['a', 5, 'b', 'c']) builder.add(value, 'T', 0)
    const { symbols, remap } = builder.finish(Bitset.of(4, [1, 3]))
    expect([0, 1].map((symbol) => symbols.valueAt(symbol))).toEqual([5, 'c'])
    expect([...(remap ?? [])]).toEqual([0, 0, 1, 0, 2])
    expect(builder.finish().remap).toBeNull()
  })

  test('memory goes back to the allocator', () => {
    const allocator = createAllocator()
    const builder = new SymbolTableBuilder(allocator)
    for (let i = 0; i < 5000; i++) builder.add(`text ${i}`, 'T', i)
    builder.release()
    expect(allocator.used).toBe(0)
  })
})

const values = fc.oneof(
  fc.integer({ min: -20, max: 20 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string({ maxLength: 3 }),
  fc
    .tuple(fc.string({ maxLength: 2 }), fc.integer({ min: -5, max: 5 }))
    .map(([text, number]) => new Dual(text, number)),
)

test('agrees with a Map, and finds and orders what it holds', () => {
  fc.assert(
    fc.property(fc.array(values, { maxLength: 200 }), (input) => {
      const builder = newBuilder()
      const naive = new Map<number | string, { symbol: number; text: string }>()
      for (const [row, value] of input.entries()) {
        const number =
          value instanceof Dual ? value.number : typeof value === 'number' ? value : undefined
        const key = number === undefined ? `t${value}` : number + 0
        const text =
          value instanceof Dual
            ? value.text
            : typeof value === 'number'
              ? formatNumber(value, null, defaultFormatSettings)
              : value
        const known = naive.get(key) ?? { symbol: naive.size, text }
        naive.set(key, known)
        expect(builder.add(value, 'T', row)).toBe(known.symbol)
      }
      const { symbols } = builder.finish()
      expect(symbols.count).toBe(naive.size)
      for (const [key, { symbol, text }] of naive) {
        expect(symbols.textAt(symbol)).toBe(text)
        expect(symbols.find(typeof key === 'number' ? key : key.slice(1))).toBe(symbol)
        expect(builder.find(typeof key === 'number' ? key : key.slice(1))).toBe(symbol)
        expect(symbols.valueAt(symbol)).toEqual(builder.valueAt(symbol))
      }
      const all = Array.from({ length: symbols.count }, (_, symbol) => symbol)
      const byNumber = [...all].sort((a, b) => {
        const [left, right] = [symbols.numberAt(a), symbols.numberAt(b)]
        if (Number.isNaN(left) && Number.isNaN(right))
          return collate(symbols.textAt(a), symbols.textAt(b)) || a - b
        if (Number.isNaN(left) || Number.isNaN(right)) return Number.isNaN(left) ? 1 : -1
        return left - right || a - b
      })
      expect([...symbols.order('numeric')]).toEqual(byNumber)
      const byText = [...all].sort((a, b) => collate(symbols.textAt(a), symbols.textAt(b)) || a - b)
      expect([...symbols.order('text')]).toEqual(byText)
      expect(byText.map((symbol) => symbols.rank('text')[symbol])).toEqual(all)
    }),
    { seed, numRuns },
  )
})

test('after finish the builder shares the arrays, and goes on as before when it grows', () => {
  const allocator = createAllocator()
  const builder = new SymbolTableBuilder(allocator)
  for (let i = 0; i < 100; i++) builder.addNumber(i / 8, null, null, 'T', i)
  builder.addString('x')
  builder.addNumber(7, null, '7.00', 'T', 101)
  const before = allocator.used
  const first = builder.finish()
  expect(allocator.used).toBeLessThan(before + 200)
  expect(builder.finish().symbols.count).toBe(101)
  expect(builder.find('x')).toBe(100)
  expect(builder.addNumber(0.125, null, null, 'T', 0)).toBe(1)
  expect(builder.addString('y')).toBe(101)
  const second = builder.finish().symbols
  expect(second.count).toBe(102)
  expect(first.symbols.count).toBe(101)
  expect([first.symbols, second].map((symbols) => symbols.textAt(100))).toEqual(['x', 'x'])
  expect(second.find(7)).toBe(56)
  builder.release()
})
