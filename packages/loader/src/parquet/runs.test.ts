import { describe, expect, it } from 'vitest'
import { checkRuns } from './runs.ts'

describe('runs', () => {
  it('counts what run lengths and packed groups give', () => {
    // Five times 3, then one group of eight.
    expect(checkRuns(Uint8Array.of(10, 3, 3, 0b10101010, 0), 2, 13)).toBe(13)
    // A group is filled up: eight for the three that are left.
    expect(checkRuns(Uint8Array.of(3, 0xff), 1, 3)).toBe(8)
    expect(checkRuns(Uint8Array.of(4, 1), 1, 5)).toBe(2)
  })

  it('refuses more than there are values', () => {
    const huge = Uint8Array.of(0xfe, 0xff, 0xff, 0xff, 0x0f, 1)
    expect(() => checkRuns(huge, 1, 100)).toThrow('more values than its page')
    expect(() => checkRuns(Uint8Array.of(12, 1), 1, 5)).toThrow('more values than its page')
    expect(() => checkRuns(Uint8Array.of(7, 0, 0), 1, 8)).toThrow('more values than its page')
    expect(() => checkRuns(Uint8Array.of(0x80, 0x80, 0x80, 0x80, 0x80, 1), 1, 5)).toThrow('no end')
    expect(() => checkRuns(Uint8Array.of(2, 1), 33, 5)).toThrow('too wide')
  })
})
