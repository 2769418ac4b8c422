import { createApp, defaultFormatSettings, neverCancelled, type Value } from '@lichen/engine'
import {
  Table as ArrowTable,
  CompressionType,
  compressionRegistry,
  Dictionary,
  Float64,
  Int8,
  Int32,
  RecordBatchFileWriter,
  RecordBatchStreamWriter,
  type Table,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from 'apache-arrow'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bytesSource } from '../byte-source.ts'
import { fileReader } from '../reader.ts'
import { openContainer } from './container.ts'
import { lz4Frame, zstdFrame } from './frames-for-tests.ts'
import { openArrow } from './index.ts'
import { type Message, readBatchHeader } from './message.ts'
import { readTable } from './table-for-tests.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 60)

const text = fc.option(fc.string({ unit: 'grapheme', maxLength: 8 }), { nil: null })
const row = fc.record({
  i: fc.option(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { nil: null }),
  f: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), { nil: null }),
  t: text,
  d: text,
})
type Row = Record<'i' | 'f' | 't' | 'd', number | string | null>

/** Batches of one table; each has a dictionary of its own, which the file replaces or grows. */
function tableOf(batches: readonly (readonly Row[])[]): Table {
  const column = (name: keyof Row, rows: readonly Row[]) => rows.map((each) => each[name])
  const tables = batches.map(
    (rows) =>
      new ArrowTable({
        i: vectorFromArray(column('i', rows), new Int32()),
        f: vectorFromArray(column('f', rows), new Float64()),
        t: vectorFromArray(column('t', rows), new Utf8()),
        d: vectorFromArray(column('d', rows), dictionary),
      }),
  )
  const [first, ...rest] = tables
  if (first === undefined) throw new Error('no batches')
  return first.concat(...rest)
}
/** The same in one table that is cut, so that its batches share their dictionary: a file holds one of each. */
function cutTableOf(batches: readonly (readonly Row[])[]): Table {
  const whole = tableOf([batches.flat()])
  let at = 0
  const cut = batches.map(({ length }) => {
    at += length
    return whole.slice(at - length, at)
  })
  const [first, ...rest] = cut
  return first === undefined ? whole : first.concat(...rest)
}

const dictionary = new Dictionary(new Utf8(), new Int8())

const zero = (value: Value): Value => (value === 0 ? 0 : value)

function expected(batches: readonly (readonly Row[])[]): Value[][] {
  const all = batches.flat()
  return (['i', 'f', 't', 'd'] as const).map((name) => all.map((each) => zero(each[name])))
}

const packings = [undefined, CompressionType.LZ4_FRAME, CompressionType.ZSTD] as const

/** Bytes before packing, of the buffers that were packed, in the order of the file. */
let unpacked: number[] = []
const noting = (frame: (content: Uint8Array) => Uint8Array) => (content: Uint8Array) => {
  const packed = frame(content)
  if (packed.length < content.length) unpacked.push(content.length)
  return packed
}
compressionRegistry.set(CompressionType.LZ4_FRAME, { encode: noting(lz4Frame) })
compressionRegistry.set(CompressionType.ZSTD, { encode: noting(zstdFrame) })

async function written(
  table: Table,
  form: 'file' | 'stream',
  packing: CompressionType | undefined,
): Promise<Uint8Array> {
  if (packing === undefined) return tableToIPC(table, form)
  const Writer = form === 'file' ? RecordBatchFileWriter : RecordBatchStreamWriter
  const writer = new Writer({ compressionType: packing })
  unpacked = []
  writer.writeAll(table)
  writer.finish()
  const bytes = writer.toUint8Array(true).slice()
  await correctLengths(bytes, unpacked)
  return bytes
}

/** That library notes how long a buffer is when packed; the format wants to know how long it was before. */
async function correctLengths(bytes: Uint8Array, lengths: number[]): Promise<void> {
  const { messages } = await openContainer(bytesSource('x.arrow', bytes))
  const all: Message[] = []
  for await (const message of messages()) all.push(message)
  const view = new DataView(bytes.buffer)
  for (const { kind, header, bodyAt, bodyLength } of all.sort((a, b) => a.bodyAt - b.bodyAt)) {
    const batch = kind === 'dictionary' ? header.table(1) : header
    for (const { start, end } of batch === undefined
      ? []
      : readBatchHeader(batch, bodyLength).regions)
      if (start < end && view.getBigInt64(bodyAt + start, true) >= 0n)
        view.setBigInt64(bodyAt + start, BigInt(lengths.shift() ?? 0), true)
  }
}

describe('what another library wrote', () => {
  test.each(['file', 'stream'] as const)('as a %s reads as it was', async (form) => {
    const batches = fc.array(fc.array(row, { minLength: 1, maxLength: 40 }), {
      minLength: 1,
      maxLength: 4,
    })
    await fc.assert(
      fc.asyncProperty(batches, fc.constantFrom(...packings), async (given, packing) => {
        const table = form === 'file' ? cutTableOf(given) : tableOf(given)
        const { fields, values } = await readTable(await written(table, form, packing))
        expect(fields).toEqual(['i', 'f', 't', 'd'])
        expect(values.map((column) => column.map(zero))).toEqual(expected(given))
      }),
      { seed, numRuns },
    )
  })

  test('reads only the fields asked for, in their order', async () => {
    const rows: Row[] = [{ i: 1, f: 2, t: 'x', d: 'y' }]
    const bytes = tableToIPC(tableOf([rows]), 'file')
    expect((await readTable(bytes, [3, 0])).values).toEqual([['y'], [1]])
    expect((await readTable(bytes, [])).values).toEqual([])
  })

  test('may be read twice, and says which field there is not', async () => {
    const bytes = tableToIPC(tableOf([[{ i: 1, f: 2, t: 'x', d: 'y' }]]), 'stream')
    const source = await openArrow(bytesSource('x.arrows', bytes), defaultFormatSettings)
    for (let time = 0; time < 2; time++)
      for await (const batch of source.batches([0], neverCancelled)) expect(batch.rows).toBe(1)
    const missing = source.batches([9], neverCancelled)[Symbol.asyncIterator]()
    await expect(missing.next()).rejects.toMatchObject({ code: 'field-not-found' })
  })
})

test('a script loads Arrow by extension and by name', async () => {
  const rows = Array.from(
    { length: 5000 },
    (_, i): Row => ({ i, f: i / 4, t: `t${i % 7}`, d: `d${i % 3}` }),
  )
  const table = cutTableOf([rows.slice(0, 3000), rows.slice(3000)])
  const reader = fileReader(
    new Map(
      (['a.arrow', 'a.feather', 'a.arrows', 'a.bin'] as const).map((name) => [
        name,
        bytesSource(name, tableToIPC(table, name === 'a.arrows' ? 'stream' : 'file')),
      ]),
    ),
  )
  for (const from of [
    'a.arrow',
    'a.feather',
    'a.arrows',
    'a.bin (arrow)',
    'a.bin (feather)',
    'a.bin (ipc)',
  ]) {
    const app = await createApp({ script: `LOAD i, f, t, d FROM ${from};`, reader })
    const values = [
      'Sum(i)',
      'Sum(f)',
      'Count(DISTINCT t)',
      'Count(DISTINCT d)',
      "Count({<d={'d1'}>} i)",
    ]
    expect(values.map((each) => app.evaluate(each).number)).toEqual([12497500, 3124375, 7, 3, 1667])
    app.close()
  }
})
