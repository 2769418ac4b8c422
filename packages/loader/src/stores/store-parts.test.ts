import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseStoreXml, textOf } from './store-xml.ts'
import { upload } from './upload.ts'

test('parts put together are the bytes, and all but the last are full', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 }),
      fc.integer({ min: 1, max: 20 }),
      async (chunks, partBytes) => {
        const sent: Uint8Array[] = []
        const calls: string[] = []
        await upload(
          (async function* () {
            yield* chunks
          })(),
          {
            async whole(bytes) {
              calls.push('whole')
              sent.push(bytes.slice())
            },
            async begin() {
              calls.push('begin')
              return {
                async part(number, bytes) {
                  expect(number).toBe(sent.length + 1)
                  sent.push(bytes.slice())
                },
                async finish() {
                  calls.push('finish')
                },
                async abandon() {
                  calls.push('abandon')
                },
              }
            },
          },
          partBytes,
        )
        expect(Buffer.concat(sent)).toEqual(Buffer.concat(chunks))
        for (const part of sent.slice(0, -1)) expect(part.length).toBe(partBytes)
        expect(calls).toEqual(sent.length === 1 ? ['whole'] : ['begin', 'finish'])
      },
    ),
  )
})

test('XML of stores', () => {
  const read = (text: string): string => textOf(parseStoreXml(text, 'x'), 'K')
  expect(
    read(`<?xml version="1.0"?>\n<R xmlns="a:b" c='d'>\n <K e="f">a&amp;&#x41;&#66;</K></R>`),
  ).toBe('a&AB')
  expect(read('<R><K/></R>')).toBe('')
  for (const bad of [
    '',
    'text',
    '<R>',
    '<R></S>',
    '<R/><R/>',
    '<!DOCTYPE R [<!ENTITY a "b">]><R><K>&a;</K></R>',
    '<R><K>&a;</K></R>',
    '<R><K>&toString;</K></R>',
    '<R><!-- --></R>',
    `${'<R>'.repeat(100)}${'</R>'.repeat(100)}`,
    '<R><K>&#x110000;</K></R>',
  ])
    expect(() => read(bad)).toThrow(/not what it should be/)
})
