import { ScriptError } from '@lichen/engine'
import { describe, expect, it } from 'vitest'
import { type Face, failure, openSales } from './face.ts'

const inlineScript = `LET vTop = 'Sum(Amount)';
Orders:
LOAD * INLINE [
Customer, Amount
a, 10
b, 32
];
`

export function describeScripts(face: () => Face): void {
  describe('scripts', () => {
    it('fill an app and its variables, and report progress', async () => {
      let events = 0
      const app = await face().openScript({
        script: inlineScript,
        onProgress: () => {
          events += 1
        },
      })
      expect(events).toBeGreaterThan(0)
      expect(await app.variable('vTop')).toBe('Sum(Amount)')
      expect(await app.evaluate('$(vTop)')).toMatchObject({ number: 42 })
    })

    it('replace the data, selections being kept by value', async () => {
      const app = await face().openScript({ script: inlineScript })
      await app.field('Customer').select(['b'])
      let changes = 0
      let events = 0
      await app.subscribe(() => {
        changes += 1
      })
      await app.reload('T: LOAD * INLINE [\nCustomer, Amount\nb, 5\nx, 7\n];', {
        onProgress: () => {
          events += 1
        },
      })
      expect(changes).toBe(1)
      expect(events).toBeGreaterThan(0)
      expect(await app.evaluate('Sum(Amount)')).toMatchObject({ number: 5 })
      expect(await app.variable('vTop')).toBeUndefined()
      await app.reload()
      expect(await app.evaluate('Sum({1} Amount)')).toMatchObject({ number: 12 })
    })

    it('add to the data there is in a partial reload', async () => {
      const app = await face().openScript({
        script: 'T: LOAD * INLINE [\na\n1\n2\n];\nADD ONLY LOAD * INLINE [\na\n5\n];',
      })
      expect(await app.evaluate('Sum(a)')).toMatchObject({ number: 3 })
      await app.reload(undefined, { partial: true })
      await app.reload(undefined, { partial: true, onProgress: () => {} })
      expect(await app.evaluate('Sum(a)')).toMatchObject({ number: 13 })
      await app.reload()
      expect(await app.evaluate('Sum(a)')).toMatchObject({ number: 3 })
    })

    it('that fail leave the old data and say where', async () => {
      const app = await face().openScript({ script: inlineScript })
      const error = await failure(async () => app.reload('LET a = 1;\nLOAD * FROM nowhere;;;('))
      expect(error).toBeInstanceOf(ScriptError)
      expect(error instanceof ScriptError && error.line).toBe(2)
      expect(error instanceof ScriptError && error.source.text).toContain('nowhere')
      expect(error instanceof ScriptError && error.message).toContain('script:2:')
      expect(await app.evaluate('Sum(Amount)')).toMatchObject({ number: 42 })
      await app.reload()
      expect(await app.evaluate('Sum(Amount)')).toMatchObject({ number: 42 })
    })

    it('that cannot be parsed open nothing', async () => {
      const error = await failure(() => face().openScript({ script: 'LOAD * INLINE [' }))
      expect(error).toBeInstanceOf(ScriptError)
      expect(error.code).toBe('script-syntax')
    })
  })

  describe('memory, abort and close', () => {
    it('tells the bytes by table and field', async () => {
      const report = await (await openSales(face())).memory()
      expect(report.tables.map(({ table, rows }) => [table, rows])).toEqual([
        ['Orders', 5],
        ['Customers', 5],
      ])
      expect(report.bytes).toBeGreaterThan(0)
    })

    it('does not begin what is aborted', async () => {
      const signal = AbortSignal.abort()
      expect(
        await failure(() => face().openScript({ script: inlineScript, signal })),
      ).toMatchObject({
        code: 'cancelled',
      })
      const app = await face().openScript({ script: inlineScript })
      const reload = async (): Promise<void> => app.reload(undefined, { signal })
      expect(await failure(reload)).toMatchObject({ code: 'cancelled' })
      const cube = app.cube({ dimensions: ['Customer'], measures: ['Sum(Amount)'] })
      expect(await failure(async () => cube.read({ signal }))).toMatchObject({ code: 'cancelled' })
      const { signal: quiet } = new AbortController()
      expect(await app.evaluate('Sum(Amount)', { signal: quiet })).toMatchObject({ number: 42 })
      expect((await cube.read({ signal: quiet })).rows).toBe(2)
    })

    it('closes an app, twice if asked, and leaves the others', async () => {
      const first = await openSales(face())
      const second = await openSales(face())
      await first.field('Region').select(['South'])
      await first.close()
      await first.close()
      expect(await second.evaluate('Sum(Amount)')).toMatchObject({ number: 100 })
    })
  })
}
