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

// https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/ChartFunctions/FieldFunctions/getfieldselections.htm
describe('GetFieldSelections', () => {
  it.each([
    [[1, 2, 3, 4], 6, '1, 2, 3, 4'],
    [[1, 2, 3, 4], 4, '1, 2, 3, 4'],
    [[1, 2, 3, 4], 3, 'ALL'],
    [[1, 2, 3, 4], 0, 'ALL'],
    [[1, 2, 3], 2, 'NOT 4'],
    [[1, 2], 1, '2 of 4'],
    [[], 6, null],
  ])('of %j, at most %i', (values, most, expected) => {
    const numbers = createApp({ tables: { T: { N: [1, 2, 3, 4] } } })
    numbers.field('N').select(values)
    expect(numbers.evaluate(`GetFieldSelections(N, ', ', ${most})`).text).toBe(expected)
    const current = expected === null ? null : `N: ${expected}`
    expect(numbers.evaluate(`GetCurrentSelections(';', ': ', ', ', ${most})`).text).toBe(current)
    numbers.close()
  })
})

it('the version is that of the package', () => {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  expect(JSON.parse(text)).toMatchObject({ version: engineVersion })
})
