import { describe, expect, it } from 'vitest'
import { Dual } from '../value/dual.ts'
import { call, textOfCall } from './call-for-tests.ts'
import { findFunction, scalarFunctions, suggestFunction } from './registry.ts'
import { unsupportedFunctions } from './unsupported.ts'

describe('the registry', () => {
  it('holds every name once, with its documentation', () => {
    const names = scalarFunctions.map((entry) => entry.name.toLowerCase())
    expect(new Set(names).size).toBe(names.length)
    for (const entry of scalarFunctions) {
      expect(entry.name).toMatch(/^[A-Za-z]\w*#?$/)
      expect(entry.source).toMatch(/^https:\/\//)
      expect(entry.meaning).not.toBe('')
      expect(entry.minArgs).toBeLessThanOrEqual(entry.maxArgs)
    }
  })

  it('gives NULL or a value for NULL and for text in every place', () => {
    for (const entry of scalarFunctions.filter((known) => known.context === 'both')) {
      for (const argument of ['Null()', "'text'", '1e300', '-1'])
        try {
          const args = Array.from({ length: entry.minArgs }, () => argument).join(', ')
          const value = call(`${entry.name}(${args})`)
          if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true)
          if (value instanceof Dual) expect(Number.isFinite(value.number)).toBe(true)
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/expression-invalid|budget/) })
        }
    }
  })

  it('knows functions under their older names', () => {
    for (const older of ['NumSum', 'WildMatch5', 'ProductVersion']) {
      const found = findFunction(older)
      expect(found?.signature.startsWith(`${older}(`)).toBe(true)
      expect(found?.source).toMatch(/not-recommended/)
    }
    expect(findFunction('NumSum')?.evaluate).toBe(findFunction('RangeSum')?.evaluate)
  })

  it('refuses what it knows and cannot do, with the reason', () => {
    const known = new Set(scalarFunctions.map((entry) => entry.name.toLowerCase()))
    for (const [key, { name, reason }] of unsupportedFunctions) {
      expect(key).toBe(name.toLowerCase())
      expect(known).not.toContain(key)
      expect(() => findFunction(key)).toThrow(`${name}() is not supported: ${reason}`)
    }
    expect(() => findFunction('SCRIPTEVAL')).toThrow(
      expect.objectContaining({
        code: 'unsupported-function',
        details: { function: 'ScriptEval' },
      }),
    )
  })

  it('finds names in any case and suggests near ones', () => {
    expect(findFunction('DATE#')?.name).toBe('Date#')
    expect(findFunction('Nothing')).toBeUndefined()
    expect(suggestFunction('MonthNam')).toBe('MonthName')
    expect(suggestFunction('Sun', ['Sum'])).toBeDefined()
    expect(suggestFunction('Xqzvwk')).toBeUndefined()
  })
})

describe('functions of the host', () => {
  it('name themselves where the host gives no such port', () => {
    expect(() => call("Peek('a')")).toThrow(/Peek\(\) is not available here/)
  })

  it('apply maps', () => {
    const map: readonly (readonly [string, string])[] = [
      ['a', '1'],
      ['ab', '2'],
    ]
    const ports = {
      applyMap: (_: string, value: unknown) => ({ found: value === 'a', value: 'mapped' }),
      mapEntries: () => map,
    }
    expect(call("ApplyMap('m', 'a')", { ports })).toBe('mapped')
    expect(call("ApplyMap('m', 'z')", { ports })).toBe('z')
    expect(call("ApplyMap('m', 'z', Null())", { ports })).toBeNull()
    expect(call("MapSubString('m', 'abAa')", { ports })).toBe('2A1')
  })

  it('take their parts of a path apart', () => {
    const ports = { file: () => ({ path: '/data/sales.2024.csv', sizeBytes: 10, modified: 0 }) }
    expect(call('FileName()', { ports })).toBe('sales.2024.csv')
    expect(call('FileBaseName()', { ports })).toBe('sales.2024')
    expect(call('FileExtension()', { ports })).toBe('csv')
    expect(call('FileDir()', { ports })).toBe('/data')
    expect(textOfCall('FileTime()', { ports })).toBe('1899-12-30 00:00:00')
    expect(call('FileSize()', { ports: { file: () => undefined } })).toBeNull()
  })

  it('tell the version under every name', () => {
    const ports = { engineVersion: () => '1.2.3' }
    for (const name of ['EngineVersion', 'ProductVersion', 'QlikViewVersion'])
      expect(call(`${name}()`, { ports })).toBe('1.2.3')
  })

  it('tell what is known of the user', () => {
    const attributes = new Map([['userGroups', 'Sales,Lead']])
    const ports = { userAttribute: (name: string) => attributes.get(name) }
    expect(call("GetUserAttr('userGroups')", { ports })).toBe('Sales,Lead')
    expect(call("GetUserAttr('usergroups')", { ports })).toBeNull()
    expect(call('GetUserAttr(Null())', { ports })).toBeNull()
    expect(call("GetUserAttr('userGroups')")).toBeNull()
  })

  it.each([
    "GetSysAttr('tenantId')",
    "GetRegistryString('HKEY_CURRENT_USER\\Software', 'key')",
    'Author()',
    'DocumentPath()',
    "GetFolderPath('MyMusic')",
  ])('%s asks about what does not exist here', (text) => {
    expect(call(text)).toBeNull()
  })

  it('pass defaults to the selections', () => {
    const seen: unknown[] = []
    const ports = {
      fieldSelections: (...args: unknown[]) => {
        seen.push(args)
        return 'x'
      },
    }
    expect(call("GetFieldSelections('f')", { ports })).toBe('x')
    expect(seen).toEqual([['f', ', ', 6, undefined]])
  })
})
