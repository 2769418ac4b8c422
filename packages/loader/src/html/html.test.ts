import { LichenError } from '@lichen/engine'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ClauseForTests, flipped, readAll, seeded } from '../rows-for-tests.ts'
import { htmlFormat } from './index.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 200)
const read = (page: string | Uint8Array, options: ClauseForTests['options'] = {}) =>
  readAll(htmlFormat, page, { options })

const page = `<!DOCTYPE html><html><head><title>a <table></title><style>td{}</style>
<script>document.write("<table><tr><td>no</td></tr></table>")</script></head><body>
<!-- <table><tr><td>no -->
<table id=first><caption>The first</caption>
 <thead><tr><th>Id<th>N&auml;me<th></thead>
 <tbody><tr><td>1<td>a &lt;b&gt;<br>c<td>x
 <TR><TD>2</TD><td class="q > r"><p>d</p><p>e</p></td></tr>
</table>
<table><tr><td>outer<table id="in"><tr><td>K</td></tr><tr><td>inner</td></tr></table> text</td><td>B</td></tr><tr><td>1</td><td>2</td></tr></table>`

describe('tables', () => {
  test('end tags may be missing, references and blocks are read, scripts and comments are not', async () => {
    const expected = {
      fields: ['Id', 'Näme', '@3'],
      rows: [
        ['1', 'a <b> c', 'x'],
        ['2', 'd e', null],
      ],
    }
    for (const table of ['@1', '1', 'first', 'The first'])
      expect(await read(page, { table })).toEqual(expected)
    expect(await read(page)).toEqual(expected)
  })
  test('tables in cells count where they begin, and are no text of the cell', async () => {
    expect(await read(page, { table: '@2' })).toEqual({
      fields: ['outer text', 'B'],
      rows: [['1', '2']],
    })
    expect((await read(page, { table: '@3' })).fields).toEqual(['K'])
    await expect(read(page, { table: '@4' })).rejects.toMatchObject({ code: 'table-not-found' })
  })
  test('labels and header', async () => {
    const text = '<table><tr><td>x<tr><td>A<td>A<tr><td>1<td>2</table>'
    expect(await read(text, { header: '1 lines' })).toEqual({
      fields: ['A', 'A1'],
      rows: [['1', '2']],
    })
    expect(await read(text, { 'no labels': true })).toEqual({
      fields: ['@1', '@2'],
      rows: [
        ['x', null],
        ['A', 'A'],
        ['1', '2'],
      ],
    })
    await expect(read(text, { delimiter: ';' })).rejects.toMatchObject({
      code: 'source-unsupported',
    })
  })
  test('cells over rows and columns stand in each', async () => {
    const text = `<table><tr><th>A<th>B<th>C<th>D</tr>
      <tr><td rowspan=2>r<td colspan=2>c<td rowspan=0>z</tr><tr><td>1<td>2</tr><tr><td colspan=3>w</tr></table>`
    expect((await read(text)).rows).toEqual([
      ['r', 'c', 'c', 'z'],
      ['r', '1', '2', 'z'],
      ['w', 'w', 'w', 'z'],
    ])
  })
  test('references', async () => {
    const text =
      '<table><tr><td>A<tr><td>&#8364;&#x80;&euro;&nbsp;1&unknown;&amp;lt;?a=1&copy=2&#0;</table>'
    expect((await read(text)).rows).toEqual([['€€€\u00a01&unknown;&lt;?a=1&copy=2\ufffd']])
  })
})

test('encodings: the clause, a meta element, or what it looks like', async () => {
  const single = (head: string) =>
    Uint8Array.from(`${head}<table><tr><td>\xc4</td></tr></table>`, (sign) => sign.charCodeAt(0))
  expect((await read(single(''))).fields).toEqual(['Ä'])
  expect((await read(single('<meta charset="windows-1251">'))).fields).toEqual(['Д'])
  expect(
    (await read(single('<meta http-equiv=Content-Type content="text/html; charset=koi8-r">')))
      .fields,
  ).toEqual(['д'])
  expect((await read(single('<meta charset=koi8-r>'), { codepage: '1252' })).fields).toEqual(['Ä'])
  expect((await read('\ufeff<table><tr><td>Ä</table>', { codepage: '1252' })).fields).toEqual(['Ä'])
  expect((await read('<table><tr><td>Ä</table>')).fields).toEqual(['Ä'])
  await expect(read(single(''), { oem: true })).rejects.toMatchObject({
    code: 'source-unsupported',
  })
})

describe('damage', () => {
  const bytes = new TextEncoder().encode(page)
  const expectTyped = async (content: Uint8Array): Promise<void> => {
    const outcome = await read(content).catch((error: unknown) => error)
    if (outcome instanceof Error && !(outcome instanceof LichenError)) throw outcome
  }
  test('cut off anywhere, or with bits flipped', async () => {
    for (let end = 0; end < bytes.length; end++) await expectTyped(bytes.slice(0, end))
    const random = seeded(5)
    for (let i = 0; i < 1500; i++)
      await expectTyped(flipped(bytes, Math.floor(random() * bytes.length * 8)))
  })
  test('spans, tables and depth have limits', async () => {
    expect(
      (await read('<table><tr><td colspan=999999999 rowspan=-3>A</table>')).fields,
    ).toHaveLength(1000)
    const wide = `<table><tr>${'<td colspan=1000>A'.repeat(20)}</table>`
    await expect(read(wide)).rejects.toMatchObject({ code: 'budget-exceeded' })
    const tall = `<table><tr>${'<td colspan=1000 rowspan=65534>A'.repeat(16)}${'<tr>'.repeat(60_000)}</table>`
    await expect(read(tall)).rejects.toMatchObject({ code: 'budget-exceeded' })
    await expect(read('<table><tr><td>'.repeat(100))).rejects.toMatchObject({
      code: 'budget-exceeded',
    })
  })
  test('unclosed tags and quotes cost no more than their length', async () => {
    for (const part of ['<', '<a ', '<a b="', '<!--', '<script>', '</', '&#', "x='", '<td a'])
      await read(`<table><tr><td>A</table>${part.repeat(100_000)}`)
  })
})

test('any cells come back', async () => {
  const cell = fc.stringMatching(/^[a-z<>&é€]{0,5}$/)
  const rows = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { maxLength: 6 })
  const written = (text: string) =>
    text.replace(/[<>&]/g, (sign) => `&#x${sign.charCodeAt(0).toString(16)};`)
  await fc.assert(
    fc.asyncProperty(rows, fc.boolean(), async (table, closed) => {
      const end = closed ? ['</td>', '</tr>'] : ['', '']
      const lines = table.map(
        (row) => `<tr>${row.map((text) => `<td>${written(text)}${end[0]}`).join('\n')}${end[1]}`,
      )
      const { rows: found } = await read(`<table>${lines.join('')}</table>`, { 'no labels': true })
      expect(found).toEqual(table)
    }),
    { seed, numRuns },
  )
})
