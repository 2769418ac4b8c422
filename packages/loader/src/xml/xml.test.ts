import { LichenError } from '@lichen/engine'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ClauseForTests, flipped, readAll, seeded } from '../rows-for-tests.ts'
import { xmlFormat } from './index.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 200)
const read = (text: string | Uint8Array, clause?: ClauseForTests) =>
  readAll(xmlFormat, text, clause)
const table = (path: string, asked: readonly string[] = []): ClauseForTests => ({
  options: { table: path },
  asked,
})

const books = `<?xml version="1.0" encoding="UTF-8"?>
<catalog xmlns="urn:x" xmlns:dc="urn:d">
  <!-- none -->
  <book id="1"><title lang="de">Ä &amp; B</title><dc:date>2020-01-02</dc:date>
    <place><city>Kiel</city></place><author>X</author><author>Y</author></book>
  <book id="2"><title><![CDATA[<C>]]></title><author name="n">Z</author></book>
  <book id="3"><title/></book>
</catalog>`

describe('tables', () => {
  test('attributes, elements and paths below are fields; what repeats is a table of its own', async () => {
    expect(await read(books, table('catalog/book'))).toEqual({
      fields: ['id', 'title', 'title/lang', 'dc:date', 'place/city', '%Key_book'],
      rows: [
        ['1', 'Ä & B', 'de', '2020-01-02', 'Kiel', '1'],
        ['2', '<C>', null, null, null, '2'],
        ['3', '', null, null, null, '3'],
      ],
    })
  })
  test('the table of what repeats has its text and the key of its parent', async () => {
    expect(await read(books, table('/catalog/book/author/'))).toEqual({
      fields: ['name', 'author%Table', '%Key_book'],
      rows: [
        [null, 'X', '1'],
        [null, 'Y', '1'],
        ['n', 'Z', '2'],
      ],
    })
  })
  test('without a path: the outermost that repeats, else the root', async () => {
    expect((await read(books)).rows).toHaveLength(3)
    expect(await read('<a x="1"><b>2</b></a>')).toEqual({ fields: ['x', 'b'], rows: [['1', '2']] })
  })
  test('names asked for are found in what repeats, and keys whatever follows their name', async () => {
    const { fields, rows } = await read(
      books,
      table('catalog/book', [
        'author',
        'author/name',
        '%Key_book_34E3AC2F7AC29B6D',
        '%Key_catalog',
      ]),
    )
    const at = (name: string) => fields.indexOf(name)
    expect(rows.map((row) => row[at('author')])).toEqual(['X', 'Z', null])
    expect(rows.map((row) => row[at('author/name')])).toEqual([null, 'n', null])
    expect(rows.map((row) => row[at('%Key_book_34E3AC2F7AC29B6D')])).toEqual(['1', '2', '3'])
    expect(rows.map((row) => row[at('%Key_catalog')])).toEqual(['1', '1', '1'])
  })
  test('a path that names nothing tells the tables', async () => {
    await expect(read(books, table('catalog/books'))).rejects.toMatchObject({
      code: 'table-not-found',
      message: expect.stringContaining('catalog/book, catalog/book/author'),
    })
    await expect(read(books, { options: { filters: 'x' } })).rejects.toMatchObject({
      code: 'source-unsupported',
    })
  })
  test('the header of a QVD is XML', async () => {
    const bytes = new TextEncoder().encode('<H><T><S>a</S><S>b</S></T></H>\r\n\0\u0001<')
    const { rows } = await read(bytes, { ...table('H/T/S'), name: 'x.qvd' })
    expect(rows).toEqual([['a'], ['b']])
    await expect(read(bytes, table('H/T/S'))).rejects.toMatchObject({ code: 'source-malformed' })
  })
  test('mixed text is joined', async () => {
    expect((await read('<r><a>x<b>y</b>z<![CDATA[!]]></a></r>')).rows).toEqual([['xz!', 'y']])
  })
})

describe('encodings', () => {
  const text = '<r><a>Ä€</a></r>'
  const utf16 = (marked: boolean, highFirst: boolean): Uint8Array =>
    Uint8Array.from(
      [...(marked ? `\ufeff${text}` : text)].flatMap((sign) => {
        const unit = sign.charCodeAt(0)
        return highFirst ? [unit >> 8, unit & 255] : [unit & 255, unit >> 8]
      }),
    )
  test('UTF-16 by its mark or first bytes, others by their declaration or codepage', async () => {
    for (const marked of [true, false])
      for (const highFirst of [true, false])
        expect((await read(utf16(marked, highFirst))).rows).toEqual([['Ä€']])
    const single = (head: string) =>
      Uint8Array.from(`${head}<r><a>\x80\xc4</a></r>`, (sign) => sign.charCodeAt(0))
    expect((await read(single('<?xml version="1.0" encoding="windows-1252"?>'))).rows).toEqual([
      ['€Ä'],
    ])
    expect((await read(single(''), { options: { codepage: '1252' } })).rows).toEqual([['€Ä']])
    await expect(read(single(''))).rejects.toMatchObject({ code: 'source-malformed' })
    await expect(read(single('<?xml version="1.0" encoding="klingon"?>'))).rejects.toMatchObject({
      code: 'source-unsupported',
    })
  })
})

describe('damage', () => {
  const bytes = new TextEncoder().encode(books)
  const expectTyped = async (content: Uint8Array): Promise<void> => {
    const outcome = await read(content, table('catalog/book')).catch((error: unknown) => error)
    if (outcome instanceof Error && !(outcome instanceof LichenError)) throw outcome
  }
  test('cut off anywhere it is malformed', async () => {
    for (let end = 0; end < bytes.length; end++)
      await expect(read(bytes.slice(0, end)), `${end}`).rejects.toMatchObject({
        code: 'source-malformed',
      })
  })
  test('with bits flipped it reads or fails with a typed error', async () => {
    const random = seeded(11)
    for (let i = 0; i < 1500; i++)
      await expectTyped(flipped(bytes, Math.floor(random() * bytes.length * 8)))
  })
  test('DTDs, entities, depth and kinds have limits', async () => {
    const bomb = '<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    for (const [text, code] of [
      [bomb, 'source-malformed'],
      ['<a>&b;</a>', 'source-malformed'],
      ['<a>'.repeat(300), 'budget-exceeded'],
      [
        `<a>${Array.from({ length: 10_001 }, (_, i) => `<b${i}/>`).join('')}</a>`,
        'budget-exceeded',
      ],
      ['<a><b></a></b>', 'source-malformed'],
      ['', 'source-malformed'],
    ] as const)
      await expect(read(text), text.slice(0, 40)).rejects.toMatchObject({ code })
  })
  test('many pieces of mixed text cost no more than their length', async () => {
    const { rows } = await read(`<r><a>${'x<b/>'.repeat(200_000)}</a></r>`, table('r'))
    expect(String(rows[0]?.[0]).length).toBe(200_000)
  })
})

/** Without the characters XML has no place for. */
function allowed(text: string): string {
  return [...text].filter((sign) => sign >= ' ' || '\t\n\r'.includes(sign)).join('')
}

test('any records come back', async () => {
  const name = fc.constantFrom('a', 'b', 'c', 'longer-name')
  const record = fc.dictionary(name, fc.string({ unit: 'grapheme', maxLength: 6 }))
  const escaped = (text: string) => text.replace(/[&<>\r]/g, (sign) => `&#${sign.charCodeAt(0)};`)
  await fc.assert(
    fc.asyncProperty(fc.array(record, { minLength: 2, maxLength: 8 }), async (records) => {
      const clean = records.map((each) =>
        Object.entries(each).map(([key, text]) => [key, allowed(text)] as const),
      )
      const xml = `<r>${clean.map((each) => `<e>${each.map(([key, text]) => `<${key}>${escaped(text)}</${key}>`).join('')}</e>`).join('\n')}</r>`
      const { fields, rows } = await read(xml, table('r/e'))
      const found = rows.map((row) =>
        Object.fromEntries(
          fields.flatMap((field, i) =>
            row[i] === null || field.includes('%') ? [] : [[field, row[i]]],
          ),
        ),
      )
      expect(found).toEqual(clean.map((each) => Object.fromEntries(each)))
    }),
    { seed, numRuns },
  )
})
