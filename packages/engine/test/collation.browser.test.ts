import { describe, expect, it } from 'vitest'
import { collate } from '../src/value/collate.ts'
import expected from './collation-order.json' with { type: 'json' }

describe('the default collation in a page', () => {
  it('orders as it does in Node', () => {
    expect([...expected].reverse().sort(collate)).toEqual(expected)
  })
})
