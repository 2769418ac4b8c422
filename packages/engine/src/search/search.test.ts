import { describe, expect, it } from 'vitest'
import { loadView } from '../../test/oracle/load.ts'
import { Bitset } from '../storage/bitset.ts'
import { Dual, type Value } from '../value/dual.ts'
import { defaultFormatSettings } from '../value/format-settings.ts'
import { closeness, editDistance } from './closeness.ts'
import { compileSearch, type SearchOptions } from './search.ts'
import { parseSearch } from './search-string.ts'

function symbolsOf(values: readonly Value[]) {
  const view = loadView([{ name: 'T', fields: ['F'], rows: values.map((value) => [value]) }])
  return view.fields[0]?.symbols ?? expect.fail()
}

const names = symbolsOf([
  'New York',
  'Newark',
  'York',
  'Old Newport',
  'renew',
  'Saint-New',
  '(none)',
  'Überlingen',
  'a*b',
])
const numbers = symbolsOf([1, 5, 10, 20, 20.5, -3, 'n/a'])
const dates = symbolsOf([
  new Dual('2026-01-05', 46027),
  new Dual('2026-02-01', 46054),
  new Dual('2026-03-01', 46082),
])
const months = symbolsOf([new Dual('Jan', 1), new Dual('Feb', 2)])

function found(text: string, symbols = names, options: SearchOptions = {}): string[] {
  const result = compileSearch(text, symbols, defaultFormatSettings, options)
  return [...result.symbols.toArray()].map((symbol) => symbols.textAt(symbol))
}

describe('search in a list box', () => {
  it('finds words that begin with any term', () => {
    expect(found('new')).toEqual(['New York', 'Newark', 'Old Newport', 'Saint-New'])
    expect(found('YORK old')).toEqual(['New York', 'York', 'Old Newport'])
    expect(found('^york')).toEqual(['New York', 'York'])
    expect(found('ÜBER')).toEqual(['Überlingen'])
    expect(found('(none)')).toEqual(['(none)'])
    expect(found('none')).toEqual(['(none)'])
    expect(found('zzz')).toEqual([])
    expect(found('  ')).toHaveLength(9)
  })

  it('takes quoted text as one term', () => {
    expect(found('"new york"')).toEqual(['New York'])
    expect(found('new york')).toEqual(['New York', 'Newark', 'York', 'Old Newport', 'Saint-New'])
    expect(found('"a*b"')).toEqual(['a*b'])
  })

  it('matches patterns against the whole value', () => {
    expect(found('new*')).toEqual(['New York', 'Newark'])
    expect(found('*new*')).toEqual(['New York', 'Newark', 'Old Newport', 'renew', 'Saint-New'])
    expect(found('?ork')).toEqual(['York'])
    expect(found('*^new*')).toEqual(['New York', 'Newark', 'Old Newport', 'Saint-New'])
    expect(found('*^y?rk')).toEqual(['New York', 'York'])
    expect(found('* york')).toEqual(['New York'])
  })

  it('compares numbers and dates', () => {
    expect(found('>5', numbers)).toEqual(['10', '20', '20.5'])
    expect(found('>=5<=20', numbers)).toEqual(['5', '10', '20'])
    expect(found('> 5 < 20', numbers)).toEqual(['10'])
    expect(found('<0', numbers)).toEqual(['-3'])
    expect(found('>x', numbers)).toEqual([])
    expect(found('>=2026-02-01', dates)).toEqual(['2026-02-01', '2026-03-01'])
    expect(found('<2026-02-01', dates)).toEqual(['2026-01-05'])
  })

  it('finds a number typed another way, but not a name by its number', () => {
    expect(found('20.50', numbers)).toEqual(['20.5'])
    expect(found('2026-02-01 00:00:00', dates)).toEqual(['2026-02-01'])
    expect(found('1', months)).toEqual([])
    expect(found('ja', months)).toEqual(['Jan'])
  })

  it('combines searches', () => {
    expect(found('(newark|york)')).toEqual(['New York', 'Newark', 'York'])
    expect(found('(new&york)')).toEqual(['New York'])
    expect(found('(new^york)')).toEqual(['Newark', 'York', 'Old Newport', 'Saint-New'])
    expect(found('((new&york)|renew)')).toEqual(['New York', 'renew'])
    expect(found('(*new*&(*ork|^old))')).toEqual(['New York', 'Old Newport'])
    expect(found('(>5&<20)', numbers)).toEqual(['10'])
    expect(found('(newark|)')).toEqual(['Newark'])
  })

  it('ranks by closeness', () => {
    const result = compileSearch('~newyork', names, defaultFormatSettings)
    expect(names.textAt(result.ranking?.[0] ?? 0)).toBe('New York')
    expect(found('~Newrk')).toContain('Newark')
    expect(found('~Newrk')).not.toContain('Überlingen')
    expect(compileSearch('new', names, defaultFormatSettings).ranking).toBeNull()
  })

  it('hands expressions to their evaluator', () => {
    const expression = (text: string): Bitset => Bitset.of(9, text === 'Sum(x)>3' ? [2] : [])
    expect(found('=Sum(x)>3', names, { expression })).toEqual(['York'])
    expect(() => found('=1')).toThrow(/expression search/)
  })

  it('says where a text matched', () => {
    const ranges = (text: string, symbol: number) =>
      compileSearch(text, names, defaultFormatSettings).ranges(symbol)
    expect(ranges('york new', 0)).toEqual([
      { start: 0, length: 3 },
      { start: 4, length: 4 },
    ])
    expect(ranges('*ark', 1)).toEqual([{ start: 3, length: 3 }])
    expect(ranges('new', 2)).toEqual([])
  })

  it('limits length and depth', () => {
    expect(() => found('x'.repeat(10_001))).toThrow(/10001 characters/)
    expect(() => found(`${'('.repeat(50)}a|b${')'.repeat(50)}`)).toThrow(/nests more than/)
    const stars = symbolsOf(['a'.repeat(5000)])
    expect(found(`${'*a'.repeat(2000)}b`, stars)).toEqual([])
    expect(found(`^${'*a'.repeat(2000)}b`, stars)).toEqual([])
  })
})

describe('search in a set modifier', () => {
  const set: SearchOptions = { mode: 'set' }
  it('takes text as the whole value, without regard to case', () => {
    expect(found('york', names, set)).toEqual(['York'])
    expect(found('new york', names, set)).toEqual(['New York'])
    expect(found('new', names, set)).toEqual([])
    expect(found('', names, set)).toEqual([])
  })

  it('knows patterns, ranges and numbers', () => {
    expect(found('new*', names, set)).toEqual(['New York', 'Newark'])
    expect(found('>1<=10', numbers, set)).toEqual(['5', '10'])
    expect(found('5', numbers, set)).toEqual(['5'])
    expect(found('(none)', names, set)).toEqual(['(none)'])
  })
})

describe('parseSearch', () => {
  it('binds & before ^ before |', () => {
    const shape = (text: string): string => {
      const show = (node: ReturnType<typeof parseSearch>): string =>
        node.kind === 'combined'
          ? `(${node.parts.map(show).join(node.operator)})`
          : node.kind === 'words'
            ? node.text
            : node.kind
      return show(parseSearch(text, 'listbox'))
    }
    expect(shape('(a|b&c)')).toBe('(a|(b&c))')
    expect(shape('(a&b^c|d)')).toBe('(((a&b)^c)|d)')
    expect(shape('("a|b"|c)')).toBe('("a|b"|c)')
    expect(shape('(a|b) c')).toBe('(a|b) c')
  })
})

describe('closeness', () => {
  it('counts edits and swaps within a limit', () => {
    expect(editDistance('abc', 'abc', 2)).toBe(0)
    expect(editDistance('abc', 'acb', 2)).toBe(1)
    expect(editDistance('kitten', 'sitting', 3)).toBe(3)
    expect(editDistance('kitten', 'sitting', 2)).toBe(3)
    expect(editDistance('', 'ab', 2)).toBe(2)
    expect(closeness('york', 'york')).toBe(1)
    expect(closeness('new york', 'york')).toBeGreaterThan(0.9)
    expect(closeness('berlin', 'york')).toBe(0)
  })
})
