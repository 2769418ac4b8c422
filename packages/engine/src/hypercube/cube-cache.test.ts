import { describe, expect, it } from 'vitest'
import { environmentOf } from '../../test/oracle/environment.ts'
import { loadView } from '../../test/oracle/load.ts'
import { CubeCache } from './cube-cache.ts'
import { computeCube } from './straight.ts'

const view = loadView([{ name: 'T', fields: ['a'], rows: [[1], [2], [3]] }])
const cube = computeCube(
  { dimensions: [{ definition: 'a' }], measures: [{ definition: 'Sum(a)' }] },
  environmentOf(view),
)

/** A cache whose computations take as long as they say. */
function timed(entries: number) {
  let time = 0
  const cache = new CubeCache({ entries, now: () => time })
  const computed: string[] = []
  const get = (key: string, ms: number): void => {
    cache.get(key, [], () => {
      computed.push(key)
      time += ms
      return { cube, isLasting: true }
    })
  }
  return { cache, get, computed }
}

describe('a cube cache', () => {
  it('lets go first what is computed quickest', () => {
    const { get, computed } = timed(2)
    get('slow', 100)
    get('quick', 1)
    get('middle', 10)
    get('slow', 100)
    get('middle', 10)
    expect(computed).toEqual(['slow', 'quick', 'middle'])
    get('quick', 1)
    expect(computed.at(-1)).toBe('quick')
  })

  it('lets go of what was slow once it was not used for long', () => {
    const { get, computed } = timed(2)
    get('slow', 5)
    for (let turn = 0; turn < 10; turn++) get(`quick ${turn}`, 1)
    get('slow', 5)
    expect(computed.filter((key) => key === 'slow')).toHaveLength(2)
  })

  it('lets go of the least recently used where all take alike, or no clock tells', () => {
    const { get, computed } = timed(2)
    get('a', 0)
    get('b', 0)
    get('a', 0)
    get('c', 0)
    get('a', 0)
    expect(computed).toEqual(['a', 'b', 'c'])
  })

  it('keeps no cube larger than all it may keep', () => {
    const cache = new CubeCache({ bytes: cube.bytes - 1 })
    cache.get('a', [], () => ({ cube, isLasting: true }))
    expect([cache.size, cache.bytes]).toEqual([0, 0])
  })
})
