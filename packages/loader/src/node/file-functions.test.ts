import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { createApp, type TableReader } from '@lichen/engine'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { blobSource, bytesSource } from '../byte-source.ts'
import { fileReader } from '../reader.ts'
import { urlReader } from '../url.ts'
import { folderReader } from './folder.ts'

/** 2024-05-17 06:30:00 UTC. */
const modified = Date.UTC(2024, 4, 17, 6, 30)
const text = new TextEncoder().encode('A\n1\n2\n')
const other = new TextEncoder().encode('A\n3\n')
const packed = new Uint8Array(gzipSync('A\n4\n'))

const qvd = (created: string): Uint8Array => {
  const field = (name: string): string =>
    `<QvdFieldHeader><FieldName>${name}</FieldName><BitOffset>0</BitOffset><BitWidth>0</BitWidth><Bias>0</Bias><NumberFormat><Type>UNKNOWN</Type><nDec>0</nDec><UseThou>0</UseThou><Fmt></Fmt><Dec></Dec><Thou></Thou></NumberFormat><NoOfSymbols>1</NoOfSymbols><Offset>0</Offset><Length>5</Length></QvdFieldHeader>`
  return new TextEncoder().encode(
    `<QvdTableHeader>${created}<TableName>Orders</TableName><Fields>${field('Id')}${field('Day')}</Fields><RecordByteSize>1</RecordByteSize><NoOfRecords>3</NoOfRecords><Offset>5</Offset><Length>3</Length></QvdTableHeader>\r\n\0\u0001\u0007\0\0\0\0\0\0`,
  )
}

let base = ''
let folder: TableReader
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'lichen-files-'))
  await mkdir(join(base, 'sub'))
  const time = new Date(modified)
  for (const [name, bytes] of [
    ['sub/one.two.csv', text],
    ['sub/other.csv', other],
    ['packed.csv.gz', packed],
    ['list.xls', text],
    ['orders.qvd', qvd('<CreateUtcTime>2015-12-08 00:04:46</CreateUtcTime>')],
    ['undated.qvd', qvd('')],
  ] as const) {
    await writeFile(join(base, name), bytes)
    await utimes(join(base, name), time, time)
  }
  folder = folderReader({ root: base, libs: { data: base } })
})
afterAll(() => rm(base, { recursive: true, force: true }))

/** Texts of the field X a script loads, in load order. */
async function loaded(script: string, reader: TableReader = folder): Promise<(string | null)[]> {
  const app = await createApp({ script, reader })
  const texts = app.field('X').values()
  app.close()
  return texts.map((value) => value.text)
}

const evaluated = async (
  expression: string,
  reader: TableReader = folder,
): Promise<string | null | undefined> =>
  (await loaded(`LOAD 1 as One, ${expression} as X AUTOGENERATE 1;`, reader))[0] ?? null

describe('the file being read', () => {
  const path = 'lib://data/sub/one.two.csv'
  test.each([
    ['FileName()', 'one.two.csv'],
    ['FileBaseName()', 'one.two'],
    ['FileExtension()', 'csv'],
    ['FileDir()', 'lib://data/sub'],
    ['FilePath()', path],
    ['FileSize()', '6'],
    ['FileTime()', '2024-05-17 06:30:00'],
    ['FileSize(FilePath())', '6'],
  ])('%s', async (call, expected) => {
    expect(await loaded(`LOAD A, ${call} as X FROM [${path}] (txt);`)).toEqual([expected])
  })

  test('is another one for each that a wildcard names, and the same in a preceding LOAD', async () => {
    const script = `T: LOAD A, X & '|' & FileSize() as X;
      LOAD A, FileBaseName() as X FROM [lib://data/sub/*.csv] (txt) WHERE FileName() like 'o*';`
    expect(await loaded(script)).toEqual(['one.two|6', 'other|4'])
  })
  test('counts as it lies there when it is packed', async () => {
    expect(await loaded('LOAD A, FileSize() as X FROM [packed.csv.gz] (txt);')).toEqual([
      String(packed.length),
    ])
  })
  test('is none where no file is read', async () => {
    expect(await evaluated("Alt(FileSize(), 'none')")).toBe('none')
    expect(await loaded('LET name = FileName(); LOAD Len(name) as X INLINE [name\nab];')).toEqual([
      '2',
    ])
    const script = `F: LOAD A FROM [sub/other.csv] (txt);
      LOAD A, IsNull(FileName()) as X RESIDENT F;`
    expect(await loaded(script)).toEqual(['-1'])
  })
})

describe('a file named by its path', () => {
  test.each([
    ["FileSize('lib://data/sub/other.csv')", '4'],
    ["FileSize('sub/' & 'other.csv')", '4'],
    ["FileTime('list.xls')", '2024-05-17 06:30:00'],
    ["FileSize('none.csv')", null],
    ["FileSize('lib://nowhere/x.csv')", null],
    ["FileTime('none.csv')", null],
    ['FileSize(Null())', null],
    ["FileSize('list.xls') + FileSize('sub/other.csv')", '10'],
  ])('%s', async (call, expected) => {
    expect(await evaluated(call)).toBe(expected)
  })

  test('outside LOAD, in every place that has an expression', async () => {
    const script = `LET size = FileSize('list.xls');
      IF FileSize('none.csv') > 0 THEN
        LET size = size & '|never';
      ELSEIF FileSize('sub/other.csv') = 4 THEN
        LET size = size & '|four';
      END IF
      FOR i = 1 TO FileSize('list.xls') - 4
        LET size = size & '|' & i;
      NEXT
      DO WHILE Len(size) < FileSize('sub/other.csv') * 3 + 1
        LET size = size & '.';
      LOOP
      LET size = size & $(=FileSize('list.xls') * 2);
      LOAD '$(size)' as X AUTOGENERATE 1;`
    expect(await loaded(script)).toEqual(['6|four|1|2...12'])
  })
  test('in a loop over files', async () => {
    const script = `FOR EACH file IN FileList('lib://data/sub/*.csv')
        T: LOAD '$(file)' as File, FileSize('$(file)') as X AUTOGENERATE 1;
      NEXT`
    expect(await loaded(script)).toEqual(['6', '4'])
  })
  test('is not known when the path is in the record', async () => {
    const script = 'P: LOAD Path, FileSize(Path) as X INLINE [Path\nlist.xls];'
    await expect(loaded(script)).rejects.toThrow(/known only when the record is read/)
  })
  test('outside the folders is refused', async () => {
    await expect(evaluated("FileSize('../x.csv')")).rejects.toMatchObject({ code: 'access-denied' })
  })
})

describe('the header of a QVD', () => {
  test.each([
    ["QvdNoOfRecords('orders.qvd')", '3'],
    ["QvdNoOfFields('lib://data/orders.qvd')", '2'],
    ["QvdTableName('orders.qvd')", 'Orders'],
    ["QvdFieldName('orders.qvd', 2)", 'Day'],
    ["QvdFieldName('orders.qvd', 3)", null],
    ["QvdCreateTime('orders.qvd')", '2015-12-08 00:04:46'],
    ["QvdCreateTime('undated.qvd')", null],
    ["QvdNoOfRecords('none.qvd')", null],
    ["QvdNoOfRecords('list.xls')", null],
  ])('%s', async (call, expected) => {
    expect(await evaluated(call)).toBe(expected)
  })
  test('gives the fields one by one', async () => {
    const script = `FOR i = 1 TO QvdNoOfFields('orders.qvd')
        T: LOAD QvdFieldName('orders.qvd', $(i)) as X AUTOGENERATE 1;
      NEXT`
    expect(await loaded(script)).toEqual(['Id', 'Day'])
    const inOne = "LOAD QvdFieldName('orders.qvd', RecNo()) as X AUTOGENERATE 2;"
    expect(await loaded(inOne)).toEqual(['Id', 'Day'])
  })
})

describe('other readers', () => {
  test('files of a page know their time, bytes and blobs do not', async () => {
    const reader = fileReader(
      new Map([
        ['f.csv', blobSource('f.csv', new File([text], 'f.csv', { lastModified: modified }))],
        ['b.csv', blobSource('b.csv', new Blob([text]))],
        ['m.csv', bytesSource('m.csv', text)],
      ]),
    )
    expect(await evaluated("FileTime('lib://data/f.csv')", reader)).toBe('2024-05-17 06:30:00')
    expect(await evaluated("FileSize('b.csv')", reader)).toBe('6')
    expect(await evaluated("FileTime('b.csv')", reader)).toBeNull()
    expect(await loaded('LOAD A, IsNull(FileTime()) as X FROM [m.csv] (txt);', reader)).toEqual([
      '-1',
    ])
  })
  test('addresses tell it by Last-Modified', async () => {
    const reader = urlReader({
      root: 'https://host.example',
      fetch: async (address) =>
        String(address).endsWith('/x.csv')
          ? new Response(text, { headers: { 'last-modified': new Date(modified).toUTCString() } })
          : new Response('no', { status: 404 }),
    })
    expect(await loaded('LOAD A, FileTime() as X FROM [x.csv] (txt);', reader)).toEqual([
      '2024-05-17 06:30:00',
    ])
    expect(await evaluated("FileSize('x.csv')", reader)).toBe('6')
    expect(await evaluated("FileSize('y.csv')", reader)).toBeNull()
  })
  test('a reader that tells nothing leaves NULL', async () => {
    const { resolve, open } = folder
    const plain: TableReader = {
      resolve,
      open: async (...all) => {
        const { fields, batches } = await open(...all)
        return { fields, batches }
      },
    }
    expect(await evaluated("FileSize('list.xls')", plain)).toBeNull()
    expect(await evaluated("QvdNoOfRecords('orders.qvd')", plain)).toBeNull()
    const script = "LOAD A, FileName() & '|' & FileSize() as X FROM [sub/other.csv] (txt);"
    expect(await loaded(script, plain)).toEqual(['other.csv|'])
  })
})
