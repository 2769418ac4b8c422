import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeUtf8 } from '../base/utf8.ts'
import { utf8Of } from './encoding.ts'
import { readNumeral } from './numeral.ts'
import type { DelimitedOptions } from './options.ts'
import { ScanMemory } from './scan-memory.ts'
import { openDelimited, scanText } from './source.ts'
import type { TextBatch } from './text-batch.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 300)
const labels = ['A', 'B', 'C']

/** Every way to write a record, those for a second look among them. */
const cell = fc.oneof(
  fc.stringMatching(/^[0-9]{0,10}$/),
  fc.stringMatching(/^-?[0-9]{0,6}\.[0-9]{0,6}$/),
  fc.stringMatching(/^[a-cé'_ \t]{0,20}$/),
  fc.constantFrom('status', 'returned to sender', '  x', "'a,b'", 'x"y'),
  fc.stringMatching(/^[a0-9,." \n\r😀]{0,40}$/u).map((text) => `"${text.replaceAll('"', '""')}"`),
  fc.constantFrom('"12"', '"1.5"', '""', '"a"b', ' "q"'),
)
const record = fc.tuple(
  fc.array(cell, { minLength: 1, maxLength: 3 }),
  fc.constantFrom('\n', '\n', '\r\n', '\r'),
)
const records = fc
  .array(
    record.map(([cells, end]) => cells.join(',') + end),
    { minLength: 1, maxLength: 40 },
  )
  .map((lines) => lines.join(''))
const quoting = fc.constantFrom('msq', 'standard', 'none' as const)

function rowsOf({ rows, columns }: TextBatch): string[] {
  return Array.from({ length: rows }, (_, row) =>
    columns
      .map(({ bytes, starts, ends }) => decodeUtf8(bytes, starts[row], ends[row]))
      .join('\u0001'),
  )
}

/** All records, or what went wrong and how many records came before. */
async function outcome(
  batches: AsyncIterable<TextBatch> | Iterable<TextBatch>,
): Promise<{ readonly rows: readonly string[]; readonly error: unknown }> {
  const rows: string[] = []
  try {
    for await (const batch of batches) {
      rows.push(...rowsOf(batch))
      batch.release()
    }
  } catch (error) {
    return { rows: [], error }
  }
  return { rows, error: undefined }
}

function* cut(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size)
}

describe('the kernel', () => {
  test('reads the records that the loops in JavaScript read, with their numerals, and marks of one text each', () => {
    const textOfMark = new Map<number, string>()
    fc.assert(
      fc.property(
        records,
        quoting,
        fc.constantFrom(',', ' ', "'", '.', '\t'),
        (text, quoted, by) => {
          const lines = utf8Of(by === ',' ? text : text.replaceAll(',', by))
          const length = lines.lastIndexOf(0x0a) + 1
          const options = { labels, quoting: quoted, delimiter: by, extraCells: 'drop' } as const
          const plan = {
            delimiter: by.charCodeAt(0),
            quoting: quoted,
            target: Int32Array.of(1, -1, 0),
            columns: 2,
            batchRows: 1000,
          }
          const memory = ScanMemory.create(plan, 1)
          const [slot] = memory?.slots ?? []
          if (memory === undefined || slot === undefined) throw new Error('no kernel')
          memory.bytes(slot).set(lines.subarray(0, length))
          memory.scan(slot, length)
          const { rows, at } = memory.outcome(slot)
          const columns = [0, 1].map((column) => memory.cells(slot, column, rows))
          const read = columns.map(({ bytes, starts, ends }) =>
            Array.from(starts, (start, row) => decodeUtf8(bytes, start, ends[row])),
          )
          const whole = [...scanText(lines.slice(0, at), options).batches([2, 0])].flatMap(rowsOf)
          expect(
            Array.from({ length: rows }, (_, row) => `${read[0]?.[row]}\u0001${read[1]?.[row]}`),
          ).toEqual(whole)
          for (const [column, { bytes, starts, ends, numerals }] of columns.entries())
            for (let row = 0; row < rows; row++) {
              const numeral = numerals[row]!
              const content = read[column]?.[row] ?? ''
              if (numeral < 2 ** 30) {
                const mayDiffer = content.length === 0 || content.length > 15
                const expected = readNumeral(bytes, starts[row]!, ends[row]!)
                if (numeral >= 0 || mayDiffer) expect(numeral).toBe(expected)
              } else {
                expect(readNumeral(bytes, starts[row]!, ends[row]!)).toBe(-1)
                expect(textOfMark.get(numeral) ?? content).toBe(content)
                textOfMark.set(numeral, content)
              }
            }
        },
      ),
      { seed, numRuns: Math.min(numRuns, 300) },
    )
    expect(textOfMark.size).toBeGreaterThan(100)
  })

  test('reads as far as it has seen no odd record', () => {
    const text = utf8Of('1,2,3\n"a ""b""",,x\n4\n \'q\',1,2\n5,6,7\n')
    const plan = {
      delimiter: 0x2c,
      quoting: 'msq',
      target: Int32Array.of(0, 1, 2),
      columns: 3,
      batchRows: 10,
    } as const
    const memory = ScanMemory.create(plan, 2)
    const slot = memory?.slots[1] ?? 0
    memory?.bytes(slot).set(text)
    memory?.scan(slot, text.length)
    expect(memory?.outcome(slot)).toEqual({ rows: 3, at: text.indexOf(0x34) + 2 })
  })
})

test('in pieces, wherever it is cut, a text has the records it has in one', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(records, { minLength: 1, maxLength: 4 }),
      quoting,
      fc.constantFrom(60_000, 270_000, 1 << 20),
      fc.boolean(),
      async (parts, quoted, size, isQuoteOdd) => {
        // Plain records between, so that pieces are more than their first record.
        const plain = Array.from(
          { length: 500 },
          (_, row) => `${row},w${row % 7},${row}.25\n`,
        ).join('')
        const once = parts.map((part) => plain.repeat(8) + part).join('')
        const bytes = utf8Of(
          once.repeat(Math.ceil(900_000 / once.length)) + (isQuoteOdd ? '"' : '7,8'),
        )
        const options: DelimitedOptions = {
          labels,
          quoting: quoted,
          extraCells: 'drop',
          maxRecordBytes: 2 << 20,
        }
        let expected: Awaited<ReturnType<typeof outcome>>
        try {
          expected = await outcome(scanText(bytes, options).batches([0, 1, 2, 1]))
        } catch (error) {
          expected = { rows: [], error }
        }
        const source = await openDelimited(cut(bytes, size), options)
        const actual = await outcome(source.batches([0, 1, 2, 1]))
        expect(actual.error).toEqual(expected.error)
        expect(actual.rows.length).toBe(expected.rows.length)
        expect(actual.rows.findIndex((row, index) => row !== expected.rows[index])).toBe(-1)
      },
    ),
    { seed, numRuns: Math.min(numRuns, 12) },
  )
})

test('batches that are kept stay as they are', async () => {
  const bytes = utf8Of(
    Array.from({ length: 200_000 }, (_, row) => `${row},x${row % 90}\n`).join(''),
  )
  const source = await openDelimited(cut(bytes, 300_000), { labels: ['A', 'B'] })
  const kept: TextBatch[] = []
  for await (const batch of source.batches([0, 1])) kept.push(batch)
  const rows = kept.flatMap(rowsOf)
  expect(rows.length).toBe(200_000)
  expect(rows.findIndex((row, index) => row !== `${index}\u0001x${index % 90}`)).toBe(-1)
})

test('what goes wrong with the chunks is told', async () => {
  function* failing(): Generator<Uint8Array> {
    yield* cut(utf8Of('1,2\n'.repeat(300_000)), 300_000)
    throw new Error('the disk is gone')
  }
  const source = await openDelimited(failing(), { labels: ['A', 'B'] })
  expect((await outcome(source.batches([0]))).error).toEqual(new Error('the disk is gone'))
})
