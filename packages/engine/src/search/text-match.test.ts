import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadView } from '../../test/oracle/load.ts'
import { Dual, type Value } from '../value/dual.ts'
import { symbolsOfPattern, symbolsOfText, symbolsWithWord } from './text-match.ts'
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

function compare(
  values: readonly Value[],
  find: (symbols: ReturnType<typeof symbolsOf>) => Iterable<number>,
  matches: (text: string) => boolean,
): void {
  const symbols = symbolsOf(values)
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

function symbolsOf(values: readonly Value[]) {
  const view = loadView([{ name: 'T', fields: ['F'], rows: values.map((value) => [value]) }])
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
})
