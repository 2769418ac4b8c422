import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Arena, arenaOf, enableKernels, NotInArena } from './arena.ts'
import { createKernelMemory } from './memory.ts'
import {
  chunkNumber,
  chunksOfAll,
  keepChunksOfBits,
  type Operand,
  Program,
  recordCount,
} from './program.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const rows = 9000

function own(): Arena {
  const memory = createKernelMemory(1 << 16, 1 << 22)
  if (memory === undefined) throw new Error('this runtime has WebAssembly')
  return new Arena(memory)
}

const arena = own()

/** Codes below some limit that look random. */
const codesBelow = (limit: number, salt: number): Uint32Array =>
  Uint32Array.from(
    { length: rows },
    (_, row) => (Math.imul(row + salt, 2_654_435_761) >>> 8) % limit,
  )

const perRecord = (base: number, bytes: number): Operand => ({
  base,
  stride: bytes,
  of: chunkNumber.record,
})

/** Runs calls over all of `rows` rows, or over those whose bit is set. */
function withProgram(plan: (program: Program) => void, bits?: Uint32Array): void {
  arena.borrow(() => {
    const chunks = bits === undefined ? chunksOfAll(arena, rows) : keepChunksOfBits(arena, bits)
    const program = new Program(arena, chunks)
    plan(program)
    program.run()
  })
}

const markAll = (seen: Uint8Array, part: Uint8Array): void => {
  for (const [at, bit] of part.entries()) seen[at]! |= bit
}
const addAll = (counts: Uint32Array, part: Uint32Array): void => {
  for (const [at, count] of part.entries()) counts[at]! += count
}
const table = (values: Parameters<Arena['table']>[0]): Operand => ({ base: arena.table(values) })
const columnOf = (values: Uint8Array | Uint16Array | Uint32Array): Operand =>
  perRecord(arena.table(values), values.BYTES_PER_ELEMENT)

describe.each([
  [8, Uint8Array, 200],
  [16, Uint16Array, 3000],
  [32, Uint32Array, 3000],
] as const)('kernels over codes of %s bits equal loops', (bits, width, limit) => {
  const codes = width.from(codesBelow(limit, 1))

  it('filters, widens, sees and counts', () => {
    const passing = Uint8Array.from({ length: limit }, (_, code) => Number(code % 3 === 0))
    const words = new Uint32Array(Math.ceil(rows / 32))
    const wide = new Uint32Array(rows)
    const seen = new Uint8Array(limit)
    const counts = new Uint32Array(limit)
    withProgram((program) => {
      const out = arena.take(words.byteLength)
      const widened = arena.take(wide.byteLength)
      const whole: Operand = { base: 0, stride: 1, of: chunkNumber.words }
      const filtered: Operand = { base: out, stride: 4, of: chunkNumber.word }
      program.call(`filter${bits}`, columnOf(codes), whole, table(passing), filtered)
      if (bits !== 32)
        program.call(`widen${bits}`, columnOf(codes), recordCount, perRecord(widened, 4))
      const seenBy = program.bytes(limit)
      program.call(`seen${bits}`, columnOf(codes), recordCount, seenBy.at)
      const counted = program.words(limit)
      program.call(`count${bits}`, columnOf(codes), recordCount, counted.at)
      program.atEnd(() => {
        words.set(new Uint32Array(arena.buffer, out, words.length))
        wide.set(bits === 32 ? codes : new Uint32Array(arena.buffer, widened, rows))
        for (const part of seenBy.each) markAll(seen, part)
        for (const part of counted.each) addAll(counts, part)
      })
    })
    for (let row = 0; row < rows; row++)
      expect((words[row >>> 5]! >>> (row & 31)) & 1).toBe(passing[codes[row]!])
    expect(wide).toEqual(Uint32Array.from(codes))
    const expected = new Uint32Array(limit)
    for (const code of codes) expected[code]! += 1
    expect(counts).toEqual(expected)
    expect(seen).toEqual(Uint8Array.from(expected, (count) => Number(count > 0)))
  })

  it('lists and gathers rows whose bit is set', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(20), (share, salt) => {
        const set = codesBelow(1000, salt).map((number) => Number(number < share * 1000))
        const members = [...set.keys()].filter((row) => set[row] === 1)
        const words = new Uint32Array(Math.ceil(rows / 32))
        for (const row of members) words[row >>> 5]! |= 1 << (row & 31)
        const list = new Uint32Array(members.length)
        const counts = new Uint32Array(limit)
        const gathered = new width(members.length)
        withProgram((program) => {
          expect(program.chunks.records).toBe(members.length)
          const listAt = arena.take(list.byteLength)
          const at = arena.take(gathered.byteLength)
          program.call(
            'members',
            { base: arena.table(words), stride: 4, of: chunkNumber.word },
            { base: 0, stride: 1, of: chunkNumber.words },
            { base: 0, stride: 1, of: chunkNumber.row },
            perRecord(listAt, 4),
          )
          program.call(
            `gather${bits}`,
            table(codes),
            perRecord(listAt, 4),
            recordCount,
            perRecord(at, width.BYTES_PER_ELEMENT),
          )
          const ofBits = [
            table(codes),
            { base: arena.table(words), stride: 4, of: chunkNumber.word },
            { base: 0, stride: 1, of: chunkNumber.words },
            { base: 0, stride: 1, of: chunkNumber.row },
          ] as const
          const seen = program.bytes(limit)
          const counted = program.words(limit)
          program.call(`seenOfBits${bits}`, ...ofBits, seen.at)
          program.call(`countOfBits${bits}`, ...ofBits, counted.at)
          program.atEnd(() => {
            for (const part of counted.each) addAll(counts, part)
            for (const [code, one] of seen.each[0]!.entries())
              expect(one).toBe(Number(counts[code]! > 0))
            list.set(new Uint32Array(arena.buffer, listAt, list.length))
            new Uint8Array(gathered.buffer).set(
              new Uint8Array(arena.buffer, at, gathered.byteLength),
            )
          })
        }, words)
        expect([...list]).toEqual(members)
        const expected = new Uint32Array(limit)
        for (const row of members) expected[codes[row]!]! += 1
        expect(counts).toEqual(expected)
        expect(gathered).toEqual(new width(members.map((row) => codes[row]!)))
      }),
      { seed, numRuns: 20 },
    )
  })

  it('positions of one and two dimensions, and which are there', () => {
    const a = codesBelow(40, 2)
    const b = codesBelow(5, 3)
    const steps = new width(Array.from({ length: 40 }, (_, code) => (code % 7) * 5))
    const more = new width([0, 1, 2, 3, 4])
    const one = new Uint32Array(rows)
    const two = new Uint32Array(rows)
    const present = new Uint8Array(35)
    withProgram((program) => {
      const [first, both] = [arena.take(rows * 4), arena.take(rows * 4)]
      const seen = program.bytes(35)
      const places = [table(steps), columnOf(a)] as const
      program.call(
        `markOne${bits}`,
        ...places,
        recordCount,
        perRecord(first, 4),
        program.bytes(35).at,
      )
      const out = perRecord(both, 4)
      program.call(`markTwo${bits}`, ...places, table(more), columnOf(b), recordCount, out, seen.at)
      program.atEnd(() => {
        one.set(new Uint32Array(arena.buffer, first, rows))
        two.set(new Uint32Array(arena.buffer, both, rows))
        for (const part of seen.each) markAll(present, part)
      })
    })
    expect(one).toEqual(a.map((code) => steps[code]!))
    expect(two).toEqual(a.map((code, row) => steps[code]! + more[b[row]!]!))
    const expected = new Set(two)
    expect([...present]).toEqual(Array.from(present, (_, at) => Number(expected.has(at))))
  })
})

describe('kernels over groups equal loops', () => {
  const groups = codesBelow(30, 4)
  const codes = codesBelow(200, 5)
  const values = Int32Array.from({ length: 200 }, (_, code) => (code - 100) * 1_000_003)
  const numbers = Float64Array.from(values, (value, code) => (code % 9 === 0 ? Number.NaN : value))
  const counted = Uint8Array.from(values, (_, code) => code % 2)
  const addend = (row: number): number => values[codes[row]!]!
  const best = (row: number, pick: (...numbers: number[]) => number, all: number): number => {
    const number = numbers[codes[row]!]!
    return Number.isNaN(number) ? all : pick(all, number)
  }
  const folded = (initial: number, step: (all: number, row: number) => number): number[] => {
    const all = new Array<number>(30).fill(initial)
    for (const [row, group] of groups.entries()) all[group] = step(all[group]!, row)
    return all
  }
  const cases = [
    ['sum', 0, [table(values)], (all: number, row: number) => all + addend(row)],
    ['tallySome', 0, [table(counted)], (all: number, row: number) => all + counted[codes[row]!]!],
    ['least', Infinity, [table(numbers)], (all: number, row: number) => best(row, Math.min, all)],
    ['most', -Infinity, [table(numbers)], (all: number, row: number) => best(row, Math.max, all)],
  ] as const
  const ofAll = { sum: 'sumAll', tallySome: 'tallyAll', least: 'leastOfAll', most: 'mostOfAll' }

  it.each(cases)('%s', (name, initial, tables, step) => {
    const found = new Float64Array(30)
    let total = 0
    withProgram((program) => {
      const parts = program.doubles(30, initial)
      const whole = program.doubles(1, initial)
      program.call(name, columnOf(groups), columnOf(codes), recordCount, ...tables, parts.at)
      program.call(ofAll[name], columnOf(codes), recordCount, ...tables, whole.at)
      program.atEnd(() => {
        found.set(parts.each[0]!)
        total = whole.each[0]![0]!
      })
    })
    expect([...found]).toEqual(folded(initial, step))
    let expected = initial
    for (let row = 0; row < rows; row++) expected = step(expected, row)
    expect(total).toBe(expected)
  })

  it('records and distinct codes', () => {
    const counts = new Float64Array(30)
    const bits = new Uint32Array(30 * 7)
    withProgram((program) => {
      const tallied = program.doubles(30)
      const marked = program.words(30 * 7)
      program.call('tally', columnOf(groups), recordCount, tallied.at)
      program.call('mark', columnOf(groups), columnOf(codes), recordCount, marked.at, { base: 28 })
      program.atEnd(() => {
        counts.set(tallied.each[0]!)
        bits.set(marked.each[0]!)
      })
    })
    expect([...counts]).toEqual(folded(0, (all) => all + 1))
    const expected = new Uint32Array(30 * 7)
    for (const [row, group] of groups.entries())
      expected[group * 7 + (codes[row]! >>> 5)]! |= 1 << (codes[row]! & 31)
    expect(bits).toEqual(expected)
  })
})

describe('the arena', () => {
  it('gives back what was taken and makes room when it is full', () => {
    const small = own()
    const before = small.generation
    expect(() => small.take(8)).toThrow(NotInArena)
    const first = small.borrow(() => small.take(64))
    expect(small.borrow(() => small.take(64))).toBe(first)
    const values = new Uint32Array(1 << 18)
    const at = small.borrow(() => small.table(values))
    expect(small.borrow(() => small.table(values))).toBe(at)
    small.borrow(() => {
      small.keep(1 << 21)
      expect(() => small.keep(1 << 20)).toThrow(NotInArena)
      expect(small.table(values)).toBe(at)
    })
    expect(small.borrow(() => small.generation)).toBe(before + 1)
    expect(() => small.borrow(() => small.take(1 << 23))).toThrow(NotInArena)
  })

  it('tries again without what was kept, once', () => {
    const small = own()
    small.borrow(() => small.keep(1 << 21))
    const calls: number[] = []
    expect(small.attempt(() => calls.push(small.keep(1 << 21)))).toBe(1)
    expect(small.attempt(() => calls.push(small.keep(1 << 24)))).toBeUndefined()
    expect(calls).toHaveLength(1)
    expect(() =>
      small.attempt(() => {
        throw new RangeError('of the work itself')
      }),
    ).toThrow(RangeError)
  })

  it('is there for buffers of kernel memory alone', () => {
    const { buffer } = arena
    expect(arenaOf(new ArrayBuffer(8))).toBeUndefined()
    expect(arenaOf(buffer)).toBe(arenaOf(buffer))
    enableKernels(false)
    expect(arenaOf(buffer)).toBeUndefined()
    enableKernels(true)
  })
})
