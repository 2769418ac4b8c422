import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadView } from '../../test/oracle/load.ts'
import { createAllocator } from '../storage/allocator.ts'
import { StoredSymbols } from '../storage/stored-symbols.ts'
import { Dual, type Value } from '../value/dual.ts'
import { defaultFormatSettings } from '../value/format-settings.ts'
import { arenaOf } from '../wasm/arena.ts'
import { symbolsOfPattern, symbolsOfText, symbolsWithWord } from './text-match.ts'
import { searchBytes } from './text-scan.ts'
import { compileWordWildcard } from './word-wildcard.ts'
import { hasWordFrom } from './words.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 500)

/** Few letters, so that searches are found; letters whose lower case is longer, is ASCII, or depends on the place. */
const letters = [
  'a',
  'b',
  'A',
  'B',
  'i',
  'k',
  'K',
  '7',
  ' ',
  '-',
  'é',
  'É',
  'İ',
  'K',
  'ß',
  'Σ',
  '€',
  '😀',
  '@',
  '`',
  '[',
]
const text = (maxLength: number, of = letters): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...of), { maxLength }).map((all) => all.join(''))

const arbitraryValues: fc.Arbitrary<readonly Value[]> = fc.array(
  fc.oneof(
    text(24),
    text(8, ['a', 'b', 'A', 'B', 'k', ' ']),
    fc.nat(2000),
    fc.nat(50).map((number) => new Dual(`k${number} AB`, number + 3000)),
  ),
  { maxLength: 12 },
)

type Symbols = ReturnType<typeof symbolsOf>

/** Where the texts are read by loops, and where by kernels. */
function compare(
  values: readonly Value[],
  find: (symbols: Symbols) => Iterable<number>,
  matches: (text: string) => boolean,
): void {
  for (const kernelsFrom of [0, Number.POSITIVE_INFINITY]) {
    const symbols = symbolsOf(values, kernelsFrom)
    const { buffer, length } = symbols.segments[0]?.bytes ?? expect.fail()
    if (length > 0) expect(arenaOf(buffer) !== undefined).toBe(kernelsFrom === 0)
    compareIn(symbols, find, matches)
  }
}

function compareIn(
  symbols: Symbols,
  find: (symbols: Symbols) => Iterable<number>,
  matches: (text: string) => boolean,
): void {
  const expected = Array.from({ length: symbols.count }, (_, symbol) => symbol).filter((symbol) =>
    matches(symbols.textAt(symbol)),
  )
  expect([...find(symbols)]).toEqual(expected)
}

interface Hole {
  readonly at: number
  readonly length: number
  readonly by: string
}

/** A value with some of its characters replaced by wildcards, so that the pattern is mostly found. */
function withHoles(value: string, holes: readonly Hole[]): string {
  return holes.reduce((pattern, { at, length, by }) => {
    const from = at % (pattern.length + 1)
    return pattern.slice(0, from) + by + pattern.slice(from + (by === '?' ? 1 : length))
  }, value)
}

function symbolsOf(values: readonly Value[], kernelsFrom: number) {
  const table = { name: 'T', fields: ['F'], rows: values.map((value) => [value]) }
  const view = loadView([table], [], { kernelsFrom })
  return view.fields[0]?.symbols ?? expect.fail()
}

describe(`searching stored bytes against decoded texts (seed ${seed})`, { timeout: 60_000 }, () => {
  it('finds words by their beginning', () => {
    fc.assert(
      fc.property(arbitraryValues, fc.array(text(4), { maxLength: 2 }), (values, raw) => {
        const terms = raw.map((term) => term.toLowerCase())
        compare(
          values,
          (symbols) => symbolsWithWord(symbols, terms).toArray(),
          (shown) => terms.some((term) => hasWordFrom(shown.toLowerCase(), term)),
        )
      }),
      { seed, numRuns },
    )
  })

  it('finds whole texts', () => {
    fc.assert(
      fc.property(arbitraryValues, fc.nat(11), text(3), (values, at, other) => {
        const value = values[at]
        const wanted = typeof value === 'string' ? value.toUpperCase() : other
        compare(
          values,
          (symbols) => symbolsOfText(symbols, wanted).toArray(),
          (shown) => shown.toLowerCase() === wanted.toLowerCase(),
        )
      }),
      { seed, numRuns },
    )
  })

  it('finds patterns', () => {
    const pattern = text(9, [...letters, '*', '*', '*', '*', '?', '?', '^'])
    const cuts = fc.array(
      fc.record({ at: fc.nat(30), length: fc.nat(6), by: fc.constantFrom('*', '?', '^', '*^') }),
      {
        maxLength: 3,
      },
    )
    fc.assert(
      fc.property(
        arbitraryValues,
        fc.nat(11),
        cuts,
        pattern,
        fc.nat(3),
        (values, at, holes, other, kind) => {
          const value = values[at]
          const like = typeof value === 'string' && kind > 0 ? withHoles(value, holes) : other
          const wanted = kind === 1 ? `*${like}*` : like
          compare(
            values,
            (symbols) => symbolsOfPattern(symbols, wanted).toArray(),
            compileWordWildcard(wanted),
          )
        },
      ),
      { seed, numRuns: numRuns * 2 },
    )
  })

  it('finds parts of long texts', () => {
    const long = 'The quick brown fox jumps over the lazy dog, and again: the quick BROWN foxes'
    const values = Array.from({ length: 60 }, (_, at) => long.slice(at % 40) + at)
    for (let at = 0; at < 40; at += 3) {
      for (const length of [1, 2, 3, 8, 9, 10, 25]) {
        const part = long.slice(at, at + length)
        compare(
          values,
          (symbols) => symbolsOfPattern(symbols, `*${part.toUpperCase()}*`).toArray(),
          (shown) => shown.toLowerCase().includes(part.toLowerCase()),
        )
      }
    }
  })

  it('looks at every place of a fragment in a text', () => {
    const few = ['overlap LAP', 'overlap', 'é-lap', 'élap lap', 'élap', 'la ap', 'lap', '\u212alap']
    const values = Array.from({ length: 9000 }, (_, i) => {
      if (i % 97 === 0) return i
      return i % 20 === 0 ? `${few[(i / 20) % few.length]} ${i}` : `other ${i}`
    })
    for (const term of ['lap', 'l', '1', '97'])
      compare(
        values,
        (symbols) => symbolsWithWord(symbols, [term]).toArray(),
        (shown) => hasWordFrom(shown.toLowerCase(), term),
      )
    for (const pattern of ['*lap?*0', '*klap*', '*é*', '*lap 1*', 'l*', '*97*', '*O*^la*'])
      compare(
        values,
        (symbols) => symbolsOfPattern(symbols, pattern).toArray(),
        compileWordWildcard(pattern),
      )
  })
})

describe('a symbol table of several segments', () => {
  const segments = [
    Array.from({ length: 8195 }, (_, i) => `Alpha ${i} beta`),
    Array.from({ length: 8226 }, (_, i) => (i % 50 === 0 ? `é ${i} alphä` : `gamma ${i} ALPHA`)),
  ].map((texts) => symbolsOf(texts, 0).segments[0] ?? expect.fail())
  const symbols = new StoredSymbols({
    segments: segments.map((segment, i) => ({ ...segment, start: i * 8195 })),
    format: null,
    settings: defaultFormatSettings,
    variants: [],
    allocator: createAllocator(),
  })

  it('is searched segment by segment', () => {
    for (const part of ['a', 'alpha', '99 beta', 'ma 41', '7 a', 'aa', 'lphag', '12', 'alphä']) {
      compareIn(
        symbols,
        () => symbolsOfPattern(symbols, `*${part}*`).toArray(),
        (shown) => shown.toLowerCase().includes(part),
      )
      compareIn(
        symbols,
        () => symbolsWithWord(symbols, [part, 'b']).toArray(),
        (shown) => [part, 'b'].some((term) => hasWordFrom(shown.toLowerCase(), term)),
      )
    }
  })

  it('keeps which texts are to be decoded, and nothing else', () => {
    expect(searchBytes(symbols)).toBe(Math.ceil(8226 / 32) * 4)
    const few = symbolsOf(['one', 2, 'three\u212a'], Number.POSITIVE_INFINITY)
    expect(searchBytes(few)).toBe(0)
    symbolsOfPattern(few, '*tw*')
    expect(searchBytes(few)).toBe(12)
  })
})
