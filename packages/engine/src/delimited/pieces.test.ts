import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeUtf8 } from '../base/utf8.ts'
import { utf8Of } from './encoding.ts'
import type { DelimitedOptions } from './options.ts'
import { digitPlaces, markTries, numberPlaces } from './scan-job.ts'
import { ScanMemory, type ScanPlan } from './scan-memory.ts'
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

const plan = {
  delimiter: 0x2c,
  quoting: 'msq',
  target: Int32Array.of(0, 1, 2),
  columns: 3,
  batchRows: 1000,
} as const

function memoryFor(of: ScanPlan): { readonly memory: ScanMemory; readonly slot: number } {
  const memory = ScanMemory.create(of, 2)
  const slot = memory?.slots[1]
  if (memory === undefined || slot === undefined) throw new Error('no kernel')
  return { memory, slot }
}

/** What the marks of cells in this order are, when all short cells find a place. */
function marksOf(cells: readonly string[]): number[] {
  const distinct = new Map<string, number>()
  return cells.map((cell) => {
    if (utf8Of(cell).length > 15) return 0
    const mark = distinct.get(cell) ?? distinct.size + 1
    distinct.set(cell, mark)
    return mark
  })
}

describe('the kernel', () => {
  test('reads the records that the loops in JavaScript read, and counts their short cells', () => {
    let marked = 0
    fc.assert(
      fc.property(
        records,
        quoting,
        fc.constantFrom(',', ' ', "'", '.', '\t'),
        (text, quoted, by) => {
          const lines = utf8Of(by === ',' ? text : text.replaceAll(',', by))
          const length = lines.lastIndexOf(0x0a) + 1
          const options = { labels, quoting: quoted, delimiter: by, extraCells: 'drop' } as const
          const { memory, slot } = memoryFor({
            ...plan,
            delimiter: by.charCodeAt(0),
            quoting: quoted,
            target: Int32Array.of(1, -1, 0),
            columns: 2,
          })
          memory.bytes(slot).set(lines.subarray(0, length))
          memory.place(slot, length)
          memory.scan(slot)
          const { rows, at } = memory.outcome(slot)
          const columns = [0, 1].map((column) => memory.cells(slot, column, rows))
          const read = columns.map(({ bytes, starts, ends }) =>
            Array.from(starts, (start, row) => decodeUtf8(bytes, start, ends[row])),
          )
          const whole = [...scanText(lines.slice(0, at), options).batches([2, 0])].flatMap(rowsOf)
          expect(
            Array.from({ length: rows }, (_, row) => `${read[0]?.[row]}\u0001${read[1]?.[row]}`),
          ).toEqual(whole)
          for (const [column, { marks, counted }] of columns.entries()) {
            const expected = marksOf(read[column] ?? [])
            expect([...marks]).toEqual(expected)
            const most = expected.includes(0) ? Number.POSITIVE_INFINITY : Math.max(0, ...expected)
            expect(counted?.most).toBe(most)
            marked += Math.max(0, ...expected)
          }
          memory.close()
        },
      ),
      { seed, numRuns: Math.min(numRuns, 300) },
    )
    expect(marked).toBeGreaterThan(100)
  })

  test('goes on counting in the next piece, and anew in the next text', () => {
    const scanned = (of: { memory: ScanMemory; slot: number }, text: string): number[][] => {
      const { memory, slot } = of
      memory.bytes(slot).set(utf8Of(text))
      memory.place(slot, text.length)
      memory.scan(slot)
      const { rows } = memory.outcome(slot)
      return [0, 1, 2].map((column) => [...memory.cells(slot, column, rows).marks])
    }
    for (let turn = 0; turn < 3; turn++) {
      const room = memoryFor(plan)
      expect(scanned(room, '1,x,0.5\n2,,5\n1,x,0.50\n')).toEqual([
        [1, 2, 1],
        [1, 2, 1],
        [1, 2, 3],
      ])
      expect(scanned(room, '2,y,5\n3,-1,05\n12345678,x,1e5\n')).toEqual([
        [2, 3, 4],
        [3, 4, 1],
        [2, 4, 5],
      ])
      room.memory.close()
    }
  })

  test('lets numerals be what they are when they find no place', () => {
    const { memory, slot } = memoryFor(plan)
    // Their places in the table for numerals are the same.
    const numerals = Array.from({ length: 12 }, (_, i) => digitPlaces + i * numberPlaces)
    const text = numerals.map((numeral) => `${numeral},7,\n`).join('')
    for (let turn = 0; turn < 2; turn++) {
      memory.bytes(slot).set(utf8Of(text))
      memory.place(slot, text.length)
      memory.scan(slot)
      const { rows } = memory.outcome(slot)
      const [first, second] = [0, 1].map((column) => memory.cells(slot, column, rows))
      expect([...(first?.marks ?? [])]).toEqual(
        numerals.map((numeral, i) => (i < markTries ? i + 1 : ~(numeral * 8))),
      )
      expect(first?.counted?.most).toBe(Number.POSITIVE_INFINITY)
      expect(second?.counted?.most).toBe(1)
    }
    memory.close()
  })

  test('reads as far as it has seen no odd record', () => {
    const text = utf8Of('1,2,3\n"a ""b""",,x\n4\n \'q\',1,2\n5,6,7\n')
    const { memory, slot } = memoryFor(plan)
    memory.bytes(slot).set(text)
    memory.place(slot, text.length)
    memory.scan(slot)
    expect(memory.outcome(slot)).toEqual({ rows: 3, at: text.indexOf(0x34) + 2 })
  })
})

/** Plain records between others, so that pieces are more than their first record. */
function longText(parts: readonly string[], end: string): Uint8Array {
  const plain = Array.from({ length: 500 }, (_, row) => `${row},w${row % 7},${row}.25\n`).join('')
  const once = parts.map((part) => plain.repeat(8) + part).join('')
  return utf8Of(once.repeat(Math.ceil(1_800_000 / once.length)) + end)
}

test('in pieces, wherever it is cut, a text has the records it has in one', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(records, { minLength: 1, maxLength: 4 }),
      quoting,
      fc.constantFrom(60_000, 270_000, 1 << 20),
      fc.boolean(),
      async (parts, quoted, size, isQuoteOdd) => {
        const bytes = longText(parts, isQuoteOdd ? '"' : '7,8')
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
