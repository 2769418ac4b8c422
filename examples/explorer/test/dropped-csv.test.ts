import { expect, test } from 'vitest'
import { readDroppedCsv } from '../src/dropped-csv.ts'

const file = (text: string, name = 'seasons.csv'): File => new File([text], name)

test('becomes an inline table named by the file', async () => {
  const table = await readDroppedCsv(file('Month,Season\r\nJan,Winter\r\n'))
  expect(table).toEqual({
    name: 'seasons',
    fields: ['Month', 'Season'],
    script: "[seasons]:\nLOAD * INLINE [\nMonth,Season\nJan,Winter\n] (delimiter is ',');\n",
  })
})

test.each([
  [';', "';'"],
  ['\t', String.raw`'\t'`],
  ['|', "'|'"],
])('finds the delimiter %j', async (sign, spec) => {
  const { fields, script } = await readDroppedCsv(file(`a${sign}b\n1${sign}2`))
  expect(fields).toEqual(['a', 'b'])
  expect(script).toContain(`(delimiter is ${spec})`)
})

test('takes other quotes when the data hold a bracket', async () => {
  const { script } = await readDroppedCsv(file('a,b\n1,[x]'))
  expect(script).toContain('INLINE `\na,b')
})

test('a byte order mark and quotes are no part of a field name', async () => {
  expect((await readDroppedCsv(file('\uFEFF"a b",c\n1,2'))).fields).toEqual(['a b', 'c'])
})

test('a file name cannot end the table name', async () => {
  expect((await readDroppedCsv(file('a\n1', 'x]: DROP.csv'))).name).toBe('x   DROP')
})

test.each([
  ['empty', ' \n'],
  ['cannot carry', 'a\n$(x)'],
  ['cannot carry', 'a\n]`"'],
  ['larger than 4 MB', `a\n${'1\n'.repeat(2_200_000)}`],
])('is refused when %s', async (reason, text) => {
  await expect(readDroppedCsv(file(text))).rejects.toThrow(reason)
})
