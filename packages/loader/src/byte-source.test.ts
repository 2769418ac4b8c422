import { createApp } from '@lichen/engine'
import { describe, expect, it } from 'vitest'
import { type ByteSource, streamSource } from './byte-source.ts'
import { fileReader } from './reader.ts'

/** A stream of texts that tells whether it was given up. */
function streamOfTexts(texts: readonly string[]): {
  readonly stream: ReadableStream<Uint8Array>
  isGivenUp(): boolean
} {
  const waiting = [...texts]
  let givenUp = false
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      const text = waiting.shift()
      if (text === undefined) controller.close()
      else controller.enqueue(new TextEncoder().encode(text))
    },
    cancel() {
      givenUp = true
    },
  })
  return { stream, isGivenUp: () => givenUp }
}

describe('a stream as a source', () => {
  it('is loaded like a file', async () => {
    const source = await streamSource('x.csv', streamOfTexts(['a,b\n1,', '2\n3,4\n']).stream)
    expect(source.size).toBe(12)
    const reader = fileReader(new Map<string, ByteSource>([['x.csv', source]]))
    const app = await createApp({ script: 'LOAD * FROM x.csv;', reader })
    expect(app.evaluate('Sum(a * b)').number).toBe(14)
    app.close()
  })

  it('is given up when it is too long, cancelled or broken', async () => {
    const long = streamOfTexts(['abc', 'def', 'ghi'])
    await expect(streamSource('x', long.stream, { maxBytes: 5 })).rejects.toMatchObject({
      code: 'budget-exceeded',
    })
    expect(long.isGivenUp()).toBe(true)
    const cancellation = { cancelled: true }
    const cancelled = streamOfTexts(['abc', 'def'])
    await expect(streamSource('x', cancelled.stream, { cancellation })).rejects.toMatchObject({
      code: 'cancelled',
    })
    const broken = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.error(new Error('lost'))
      },
    })
    await expect(streamSource('x', broken)).rejects.toThrow('lost')
  })
})
