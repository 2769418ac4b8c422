import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { difference, expectedFigures } from './figures.ts'
import { formats } from './formats.ts'
import { generateOrders } from './orders.ts'
import { fixedColumns, writeFixed } from './text-files.ts'

vi.stubEnv('LICHEN_BENCH_THREADS', '1')
const folder = mkdtempSync(join(tmpdir(), 'lichen-formats-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const orders = generateOrders(500, 5)

/** Nobody's packages are needed to write or to read these. */
const texts = ['CSV', 'fixed width', 'JSON', 'NDJSON', 'XML', 'HTML', 'KML']
const none = (name: string): never => {
  throw new Error(`no ${name} here`)
}

test.each(formats.filter(({ name }) => texts.includes(name)))(
  '$name holds the orders, and whoever needs no package finds them there',
  async ({ prepare, contenders }) => {
    const { place } = await prepare(orders, folder, none)
    for (const { name, open } of contenders) {
      const load = await Promise.resolve()
        .then(() => open(none))
        .catch(() => undefined)
      if (load === undefined) continue
      const loaded = await load(place)
      const found = await loaded.figures()
      expect(difference(expectedFigures(orders), found), name).toBeUndefined()
      await loaded.close?.()
    }
  },
)

test('records of fixed width are equally long, one column after the other', () => {
  const width = fixedColumns.at(-1)?.to ?? 0
  const path = join(folder, 'records.fix')
  writeFixed(orders, path)
  const lines = readFileSync(path).toString('latin1').trimEnd().split('\n')
  expect(new Set(lines.map((line) => line.padEnd(width).length))).toEqual(new Set([width]))
  fixedColumns.forEach(({ from }, at) => {
    expect(from).toBe((fixedColumns[at - 1]?.to ?? 0) + 1)
  })
})

test('every format has a name of its own and ours first', () => {
  expect(new Set(formats.map(({ name }) => name)).size).toBe(formats.length)
  for (const { contenders } of formats) expect(contenders[0]?.ending).toBe('model')
})
