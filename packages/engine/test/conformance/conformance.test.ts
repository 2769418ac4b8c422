import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { readCases } from './cases.ts'
import { matchesCell, matchesRows } from './cells.ts'
import { type Outcome, printTable, runCase, type Snapshot, snapshotOf } from './runner.ts'

const topics = readCases(join(import.meta.dirname, 'cases'))
const snapshotFile = join(import.meta.dirname, 'snapshot.json')

describe('the documented results', () => {
  const outcomes = new Map<string, Outcome[]>()

  beforeAll(async () => {
    for (const [topic, cases] of topics) {
      const own: Outcome[] = []
      for (const given of cases) own.push(await runCase(given))
      outcomes.set(topic, own)
    }
    process.stdout.write(`${printTable(outcomes)}\n`)
    if (process.env.LICHEN_UPDATE === '1')
      writeFileSync(snapshotFile, `${JSON.stringify(snapshotOf(outcomes), null, 2)}\n`)
  }, 300_000)

  const committed = (): Snapshot => {
    if (!existsSync(snapshotFile))
      throw new Error('There is no snapshot.json; write it with LICHEN_UPDATE=1')
    return JSON.parse(readFileSync(snapshotFile, 'utf8'))
  }

  test('no case that passed has stopped passing', () => {
    const all = new Map([...outcomes.values()].flat().map((outcome) => [outcome.id, outcome]))
    const lost = committed().passing.flatMap((id) => {
      const now = all.get(id)
      return now?.verdict === 'passed' ? [] : [`${id}: ${now?.reason ?? 'the case is gone'}`]
    })
    expect(lost).toEqual([])
  })

  test('the counts are those of the snapshot; after progress rewrite it with LICHEN_UPDATE=1', () => {
    expect(snapshotOf(outcomes).topics).toEqual(committed().topics)
  })
})

test('the names of the cases are unique', () => {
  const ids = [...topics.values()].flat().map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
})

describe('comparing', () => {
  const cell = (text: string | null, number: number | null = null) => ({ text, number })

  test('texts, NULL, numbers and both', () => {
    expect(matchesCell(cell('1', 1), '1')).toBe(true)
    expect(matchesCell(cell(null), '')).toBe(false)
    expect(matchesCell(cell(''), null)).toBe(false)
    expect(matchesCell(cell(null), null)).toBe(true)
    expect(matchesCell(cell('x', 1.004), { n: 1, tol: 0.005 })).toBe(true)
    expect(matchesCell(cell('x', 1.004), { n: 1 })).toBe(false)
    expect(matchesCell(cell('x'), { n: 1 })).toBe(false)
    expect(matchesCell(cell('a b', 1), { t: 'ab', n: 1, norm: 'nospace' })).toBe(true)
    expect(matchesCell(cell('a', 2), { t: 'a', n: 1 })).toBe(false)
    expect(matchesCell(cell(null), { any: true })).toBe(true)
    expect(matchesCell({ ...cell('rest'), others: true }, { role: 'others' })).toBe(true)
  })
  test('rows in any order, each used once', () => {
    const rows = [[cell('b')], [cell('a')]]
    expect(matchesRows(rows, [['a'], ['b']], false)).toBe(true)
    expect(matchesRows(rows, [['a'], ['b']], true)).toBe(false)
    expect(matchesRows(rows, [['a'], ['a']], false)).toBe(false)
    expect(matchesRows(rows, [[{ any: true }], ['b']], false)).toBe(true)
  })
})
