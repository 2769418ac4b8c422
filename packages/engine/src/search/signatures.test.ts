import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadView } from '../../test/oracle/load.ts'
import { createAllocator } from '../storage/allocator.ts'
import { StoredSymbols } from '../storage/stored-symbols.ts'
import type { SymbolSegment, SymbolTable } from '../storage/symbol-table.ts'
import type { Value } from '../value/dual.ts'
import { defaultFormatSettings } from '../value/format-settings.ts'
import { Signatures } from './signatures.ts'
import { symbolsOfPattern, symbolsOfText, symbolsWithWord } from './text-match.ts'
import { searchBytes } from './text-scan.ts'
import { hasWordFrom } from './words.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 500)

const ascii = ['a', 'b', 'A', 'B', 'i', 'k', 'K', '1', '7', 'q', ' ', '-', '@', '`', '[', '{', '\t']
const letters = [...ascii, 'é', 'İ', '\u212a', 'ß', '€', '\0', '\x7f']
const text = (of: readonly string[], minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...of), { minLength, maxLength }).map((all) => all.join(''))
const texts = fc.uniqueArray(text(letters, 1, 12), { minLength: 2, maxLength: 40 })
const fragment = text([...ascii, '\0', '\x7f'], 2, 4).map((part) => part.toLowerCase())

/** The end of a text with the beginning of the next one: no text need hold it. */
function overBorder(all: readonly string[], at: number): string {
  const before = all[at % all.length] ?? ''
  const after = all[(at + 1) % all.length] ?? ''
  return (before.slice(-1) + after.slice(0, 2)).toLowerCase()
}

const isAscii = (part: string): boolean => [...part].every((character) => character < '\x80')

function symbolsOf(values: readonly Value[]): SymbolTable {
  const view = loadView([{ name: 'T', fields: ['F'], rows: values.map((value) => [value]) }])
  return view.fields[0]?.symbols ?? expect.fail()
}

function segmentOf(values: readonly string[]): SymbolSegment {
  return symbolsOf(values).segments[0] ?? expect.fail()
}

/** Texts enough for signatures: the given ones, each with many endings, and numbers. */
function manyOf(given: readonly string[], count: number): Value[] {
  return Array.from({ length: count }, (_, i) =>
    i % 97 === 0
      ? i
      : `${given[i % given.length]}${i.toString(36)}${given[(i * 7) % given.length]}`,
  )
}

function naive(symbols: SymbolTable, matches: (text: string) => boolean): number[] {
  return Array.from({ length: symbols.count }, (_, symbol) => symbol).filter((symbol) =>
    matches(symbols.textAt(symbol).toLowerCase()),
  )
}

const escaped = (part: string): boolean => /[*?^]/.test(part)

describe(`signatures (seed ${seed})`, { timeout: 60_000 }, () => {
  it('name every text whose bytes hold the fragment, and no other where they say so', () => {
    fc.assert(
      fc.property(texts, fragment, fc.nat(40), fc.boolean(), (all, part, at, border) => {
        const wanted = border ? overBorder(all, at) : part
        fc.pre(wanted.length > 1 && isAscii(wanted))
        const candidates = new Signatures(segmentOf(all)).candidates(wanted)
        if (candidates === undefined) return
        const lower = (value: string): string =>
          value.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
        const holding = all.flatMap((value, i) => (lower(value).includes(wanted) ? [i] : []))
        const named = [...candidates.texts.toArray()]
        expect(holding.filter((i) => !candidates.texts.has(i))).toEqual([])
        if (candidates.isExact) expect(named).toEqual(holding)
      }),
      { seed, numRuns: numRuns * 2 },
    )
  })

  it('do not change what is found', () => {
    fc.assert(
      fc.property(
        texts,
        fc.array(fragment, { minLength: 1, maxLength: 3 }),
        fc.nat(40),
        (all, parts, at) => {
          const values = manyOf(all, 8200)
          const signed = symbolsOf(values)
          const border = overBorder(all, at)
          const wanted = [...parts, border, all[at % all.length]?.slice(0, 3).toUpperCase() ?? '']
          symbolsOfPattern(signed, '*ab*')
          symbolsOfPattern(signed, '*ab*')
          for (const part of wanted.filter((some) => !escaped(some))) {
            const lower = part.toLowerCase()
            const fresh = symbolsOf(values)
            const includes = naive(signed, (shown) => shown.includes(lower))
            expect([...symbolsOfPattern(fresh, `*${part}*`).toArray()]).toEqual(includes)
            expect([...symbolsOfPattern(signed, `*${part}*`).toArray()]).toEqual(includes)
            expect([...symbolsWithWord(signed, [lower, 'b1']).toArray()]).toEqual(
              naive(signed, (shown) => hasWordFrom(shown, lower) || hasWordFrom(shown, 'b1')),
            )
            const whole = signed.textAt(at).toUpperCase()
            expect([...symbolsOfText(signed, whole).toArray()]).toEqual(
              naive(signed, (shown) => shown === whole.toLowerCase()),
            )
          }
        },
      ),
      { seed, numRuns: Math.ceil(numRuns / 50) },
    )
  })

  it('leave every place of a candidate to the check', () => {
    const few = ['overlap LAP', 'overlap', 'é-lap', 'élap lap', 'élap', 'la ap', 'lap', '\u212alap']
    const values = Array.from({ length: 9000 }, (_, i) =>
      i % 20 === 0 ? `${few[(i / 20) % few.length]} ${i}` : `other ${i}`,
    )
    const symbols = symbolsOf(values)
    for (let time = 0; time < 3; time++) {
      expect([...symbolsWithWord(symbols, ['lap']).toArray()]).toEqual(
        naive(symbols, (shown) => hasWordFrom(shown, 'lap')),
      )
      expect([...symbolsOfPattern(symbols, '*lap?*0').toArray()]).toEqual(
        naive(symbols, (shown) => /lap.*.0$/u.test(shown)),
      )
      expect([...symbolsOfPattern(symbols, '*klap*').toArray()]).toEqual(
        naive(symbols, (shown) => shown.includes('klap')),
      )
    }
  })

  it('are made by segment, the last word of a slice not being full', () => {
    const allocator = createAllocator()
    const first = segmentOf(Array.from({ length: 8195 }, (_, i) => `Alpha ${i} beta`))
    const second = segmentOf(Array.from({ length: 8226 }, (_, i) => `gamma ${i} ALPHA`))
    const symbols = new StoredSymbols({
      segments: [first, { ...second, start: first.count }],
      format: null,
      settings: defaultFormatSettings,
      variants: [],
      allocator,
    })
    const found = (part: string): number[] => [...symbolsOfPattern(symbols, `*${part}*`).toArray()]
    for (const part of ['al', 'alpha', '99 beta', 'ma 41', '7 a', 'aa', 'lphag', 'ag', '12'])
      for (let time = 0; time < 3; time++)
        expect(found(part)).toEqual(naive(symbols, (shown) => shown.includes(part)))
  })

  it('are made at the second search for two characters or more, and are counted', () => {
    const symbols = symbolsOf(Array.from({ length: 9000 }, (_, i) => `name ${i}`))
    expect(searchBytes(symbols)).toBe(0)
    symbolsOfPattern(symbols, '*n*')
    symbolsOfPattern(symbols, '*é*')
    symbolsWithWord(symbols, ['name', '12'])
    expect(searchBytes(symbols)).toBe(0)
    symbolsOfPattern(symbols, '*na*')
    const bytes = searchBytes(symbols)
    expect(bytes).toBeGreaterThan(9000 * 31)
    expect(bytes).toBeLessThan(9000 * 32 + 20_000)
    symbolsOfPattern(symbols, '*me*')
    expect(searchBytes(symbols)).toBe(bytes)
  })

  it('are not made for few texts', () => {
    const symbols = symbolsOf(['one', 'two', 'é'])
    for (let time = 0; time < 3; time++) symbolsOfPattern(symbols, '*tw*')
    expect(searchBytes(symbols)).toBe(4)
  })
})
