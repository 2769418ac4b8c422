import { createApp, neverCancelled } from '@lichen/engine'
import { describe, expect, test } from 'vitest'
import { bytesSource } from '../byte-source.ts'
import { createReader, standardFormats } from '../reader.ts'
import { xlsxFormat } from './index.ts'
import { batchesOf, book, cell, open, read, sheetOf } from './workbook-for-tests.ts'

const date = (number: number) => [number, 'date', 'YYYY-MM-DD'] as const

describe('cells', () => {
  test('numbers, texts, booleans, errors, formulas and dates by their style', async () => {
    const bytes = book({
      strings: [
        '<t>Id</t>',
        '<t>Ärger &amp; Co</t>',
        '<r><rPr><b/></rPr><t>ri</t></r><r><t xml:space="preserve">ch </t></r><rPh sb="0" eb="1"><t>x</t></rPh>',
        '<t/>',
      ],
      styles:
        '<numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy&quot; h&quot;"/></numFmts><cellStyleXfs><xf numFmtId="22"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164" applyNumberFormat="1"><alignment/></xf></cellXfs>',
      sheets: {
        Sheet1: `<row r="1"><c r="A1" t="s"><v>0</v></c>${cell('Text', 'r="B1"')}${cell('When', 'r="C1"')}${cell('Flag', 'r="D1"')}${cell('Sum', 'r="E1"')}</row>
<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="s"><v>1</v></c><c r="C2" s="1"><v>44927</v></c><c r="D2" t="b"><v>1</v></c><c r="E2"><f>A2*1.5</f><v>1.5</v></c></row>
<row r="3"><c r="A3"><v>-2.50E-3</v></c><c r="B3" t="s"><v>2</v></c><c r="C3" t="d"><v>2023-01-02</v></c><c r="D3" t="b"><v>0</v></c><c r="E3" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>
<row r="4"><c r="A4"><v>0.10000000000000001</v></c><c r="B4" t="s"><v>3</v></c><c r="C4" s="1"/><c r="D4" t="e"><v>#N/A</v></c><c r="E4" t="str"><f>"a"&amp;"b"</f><v>a_x000D_b_x005F_</v></c></row>`,
      },
    })
    expect(await read(bytes)).toEqual({
      fields: ['Id', 'Text', 'When', 'Flag', 'Sum'],
      rows: [
        [1, 'Ärger & Co', date(44927), -1, 1.5],
        [-0.0025, 'rich ', date(44928), 0, null],
        [0.1, '', null, null, 'a\rb_'],
      ],
    })
  })
  test('sparse rows and cells, missing r, the last column, rows only styled at the end', async () => {
    const bytes = book({
      sheets: {
        S: `<row r="3">${cell('A', 'r="B3"')}<c><v>7</v></c>${cell('Z', 'r="E3"')}</row><row r="4"/><row>${cell(1, 'r="C5"')}</row><row r="7">${cell(2)}<c r="E7"><v>3</v></c></row><row r="9"><c r="B9" s="1"/></row>`,
      },
    })
    expect(await read(bytes)).toEqual({
      fields: ['A1', 'A', '7', 'D', 'Z'],
      rows: [
        [null, null, null, null, null],
        [null, null, 1, null, null],
        [null, null, null, null, null],
        [2, null, null, null, 3],
      ],
    })
    const wide = await read(
      book({
        sheets: { S: `<row>${cell('a', 'r="XFC1"')}</row><row>${cell(4, 'r="XFD2"')}</row>` },
      }),
    )
    expect(wide).toEqual({ fields: ['a', 'XFD'], rows: [[null, 4]] })
  })
  test('a table that starts below and right of A1 is named by the columns of the sheet', async () => {
    const bytes = book({
      sheets: { S: `<row r="2">${cell('x', 'r="B2"')}${cell(5, 'r="D2"')}</row>` },
    })
    expect(await read(bytes, { 'no labels': true })).toEqual({
      fields: ['B', 'C', 'D'],
      rows: [['x', null, 5]],
    })
  })
  test('merged cells are where they are stored', async () => {
    const bytes = book({
      sheets: {
        S: `<worksheet><sheetData><row>${cell('A')}${cell('B')}</row><row>${cell(1)}${cell(2)}</row><row><c r="B3"><v>3</v></c></row></sheetData><mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells></worksheet>`,
      },
    })
    expect((await read(bytes)).rows).toEqual([
      [1, 2],
      [null, 3],
    ])
  })
  test('names with a prefix, comments, CDATA, instructions and line ends', async () => {
    const bytes = book({
      sheets: {
        S: '\n<x:worksheet xmlns:x="m"><!-- > <row> --><x:sheetData><?a b?><x:row r = \'1\'><x:c t="str"><x:v>A</x:v></x:c></x:row ><x:row><x:c t="str"><x:v><![CDATA[<&]]>&#x41;&#66;\r\n\r.</x:v></x:c></x:row></x:sheetData></x:worksheet>'.trim(),
      },
    })
    expect(await read(bytes)).toEqual({ fields: ['A'], rows: [['<&AB\n\n.']] })
  })
  test('inline text counts where the type says so, a value elsewhere', async () => {
    const both = (type: string) => `<c t="${type}"><is><t>is</t></is><v>v</v></c>`
    const bytes = sheetOf([
      [cell('A'), cell('B')],
      [both('inlineStr'), both('str')],
    ])
    expect((await read(bytes)).rows).toEqual([['is', 'v']])
  })
  test('what is no number in a number cell is its text', async () => {
    expect(
      (await read(sheetOf([[cell('A')], ['<c><v>1_000</v></c>'], ['<c><v>5e400</v></c>']]))).rows,
    ).toEqual([['1_000'], ['5e400']])
  })
  test('dates of the 1904 system', async () => {
    const sheet = `<row>${cell('D')}${cell('T')}${cell('N')}</row><row>${cell(0, 's="0"')}${cell(0.5, 's="1"')}${cell(1, 's="2"')}</row>`
    const bytes = book({
      properties: '<workbookPr date1904="1"/>',
      styles: '<cellXfs><xf numFmtId="14"/><xf numFmtId="20"/><xf numFmtId="2"/></cellXfs>',
      sheets: { S: sheet },
    })
    expect((await read(bytes)).rows).toEqual([[date(1462), [0.5, 'time', 'hh:mm:ss'], 1]])
  })
})

describe('numbers that are shown in different ways', () => {
  test('share no batch; each keeps its own, and the records their order', async () => {
    const styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="44"/></cellXfs>'
    const values = [1, 'n/a', 2, 'x', 3, 4]
    const style = [0, 0, 1, 0, 2, 2]
    const rows = values.map((value, i) => `<row>${cell(i)}${cell(value, `s="${style[i]}"`)}</row>`)
    const source = await open(book({ styles, sheets: { S: rows.join('') } }), { 'no labels': true })
    const batches = await batchesOf(source)
    expect(batches.map((batch) => [batch.rows, batch.columns[1]?.kind])).toEqual([
      [2, 'values'],
      [1, 'numbers'],
      [1, 'text'],
      [2, 'numbers'],
    ])
    expect(
      (await read(book({ styles, sheets: { S: rows.join('') } }), { 'no labels': true })).rows,
    ).toEqual([
      [0, 1],
      [1, 'n/a'],
      [2, date(2)],
      [3, 'x'],
      [4, [3, 'money', '$#,##0.00;-$#,##0.00']],
      [5, [4, 'money', '$#,##0.00;-$#,##0.00']],
    ])
  })
  test('plain text is one column over the shared strings', async () => {
    const cells = (index: number) => [`<c t="s"><v>${index}</v></c>`]
    const bytes = book({
      strings: ['<t>L</t>', '<t>a</t>', '<t>b</t>'],
      sheets: { S: [0, 1, 2, 1].map((i) => `<row>${cells(i)}</row>`).join('') },
    })
    const [batch] = await batchesOf(await open(bytes))
    const [column] = batch?.columns ?? []
    expect(column).toMatchObject({ kind: 'text', interpret: false })
    expect(column?.kind === 'text' && [...column.starts]).toEqual([1, 2, 1])
  })
  test('shared and inline texts in one column', async () => {
    const bytes = book({
      strings: ['<t>sh</t>'],
      sheets: {
        S: `<row>${cell('L')}</row><row>${cell('in')}</row><row><c t="s"><v>0</v></c></row><row/><row>${cell('ä')}</row>`,
      },
    })
    expect((await read(bytes)).rows).toEqual([['in'], ['sh'], [null], ['ä']])
  })
})

describe('the format clause', () => {
  const bytes = book({
    hidden: ['Secret'],
    names:
      '<definedNames><definedName name="_xlnm.Print_Area" localSheetId="1">Data!$A$1:$B$2</definedName><definedName name="Area">\'It\'\'s 2\'!$B$2:$C$3</definedName><definedName name="Cols">Data!$B:$C</definedName><definedName name="Calc">SUM(Data!$A$1)</definedName></definedNames>',
    sheets: {
      Secret: `<row>${cell('S')}</row><row>${cell(1)}</row>`,
      Data: `<row>${cell('title')}</row><row/><row>${cell('A')}${cell(' A ')}${cell('A')}<c r="E3"><v>2</v></c></row><row>${cell(1)}${cell(2)}${cell(3)}${cell(4)}${cell(5)}</row>`,
      "It's 2": `<row>${cell('w')}</row><row>${cell('x')}${cell('y')}${cell('z')}</row><row>${cell(1)}${cell(2)}${cell(3)}${cell(4)}</row><row>${cell(5)}</row>`,
    },
  })
  test('the first sheet that is seen; header, labels, names', async () => {
    expect((await read(bytes)).fields).toEqual(['title', 'B', 'C', 'D', 'E'])
    for (const header of ['1', '1 lines', 'line', '2'])
      expect(await read(bytes, { header })).toEqual({
        fields: ['A', 'A1', 'A2', 'D', '2'],
        rows: [[1, 2, 3, 4, 5]],
      })
    expect(await read(bytes, { header: '2', 'no labels': true })).toMatchObject({
      fields: ['A', 'B', 'C', 'D', 'E'],
      rows: [
        ['A', ' A ', 'A', null, 2],
        [1, 2, 3, 4, 5],
      ],
    })
    expect(await read(bytes, { header: '9' })).toEqual({ fields: [], rows: [] })
  })
  test('sheets by name in any case, quoted or with $, hidden ones too', async () => {
    for (const table of ['secret', 'Secret$', "'SECRET'", "'Secret$'"])
      expect(await read(bytes, { table, 'embedded labels': true })).toEqual({
        fields: ['S'],
        rows: [[1]],
      })
    expect((await read(bytes, { table: "it's 2" })).fields).toEqual(['w', 'B', 'C', 'D'])
  })
  test('named areas', async () => {
    expect(await read(bytes, { table: 'area' })).toEqual({ fields: ['y', 'z'], rows: [[2, 3]] })
    expect(await read(bytes, { table: 'Cols', header: '2 lines' })).toEqual({
      fields: ['A', 'A1'],
      rows: [[2, 3]],
    })
    await expect(read(bytes, { table: 'Calc' })).rejects.toMatchObject({
      code: 'source-unsupported',
    })
  })
  test('what is not there is named with what is', async () => {
    await expect(read(bytes, { table: 'Nope' })).rejects.toMatchObject({
      code: 'table-not-found',
      message:
        "x.xlsx has no sheet or named area Nope; there are [Secret], [Data], [It's 2], [Area], [Cols]",
    })
    for (const options of [{ filters: 'x' }, { record: '1' }, { header: 'x' }] as Record<
      string,
      string
    >[])
      await expect(read(bytes, options)).rejects.toMatchObject({ code: 'source-unsupported' })
    expect((await read(bytes, { utf8: true, msq: true })).rows).toHaveLength(3)
  })
})

describe('reading', () => {
  const rows = 40_000
  const content = (dimension: string): string =>
    `<worksheet>${dimension}<sheetData><row>${cell('N')}${cell('W')}</row>${Array.from({ length: rows }, (_, i) => `<row>${cell(i)}${cell(`w${i % 7}`)}</row>`).join('')}</sheetData></worksheet>`
  const bytes = book({ sheets: { S: content('<dimension ref="A1:B40001"/>') } })

  test('any of the fields, again when asked again, and no other', async () => {
    const source = await open(bytes)
    for (let time = 0; time < 2; time++) {
      const counts: number[] = []
      for await (const batch of source.batches([1, 0, 1], neverCancelled)) {
        counts.push(batch.rows)
        expect(batch.columns.map((column) => column.kind)).toEqual(['text', 'numbers', 'text'])
      }
      expect(counts).toEqual([16384, 16384, 7232])
    }
    expect(() => source.batches([2], neverCancelled)).toThrow('has no field 2')
    const cancelled = source.batches([0], { cancelled: true })[Symbol.asyncIterator]()
    await expect(cancelled.next()).rejects.toMatchObject({ code: 'cancelled' })
    for await (const batch of source.batches([], neverCancelled)) expect(batch.columns).toEqual([])
    for await (const _ of source.batches([0], neverCancelled)) break
  })
  test('the extent a sheet states spares reading it twice and never changes what is read', async () => {
    expect((await open(bytes)).rows).toBeUndefined()
    for (const dimension of [
      '',
      '<dimension ref="A1"/>',
      '<dimension ref="A1:XFD9"/>',
      '<dimension ref="what"/>',
    ]) {
      const source = await open(book({ sheets: { S: content(dimension) } }))
      expect([source.rows, source.fields]).toEqual([rows, ['N', 'W']])
    }
    const lying = book({
      sheets: {
        S: `<worksheet><dimension ref="A1:A3"/><sheetData><row>${cell('N')}</row><row>${cell(1)}</row><row>${cell(1)}${cell(2)}</row></sheetData></worksheet>`,
      },
    })
    await expect(read(lying)).rejects.toThrow(/B3 lies outside/)
  })
  test('gaps of any size between rows', async () => {
    const sheet = `<row>${cell('N')}</row><row r="20000">${cell(1)}</row><row r="70000">${cell(2)}</row>`
    const { rows: read_ } = await read(book({ sheets: { S: sheet } }))
    expect(read_).toHaveLength(69_999)
    expect([read_[19_998], read_[69_998]]).toEqual([[1], [2]])
  })
  test('in a load script', async () => {
    const entry = { names: ['ooxml'], extensions: ['xlsx'], load: async () => xlsxFormat }
    const reader = createReader({
      formats: [...standardFormats, entry],
      find: async (path) => [bytesSource(path, bytes)],
    })
    const script =
      'T: LOAD N, W, Previous(N) AS P FROM [x.xlsx] (ooxml, embedded labels, table is [s]);'
    const app = await createApp({ script, reader })
    const values = ['Count(N)', 'Sum(N)', 'Count(DISTINCT W)', 'Sum(P)'].map(
      (expression) => app.evaluate(expression).number,
    )
    app.close()
    const sum = (rows * (rows - 1)) / 2
    expect(values).toEqual([rows, sum, 7, sum - rows + 1])
  })
})
