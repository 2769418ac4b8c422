import { describe, expect, it } from 'vitest'
import { collate } from '../src/value/collate.ts'
import expected from './collation-order.json' with { type: 'json' }

describe('the default collation in Node', () => {
  it('is the order committed, which the page keeps too', () => {
    expect([...expected].reverse().sort(collate)).toEqual(expected)
  })
})
