import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { collate } from './collate.ts'
import { compareValues, equalValues, sameFieldValue } from './compare.ts'
import { Dual } from './dual.ts'
import { defaultFormatSettings } from './format-settings.ts'
import { settingsFromVariables } from './format-variables.ts'
import { sortOrder } from './sort-order.ts'
import { compileWildcard } from './wildcard.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 500)
const text = fc.string({
  unit: fc.constantFrom('a', 'A', 'b', 'é', 'E', 'z', 'ß', ' ', '1', '😀', '\uffee'),
})

describe('collate', () => {
  it('ignores case and diacritics first, then orders by code point', () => {
    const sorted = ['z', 'Eclair', 'éclair', 'a', 'eclair', 'B', '10', '9'].sort(collate)
    expect(sorted).toEqual(['10', '9', 'a', 'B', 'Eclair', 'eclair', 'éclair', 'z'])
  })

  it('is a total order', () => {
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        expect(collate(a, b)).toBe(-collate(b, a) + 0)
        expect(collate(a, b) === 0).toBe(a === b)
        if (collate(a, b) <= 0 && collate(b, c) <= 0) expect(collate(a, c)).toBeLessThanOrEqual(0)
      }),
      { seed, numRuns },
    )
  })
})

describe('comparing values', () => {
  it('compares by number where both can be read as one', () => {
    expect(compareValues(2, '10')).toBe(-1)
    expect(equalValues('1', '01')).toBe(true)
    expect(equalValues(new Dual('2014-03-01', 41699), '2014-03-01')).toBe(true)
    expect(compareValues('b', 'A')).toBe(1)
    expect(equalValues('a', 'A')).toBe(false)
    expect(compareValues(null, 1)).toBeNaN()
  })

  it('tells field values apart by number, else by text', () => {
    expect(sameFieldValue(1, new Dual('1.0', 1))).toBe(true)
    expect(sameFieldValue('1', 1)).toBe(false)
  })

  it('sorts numbers before texts and NULL last', () => {
    expect([null, 'b', 10, 'A', new Dual('x', 2)].sort(sortOrder)).toEqual([
      new Dual('x', 2),
      10,
      'A',
      'b',
      null,
    ])
  })
})

describe('compileWildcard', () => {
  it('agrees with the plain definition', () => {
    const symbol = fc.constantFrom('a', 'B', '*', '?', '😀')
    fc.assert(
      fc.property(
        fc.string({ unit: symbol, maxLength: 8 }),
        fc.string({ unit: fc.constantFrom('a', 'b', '😀') }),
        (pattern, sample) => {
          expect(compileWildcard(pattern)(sample)).toBe(
            matches([...pattern.toLowerCase()], [...sample]),
          )
        },
      ),
      { seed, numRuns },
    )
  })

  it('stays quick on patterns that tempt to backtrack', () => {
    const match = compileWildcard(`${'*a'.repeat(50)}?*b`)
    const started = Date.now()
    expect(match('a'.repeat(20_000))).toBe(false)
    expect(Date.now() - started).toBeLessThan(2000)
  })
})

function matches(pattern: readonly string[], sample: readonly string[]): boolean {
  const [first, ...rest] = pattern
  if (first === undefined) return sample.length === 0
  if (first === '*')
    return matches(rest, sample) || (sample.length > 0 && matches(pattern, sample.slice(1)))
  return (
    sample.length > 0 && (first === '?' || first === sample[0]) && matches(rest, sample.slice(1))
  )
}

describe('settingsFromVariables', () => {
  it('takes what is well formed and keeps the default for the rest', () => {
    const variables: Record<string, string> = {
      DateFormat: 'DD/MM/YYYY',
      MonthNames: 'a;b;c;d;e;f;g;h;i;j;k;l',
      DayNames: 'too;few',
      FirstWeekDay: '6',
      ReferenceDay: 'nine',
      BrokenWeeks: '1',
    }
    const settings = settingsFromVariables((name) => variables[name])
    expect(settings.dateFormat).toBe('DD/MM/YYYY')
    expect(settings.monthNames[11]).toBe('l')
    expect(settings.dayNames).toBe(defaultFormatSettings.dayNames)
    expect(settings.firstWeekDay).toBe(6)
    expect(settings.referenceDay).toBe(4)
    expect(settings.brokenWeeks).toBe(true)
  })
})
