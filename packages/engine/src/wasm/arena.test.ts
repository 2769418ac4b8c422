import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Arena, arena, blockSlots, enableKernels } from './arena.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)

function own(): Arena {
  const found = arena()
  if (found === null) throw new Error('this runtime has WebAssembly')
  return found
}

/** Codes below some limit: as many as a block at most, and not always whole turns of a loop. */
const block = (limit: number) =>
  fc.array(fc.nat(limit - 1), { maxLength: 70 }).map((codes) => Uint32Array.from(codes))
const pair = fc.tuple(fc.array(fc.tuple(fc.nat(99), fc.nat(49)), { maxLength: 70 }))

/** A region that must be there. */
function taken<T>(region: T | undefined): T {
  if (region === undefined) throw new Error('the arena has room')
  return region
}

describe(`kernels equal loops (seed ${seed})`, () => {
  it.each([
    [8, Uint8Array],
    [16, Uint16Array],
    [32, Uint32Array],
  ] as const)(
    'positions of one and two dimensions, and which are there, by steps of %s bits',
    (bits, width) => {
      fc.assert(
        fc.property(pair, ([codes]) => {
          const a = Uint32Array.from(codes, ([code]) => code)
          const b = Uint32Array.from(codes, ([, code]) => code)
          const { kernels } = own()
          own().borrow(() => {
            const one = new width(own().buffer, taken(own().room(100 * 4)), 100)
            const two = new width(own().buffer, taken(own().room(50 * 4)), 50)
            for (let code = 0; code < 100; code++) one[code] = (code % 7) * 5
            for (let code = 0; code < 50; code++) two[code] = code % 5
            const out = taken(own().words(blockSlots))
            const present = taken(own().bytes(40))
            const at = own().firstBlock(a, a.length)
            const places = [out.byteOffset, present.byteOffset] as const
            kernels[`markOne${bits}`](one.byteOffset, at, a.length, ...places)
            const expected = Array.from(a, (code) => one[code] ?? 0)
            expect([...out.subarray(0, a.length)]).toEqual(expected)
            expect(out[a.length]).toBe(0)
            expect([...present]).toEqual([...present].map((_, id) => Number(expected.includes(id))))
            const second = own().secondBlock(b, b.length)
            kernels[`markTwo${bits}`](
              one.byteOffset,
              at,
              two.byteOffset,
              second,
              a.length,
              ...places,
            )
            expect([...out.subarray(0, a.length)]).toEqual(
              Array.from(a, (code, i) => (one[code] ?? 0) + (two[b[i] ?? 0] ?? 0)),
            )
          })
        }),
        { seed },
      )
    },
  )

  it('sums, tallies and bits by group', () => {
    fc.assert(
      fc.property(block(30), fc.infiniteStream(fc.nat(199)), (groups, stream) => {
        const codes = Uint32Array.from(groups, () => stream.next().value ?? 0)
        const values = Int32Array.from({ length: 200 }, (_, code) => (code - 100) * 1_000_003)
        const { kernels } = own()
        own().borrow(() => {
          const table = taken(own().table(values))
          const sums = taken(own().doubles(30))
          const counts = taken(own().doubles(30))
          const bits = taken(own().words(30 * 7))
          const [g, c] = [
            own().firstBlock(groups, groups.length),
            own().secondBlock(codes, codes.length),
          ]
          kernels.sum(g, c, groups.length, table, sums.byteOffset)
          kernels.tally(g, groups.length, counts.byteOffset)
          kernels.mark(g, c, groups.length, bits.byteOffset, 7 * 4)
          for (let group = 0; group < 30; group++) {
            const there = [...codes].filter((_, i) => groups[i] === group)
            expect(counts[group]).toBe(there.length)
            expect(sums[group]).toBe(there.reduce((all, code) => all + (values[code] ?? 0), 0))
            for (let code = 0; code < 200; code++)
              expect(((bits[group * 7 + (code >>> 5)] ?? 0) >>> (code & 31)) & 1).toBe(
                Number(there.includes(code)),
              )
          }
        })
      }),
      { seed, numRuns: 40 },
    )
  })
})

describe('kernels over bits and codes equal loops', () => {
  const wordsOf = fc.array(fc.constantFrom(0, 1, 0x80000000, 0xffffffff, 0x0f0f0001), {
    maxLength: 40,
  })

  it('members', () => {
    fc.assert(
      fc.property(wordsOf, (words) => {
        own().borrow(() => {
          const bits = taken(own().words(40))
          bits.set(words)
          const out = taken(own().words(40 * 32))
          const end = taken(own().words(1))
          own().kernels.members(bits.byteOffset, words.length, 64, out.byteOffset, end.byteOffset)
          const expected = words.flatMap((word, w) =>
            Array.from({ length: 32 }, (_, bit) => bit)
              .filter((bit) => (word >>> bit) & 1)
              .map((bit) => 64 + w * 32 + bit),
          )
          const count = (taken(end[0]) - out.byteOffset) / 4
          expect([...out.subarray(0, count)]).toEqual(expected)
        })
      }),
      { seed },
    )
  })

  it.each([
    ['filter8', 200, Uint8Array],
    ['filter16', 5000, Uint16Array],
    ['filter32', 5000, Uint32Array],
  ] as const)('%s', (name, widest, width) => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5 }), fc.nat(), (words, salt) => {
        own().borrow(() => {
          const codes = new width(words * 32)
          for (let i = 0; i < codes.length; i++) codes[i] = ((i + 1) * (salt % 7919)) % widest
          const room = taken(own().bytes(codes.byteLength))
          room.set(new Uint8Array(codes.buffer))
          const passes = taken(own().bytes(widest))
          for (let code = 0; code < widest; code++) passes[code] = Number(code % 3 === 1)
          const out = taken(own().words(6))
          own().kernels[name](room.byteOffset, words, passes.byteOffset, out.byteOffset)
          for (let i = 0; i < 6 * 32; i++)
            expect(((out[i >>> 5] ?? 0) >>> (i & 31)) & 1).toBe(
              i < codes.length ? (passes[codes[i] ?? 0] ?? 0) : 0,
            )
        })
      }),
      { seed, numRuns: 30 },
    )
  })
})

describe('the arena', () => {
  it('gives nothing outside of a loan, and the same room again to the next one, empty', () => {
    expect(own().words(10)).toBeUndefined()
    const first = own().borrow(() => taken(own().words(10)).fill(7))
    own().borrow(() => {
      const again = taken(own().words(10))
      expect(again.byteOffset).toBe(first.byteOffset)
      expect([...again]).toEqual(new Array(10).fill(0))
      const inner = own().borrow(() => taken(own().doubles(3)).byteOffset)
      expect(taken(own().bytes(5)).byteOffset).toBe(inner)
    })
  })

  it('gives the room back when the work fails', () => {
    const before = own().borrow(() => taken(own().words(1)).byteOffset)
    expect(() =>
      own().borrow(() => {
        own().words(1000)
        throw new Error('failed')
      }),
    ).toThrow('failed')
    expect(own().borrow(() => taken(own().words(1)).byteOffset)).toBe(before)
  })

  it('says no to what is too large, and drops tables before the next loan when there is no room for more', () => {
    const large = () => new Int32Array(1_500_000)
    own().borrow(() => {
      expect(own().doubles(10_000_000)).toBeUndefined()
      const [one, two] = [large(), large()]
      const at = taken(own().table(one))
      expect(own().table(one)).toBe(at)
      expect(own().table(two)).not.toBe(at)
      expect(own().table(large())).toBeUndefined()
      expect(own().table(one)).toBe(at)
    })
    own().borrow(() => expect(own().table(large())).toBeDefined())
  })

  it('is not there when kernels are off', () => {
    enableKernels(false)
    expect(arena()).toBeNull()
    enableKernels(true)
    expect(arena()).not.toBeNull()
  })
})
