import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { data, reload } from '../reload.mjs'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'coffee-'))
  await cp(data, join(folder, 'data'), { recursive: true })
  await mkdir(join(folder, 'store'))
  await mkdir(join(folder, 'empty'))
})
afterEach(() => rm(folder, { recursive: true }))

const folders = (): { data: string; store: string } => ({
  data: join(folder, 'data'),
  store: join(folder, 'store'),
})

async function records(file: string, delimiter = ','): Promise<Map<string, string>[]> {
  const [head = '', ...lines] = (await readFile(join(data, file), 'utf8')).trimEnd().split('\n')
  const names = head.split(delimiter)
  return lines.map(
    (line) => new Map(line.split(delimiter).map((cell, i) => [names[i] ?? '', cell])),
  )
}

/** Amount in euro by country, worked out from the files without the engine. */
async function amounts(): Promise<Map<string, number>> {
  const rates = await records('rates.csv')
  const country = new Map(
    (await records('shops.csv', ';')).map((shop) => [
      shop.get('shop_id'),
      shop.get('country') ?? '',
    ]),
  )
  const last = new Map(
    (await records('corrections.csv')).map((each) => [each.get('line_id'), each]),
  )
  const sums = new Map<string, number>()
  for (const file of await readdir(join(data, 'sales')))
    for (const line of await records(`sales/${file}`)) {
      const correction = last.get(line.get('line_id'))
      if (correction?.get('operation') === 'D') continue
      const paid = Number(correction?.get('amount') ?? line.get('amount'))
      const day = line.get('day') ?? ''
      const rate = rates.find(
        (each) =>
          each.get('currency') === line.get('currency') &&
          (each.get('valid_from') ?? '') <= day &&
          day <= (each.get('valid_to') ?? ''),
      )
      const euro = Math.round(paid * Number(rate?.get('eur_rate')) * 100) / 100
      const key = country.get(line.get('shop_id')) ?? ''
      sums.set(key, (sums.get(key) ?? 0) + euro)
    }
  return sums
}

describe('the coffee script', () => {
  it('gives the figures that the files give by hand', async () => {
    const app = await reload(folders())
    const sums = await amounts()
    for (const [code, sum] of sums) {
      const amount = app.evaluate(`Sum({<CountryCode={'${code}'}>} Amount)`).number ?? Number.NaN
      // Halves of a cent may be rounded either way.
      expect(Math.abs(amount - sum)).toBeLessThan(0.05)
    }
    expect(sums.size).toBe(3)
    expect(app.evaluate('Count(Line)').number).toBe(app.evaluate('Count(DISTINCT Line)').number)
    expect(app.evaluate('Sum(Plan)').number).toBe(
      (await records('budget.csv')).reduce(
        (sum, months) =>
          sum + [...months.values()].slice(2).reduce((total, month) => total + Number(month), 0),
        0,
      ),
    )
    app.close()
  })

  it('reads only the months that are new, and comes to the same', async () => {
    const months = (await readdir(join(data, 'sales'))).sort()
    const late = months.slice(12)
    for (const month of late) await rm(join(folder, 'data/sales', month))
    const first = await reload(folders())
    expect(first.reloadReport?.log).toContain('12 months read, 0 known, 3263 lines new')
    first.close()

    for (const month of late)
      await cp(join(data, 'sales', month), join(folder, 'data/sales', month))
    const second = await reload(folders())
    expect(second.reloadReport?.log.filter((line) => line.startsWith('New month'))).toEqual(
      late.map((month) => `New month: lib://data/sales/${month}`),
    )
    const whole = await reload({ ...folders(), store: join(folder, 'empty') })
    for (const expression of ['Sum(Amount)', 'Count(Line)', 'Sum(Net)', 'Max(Visit)'])
      expect(second.evaluate(expression)).toEqual(whole.evaluate(expression))
    second.close()
    whole.close()
  })

  it('tells where each figure comes from', async () => {
    const app = await reload(folders())
    const from = (field: string): string[] => {
      const origins = app.reloadReport?.lineage.find((each) => each.field === field)?.from ?? []
      return origins.map(({ source, field: name }) => `${source.replace(/.*\//, '')} ${name}`)
    }
    expect(from('Plan')).toContain('budget.csv 2024-01')
    expect(from('Amount')).toEqual(
      expect.arrayContaining([
        '2024-01.csv amount',
        'corrections.csv amount',
        'rates.csv eur_rate',
      ]),
    )
    expect(from('Net')).toContain('products.json group')
    app.close()
  })
})
