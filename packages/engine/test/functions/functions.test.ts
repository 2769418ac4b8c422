import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { usedInExpression, usedInScript } from './calls.ts'
import { families, functionCases, isMet } from './cases.ts'
import { ownCases, withoutAnyCase } from './coverage.ts'
import { findKnown, knownFunctions, knownOf, withoutCase } from './known-functions.ts'
import { writeReference } from './reference.ts'
import { differencesOf } from './run-case.ts'

const reference = join(import.meta.dirname, '../../../../docs/functions.md')

describe.each([...families])('%s', (_, cases) => {
  it.each(cases.filter(isMet))('$expression', async (given) => {
    expect(await differencesOf(given)).toEqual([])
  })

  it.each(cases.filter((given) => !isMet(given)))(
    '$expression differs from its page',
    async (given) => {
      const differences = await differencesOf(given).catch((error: unknown) => [String(error)])
      expect(
        differences,
        'it does what the page says now: take `differs` or `pageMistake` away',
      ).not.toEqual([])
    },
  )
})

describe('the cases', () => {
  it('use the function they are about', () => {
    const strangers = functionCases.filter((given) => {
      const used = [
        ...usedInExpression(given.expression, given.in ?? 'chart'),
        ...usedInScript(given.script),
      ]
      const known = findKnown(given.function)
      return known === undefined || !used.some((call) => knownOf(call)?.key === known.key)
    })
    expect(strangers.map(({ function: name, expression }) => `${name}: ${expression}`)).toEqual([])
  })

  it('name a public page', () => {
    for (const { source } of functionCases) expect(source).toMatch(/^https:\/\/\S+$/)
  })
})

describe('every known function', () => {
  it('has a name of its own', () => {
    const keys = knownFunctions.map(({ key }) => key.toLowerCase())
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([])
  })

  it('has a case here or in the conformance set; write one, or say why not in without-case.json', () => {
    expect(withoutAnyCase().map(({ key }) => key)).toEqual([])
  })

  it('is excused only while it is known and has no case', () => {
    const excused = Object.keys(withoutCase)
    expect(excused.filter((key) => findKnown(key) === undefined || ownCases.has(key))).toEqual([])
  })
})

it('docs/functions.md is what the registries and cases give; `npm run functions` writes it anew', () => {
  expect(readFileSync(reference, 'utf8') === writeReference()).toBe(true)
})
