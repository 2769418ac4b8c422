import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LoadError } from '../base/errors.ts'
import { decodeUtf8 } from '../base/utf8.ts'
import { utf8Of } from './encoding.ts'
import type { DelimitedOptions } from './options.ts'
import { openDelimited, scanText } from './source.ts'
import type { TextBatch } from './text-batch.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 300)

function rowsOf(batch: TextBatch): string[][] {
  return Array.from({ length: batch.rows }, (_, row) =>
    batch.columns.map(({ bytes, starts, ends }) => decodeUtf8(bytes, starts[row], ends[row])),
  )
}

function read(text: string | Uint8Array, options: DelimitedOptions = {}) {
  const { fields, batches } = scanText(text, options)
  return { fields, rows: [...batches(fields.map((_, index) => index))].flatMap(rowsOf) }
}

describe('cells', () => {
  test('embedded labels, every line end, a last line without one', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      expect(read(['A,B', '1,2', '3,4'].join(end))).toEqual({
        fields: ['A', 'B'],
        rows: [
          ['1', '2'],
          ['3', '4'],
        ],
      })
      expect(read(`A${end}1${end}`)).toEqual({ fields: ['A'], rows: [['1']] })
    }
  })

  test('standard quoting: delimiters, line ends and doubled quotes inside, text behind belongs to the cell', () => {
    const text = 'A,B\n"1,\n2","say ""hi"""\n"x"y, "z"\n\'q\',""\n'
    expect(read(text, { quoting: 'standard' }).rows).toEqual([
      ['1,\n2', 'say "hi"'],
      ['xy', ' "z"'],
      ["'q'", ''],
    ])
  })

  test('msq: blanks before a quote, single quotes around a whole cell, an apostrophe that closes nothing', () => {
    const text = "A, B\n'a, b', \"c\" \n't Hooft, it's\n'a''b','x\n"
    expect(read(text).rows).toEqual([
      ['a, b', 'c'],
      ["'t Hooft", " it's"],
      ["a'b", "'x"],
    ])
  })

  test('without quoting a quote is a character', () => {
    expect(read('A,B\n"1,2"', { quoting: 'none' }).rows).toEqual([['"1', '2"']])
  })

  test('tab, several characters and runs of blanks as delimiters', () => {
    expect(read('A\tB\n1\t\n', { delimiter: '\t' }).rows).toEqual([['1', '']])
    expect(read('A||B\n1|x||2\n', { delimiter: '||' }).rows).toEqual([['1|x', '2']])
    expect(read('  A  B \n 1 \t 2  \n3 4', { delimiter: 'spaces' })).toEqual({
      fields: ['A', 'B'],
      rows: [
        ['1', '2'],
        ['3', '4'],
      ],
    })
  })

  test('missing cells are empty, an empty extra cell is nothing, another is an error or dropped', () => {
    expect(read('A,B\n1\n1,2,\n').rows).toEqual([
      ['1', ''],
      ['1', '2'],
    ])
    expect(() => read('A,B\n1,2\n1,2,3\n', { name: 'x.csv' })).toThrow(
      'Record 2 of x.csv has more cells than the 2 fields',
    )
    expect(read('A,B\n1,2,3\n', { extraCells: 'drop' }).rows).toEqual([['1', '2']])
  })

  test('blank lines, header lines and comments are no records', () => {
    const text = 'produced by "x\nA\n\n   \n# note\n1\n'
    expect(read(text, { headerLines: 1, comment: '#' })).toEqual({ fields: ['A'], rows: [['1']] })
    expect(read('A\n""\n').rows).toEqual([['']])
  })

  test('labels: none, given, empty and repeated', () => {
    expect(read('1,2\n3,4', { labels: 'none' })).toEqual({
      fields: ['@1', '@2'],
      rows: [
        ['1', '2'],
        ['3', '4'],
      ],
    })
    expect(read('1,2', { labels: ['X', 'Y'] })).toEqual({ fields: ['X', 'Y'], rows: [['1', '2']] })
    expect(read(' A ,,A,A\n').fields).toEqual(['A', '@2', 'A1', 'A2'])
    expect(read('')).toEqual({ fields: [], rows: [] })
  })

  test('an unclosed quote is an error that names the record', () => {
    expect(() => read('A,B\n1,2\n1,"2\n3,4\n')).toThrow(LoadError)
    expect(() => read('A,B\n1,2\n1,"2\n3,4\n')).toThrow(
      'Record 2 of the text opens a quote that is never closed',
    )
  })

  test('fields can be left out, reordered and repeated', () => {
    const [batch] = [...scanText('A,B,C\n1,2,3\n').batches([2, 0, 2])]
    expect(batch === undefined ? [] : rowsOf(batch)).toEqual([['3', '1', '3']])
  })
})

describe('encodings', () => {
  const utf16 = (text: string, highFirst: boolean) =>
    Uint8Array.from(
      [...text]
        .flatMap((c) => c.split(''))
        .flatMap((unit) => {
          const code = unit.charCodeAt(0)
          return highFirst ? [code >>> 8, code & 255] : [code & 255, code >>> 8]
        }),
    )

  test('byte order marks decide', () => {
    expect(read(Uint8Array.of(0xef, 0xbb, 0xbf, 0x41)).fields).toEqual(['A'])
    expect(read(utf16('\ufeffÄ,😀\n1,2', false))).toEqual({
      fields: ['Ä', '😀'],
      rows: [['1', '2']],
    })
    expect(read(utf16('\ufeffÄ,😀\n1,2', true)).fields).toEqual(['Ä', '😀'])
    expect(read(utf16('ab', false), { encoding: 'utf-16le' }).fields).toEqual(['ab'])
  })

  test('single-byte encodings', () => {
    expect(read(Uint8Array.of(0xc4, 0x80), { encoding: 'windows-1252' }).fields).toEqual(['Ä€'])
    expect(read(Uint8Array.of(0xc4, 0xa4), { encoding: 'latin1' }).fields).toEqual(['Ä¤'])
  })

  test('half a unit at the end is U+FFFD', () => {
    expect(read(Uint8Array.of(0x41, 0, 0x42), { encoding: 'utf-16le' }).fields).toEqual(['A\ufffd'])
  })
})

test('a record that never ends stops at the limit', async () => {
  function* endless() {
    yield utf8Of('A\n"')
    for (;;) yield new Uint8Array(1000).fill(0x61)
  }
  const source = await openDelimited(endless(), { maxRecordBytes: 100_000 })
  await expect(source.batches([0]).next()).rejects.toThrow(
    'is longer than 100000 bytes; is a quote not closed?',
  )
})

test('impossible options are refused', () => {
  expect(() => read('', { delimiter: '' })).toThrow(/delimiter must not be empty/)
  expect(() => read('', { headerLines: -1 })).toThrow(/headerLines/)
})

/** Splits a standard-quoted text character by character. */
function naive(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let quoted = false
  let begun = false
  const endRow = () => {
    row.push(cell)
    if (begun || row.length > 1 || cell.trim() !== '') rows.push(row)
    row = []
    cell = ''
    begun = false
  }
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i)
    if (quoted) {
      if (c !== '"') cell += c
      else if (text[i + 1] === '"') {
        cell += '"'
        i += 1
      } else quoted = false
    } else if (c === '"' && cell === '' && !begun) {
      quoted = true
      begun = true
    } else if (c === ',') {
      row.push(cell)
      cell = ''
      begun = false
    } else if (c === '\n' || c === '\r') {
      if (c === '\r' && text[i + 1] === '\n') i += 1
      endRow()
    } else cell += c
  }
  if (cell !== '' || row.length > 0 || begun) endRow()
  return rows
}

test('agrees with the naive parser however the bytes are cut', async () => {
  const plain = fc.stringMatching(/^[a-c é01.]{0,4}$/)
  const quoted = fc
    .stringMatching(/^[a ,"\r\n😀]{0,5}$/u)
    .map((text) => `"${text.replaceAll('"', '""')}"`)
  const record = fc
    .array(fc.oneof(plain, quoted), { minLength: 1, maxLength: 4 })
    .map((cells) => cells.join(','))
  const end = fc.constantFrom('\n', '\r\n', '\r')
  const text = fc
    .array(
      fc.tuple(record, end).map((parts) => parts.join('')),
      { maxLength: 8 },
    )
    .map((lines) => lines.join(''))
  await fc.assert(
    fc.asyncProperty(
      text,
      fc.array(fc.nat(6), { maxLength: 30 }),
      fc.integer({ min: 1, max: 5 }),
      async (body, cuts, batchRows) => {
        const bytes = utf8Of(body)
        const chunks: Uint8Array[] = []
        let at = 0
        for (const size of cuts) {
          chunks.push(bytes.slice(at, at + size))
          at = Math.min(bytes.length, at + size)
        }
        chunks.push(bytes.slice(at))
        const labels = ['A', 'B', 'C', 'D']
        const source = await openDelimited(chunks, { quoting: 'standard', labels, batchRows })
        const rows: string[][] = []
        for await (const batch of source.batches([0, 1, 2, 3])) {
          rows.push(...rowsOf(batch))
          batch.release()
        }
        expect(rows).toEqual(naive(body).map((row) => labels.map((_, index) => row[index] ?? '')))
      },
    ),
    { seed, numRuns },
  )
})

/** What is said of a numeral, from its text. */
function numeralOfText(text: string): number {
  const [, whole, decimals = ''] = /^(0|[1-9]\d*)(?:\.(\d+))?$/.exec(text) ?? []
  if (whole === undefined || whole.length + decimals.length > 8) return -1
  return Number(whole + decimals) * 8 + decimals.length
}

test('cells of digits have a numeral of their own, quoted or not, the quick way and the general', () => {
  const digits = fc.stringMatching(/^[0-9]{0,10}$/)
  const cell = fc.oneof(
    digits,
    fc.tuple(digits, digits).map(([whole, decimals]) => `${whole}.${decimals}`),
    fc.stringMatching(/^[-+ ]?[0-2]{0,3}[.a]?[0-2]{0,2}[. ]?$/),
  )
  const quoted = fc.tuple(cell, fc.boolean())
  fc.assert(
    fc.property(
      fc.array(fc.tuple(quoted, quoted), { maxLength: 20 }),
      fc.constantFrom(',', ';', '||', '5'),
      fc.constantFrom('\n', '\r\n', '\r'),
      (records, delimiter, end) => {
        const written = ([text, quotes]: readonly [string, boolean]): string =>
          quotes || text.includes(delimiter) || text === '' ? `"${text}"` : text
        const text = records.map((cells) => cells.map(written).join(delimiter) + end).join('')
        const options = { delimiter, labels: ['A', 'B'], quoting: 'standard' } as const
        const numerals = [...scanText(text, options).batches([0, 1])].flatMap(({ rows, columns }) =>
          Array.from({ length: rows }, (_, row) =>
            columns.map((column) => ~(column.marks[row] ?? 0)),
          ),
        )
        expect(numerals).toEqual(
          records.map((cells) => cells.map(([content]) => numeralOfText(content))),
        )
      },
    ),
    { seed, numRuns },
  )
})

test('batches that are not given back stay as they are while others are read', () => {
  const text = Array.from({ length: 300 }, (_, row) => `${row},"a""${row}"\n`).join('')
  const options = { labels: ['A', 'B'], batchRows: 16 }
  const batches = [...scanText(text, options).batches([0, 1])]
  expect(batches.flatMap(rowsOf)).toEqual(
    Array.from({ length: 300 }, (_, row) => [`${row}`, `a"${row}`]),
  )
})

test('a batch given back twice is used again once', () => {
  const cellOf = (row: number): string => 'x'.repeat((row * 7) % 11) + row
  const text = Array.from({ length: 64 }, (_, row) => `${cellOf(row)}\n`).join('')
  const batches = scanText(text, { labels: ['A'], batchRows: 16 }).batches([0])
  const first = batches.next().value
  first?.release()
  const second = batches.next().value
  first?.release()
  batches.next()
  expect(second === undefined ? [] : rowsOf(second)).toEqual(
    Array.from({ length: 16 }, (_, row) => [cellOf(row + 16)]),
  )
})
