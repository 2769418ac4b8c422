import { LichenError } from '@lichen/engine'
import {
  type Data,
  Dictionary,
  Field,
  Int8,
  Int32,
  List,
  makeData,
  makeVector,
  Null,
  RecordBatch,
  Schema,
  Struct,
  Table,
  tableToIPC,
  Utf8,
  Utf8View,
  vectorFromArray,
} from 'apache-arrow'
import { describe, expect, test } from 'vitest'
import { bytesSource } from '../byte-source.ts'
import { openContainer } from './container.ts'
import { FlatTable } from './flatbuffer.ts'
import type { Message } from './message.ts'
import { readTable } from './table-for-tests.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)

/** A table of one column that is made as it stands, however wrong. */
function tableOfData(data: Data): Table {
  const schema = new Schema([new Field('x', data.type, true)])
  const struct = makeData({
    type: new Struct(schema.fields),
    length: data.length,
    nullCount: 0,
    children: [data],
  })
  return new Table(schema, [new RecordBatch(schema, struct)])
}

const views = makeData({
  type: new Utf8View(),
  length: 2,
  nullCount: 0,
  views: viewsOf([
    [2, 0x6968, 0, 0],
    [14, 0x6c706d61, 0, 1],
  ]),
  variadicBuffers: [new TextEncoder().encode('?ample of text'.padEnd(15, '!'))],
})

function viewsOf(given: readonly (readonly [number, number, number, number])[]): Uint8Array {
  return new Uint8Array(Int32Array.from(given.flat()).buffer)
}

const small = new Table({
  i: vectorFromArray([1, null, 3], new Int32()),
  t: vectorFromArray(['a', 'bc', null], new Utf8()),
  d: vectorFromArray(['x', 'y', 'x'], new Dictionary(new Utf8(), new Int8())),
  l: vectorFromArray([[1], [], [2, 3]], new List(new Field('item', new Int32(), true))),
})
const files: readonly (readonly [string, Uint8Array])[] = [
  ['file', tableToIPC(small, 'file')],
  ['stream', tableToIPC(small, 'stream')],
  ['stream of views', tableToIPC(tableOfData(views), 'stream')],
]

/** Resolves to the error, or undefined when it reads; anything but a typed error is thrown on. */
async function errorOf(bytes: Uint8Array): Promise<LichenError | undefined> {
  try {
    await readTable(bytes)
    return undefined
  } catch (error) {
    if (error instanceof LichenError) return error
    throw error
  }
}

async function messagesOf(bytes: Uint8Array): Promise<Message[]> {
  const found: Message[] = []
  const { messages } = await openContainer(bytesSource('x.arrow', bytes))
  for await (const message of messages()) found.push(message)
  return found
}

/** The bytes with longs written over the nodes (slot 1) or buffers (slot 2) of the last message. */
async function withLongs(
  bytes: Uint8Array,
  slot: 1 | 2,
  longs: readonly (readonly [number, bigint])[],
): Promise<Uint8Array> {
  const message = (await messagesOf(bytes)).at(-1)
  if (message === undefined) throw new Error('no messages')
  const { header, bodyAt } = message
  const at = bodyAt - header.view.byteLength + header.vector(slot, 16).at
  const changed = bytes.slice()
  const view = new DataView(changed.buffer)
  for (const [index, value] of longs) view.setBigInt64(at + 8 * index, value, true)
  return changed
}

test('views read', async () => {
  const { values } = await readTable(tableToIPC(tableOfData(views), 'stream'))
  expect(values).toEqual([['hi', 'ample of text!']])
})

test('what is no Arrow is malformed, and version 1 of Feather is not read', async () => {
  for (const text of ['', 'A', 'ARROW1', 'ARROW1\0\0', 'ARROW1\0\0ARROW1\0\0ARROW1', 'a,b\n1,2\n'])
    expect((await errorOf(new TextEncoder().encode(text)))?.code ?? text).toBe(
      text === '' ? 'source-malformed' : 'source-malformed',
    )
  const feather = await errorOf(new TextEncoder().encode('FEA1 and more'))
  expect(feather?.code).toBe('source-unsupported')
})

describe.each(files)('a %s', (name, bytes) => {
  test('cut off at any byte is malformed, or a stream of fewer batches', async () => {
    for (let end = 0; end < bytes.length; end++) {
      const error = await errorOf(bytes.slice(0, end))
      if (name === 'file') expect(error?.code).toBe('source-malformed')
      else expect(error === undefined || error.code === 'source-malformed').toBe(true)
    }
  })

  test('with any byte changed reads or fails with a typed error', async () => {
    let state = seed
    const random = (): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return state / 2 ** 32
    }
    const damaged = bytes.slice()
    for (let at = 0; at < bytes.length; at++)
      for (const value of [(bytes[at] ?? 0) ^ (1 << (random() * 8)), 0x7f, 0xff, random() * 256]) {
        damaged[at] = value
        await errorOf(damaged.slice())
        damaged[at] = bytes[at] ?? 0
      }
  })
})

describe('metadata that lies', () => {
  const bytes = tableToIPC(small, 'stream')
  const nodeLies: readonly (readonly [string, readonly (readonly [number, bigint])[]])[] = [
    ['more values than rows', [[0, 4n]]],
    ['fewer values than rows', [[0, 2n]]],
    ['fewer than no values', [[0, -1n]]],
    ['more values than any memory holds', [[0, 2n ** 60n]]],
    ['more NULLs than values', [[1, 4n]]],
    ['fewer than no NULLs', [[1, -1n]]],
    ['fewer values in lists than lists say', [[8, 2n]]],
  ]
  test.each(nodeLies)('%s', async (_, lies) => {
    expect((await errorOf(await withLongs(bytes, 1, lies)))?.code).toBe('source-malformed')
  })
  const bufferLies: readonly (readonly [string, readonly (readonly [number, bigint])[]])[] = [
    ['a buffer outside the body', [[2, 2n ** 40n]]],
    ['a buffer before the body', [[0, -8n]]],
    ['a buffer longer than the body', [[3, 2n ** 40n]]],
    ['a buffer of a negative length', [[3, -8n]]],
    ['a buffer too short for its values', [[3, 4n]]],
    ['buffers over one another', [[2, 0n]]],
  ]
  test.each(bufferLies)('%s', async (_, lies) => {
    expect((await errorOf(await withLongs(bytes, 2, lies)))?.code).toBe('source-malformed')
  })

  test('a dictionary of more values than it has rows', async () => {
    const type = new Dictionary(new Null(), new Int8())
    const table = new Table({ x: vectorFromArray([null], type) })
    const file = tableToIPC(table, 'stream')
    const dictionary = (await messagesOf(file)).find(({ kind }) => kind === 'dictionary')
    const batch = dictionary?.header.table(1)
    if (dictionary === undefined || batch === undefined) throw new Error('no dictionary')
    const at = dictionary.bodyAt - batch.view.byteLength + batch.vector(1, 16).at
    const lying = file.slice()
    new DataView(lying.buffer).setBigInt64(at, 2n ** 25n, true)
    expect((await errorOf(lying))?.code).toBe('source-malformed')
    expect(await errorOf(file)).toBeUndefined()
  })

  test('a footer that names a block twice, or bytes that are none', async () => {
    const file = tableToIPC(small.concat(small), 'file')
    const view = new DataView(file.buffer, file.byteOffset)
    const start = file.length - 10 - view.getInt32(file.length - 10, true)
    const blocks = start + FlatTable.root(file.subarray(start)).vector(3, 24).at
    const second = view.getBigInt64(blocks + 24, true)
    for (const place of [view.getBigInt64(blocks, true), 0n, 12n, -8n, 2n ** 50n]) {
      view.setBigInt64(blocks + 24, place, true)
      expect((await errorOf(file.slice()))?.code).toBe('source-malformed')
    }
    view.setBigInt64(blocks + 24, second, true)
    expect(await errorOf(file)).toBeUndefined()
  })
})

describe('values that lie', () => {
  const text = (offsets: readonly number[]): Table =>
    tableOfData(
      makeData({
        type: new Utf8(),
        length: offsets.length - 1,
        nullCount: 0,
        valueOffsets: Int32Array.from(offsets),
        data: new TextEncoder().encode('abcdef'),
      }),
    )
  const indices = (data: readonly number[]): Table =>
    tableOfData(
      makeData({
        type: new Dictionary(new Utf8(), new Int8()),
        length: data.length,
        nullCount: 0,
        data: Int8Array.from(data),
        dictionary: vectorFromArray(['a', 'b'], new Utf8()),
      }),
    )
  const view = (length: number, buffer: number, offset: number): Table =>
    tableOfData(
      makeData({
        type: new Utf8View(),
        length: 1,
        nullCount: 0,
        views: viewsOf([[length, 0, buffer, offset]]),
        variadicBuffers: [new Uint8Array(32)],
      }),
    )
  test.each([
    ['offsets that fall', text([0, 4, 2])],
    ['offsets past the end', text([0, 4, 4000])],
    ['offsets below 0', text([-4, 0])],
    ['a place past the dictionary', indices([0, 2])],
    ['a place before the dictionary', indices([-1])],
    ['a view past its buffer', view(20, 0, 16)],
    ['a view before its buffer', view(20, 0, -1)],
    ['a view of another buffer', view(20, 1, 0)],
    ['a view of a negative length', view(-20, 0, 0)],
  ])('%s', async (_, table) => {
    expect((await errorOf(tableToIPC(table, 'stream')))?.code).toBe('source-malformed')
  })
})

describe('bombs', () => {
  test('rows without values', async () => {
    const table = tableOfData(makeData({ type: new Null(), length: 2 ** 30 }))
    expect((await errorOf(tableToIPC(table, 'stream')))?.code).toBe('budget-exceeded')
    const modest = tableOfData(makeData({ type: new Null(), length: 1000 }))
    expect(await errorOf(tableToIPC(modest, 'stream'))).toBeUndefined()
  })

  test('types nested too deep', async () => {
    let type: List | Int32 = new Int32()
    for (let depth = 0; depth < 100; depth++) type = new List(new Field('item', type, true))
    const bytes = tableToIPC(new Table(new Schema([new Field('x', type, true)])), 'stream')
    expect((await errorOf(bytes))?.code).toBe('budget-exceeded')
  })

  test('views that repeat a long text', async () => {
    const length = 2000
    const long = 1 << 20
    const table = tableOfData(
      makeData({
        type: new Utf8View(),
        length,
        nullCount: 0,
        views: viewsOf(Array.from({ length }, () => [long, 0, 0, 0])),
        variadicBuffers: [new Uint8Array(long)],
      }),
    )
    expect((await errorOf(tableToIPC(table, 'stream')))?.code).toBe('budget-exceeded')
  })

  test('lists that repeat a long text', async () => {
    const length = 100_000
    const child = makeData({
      type: new Dictionary(new Utf8(), new Int8()),
      length,
      nullCount: 0,
      data: new Int8Array(length),
      dictionary: vectorFromArray(['x'.repeat(1 << 16)], new Utf8()),
    })
    const table = tableOfData(
      makeData({
        type: new List(new Field('item', child.type, true)),
        length: 1,
        nullCount: 0,
        valueOffsets: Int32Array.of(0, length),
        child: makeVector(child).data[0]!,
      }),
    )
    expect((await errorOf(tableToIPC(table, 'stream')))?.code).toBe('budget-exceeded')
  })
})
