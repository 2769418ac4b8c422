import fc from 'fast-check'
import { expect, test } from 'vitest'
import { utf8Of } from './encoding.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 300)

test('a text becomes what TextEncoder makes of it, lone surrogates included', () => {
  const units = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 50 })
  fc.assert(
    fc.property(units, (codes) => {
      const text = String.fromCharCode(...codes)
      expect([...utf8Of(text)]).toEqual([...new TextEncoder().encode(text)])
    }),
    { seed, numRuns },
  )
  expect(utf8Of('a\ud800b😀\udc00')).toEqual(new TextEncoder().encode('a\ufffdb😀\ufffd'))
})
