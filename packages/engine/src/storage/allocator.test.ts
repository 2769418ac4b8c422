import { describe, expect, it } from 'vitest'
import { kernelMemoryOf } from '../wasm/memory.ts'
import { createAllocator } from './allocator.ts'

describe('places of texts', () => {
  it('lie in memory for kernels together, from some size on', () => {
    const allocator = createAllocator({ kernelsFrom: 1000 })
    const few = allocator.placeTexts(999)
    expect(kernelMemoryOf(few.buffer)).toBeUndefined()
    expect(few.buffer.byteLength).toBe(999)
    const first = allocator.placeTexts(1000)
    const second = allocator.placeTexts(5001)
    expect(kernelMemoryOf(first.buffer)).toBeDefined()
    expect(second.buffer).toBe(first.buffer)
    expect([first.offset, second.offset]).toEqual([0, 1024])
    expect(allocator.usage().symbols).toBe(999 + 1000 + 5001)
  })

  it('have more memory when there is no room', () => {
    const allocator = createAllocator()
    const first = allocator.placeTexts(2 ** 24 - 100)
    const second = allocator.placeTexts(2 ** 20)
    const third = allocator.placeTexts(2 ** 24)
    expect(second.buffer).not.toBe(first.buffer)
    expect(third.buffer).toBe(second.buffer)
    for (const { buffer } of [first, third]) {
      const { roomAt } = kernelMemoryOf(buffer) ?? expect.fail('kernels reach it')
      expect(buffer.byteLength - roomAt).toBeGreaterThan(roomAt / 16)
    }
  })

  it('are apart from what is reserved for columns', () => {
    const allocator = createAllocator({ kernelsFrom: 0 })
    allocator.reserve(4096)
    const column = allocator.place(64, 'columns')
    expect(allocator.placeTexts(64).buffer).not.toBe(column.buffer)
  })

  it('are in plain memory when kernels are to read nothing, and count for the budget', () => {
    const allocator = createAllocator({ kernelsFrom: Number.POSITIVE_INFINITY, budget: 2000 })
    expect(kernelMemoryOf(allocator.placeTexts(1500).buffer)).toBeUndefined()
    expect(() => allocator.placeTexts(501)).toThrow('budget')
    const kernels = createAllocator({ kernelsFrom: 0, budget: 2000 })
    kernels.placeTexts(1500)
    expect(() => kernels.placeTexts(501)).toThrow('budget')
    expect(kernels.used).toBe(1500)
  })
})
