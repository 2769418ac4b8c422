import { describe, expect, it } from 'vitest'
import { loadView } from '../../test/oracle/load.ts'
import type { Selections } from '../selection/selections.ts'
import { lockAll, noSelections, select } from '../selection/transitions.ts'
import { InferenceCache } from './inference-cache.ts'

const rows = Array.from({ length: 200 }, (_, row) => [row, row % 7])
const table = { name: 'T', fields: ['A', 'B'], rows }
const view = loadView([table])

function choose(field: number, symbols: readonly number[], of = view): Selections {
  return select(noSelections, of, field, symbols, 'replace').selections
}

describe('InferenceCache', () => {
  it('shares work between equal symbols, with the locks of each', () => {
    const cache = new InferenceCache()
    const free = cache.infer(view, choose(1, [2]))
    const locked = cache.infer(view, lockAll(choose(1, [2])).selections)
    expect(locked.possible(0)).toBe(free.possible(0))
    expect([free.state(1, 2), locked.state(1, 2)]).toEqual(['selected', 'locked'])
    expect(cache.size).toBe(1)
  })

  it('shares nothing between views', () => {
    const cache = new InferenceCache()
    const other = loadView([table])
    const here = cache.infer(view, choose(1, [2]))
    const there = cache.infer(other, choose(1, [2], other))
    expect(there.view).toBe(other)
    expect(there.possible(0)).not.toBe(here.possible(0))
  })

  it('forgets the least recently used by count', () => {
    const cache = new InferenceCache({ entries: 2 })
    const first = cache.infer(view, choose(1, [0])).possible(0)
    cache.infer(view, choose(1, [1]))
    expect(cache.infer(view, choose(1, [0])).possible(0)).toBe(first)
    cache.infer(view, choose(1, [2]))
    expect(cache.size).toBe(2)
    expect(cache.infer(view, choose(1, [0])).possible(0)).toBe(first)
  })

  it('forgets by bytes but never the newest', () => {
    const cache = new InferenceCache({ bytes: 1 })
    cache.infer(view, choose(1, [0])).states(0)
    expect(cache.bytes).toBeGreaterThan(1)
    cache.infer(view, choose(1, [1])).states(0)
    expect(cache.size).toBe(1)
  })

  it('keeps nothing when switched off', () => {
    const cache = new InferenceCache({ enabled: false })
    const one = cache.infer(view, choose(1, [0])).possible(0)
    expect(cache.infer(view, choose(1, [0])).possible(0)).not.toBe(one)
    expect(cache.size).toBe(0)
    expect(() => new InferenceCache({ entries: 0 })).toThrow(/at least 1 entry/)
  })
})
