import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { engineVersion } from '../base/version.ts'
import { createApp } from './app.ts'

const app = createApp({
  tables: {
    Sales: { Shop: ['s1', 's2', 's1'], Amount: [5, 7, 9] },
    Shops: { Shop: ['s1', 's2'], Town: ['Bern', 'Oslo'] },
  },
  identity: { user: 'ann', groups: ['buyers', 'north'], claims: { userEmail: 'ann@example.org' } },
})

describe('what chart functions ask of the session', () => {
  it.each([
    ["FieldValueCount('Town')", '2'],
    ["FieldValue('Town', 2)", 'Oslo'],
    ["FieldValue('Town', 3)", null],
    ["FieldIndex('Amount', 9)", '3'],
    ["FieldIndex('Amount', 8)", '0'],
    ["GetUserAttr('userEmail')", 'ann@example.org'],
    ["GetUserAttr('userGroups')", 'buyers, north'],
    ["GetUserAttr('toString')", null],
    ['EngineVersion()', engineVersion],
  ])('%s is %s', (expression, expected) => {
    expect(app.evaluate(expression).text).toBe(expected)
  })
})

it('the version is that of the package', () => {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  expect(JSON.parse(text)).toMatchObject({ version: engineVersion })
})
