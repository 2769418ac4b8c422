import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DelimitedOptions } from '../delimited/options.ts'
import { openDelimited, scanText } from '../delimited/source.ts'
import type { TextBatch } from '../delimited/text-batch.ts'
import { createAllocator } from '../storage/allocator.ts'
import { ColumnEncoder } from '../storage/column-encoder.ts'
import { SymbolTableBuilder } from '../storage/symbol-table-builder.ts'
import { startThreads } from '../threads/pool.ts'
import { defaultFormatSettings } from '../value/format-settings.ts'
import { type ThreadPool, useThreadPool } from '../wasm/threads.ts'

declare const WebAssembly: {
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: { run(address: number): void } }
}

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 300)
const labels = ['A', 'B', 'C']

/** Plain records between others, so that pieces are more than their first record. */
function longText(parts: readonly string[], end: string): Uint8Array {
  const plain = Array.from({ length: 500 }, (_, row) => `${row},w${row % 7},${row}.25\n`).join('')
  const once = parts.map((part) => plain.repeat(8) + part).join('')
  return new TextEncoder().encode(once.repeat(Math.ceil(1_800_000 / once.length)) + end)
}

function* cut(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size)
}

/** The codes of all cells and the symbols they stand for; without `marks` every cell is looked at. */
async function encoded(
  batches: AsyncIterable<TextBatch> | Iterable<TextBatch>,
  marks: boolean,
): Promise<unknown> {
  const fields = labels.map(() => {
    const encoder = new ColumnEncoder(new SymbolTableBuilder(createAllocator()))
    return { encoder, codes: [] as number[] }
  })
  let before = 0
  for await (const batch of batches) {
    batch.during(() => {
      for (const [index, { encoder, codes }] of fields.entries()) {
        const { marks: own, counted, ...bare } = batch.columns[index] ?? fail()
        const column = marks ? { ...bare, marks: own, ...(counted && { counted }) } : bare
        const out = new Uint32Array(batch.rows)
        const origin = { table: 'T', rows: before }
        encoder.encode(column, batch.rows, undefined, defaultFormatSettings, origin, out)
        for (const code of out) codes.push(code)
      }
    })
    before += batch.rows
    batch.release()
  }
  return fields.map(({ encoder, codes }) => {
    const { symbols } = encoder.symbols.finish()
    const texts = Array.from({ length: symbols.count }, (_, symbol) => symbols.textAt(symbol))
    return { codes: codes.join(), texts, variants: symbols.variants }
  })
}

function fail(): never {
  throw new Error('a column is missing')
}

describe('the codes of a text', () => {
  const amount = fc.constantFrom(
    '1',
    '1.0',
    ' 1',
    '01',
    '-1',
    '1e0',
    '1.00',
    '',
    '12345678.5',
    '2024-02-30',
  )
  const odd = fc.array(fc.tuple(amount, amount, amount), { minLength: 1, maxLength: 20 })
  const quoted = fc.constantFrom('"a,b",1\n', '"a\nb","x""y",2\r\n', "'q',1\n", ' "z",,\r', '\n')
  const lines = fc.oneof(
    quoted,
    odd.map((rows) => `${rows.join('\n')}\n`),
  )

  /** Another thread that reads all it is given before the work, or comes too late. */
  const pretended = (isLate: boolean): ThreadPool => ({
    size: 1,
    run: ({ module, memory }, { programs }, meanwhile) => {
      if (isLate) meanwhile()
      const { exports } = new WebAssembly.Instance(module, { env: { memory } })
      for (const program of programs) exports.run(program)
      if (!isLate) meanwhile()
    },
  })

  const pretending = (isLate: boolean): undefined => {
    useThreadPool(pretended(isLate))
  }

  test.each<[string, () => { stop(): Promise<unknown> } | undefined]>([
    ['no other thread', () => startThreads({ count: 0 })],
    ['another thread', () => startThreads({ count: 1 })],
    ['a quick thread', () => pretending(false)],
    ['a late thread', () => pretending(true)],
  ])('are the same in pieces, with %s', async (_, start) => {
    const threads = start()
    try {
      await fc.assert(
        fc.asyncProperty(
          fc.array(lines, { minLength: 1, maxLength: 4 }),
          fc.constantFrom('', `${'é'.repeat(9)},"1",\r\n1.0`),
          fc.constantFrom(60_000, 270_000, 1 << 20),
          async (parts, end, size) => {
            const bytes = longText(parts, end)
            const options: DelimitedOptions = {
              labels,
              extraCells: 'drop',
              maxRecordBytes: 2 << 20,
            }
            const expected = await encoded(scanText(bytes, options).batches([0, 1, 2]), false)
            const source = await openDelimited(cut(bytes, size), options)
            expect(await encoded(source.batches([0, 1, 2]), true)).toEqual(expected)
          },
        ),
        { seed, numRuns: Math.min(numRuns, 12) },
      )
    } finally {
      await threads?.stop()
      useThreadPool(undefined)
    }
  })
})
