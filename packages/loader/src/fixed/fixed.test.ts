import { createApp, LichenError, neverCancelled } from '@lichen/engine'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bytesSource } from '../byte-source.ts'
import { fileReader } from '../reader.ts'
import { flipped, readAll, seeded } from '../rows-for-tests.ts'
import { fixedFormat, openFixed } from './index.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 200)
type Options = Readonly<Record<string, string | true>>
const read = async (text: string | Uint8Array, asked: readonly string[], options: Options = {}) =>
  (await readAll(fixedFormat, text, { asked, options })).rows

describe('lines', () => {
  test('positions count from 1, n is the end, short lines have short cells', async () => {
    expect(await read('ab12\r\ncd3\n\nx', ['@1:2', '@3:n', '@9:10', 'Name'])).toEqual([
      ['ab', '12', ''],
      ['cd', '3', ''],
      ['', '', ''],
      ['x', '', ''],
    ])
  })
  test('a LOAD that names no position gets the record', async () => {
    expect(await readAll(fixedFormat, 'ab\ncd', { asked: ['X'] })).toEqual({
      fields: ['@1:n'],
      rows: [['ab'], ['cd']],
    })
  })
  test('header, several lines, tabs', async () => {
    expect(await read('h\nh\nab\n', ['@1:n'], { header: '2 lines' })).toEqual([['ab']])
    expect(await read('h\nab\n', ['@1:n'], { header: 'line' })).toEqual([['ab']])
    expect(await read('hhhab\n', ['@1:n'], { header: '3' })).toEqual([['ab']])
    expect(await read('ab\r\nc\nde\nf\ng', ['@1:n', '@3:3'], { record: '2 lines' })).toEqual([
      ['abc', 'c'],
      ['def', 'f'],
      ['g', ''],
    ])
    expect(await read('\ta\tb\n', ['@3:3', '@1:n'], { tabs: '2' })).toEqual([['a', '  a  b']])
  })
  test('encodings', async () => {
    const single = Uint8Array.of(0x80, 0xc4, 0x41, 0x0a, 0x92, 0x41, 0x42)
    expect(await read(single, ['@1:2', '@3:3'], { codepage: '1252' })).toEqual([
      ['€Ä', 'A'],
      ['’A', 'B'],
    ])
    expect(await read(single, ['@2:2'], { codepage: '1251' })).toEqual([['Д'], ['A']])
    expect(await read('\ufeffÄb\n', ['@1:2', '@3:3'])).toEqual([['Ä', 'b']])
    await expect(read('a', ['@1:1'], { unicode: true })).rejects.toMatchObject({
      code: 'source-unsupported',
    })
  })
})

test('binary numbers in records of bytes', async () => {
  const bytes = new Uint8Array(16)
  const view = new DataView(bytes.buffer)
  view.setInt16(0, -2, true)
  view.setUint32(2, 4_000_000_000, true)
  view.setFloat64(6, 1.5, true)
  bytes.set([0x12, 0x3d], 14)
  const asked = ['@1:2I', '@1:2U', '@3:6U', '@7:14R', '@15:16B', '@1:1I']
  const all = new Uint8Array(32)
  all.set(bytes)
  all.set(bytes, 16)
  all[31] = 0x31
  expect(await read(all, asked, { record: '16' })).toEqual([
    [-2, 65534, 4_000_000_000, 1.5, -123, -2],
    [-2, 65534, 4_000_000_000, 1.5, null, -2],
  ])
  expect(await read(all.slice(0, 20), asked, { record: '16' })).toEqual([
    [-2, 65534, 4_000_000_000, 1.5, -123, -2],
    [-2, 65534, null, null, null, -2],
  ])
  expect(await read('\ufeff', ['@1:1U'], { record: '3' })).toEqual([[0xef]])
  expect(await read('ab\ncd\n\n', ['@1:2'], { record: '3' })).toEqual([['ab'], ['cd']])
})

test('what cannot be read is refused by name', async () => {
  for (const [asked, options] of [
    ['@0:2', {}],
    ['@3:2', {}],
    ['@1:3I', {}],
    ['@1:5R', {}],
    ['@1:2', { record: '0' }],
    ['@1:2', { record: 'x' }],
    ['@1:2', { tabs: 'x' }],
    ['@1:2', { 'embedded labels': true }],
  ] as const)
    await expect(read('ab', [asked], options as Options)).rejects.toMatchObject({
      code: 'source-unsupported',
    })
})

test('a script names positions in its fields, and in expressions', async () => {
  const files = new Map([
    ['x.txt', bytesSource('x.txt', new TextEncoder().encode('01 Ann\n02 Bob\n'))],
  ])
  const app = await createApp({
    reader: fileReader(files),
    script: `T: LOAD @1:2 as Id, Upper([@4:n]) as Name, @1:2T as Key, @1:1 & '-' & @2:2 as Both, @4:n
      FROM x.txt (fix, codepage is 1252) WHERE @1:2 < 3;
      U: LOAD * FROM x.txt (fix, header is 1 lines);`,
  })
  expect(app.evaluate('Sum(Id)').number).toBe(3)
  expect(app.evaluate('Concat(Name)').text).toBe('ANNBOB')
  expect(app.evaluate("Concat(Key & Both, ',')").text).toBe('010-1,020-2')
  expect(app.evaluate('Concat([@4:n])').text).toBe('AnnBob')
  expect(app.evaluate('Concat([@1:n])').text).toBe('02 Bob')
  app.close()
})

test('a record without an end stops at the limit', async () => {
  const source = {
    name: 'x',
    async *stream() {
      for (;;) yield new Uint8Array(1 << 20).fill(0x61)
    },
  }
  const { batches } = openFixed(source, { options: new Map() })
  await expect(batches([0], neverCancelled)[Symbol.asyncIterator]().next()).rejects.toMatchObject({
    code: 'budget-exceeded',
  })
})

test('with bits flipped and cut off anywhere it reads', async () => {
  const bytes = new TextEncoder().encode('01 Ann\r\n02\tBob\n\n03 Eve')
  const random = seeded(9)
  for (let i = 0; i < 500; i++) {
    const damaged = flipped(bytes, Math.floor(random() * bytes.length * 8)).slice(
      0,
      Math.floor(random() * bytes.length),
    )
    for (const options of [{}, { record: '5' }, { tabs: '4', record: '2 lines' }] as Options[]) {
      const outcome = await read(damaged, ['@1:2', '@2:3I', '@4:nB'], options).catch(
        (error: unknown) => error,
      )
      if (outcome instanceof Error && !(outcome instanceof LichenError)) throw outcome
    }
  }
})

test('any lines come back however they are cut into chunks', async () => {
  const line = fc.stringMatching(/^[a-z é\t]{0,8}$/)
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { minLength: 1, maxLength: 9 }),
      fc.integer({ min: 1, max: 5 }),
      fc.constantFrom('\n', '\r\n'),
      async (lines, size, end) => {
        const bytes = new TextEncoder().encode(lines.map((text) => text + end).join(''))
        const source = {
          name: 'x',
          async *stream() {
            for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size)
          },
        }
        const opened = openFixed(source, { options: new Map(), asked: ['@1:n', '@2:3'] })
        const found: Uint8Array[][] = []
        for await (const batch of opened.batches([0, 1], neverCancelled))
          for (let row = 0; row < batch.rows; row++)
            found.push(
              batch.columns.flatMap((column) =>
                column.kind === 'text'
                  ? [column.bytes.slice(column.starts[row], column.ends[row])]
                  : [],
              ),
            )
        const expected = lines.map((text) => {
          const all = new TextEncoder().encode(text)
          return [all, all.slice(1, 3)]
        })
        expect(found).toEqual(expected)
      },
    ),
    { seed, numRuns },
  )
})
