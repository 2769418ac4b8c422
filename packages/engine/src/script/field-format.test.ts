import { expect, it } from 'vitest'
import { compileSearch } from '../search/search.ts'
import { defaultFormatSettings } from '../value/format-settings.ts'
import { run } from './run-for-tests.ts'

it('a field keeps the format it was made with, also through a preceding LOAD; searches are read in it', async () => {
  const { model } = await run(`
    T: LOAD us, n AS num;
    LOAD Date(d, 'M/D/YYYY') AS us, Num#(n, '#.##0,00', ',', '.') AS n INLINE [
    d;n
    43466;1.000,50
    43831;2
    ] (delimiter is ';');
  `)
  const symbolsOf = (name: string) => {
    const symbols = model.fields.find((field) => field.name === name)?.symbols
    if (symbols === undefined) throw new Error(name)
    return symbols
  }
  const us = symbolsOf('us')
  expect(us.format).toEqual({ kind: 'date', pattern: 'M/D/YYYY' })
  expect([us.textAt(0), us.textAt(1)]).toEqual(['1/1/2019', '1/1/2020'])
  const found = compileSearch('>=1/1/2019<1/1/2020', us, defaultFormatSettings, { mode: 'set' })
  expect([...found.symbols.toArray()]).toEqual([0])
  const num = symbolsOf('num')
  expect(num.textAt(0)).toBe('1.000,50')
  expect([...compileSearch('>1.000', num, defaultFormatSettings).symbols.toArray()]).toEqual([0])
})

it('a date function without a pattern gives the date format in force', async () => {
  const { model } = await run(`
    SET DateFormat = 'DD.MM.YYYY';
    T: LOAD MakeDate(2024, RecNo()) AS d, MonthName(MakeDate(2024, RecNo())) AS m AUTOGENERATE 2;
  `)
  const [d, m] = ['d', 'm'].map(
    (name) => model.fields.find((field) => field.name === name)?.symbols,
  )
  expect(d?.format).toEqual({ kind: 'date', pattern: 'DD.MM.YYYY' })
  expect([d?.textAt(0), m?.textAt(0), m?.numberAt(0)]).toEqual(['01.01.2024', 'Jan 2024', 45292])
})
