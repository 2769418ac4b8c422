import { LichenError } from '@lichen/engine'
import { describe, expect, it } from 'vitest'
import { type Either, type Face, failure, openSales, selected, states, texts } from './face.ts'

export function describeFields(face: () => Face): void {
  describe('fields', () => {
    it('select, toggle and clear', async () => {
      const app = await openSales(face())
      const region = app.field('Region')
      expect(await region.name).toBe('Region')
      expect(await region.select(['South', 'nowhere'])).toBe(true)
      expect(await region.select(['nowhere'])).toBe(false)
      expect(await states(app, 'Region')).toEqual({
        North: 'alternative',
        South: 'selected',
        West: 'alternative',
        East: 'alternative',
      })
      expect(await states(app, 'Customer')).toMatchObject({ a: 'excluded', b: 'optional' })
      expect(await region.toggle(['North'])).toBe(true)
      expect(await states(app, 'Region')).toMatchObject({ North: 'selected', South: 'selected' })
      expect(await region.toggle(['South'])).toBe(true)
      expect(await app.evaluate('Sum(Amount)')).toMatchObject({ number: 30 })
      expect(await region.clear()).toBe(true)
      expect(await states(app, 'Region')).toMatchObject({ North: 'optional' })
    })

    it('select numbers by number and by what they show', async () => {
      const app = await openSales(face())
      await app.field('Amount').select([10, 20])
      expect(await app.evaluate('Sum(Amount)')).toMatchObject({ number: 30 })
      await app.field('Amount').select(['40'])
      expect(await app.evaluate('Sum(Amount)')).toMatchObject({ number: 40 })
    })

    it('search and select what is found', async () => {
      const app = await openSales(face())
      expect(await app.field('Region').search('*th')).toEqual([
        { text: 'North', number: null, state: 'optional' },
        { text: 'South', number: null, state: 'optional' },
      ])
      expect(await app.field('Amount').selectSearch('>=30')).toBe(true)
      expect(await app.evaluate('Sum(Amount)')).toMatchObject({ number: 70 })
    })

    it('select all, possible, alternative and excluded values', async () => {
      const app = await openSales(face())
      const customer = app.field('Customer')
      await app.field('Region').select(['South'])
      expect(await customer.selectPossible()).toBe(true)
      expect(await states(app, 'Customer')).toMatchObject({ b: 'selected', c: 'selected' })
      await customer.clear()
      await customer.selectExcluded()
      await app.field('Region').clear()
      expect(await selected(app, 'Customer')).toEqual(['a', 'e', 'd'])
      await customer.selectAlternative()
      expect(await selected(app, 'Customer')).toEqual(['b', 'c'])
      await customer.selectAll()
      expect(await selected(app, 'Customer')).toEqual(['a', 'b', 'c', 'e', 'd'])
    })

    it('lock, and refuse while locked', async () => {
      const app = await openSales(face())
      const region = app.field('Region')
      await region.select(['North'])
      expect(await region.lock()).toBe(true)
      expect(await region.select(['South'])).toBe(false)
      await app.clear()
      expect(await states(app, 'Region')).toMatchObject({ North: 'locked' })
      expect(await region.unlock()).toBe(true)
      expect(await region.select(['South'])).toBe(true)
    })

    it('clear the others', async () => {
      const app = await openSales(face())
      await app.field('Region').select(['South'])
      await app.field('Product').select(['p'])
      await app.field('Product').clearOthers()
      expect(await app.evaluate('Sum(Amount)')).toMatchObject({ number: 40 })
    })

    it('count their values by state', async () => {
      const app = await openSales(face())
      await app.field('Region').select(['South'])
      expect(await app.field('Region').counts()).toEqual({
        selected: 1,
        optional: 0,
        alternative: 3,
        excluded: 0,
        selectedExcluded: 0,
        locked: 0,
        lockedExcluded: 0,
      })
      expect(await app.field('Customer').counts()).toMatchObject({ optional: 2, excluded: 3 })
    })

    it('list sorted pages with frequencies and what a search found', async () => {
      const app = await openSales(face())
      const rows = await app
        .field('Product')
        .list({ sort: { text: -1 }, frequency: 'value', top: 1, height: 1 })
      expect(rows).toMatchObject([{ text: 'q', state: 'optional', frequency: '1' }])
      const found = await app.field('Region').list({ search: 'nor' })
      expect(found.map(({ text }) => text)).toEqual(['North'])
      expect(found[0]?.highlight).not.toEqual([])
      expect(found[0]?.number).toBeNaN()
    })

    it('that do not exist are refused when used', async () => {
      const app: Either = await openSales(face())
      for (const use of [
        async () => app.field('Nowhere').values(),
        async () => app.field('Nowhere').select(['x']),
        async () => app.field('Nowhere').name,
      ])
        expect(await failure(use)).toMatchObject({ code: 'field-not-found' })
    })
  })

  describe('history, states, variables and bookmarks', () => {
    it('go back and forward', async () => {
      const app = await openSales(face())
      await app.field('Region').select(['South'])
      await app.field('Product').select(['p'])
      expect(await app.back()).toBe(true)
      expect(await app.evaluate('Sum(Amount)')).toMatchObject({ number: 70 })
      expect(await app.back()).toBe(true)
      expect(await app.back()).toBe(false)
      expect(await app.evaluate('Sum(Amount)')).toMatchObject({ number: 100 })
      expect(await app.forward()).toBe(true)
      expect(await app.forward()).toBe(true)
      expect(await app.forward()).toBe(false)
      expect(await app.evaluate('Sum(Amount)')).toMatchObject({ number: 30 })
    })

    it('keep alternate states apart', async () => {
      const app = await openSales(face())
      await app.addState('Other')
      expect(await app.states).toEqual(['$', 'Other'])
      await app.field('Region', 'Other').select(['South'])
      expect(await app.evaluate('Sum(Amount)')).toMatchObject({ number: 100 })
      expect(await app.evaluate('Sum(Amount)', { state: 'Other' })).toMatchObject({ number: 70 })
      expect(await app.evaluate('Sum({Other} Amount)')).toMatchObject({ number: 70 })
      const cube = app.cube({ measures: ['Sum(Amount)'], state: 'Other' })
      expect(texts(await cube.page())).toEqual([['70']])
      await app.clear('Other')
      expect(await app.evaluate('Sum(Amount)', { state: 'Other' })).toMatchObject({ number: 100 })
      await app.removeState('Other')
      expect(await app.states).toEqual(['$'])
      expect(
        await failure(async () => app.field('Region', 'Other').select(['South'])),
      ).toBeInstanceOf(LichenError)
    })

    it('expand variables', async () => {
      const app = await openSales(face())
      expect(await app.variable('vTotal')).toBeUndefined()
      await app.setVariable('vTotal', 'Sum(Amount)')
      expect(await app.variable('vTotal')).toBe('Sum(Amount)')
      expect(await app.evaluate('$(vTotal) / 2')).toMatchObject({ number: 50 })
    })

    it('remember selections in bookmarks', async () => {
      const app = await openSales(face())
      await app.field('Region').select(['South'])
      const id = await app.createBookmark('South')
      await app.clear()
      await app.applyBookmark('South')
      expect(await selected(app, 'Region')).toEqual(['South'])
      await app.clear()
      await app.applyBookmark(id)
      expect(await selected(app, 'Region')).toEqual(['South'])
      const missing = await failure(async () => app.applyBookmark('None'))
      expect(missing.code).toBe('not-found')
      expect(missing.message).toContain('None')
    })
  })
}
