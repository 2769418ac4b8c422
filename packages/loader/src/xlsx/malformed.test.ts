import { LichenError, neverCancelled } from '@lichen/engine'
import { describe, expect, test } from 'vitest'
import {
  type BookParts,
  batchesOf,
  book,
  bookFiles,
  cell,
  open,
  type PackedFile,
  read,
  sheetOf,
  zipOf,
} from './workbook-for-tests.ts'

const parts: BookParts = {
  strings: ['<t>Näme</t>', '<r><t>b_x0041_</t></r>'],
  styles:
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs>',
  properties: '<workbookPr date1904="0"/>',
  names: '<definedNames><definedName name="N">T!$A$1:$B$2</definedName></definedNames>',
  sheets: {
    T: `<worksheet><dimension ref="A1:B3"/><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c>${cell('B', 'r="B1"')}</row><row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2" s="1"><v>44927</v></c></row><row r="3"><c r="A3" t="b"><v>1</v></c><c r="B3" t="e"><v>#N/A</v></c></row></sheetData></worksheet>`,
  },
}
const files = bookFiles(parts).map((file) => ({ ...file, deflate: false }))
const healthy = await read(zipOf(files))

/** Numbers in [0, 1) that are the same in every run. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

async function expectTyped(bytes: Uint8Array): Promise<void> {
  const outcome = await read(bytes).catch((error: unknown) => error)
  if (outcome instanceof Error && !(outcome instanceof LichenError)) throw outcome
}

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const damaged = bytes.slice()
  damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  return damaged
}

/** The files with one of them replaced. */
function replaced(name: string, change: Partial<PackedFile>): PackedFile[] {
  return files.map((file) => (file.name === name ? { ...file, ...change } : file))
}

const sheet = 'xl/worksheets/sheet1.xml'
const ofSheet = (change: Partial<PackedFile>) => read(zipOf(replaced(sheet, change)))

describe('a damaged archive', () => {
  test('cut off anywhere it is malformed', async () => {
    const bytes = book(parts)
    for (let end = 0; end < bytes.length; end++)
      await expect(read(bytes.slice(0, end)), `${end}`).rejects.toMatchObject({
        code: 'source-malformed',
      })
  })
  test.each([false, true])(
    'with bits flipped it reads or fails with a typed error (deflate %s)',
    async (deflate) => {
      const bytes = zipOf(files.map((file) => ({ ...file, deflate })))
      const random = seeded(7)
      for (let i = 0; i < 1200; i++)
        await expectTyped(flipped(bytes, Math.floor(random() * bytes.length * 8)))
    },
  )
  test('with a bit of the directory or of the end flipped too', async () => {
    const bytes = zipOf(files, true)
    for (let bit = (bytes.length - 200) * 8; bit < bytes.length * 8; bit++)
      await expectTyped(flipped(bytes, bit))
  })
  test('sizes, places and checksums that lie', async () => {
    const { length } = new TextEncoder().encode(
      String(files.find(({ name }) => name === sheet)?.content),
    )
    for (const change of [
      { deflate: true, bytes: length - 1 },
      { deflate: true, bytes: length + 1 },
      { deflate: true, bytes: 0xfffffffe },
      { deflate: true, packedBytes: 20 },
      { deflate: true, packedBytes: 0 },
      { bytes: length - 1 },
      { bytes: 0xfffffffe, packedBytes: 0xfffffffe },
      { bytes: length - 9, packedBytes: length - 9 },
      { crc: 1 },
      { headerAt: 1 },
      { headerAt: 0xfffffffe },
      { zip64: true, bytes: 2 ** 52 },
      { zip64: true, bytes: 2 ** 60 },
    ] satisfies Partial<PackedFile>[])
      await expect(ofSheet(change), JSON.stringify(change)).rejects.toMatchObject({
        code: 'source-malformed',
      })
  })
  test('what is not an archive, or not of a workbook', async () => {
    for (const bytes of [
      new Uint8Array(0),
      new TextEncoder().encode('<html>'),
      zipOf([]),
      zipOf([{ name: 'mimetype', content: 'x' }]),
    ])
      await expect(read(bytes)).rejects.toMatchObject({ code: 'source-malformed' })
    for (const { name } of files)
      await expect(
        read(zipOf(files.filter((file) => file.name !== name))),
        name,
      ).rejects.toMatchObject({ code: 'source-malformed' })
    await expect(
      read(zipOf([...files, { name: sheet.toUpperCase(), content: '<a/>' }])),
    ).rejects.toThrow(/two files/)
  })
  test('what is not read says what to do', async () => {
    const binary = String(files[0]?.content).replace('workbook.xml', 'workbook.bin')
    for (const bytes of [
      Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1),
      zipOf(replaced(sheet, { flags: 1 })),
      zipOf(replaced(sheet, { flags: 1 << 13 })),
      zipOf(replaced(sheet, { method: 12 })),
      zipOf(replaced('_rels/.rels', { content: binary })),
    ])
      await expect(read(bytes)).rejects.toMatchObject({
        code: 'source-unsupported',
        message: expect.stringContaining('save'),
      })
  })
  test('ZIP64, backslashes, other cases and flags without meaning are read', async () => {
    const odd = files.map((file) => ({
      ...file,
      name: file.name.replaceAll('/', '\\').toUpperCase(),
      flags: 1 << 11,
      zip64: true,
    }))
    expect(await read(zipOf(odd, true))).toEqual(healthy)
    expect(await read(zipOf(files, true))).toEqual(healthy)
  })
})

describe('damaged parts', () => {
  test('cut off anywhere they are malformed', async () => {
    for (const { name, content } of files) {
      const bytes = new TextEncoder().encode(String(content))
      for (let end = 0; end < bytes.length; end++)
        await expect(
          read(zipOf(replaced(name, { content: bytes.slice(0, end) }))),
          `${name} ${end}`,
        ).rejects.toMatchObject({ code: 'source-malformed' })
    }
  }, 120_000)
  test('with bits flipped they are read or fail with a typed error', async () => {
    const random = seeded(11)
    for (const { name, content } of files) {
      const bytes = new TextEncoder().encode(String(content))
      for (let i = 0; i < 400; i++)
        await expectTyped(
          zipOf(
            replaced(name, { content: flipped(bytes, Math.floor(random() * bytes.length * 8)) }),
          ),
        )
    }
  }, 120_000)
  test.each([
    ['a DOCTYPE', '<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'],
    ['no worksheet', '<chartsheet/>'],
    ['rows out of order', '<worksheet><sheetData><row r="2"/><row r="2"/></sheetData></worksheet>'],
    ['a row below the last', '<worksheet><sheetData><row r="1048577"/></sheetData></worksheet>'],
    ['a row without a number', '<worksheet><sheetData><row r="1.5"/></sheetData></worksheet>'],
    [
      'a column right of the last',
      `<worksheet><sheetData><row>${cell(1, 'r="XFE1"')}</row></sheetData></worksheet>`,
    ],
    [
      'one cell too many',
      `<worksheet><sheetData><row>${cell(1, 'r="XFD1"')}${cell(2)}</row></sheetData></worksheet>`,
    ],
    [
      'a string that is not there',
      '<worksheet><sheetData><row><c t="s"><v>2</v></c></row></sheetData></worksheet>',
    ],
    [
      'a string by no index',
      '<worksheet><sheetData><row><c t="s"><v>x</v></c></row></sheetData></worksheet>',
    ],
  ])('%s is malformed', async (_, content) => {
    await expect(ofSheet({ content })).rejects.toMatchObject({ code: 'source-malformed' })
  })
  test.each([cell('~'), '<c t="d"><v>~</v></c>', '<c t="str"><v>~</v></c>', '<c><v>~</v></c>'])(
    'text that is not UTF-8 is malformed: %s',
    async (written) => {
      const content = new TextEncoder().encode(
        `<worksheet><sheetData><row>${written}</row></sheetData></worksheet>`,
      )
      await expect(
        ofSheet({ content: content.map((byte) => (byte === 0x7e ? 0xff : byte)) }),
      ).rejects.toThrow(/UTF-8/)
    },
  )
})

describe('limits', () => {
  test('files of the archive, one below, at and above', async () => {
    const bytes = zipOf(files)
    for (const entries of [files.length + 1, files.length])
      expect(await read(bytes, {}, { entries })).toEqual(healthy)
    await expect(read(bytes, {}, { entries: files.length - 1 })).rejects.toMatchObject({
      code: 'budget-exceeded',
    })
  })
  test('bytes of a part', async () => {
    const most = Math.max(
      ...files.map(({ content }) => new TextEncoder().encode(String(content)).length),
    )
    for (const partBytes of [most + 1, most])
      expect(await read(zipOf(files), {}, { partBytes })).toEqual(healthy)
    await expect(read(zipOf(files), {}, { partBytes: most - 1 })).rejects.toMatchObject({
      code: 'budget-exceeded',
    })
  })
  test('bytes of shared strings', async () => {
    const bytes = zipOf(files)
    expect(await read(bytes, {}, { stringBytes: 20 })).toEqual(healthy)
    await expect(read(bytes, {}, { stringBytes: 9 })).rejects.toMatchObject({
      code: 'budget-exceeded',
    })
  })
  test('bytes of what describes the workbook, and of labels', async () => {
    const bytes = zipOf(files)
    await expect(read(bytes, {}, { bookBytes: 300 })).rejects.toMatchObject({
      code: 'budget-exceeded',
    })
    for (const labelBytes of [7, 6]) expect(await read(bytes, {}, { labelBytes })).toEqual(healthy)
    await expect(read(bytes, {}, { labelBytes: 5 })).rejects.toMatchObject({
      code: 'budget-exceeded',
    })
  })
  test('one long string in many cells is held once', async () => {
    const long = '<c t="s"><v>0</v></c>'
    const rows = Array.from(
      { length: 16_000 },
      (_, i) => `<row>${long}${i % 2 ? long : cell(i)}${i % 2 ? long : cell('in')}</row>`,
    )
    const bytes = book({ strings: [`<t>${'x'.repeat(1 << 20)}</t>`], sheets: { S: rows.join('') } })
    const [batch] = await batchesOf(await open(bytes, { 'no labels': true }))
    expect(batch?.columns.map((column) => column.kind)).toEqual(['text', 'values', 'text'])
    const labels = book({
      strings: [`<t>${'x'.repeat(1 << 20)}</t>`],
      sheets: { S: `<row>${long.repeat(16_384)}</row>` },
    })
    await expect(read(labels)).rejects.toMatchObject({ code: 'budget-exceeded' })
  })
  test('bytes of the text of a cell, in one run or in many', async () => {
    const runs = (count: number) =>
      `<c t="inlineStr"><is>${'<r><t>0123456789</t></r>'.repeat(count)}</is></c>`
    expect(
      (await read(sheetOf([[cell('A')], [runs(20)]]), {}, { tokenBytes: 200 })).rows[0]?.[0],
    ).toHaveLength(200)
    await expect(
      read(sheetOf([[cell('A')], [runs(21)]]), {}, { tokenBytes: 200 }),
    ).rejects.toMatchObject({ code: 'budget-exceeded' })
  })
  test('a bomb: blanks, or rows that say much with little', async () => {
    const content = new Uint8Array(64 << 20).fill(0x20)
    const bomb = { content, deflate: true }
    await expect(ofSheet(bomb)).rejects.toMatchObject({ code: 'budget-exceeded' })
    for (const name of ['xl/sharedStrings.xml', 'xl/styles.xml', 'xl/workbook.xml', '_rels/.rels'])
      await expect(read(zipOf(replaced(name, bomb))), name).rejects.toMatchObject({
        code: 'budget-exceeded',
      })
    const rows = `<worksheet><sheetData>${'<row/>'.repeat(1_048_576)}</sheetData></worksheet>`
    expect(
      await read(zipOf(replaced(sheet, { content: rows, deflate: true })), {}, { ratio: 2000 }),
    ).toEqual({ fields: [], rows: [] })
    await expect(ofSheet({ content: rows, deflate: true })).rejects.toMatchObject({
      code: 'budget-exceeded',
    })
  })
  test('a sheet as wide and as long as can be, with little in it, needs little memory', async () => {
    const content = `<worksheet><sheetData><row>${cell('a')}${cell('z', 'r="XFD1"')}</row><row r="1048576">${cell(1)}</row></sheetData></worksheet>`
    const source = await open(zipOf(replaced(sheet, { content })))
    expect([source.rows, source.fields.length]).toEqual([1_048_575, 16_384])
    let rows = 0
    for await (const batch of source.batches([0], neverCancelled)) rows += batch.rows
    expect(rows).toBe(1_048_575)
    for await (const batch of source.batches([...source.fields.keys()], neverCancelled)) {
      expect(batch.rows).toBeLessThanOrEqual(64)
      break
    }
  })
  test('formats that change from row to row make batches of a row, not more', async () => {
    const styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
    const rows = Array.from({ length: 20_000 }, (_, i) => `<row>${cell(i, `s="${i & 1}"`)}</row>`)
    const batches = await batchesOf(
      await open(book({ styles, sheets: { S: rows.join('') } }), { 'no labels': true }),
    )
    expect(batches.length).toBe(20_000)
  })
})
